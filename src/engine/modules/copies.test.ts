/**
 * Values of modules are the same wherever they are copied to: on a replica that was there from the start,
 * on one that comes later and gets a snapshot, and after a restart from a rewritten append-only file.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Lab } from '../lab/lab.ts';
import { LabSession } from '../lab/script.ts';

const pick = (...choices: readonly string[]) => fc.constantFrom(...choices);

/** A command of words, each of them fixed or chosen. */
const line = (...words: readonly (string | fc.Arbitrary<string>)[]) =>
  fc
    .tuple(...words.map((word) => (typeof word === 'string' ? fc.constant(word) : word)))
    .map((chosen) => chosen.join(' '));

const many = (word: fc.Arbitrary<string>) =>
  fc.array(word, { minLength: 1, maxLength: 6 }).map((words) => words.join(' '));

const item = pick('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', '""', '"\\xff"');
const number = pick('0', '1', '2', '-3', '2.5', '1e3', '0.1');
const whole = pick('1', '2', '3', '40', '1000');

const doc = pick('j1', 'j2');
const path = pick('$', '$.a', '$.b', '$.a[0]', '$..a', '.a', '.b.c');
const json = pick(
  '1',
  '2.50',
  'null',
  'true',
  '"text"',
  '[1,[2],{}]',
  '{"a":[1],"b":{"c":"d"}}',
).map((text) => `'${text}'`);
const documents = fc.oneof(
  line('JSON.SET', doc, path, json),
  line('JSON.SET', doc, '$', json, pick('NX', 'XX')),
  line('JSON.MERGE', doc, path, json),
  line('JSON.MSET j1 $', json, 'j2', path, json),
  line('JSON.DEL', doc, path),
  line('JSON.CLEAR', doc, path),
  line('JSON.TOGGLE', doc, path),
  line('JSON.NUMINCRBY', doc, path, number),
  line('JSON.NUMMULTBY', doc, path, number),
  line('JSON.STRAPPEND', doc, path, `'"more"'`),
  line('JSON.ARRAPPEND', doc, path, json, json),
  line('JSON.ARRINSERT', doc, path, '0', json),
  line('JSON.ARRPOP', doc, path),
  line('JSON.ARRTRIM', doc, path, '0 1'),
);

const series = pick('t1', 't2', 't3');
const time = pick('*', '1000', '2000', '2500', '9000', '20000');
const policy = pick('', 'DUPLICATE_POLICY LAST', 'DUPLICATE_POLICY SUM', 'RETENTION 5000');
const measurements = fc.oneof(
  line(
    'TS.CREATE',
    series,
    policy,
    pick('', 'ENCODING UNCOMPRESSED'),
    pick('', 'LABELS room hall'),
  ),
  line('TS.ADD', series, time, number, policy),
  line('TS.ADD', series, time, number, 'ON_DUPLICATE', pick('FIRST', 'MAX')),
  line('TS.MADD', series, time, number, series, time, number),
  line('TS.INCRBY', series, number, pick('', 'TIMESTAMP 30000')),
  line('TS.DECRBY', series, number),
  line('TS.DEL', series, '1000', pick('2000', '9000')),
  line('TS.ALTER', series, 'LABELS floor', whole),
  line('TS.CREATERULE', series, series, 'AGGREGATION', pick('sum', 'avg', 'twa', 'count'), '1000'),
  line('TS.DELETERULE', series, series),
  line('RENAME', series, series),
  line('COPY', series, series),
);

const filters = fc.oneof(
  line(
    'BF.RESERVE b1',
    pick('0.01', '0.3'),
    pick('3', '10'),
    pick('', 'NONSCALING', 'EXPANSION 3'),
  ),
  line('BF.MADD', pick('b1', 'b2'), many(item)),
  line('BF.INSERT b3 CAPACITY 2 ITEMS', many(item)),
  line('CF.RESERVE c1', pick('4', '9'), pick('', 'EXPANSION 0', 'EXPANSION 2', 'BUCKETSIZE 1')),
  line('CF.INSERT', pick('c1', 'c2'), 'CAPACITY 4 ITEMS', many(item)),
  line('CF.ADDNX c1', item),
  line('CF.DEL', pick('c1', 'c2'), item),
  line('CF.COMPACT', pick('c1', 'c2')),
);

