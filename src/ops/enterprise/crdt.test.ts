import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { areConcurrent, Region } from './crdt.ts';
import { engineCommands } from './engine-commands.ts';
import { writeOf } from './region-commands.ts';

/** Runs a command line in a region, and returns its reply. */
function run(region: Region, line: string, now = 0) {
  const argv = line.split(' ');
  const written = writeOf(region, argv, now);
  if (!written) throw new Error(`${line} writes nothing`);
  for (const { key, changes } of written.drafts) region.perform(key, changes, now, argv);
  return written.reply;
}

/** Lets both hear of what they lack. */
function meet(one: Region, other: Region) {
  other.receive(one.missing(other.seen));
  one.receive(other.missing(one.seen));
}

const shown = (region: Region, key: string) => {
  const view = region.view(key);
  return view && Object.fromEntries([...view.entries].sort(([a], [b]) => (a < b ? -1 : 1)));
};

describe('two regions that were apart', () => {
  const pair = () => [new Region('east'), new Region('west')] as const;

  test('counters add up', () => {
    const [east, west] = pair();
    run(east, 'SET visits 10');
    meet(east, west);
    run(east, 'INCRBY visits 3');
    run(west, 'INCR visits');
    expect(run(west, 'DECRBY visits 5')).toBe(6);
    meet(east, west);
    expect(shown(east, 'visits')).toEqual({ '': '9' });
    expect(shown(west, 'visits')).toEqual({ '': '9' });
  });

  test('of two strings the later one stays', () => {
    const [east, west] = pair();
    run(east, 'SET name Ada', 2000);
    run(west, 'SET name Grace', 1000);
    meet(east, west);
    expect([shown(east, 'name'), shown(west, 'name')]).toEqual([{ '': 'Ada' }, { '': 'Ada' }]);
  });

  test('a member that is removed here and added there is kept, one that was seen is not', () => {
    const [east, west] = pair();
    run(east, 'SADD cart tea milk');
    meet(east, west);
    run(east, 'SREM cart tea milk');
    run(west, 'SADD cart tea');
    meet(east, west);
    expect([shown(east, 'cart'), shown(west, 'cart')]).toEqual([{ tea: '' }, { tea: '' }]);
    const [removed, added] = east.log.slice(-2);
    expect(removed && added && areConcurrent(removed, added)).toBe(true);
  });

  test('fields and scores are merged one by one', () => {
    const [east, west] = pair();
    run(east, 'HSET user name Ada city Paris');
    run(east, 'ZADD rank 1.5 ada');
    meet(east, west);
    run(east, 'HSET user city Rome', 1);
    run(west, 'HSET user name Grace', 2);
    run(east, 'ZINCRBY rank 1 ada');
    run(west, 'ZINCRBY rank 0.1 ada');
    meet(east, west);
    expect(shown(west, 'user')).toEqual({ name: 'Grace', city: 'Rome' });
    expect(shown(east, 'rank')).toEqual({ ada: '2.6' });
  });

  test('what is added to a key that is deleted elsewhere remains', () => {
    const [east, west] = pair();
    run(east, 'SET visits 10');
    meet(east, west);
    run(east, 'DEL visits');
    run(west, 'INCRBY visits 2');
    meet(east, west);
    expect([shown(east, 'visits'), shown(west, 'visits')]).toEqual([{ '': '2' }, { '': '2' }]);
  });

  test('an operation waits for what its region had seen', () => {
    const [east, west] = pair();
    const third = new Region('north');
    run(east, 'SADD cart tea');
    meet(east, west);
    run(west, 'SREM cart tea');
    third.receive(west.log.slice(1));
    expect(third.log).toEqual([]);
    third.receive(east.log);
    expect(third.view('cart')).toBeUndefined();
    expect(third.log.length).toBe(2);
  });
});

test('a server is told the difference', () => {
  const region = new Region('east');
  const steps = ['SADD cart tea milk', 'SREM cart milk', 'SET cart 1 EX 10', 'DEL cart'];
  const told = steps.map((line) => {
    const before = region.view('cart');
    run(region, line);
    return engineCommands('cart', before, region.view('cart'));
  });
  expect(told).toEqual([
    [['SADD', 'cart', 'tea', 'milk']],
    [['SREM', 'cart', 'milk']],
    [
      ['DEL', 'cart'],
      ['SET', 'cart', '1', 'KEEPTTL'],
      ['PEXPIREAT', 'cart', '10000'],
    ],
    [['DEL', 'cart']],
  ]);
});

const lines = fc.constantFrom(
  ...['INCR n', 'DECRBY n 3', 'INCRBY n 7', 'SET s a', 'SET s b', 'DEL s', 'SET n 100', 'DEL n'],
  ...['SADD set a', 'SADD set b c', 'SREM set a', 'SREM set b', 'DEL set', 'PEXPIRE set 5'],
  ...['HSET h f 1', 'HSET h g 2', 'HINCRBY h f 4', 'HDEL h f'],
  ...['ZADD z 1 a', 'ZINCRBY z 2.5 a', 'ZINCRBY z 0.1 b', 'ZREM z a'],
);
/** A step: a region runs a command, or two regions hear of one another. */
const steps = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.record({ at: fc.nat(2), line: lines }) },
    { weight: 1, arbitrary: fc.record({ from: fc.nat(2), to: fc.nat(2), few: fc.nat(4) }) },
  ),
  { maxLength: 30 },
);

test('three regions end alike after any of 1,000 partitions, and no increment is lost', () => {
  const keys = ['n', 's', 'set', 'h', 'z', 'counter'];
  fc.assert(
    fc.property(steps, (all) => {
      const regions = ['a', 'b', 'c'].map((name) => new Region(name));
      let sum = 0;
      all.forEach((step, now) => {
        if ('line' in step) {
          const region = regions[step.at] as Region;
          run(region, step.line, now >> 2);
          run(region, `INCRBY counter ${now}`, now);
          sum += now;
        } else {
          const [from, to] = [regions[step.from], regions[step.to]] as [Region, Region];
          // Some of it, the newest first: deliveries may overtake one another.
          to.receive(from.missing(to.seen).slice(step.few).toReversed());
        }
      });
      for (const from of regions) for (const to of regions) to.receive(from.missing(to.seen));
      const [first, ...others] = regions.map((region) => keys.map((key) => shown(region, key)));
      for (const other of others) expect(other).toEqual(first);
      expect(Number(regions[0]?.view('counter')?.entries.get('') ?? 0)).toBe(sum);
    }),
    { numRuns: 1000 },
  );
});
