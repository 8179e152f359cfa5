import { describe, expect, test } from 'vitest';
import { Lab } from '../engine/lab/lab.ts';
import { LabWire } from './lab-wire.ts';
import { canCompare } from './real-redis.ts';
import { useRealRedis } from './real-wire.ts';

/** MEMORY USAGE beside redis-server's: strings of 0 to 10 kB, and collections in every encoding. */

interface Shape {
  readonly what: string;
  readonly commands: readonly (readonly string[])[];
}

const range = (count: number) => Array.from({ length: count }, (_, i) => i);
const text = (length: number, i = 0) => String(i).padEnd(length, 'x').slice(0, Math.max(length, 1));

const lengths = [
  ...range(70),
  ...range(40).map((i) => 75 + i * 41),
  2048,
  4096,
  8191,
  10_000,
  10_240,
];

const strings: Shape[] = [
  ...lengths.map((length) => ({
    what: `a string of ${length} bytes`,
    commands: [['SET', 'k', 'x'.repeat(length)]],
  })),
  ...['0', '9999', '10000', '-1', '9223372036854775807'].map((number) => ({
    what: `the integer ${number}`,
    commands: [['SET', 'k', number]],
  })),
];

/** Sizes of collections, and of their elements in bytes. */
const sizes = [1, 2, 3, 5, 10, 50, 100, 128, 129, 200, 400, 512, 513, 1000, 3000];
const widths = [1, 5, 20, 60, 65, 100, 300];

const collections: Shape[] = sizes.flatMap((size) =>
  widths.flatMap((width) => {
    const members = range(size).map((i) =>
      text(Math.max(width, String(i).length), i).padStart(width, 'm'),
    );
    const about = `${size} elements of ${width} bytes`;
    return [
      { what: `a list of ${about}`, commands: members.map((m) => ['RPUSH', 'k', m]) },
      { what: `a set of ${about}`, commands: members.map((m) => ['SADD', 'k', `s${m}`]) },
      { what: `a hash of ${about}`, commands: members.map((m, i) => ['HSET', 'k', `f${i}`, m]) },
      {
        what: `a sorted set of ${about}`,
        commands: members.map((m, i) => ['ZADD', 'k', `${i}`, `z${m}`]),
      },
      {
        what: `a stream of ${about}`,
        commands: members.map((m) => ['XADD', 'k', '*', 'field', m]),
      },
    ];
  }),
);

const integerSets: Shape[] = [1, 40_000, 5_000_000_000].flatMap((factor) =>
  sizes.map((size) => ({
    what: `a set of ${size} multiples of ${factor}`,
    commands: range(size).map((i) => ['SADD', 'k', String(i * factor)]),
  })),
);

/** Encodings that 7.0 does not have yet: small lists and sets of strings are listpacks since 7.2. */
const isNewer = (ours: string, theirs: string): boolean => ours === 'listpack' && ours !== theirs;

describe.runIf(canCompare('MEMORY USAGE'))('MEMORY USAGE is within 10 % of redis-server', () => {
  const real = useRealRedis();

  test.each([
    ['strings', strings],
    ['collections', collections],
    ['sets of integers', integerSets],
  ])('%s', async (name, shapes) => {
    const engine = new LabWire(new Lab({ start: Date.now() }));
    // All elements, where Redis would take five by chance.
    const usage = ['MEMORY', 'USAGE', 'k', 'SAMPLES', '0'];
    const asked = [['OBJECT', 'ENCODING', 'k'], usage, ['DEL', 'k']];
    let worst = 0;
    let compared = 0;
    for (const { what, commands } of shapes) {
      for (const argv of commands) engine.run(...argv);
      const ours = asked.map((argv) => engine.run(...argv).text);
      const theirs = (await real.wire.runAll([...commands, ...asked]))
        .slice(-3)
        .map((frame) => frame.text);
      if (isNewer(ours[0] as string, theirs[0] as string)) continue;
      const deviation = Number(ours[1]) / Number(theirs[1]) - 1;
      expect
        .soft(Math.abs(deviation), `${what}: ${ours.join(' ')}, not ${theirs.join(' ')}`)
        .toBeLessThan(0.1);
      worst = Math.max(worst, Math.abs(deviation));
      compared++;
    }
    console.log(`${name}: ${compared} compared, the worst ${(worst * 100).toFixed(1)} % away`);
  });
});