const sketch = pick('m1', 'm2');
const digest = pick('d1', 'd2', 'd3');
const sketches = fc.oneof(
  line('CMS.INITBYDIM', sketch, '7 2'),
  line('CMS.INCRBY', sketch, item, whole, item, whole),
  line('CMS.MERGE', sketch, '2 m1 m2 WEIGHTS', whole, whole),
  line('TOPK.RESERVE k1', pick('2', '3 2 2 0.9')),
  line('TOPK.ADD k1', many(item)),
  line('TOPK.INCRBY k1', item, whole),
  line('TDIGEST.CREATE', digest, pick('', 'COMPRESSION 1')),
  line('TDIGEST.ADD', digest, many(number)),
  line('TDIGEST.MERGE', digest, '2', digest, digest, pick('', 'OVERRIDE')),
  line('TDIGEST.RESET', digest),
);

const families = { documents, measurements, filters, sketches };

const config = {
  'repl-diskless-sync-delay': '0',
  appendonly: 'yes',
  'aof-use-rdb-preamble': 'no',
  'auto-aof-rewrite-percentage': '0',
};

/** Three servers: a primary, its replica, and one that is to become the second. */
function threeServers() {
  const lab = new Lab({ topology: { kind: 'servers', servers: 3 }, config });
  const session = new LabSession(lab);
  const run = async (node: string, line: string) => (await session.send(node, [line])).reply ?? '';
  /** Every key with its value, as it would be stored. */
  const values = async (node: string) => {
    const keys = [...(await run(node, 'KEYS *')).matchAll(/"(.+)"/g)].map(([, key = '']) => key);
    const dumps: Record<string, string> = {};
    for (const key of keys.sort()) dumps[key] = await run(node, `DUMP ${key}`);
    return dumps;
  };
  const restart = () => {
    lab.node('node1')?.kill();
    lab.node('node1')?.start();
    lab.clock.advance(1000);
    session.connect('node1');
  };
  return { lab, run, values, restart };
}

test.each(Object.entries(families))(
  '%s are the same on replicas and in files',
  async (_, family) => {
    const lines = fc.array(family, { minLength: 5, maxLength: 25 });
    await fc.assert(
      fc.asyncProperty(lines, lines, async (before, after) => {
        const { lab, run, values, restart } = threeServers();
        await run('node2', 'REPLICAOF node1 6379');
        lab.clock.advance(2000);
        for (const line of before) await run('node1', line);
        await run('node3', 'REPLICAOF node1 6379');
        await run('node1', 'BGREWRITEAOF');
        lab.clock.advance(5000);
        for (const line of after) await run('node1', line);
        lab.clock.advance(1000);
        const primary = await values('node1');
        expect(await values('node2')).toEqual(primary);
        expect(await values('node3')).toEqual(primary);
        restart();
        expect(await values('node1')).toEqual(primary);
      }),
      { numRuns: 15 },
    );
  },
);

test('a series whose rule has lost its target does not change when nothing was to be deleted', async () => {
  const { lab, run, values } = threeServers();
  await run('node2', 'REPLICAOF node1 6379');
  lab.clock.advance(2000);
  await run('node1', 'TS.ADD t2 * 0');
  await run('node1', 'TS.CREATE t3');
  await run('node1', 'TS.CREATERULE t2 t3 AGGREGATION sum 1000');
  await run('node1', 'RENAME t2 t3');
  expect(await run('node1', 'TS.DEL t3 1000 2000')).toBe('(integer) 0');
  expect(await values('node2')).toEqual(await values('node1'));
});
