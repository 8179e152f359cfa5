import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { crc64 } from '../engine/bytes/crc64.ts';
import { Lab, type LabOptions } from '../engine/lab/lab.ts';
import { VirtualDisk } from '../engine/persistence/disk.ts';
import { littleEndian, RdbWriter, uint64 } from '../engine/persistence/rdb-writer.ts';
import { withoutActivity } from './differences.ts';
import { type Frame, printFrame } from './frame.ts';
import { LabWire } from './lab-wire.ts';
import { canCompare, startRealRedis } from './real-redis.ts';
import { useRealRedis } from './real-wire.ts';
import { Wire } from './wire.ts';

/** Values and files carried from one server to the other, both ways, over every type and encoding. */

type Run = (...argv: string[]) => Promise<string>;

/** A string reply comes as it is, everything else as printed. */
const shown = (frame: Frame): string => (frame.type === '$' ? frame.text : printFrame(frame));

function engine(options: LabOptions = {}): Run {
  const wire = new LabWire(new Lab({ start: Date.now(), ...options }));
  return async (...argv) => shown(wire.run(...argv));
}

function client(wire: Wire): Run {
  return async (...argv) => shown(await wire.run(...argv));
}

// What values are made of.

const integer = fc.oneof(
  fc.integer({ min: -200, max: 200 }),
  fc.integer(),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
);
const bytes = (max: number) =>
  fc.uint8Array({ maxLength: max }).map((u8) => String.fromCharCode(...u8));
const repetitive = fc
  .tuple(bytes(12), fc.integer({ min: 0, max: 400 }))
  .map(([unit, times]) => unit.repeat(times));
const text = fc.oneof(
  { weight: 3, arbitrary: integer.map(String) },
  { weight: 3, arbitrary: bytes(12) },
  { weight: 1, arbitrary: bytes(80) },
  { weight: 1, arbitrary: repetitive },
);
const size = fc.oneof(
  { weight: 6, arbitrary: fc.constant(12) },
  { weight: 1, arbitrary: fc.constant(700) },
);
const many = <T>(item: fc.Arbitrary<T>) =>
  size.chain((maxLength) => fc.array(item, { minLength: 1, maxLength, size: 'max' }));
const score = fc.oneof(integer.map(String), fc.double({ noNaN: true }).map(String));

/** Commands that make a value at the key `a`. */
const recipe: fc.Arbitrary<string[][]> = fc.oneof(
  text.map((value) => [['SET', 'a', value]]),
  fc.tuple(text, text).map(([one, other]) => [
    ['SET', 'a', one],
    ['APPEND', 'a', other],
  ]),
  many(text).map((values) => [['RPUSH', 'a', ...values]]),
  many(integer).map((members) => [['SADD', 'a', ...members.map(String)]]),
  many(text).map((members) => [['SADD', 'a', ...members]]),
  many(fc.tuple(text, text)).map((pairs) => [['HSET', 'a', ...pairs.flat()]]),
  many(fc.tuple(score, text)).map((pairs) => [['ZADD', 'a', ...pairs.flat()]]),
  streams(),
);

function streams(): fc.Arbitrary<string[][]> {
  const name = fc.constantFrom('x', 'y', 'field');
  const fields = fc.array(fc.tuple(name, text), { minLength: 1, maxLength: 3 });
  const step = fc.record({
    fields,
    gap: fc.integer({ min: 0, max: 5 }),
    fate: fc.constantFrom('keep', 'keep', 'keep', 'delete'),
  });
  const group = fc.record({
    reads: fc.array(fc.tuple(fc.constantFrom('bob', 'amy'), fc.integer({ min: 1, max: 9 })), {
      maxLength: 3,
    }),
    acknowledges: fc.boolean(),
  });
  return fc
    .tuple(many(step), fc.array(group, { maxLength: 2 }))
    .map(([steps, groups]) => streamCommands(steps, groups));
}

interface Step {
  readonly fields: readonly (readonly string[])[];
  readonly gap: number;
  readonly fate: string;
}

interface Group {
  readonly reads: readonly (readonly [string, number])[];
  readonly acknowledges: boolean;
}

function streamCommands(steps: readonly Step[], groups: readonly Group[]): string[][] {
  const commands: string[][] = [];
  const ids: string[] = [];
  let ms = 1_700_000_000_000;
  steps.forEach(({ fields, gap }, i) => {
    ms += gap;
    ids.push(`${ms}-${i + 1}`);
    commands.push(['XADD', 'a', ids[i] as string, ...fields.flat()]);
  });
  groups.forEach(({ reads, acknowledges }, g) => {
    commands.push(['XGROUP', 'CREATE', 'a', `group${g}`, '0']);
    let left = ids.length;
    for (const [consumer, count] of reads) {
      // A read that finds nothing makes a consumer in 7.2, and none in 7.0.
      if (left <= 0) break;
      left -= count;
      const read = ['XREADGROUP', 'GROUP', `group${g}`, consumer, 'COUNT', String(count)];
      commands.push([...read, 'STREAMS', 'a', '>']);
    }
    if (acknowledges) commands.push(['XACK', 'a', `group${g}`, ids[0] as string]);
  });
  const doomed = ids.filter((_, i) => steps[i]?.fate === 'delete');
  if (doomed.length > 0) commands.push(['XDEL', 'a', ...doomed]);
  return commands;
}

const readers: Readonly<Record<string, readonly string[]>> = {
  string: ['GET', 'k'],
  list: ['LRANGE', 'k', '0', '-1'],
  set: ['SORT', 'k', 'ALPHA', 'BY', 'nosort', 'LIMIT', '0', '0'],
  hash: ['HGETALL', 'k'],
  zset: ['ZRANGE', 'k', '0', '-1', 'WITHSCORES'],
  stream: ['XINFO', 'STREAM', 'k', 'FULL', 'COUNT', '0'],
};

/** The items of an array of strings, sorted. */
const unnumbered = (printed: string): string => sorted(printed.replace(/^ *\d+\) /gm, ''));

const sorted = (printed: string): string => printed.split('\n').sort().join('\n');

/** What can be seen of a key, in an order that does not depend on the server. */
async function look(run: Run, key: string): Promise<string> {
  const type = await run('TYPE', key);
  const ask = (argv: readonly string[]) => run(...argv.map((arg) => (arg === 'k' ? key : arg)));
  if (type === 'set') {
    await run('DEL', 'sorted');
    await run('SORT', key, 'ALPHA', 'STORE', 'sorted');
    return `set ${await run('LRANGE', 'sorted', '0', '-1')}`;
  }
  const shown = await ask(readers[type] ?? ['EXISTS', 'k']);
  if (type === 'hash') return `hash ${await run('HLEN', key)} ${pairsOf(shown)}`;
  return `${type} ${type === 'stream' ? withoutActivity(withoutRadix(shown)) : shown}`;
}

/** The pairs of HGETALL, sorted. */
const pairsOf = (printed: string): string => {
  const lines = printed.split('\n').map((line) => line.replace(/^ *\d+\) /, ''));
  return sorted(lines.flatMap((_, i) => (i % 2 ? [] : [`${lines[i]} ${lines[i + 1]}`])).join('\n'));
};

/** How the tree of a stream is built inside is nobody's business, nor when a consumer was seen. */
const withoutRadix = (printed: string): string =>
  printed.replace(/"radix-tree-(keys|nodes)"\n.*\n/g, '').replace(/\(integer\) 1[78]\d{11}/g, 'T');

/** 7.0 knows no listpacks of sets, and calls every list a quicklist. */
const encodingIn7: Readonly<Record<string, string>> = { listpack: 'hashtable' };

async function encodingOf(run: Run, key: string): Promise<string> {
  const encoding = await run('OBJECT', 'ENCODING', key);
  const type = await run('TYPE', key);
  if (type === 'list') return 'quicklist';
  return type === 'set' ? (encodingIn7[encoding] ?? encoding) : encoding;
}

describe.runIf(canCompare('persistence'))('what one server writes the other reads', () => {
  const real = useRealRedis();
  let theirs: Run;
  let ours: Run;

  beforeAll(() => {
    theirs = client(real.wire);
  });
  beforeEach(async () => {
    ours = engine();
    await theirs('FLUSHALL');
  });

  async function make(commands: readonly (readonly string[])[]): Promise<void> {
    for (const run of [ours, theirs]) {
      await run('FLUSHALL');
      for (const argv of commands) await run(...argv);
    }
  }

  test('a dumped value is the same value when it is restored, both ways', async () => {
    const property = fc.asyncProperty(recipe, async (commands) => {
      await make(commands);
      for (const run of [ours, theirs]) {
        const original = await look(run, 'a');
        const dumped = await run('DUMP', 'a');
        for (const other of [ours, theirs]) {
          expect(await other('RESTORE', 'restored', '0', dumped, 'REPLACE')).toBe('OK');
          expect(await look(other, 'restored')).toBe(original);
        }
        expect(await encodingOf(ours, 'restored')).toBe(await encodingOf(theirs, 'restored'));
      }
    });
    await fc.assert(property, { numRuns: 400 });
  });

  test('what Redis keeps in order is dumped byte for byte as Redis does', async () => {
    const property = fc.asyncProperty(recipe, async (commands) => {
      await make(commands);
      const isHashed = /hashtable/.test(await theirs('OBJECT', 'ENCODING', 'a'));
      const isVague = /^X(DEL|READGROUP)/;
      if (isHashed || commands.some(([name]) => isVague.test(name as string))) return;
      expect(await ours('DUMP', 'a')).toBe(await theirs('DUMP', 'a'));
    });
    await fc.assert(property, { numRuns: 400 });
  });

  test('the forms that older versions stored are read as Redis reads them', async () => {
    const property = fc.asyncProperty(oldForms, async (payload) => {
      for (const run of [ours, theirs]) {
        expect(await run('RESTORE', 'a', '0', payload, 'REPLACE')).toBe('OK');
      }
      expect(await look(ours, 'a')).toBe(await look(theirs, 'a'));
      expect(await encodingOf(ours, 'a')).toBe(await encodingOf(theirs, 'a'));
    });
    await fc.assert(property, { numRuns: 400 });
  });

  test('a payload that is cut short, under a right checksum, is answered alike', async () => {
    const share = fc.double({ min: 0, max: 0.99, noNaN: true });
    await theirs('CONFIG', 'SET', 'sanitize-dump-payload', 'yes');
    let refused = 0;
    const property = fc.asyncProperty(recipe, share, async (commands, part) => {
      await make(commands);
      const body = (await ours('DUMP', 'a')).slice(0, -10);
      const cut = sealed(body.slice(0, Math.max(Math.floor(body.length * part), 1)));
      const answer = await ours('RESTORE', 'cut', '0', cut, 'REPLACE');
      expect(answer).toBe(await theirs('RESTORE', 'cut', '0', cut, 'REPLACE'));
      if (answer === '(error) ERR Bad data format') refused++;
    });
    await fc.assert(property, { numRuns: 200 });
    expect(refused).toBeGreaterThan(100);
  });

  test('a snapshot is loaded by the other server, key by key, both ways', async () => {
    const property = fc.asyncProperty(worlds, async (commands) => {
      const disk = new VirtualDisk();
      ours = engine({ disk });
      await make(commands);
      const file = join(real.redis.dir, 'dump.rdb');

      await ours('SAVE');
      writeFileSync(file, disk.read('/data/dump.rdb') as string, 'latin1');
      const check = spawnSync('redis-check-rdb', [file], { encoding: 'utf8' });
      expect(check.stdout).toContain('RDB looks OK!');
      ours = engine({ disk });
      await theirs('FLUSHALL');
      expect(await theirs('DEBUG', 'RELOAD', 'NOSAVE')).toBe('OK');
      await expectSame();

      await theirs('SAVE');
      disk.write('/data/dump.rdb', readFileSync(file, 'latin1'));
      ours = engine({ disk });
      await expectSame();
    });
    await fc.assert(property, { numRuns: 60 });
  });

  test.each(['yes', 'no'])(
    'an append-only file is loaded by the other server, both ways (preamble %s)',
    async (preamble) => {
      const config = { appendonly: 'yes', 'aof-use-rdb-preamble': preamble };
      for (const commands of fc.sample(worlds, 8)) {
        await carryAppendOnly({ ...config, 'aof-timestamp-enabled': 'yes' }, commands);
      }
    },
  );

  /** Ours writes a file which theirs loads, adds to and rewrites, and which ours loads in the end. */
  async function carryAppendOnly(config: Record<string, string>, commands: Commands) {
    const disk = new VirtualDisk();
    ours = engine({ disk, config });
    for (const argv of commands) await ours(...argv);
    const dir = mkdtempSync(join(tmpdir(), 'keyspace-aof-'));
    const folder = join(dir, 'appendonlydir');
    mkdirSync(folder);
    for (const path of disk.paths) {
      writeFileSync(join(dir, path.replace('/data/', '')), disk.read(path) as string, 'latin1');
    }
    const manifest = join(folder, 'appendonly.aof.manifest');
    const check = spawnSync('redis-check-aof', [manifest], { encoding: 'utf8' });
    expect(check.stdout).toContain('All AOF files and manifest are valid');
    const flags = Object.entries(config).flatMap(([name, text]) => [`--${name}`, text]);
    // With everysec it may answer before it writes, while a sync is still going on.
    const other = await startRealRedis([...flags, '--appendfsync', 'always', '--dir', dir]);
    const before = theirs;
    const otherWire = await Wire.dial(other.host, other.port);
    theirs = client(otherWire);
    try {
      await expectSame();
      for (const argv of [
        ['SET', 'more', '1'],
        ['INCR', 'more'],
        ['SADD', 'others', 'x'],
      ]) {
        for (const run of [ours, theirs]) await run(...argv);
      }
      const back = new VirtualDisk();
      for (const name of readdirSync(folder)) {
        back.write(`/data/appendonlydir/${name}`, readFileSync(join(folder, name), 'latin1'));
      }
      ours = engine({ disk: back, config });
      await expectSame();
    } finally {
      otherWire.close();
      theirs = before;
      await other.stop();
      rmSync(dir, { recursive: true });
    }
  }

  /** Both servers hold the same keys with the same values, encodings and expiries. */
  async function expectSame(): Promise<void> {
    const [ourKeys, theirKeys] = [await ours('KEYS', '*'), await theirs('KEYS', '*')];
    expect(unnumbered(ourKeys)).toBe(unnumbered(theirKeys));
    for (let i = 0; i < WORLD; i++) {
      const key = `k${i}`;
      expect(await look(ours, key), key).toBe(await look(theirs, key));
      expect(await encodingOf(ours, key), key).toBe(await encodingOf(theirs, key));
      expect(await ours('PEXPIRETIME', key)).toBe(await theirs('PEXPIRETIME', key));
    }
    for (const run of [ours, theirs]) await run('DEL', 'sorted');
  }
});

type Commands = readonly (readonly string[])[];

/** So many keys at most, some of which expire. */
const WORLD = 6;
const worlds: fc.Arbitrary<Commands> = fc
  .array(fc.tuple(recipe, fc.boolean()), { minLength: 1, maxLength: WORLD })
  .map((recipes) =>
    recipes.flatMap(([commands, expires], i) => {
      const key = `k${i}`;
      const own = commands.map((argv) => argv.map((arg) => (arg === 'a' ? key : arg)));
      return expires ? [...own, ['PEXPIREAT', key, '33177117420000']] : own;
    }),
  );

// What Redis stored before 7.0: ziplists, zipmaps, and values written out.

/** A payload with this body, as a server with RDB version 9 would send it. */
function sealed(body: string): string {
  const bytes = `${body}\x09\x00`;
  return bytes + uint64(crc64(bytes));
}

const written = (write: (writer: RdbWriter) => void): string => {
  const writer = new RdbWriter();
  write(writer);
  return writer.finish();
};

const stringOf = (value: string): string => written((writer) => writer.string(value));
const sizeOf = (count: number): string => written((writer) => writer.size(count));

function ziplist(elements: readonly string[]): string {
  let body = '';
  let previous = 0;
  let tail = 10;
  for (const element of elements) {
    const before =
      previous < 254 ? String.fromCharCode(previous) : `\xfe${littleEndian(previous, 4)}`;
    const entry = before + ziplistBody(element);
    tail = 10 + body.length;
    body += entry;
    previous = entry.length;
  }
  const header = littleEndian(body.length + 11, 4) + littleEndian(tail, 4);
  return `${header}${littleEndian(elements.length, 2)}${body}\xff`;
}

function ziplistBody(element: string): string {
  const { length } = element;
  const value = Number(element);
  if (/^(0|-?[1-9]\d{0,8})$/.test(element)) {
    if (value >= 0 && value <= 12) return String.fromCharCode(0xf1 + value);
    if (value >= -128 && value < 128) return `\xfe${littleEndian(value, 1)}`;
    if (value >= -32768 && value < 32768) return `\xc0${littleEndian(value, 2)}`;
    if (value >= -(2 ** 23) && value < 2 ** 23) return `\xf0${littleEndian(value, 3)}`;
    return `\xd0${littleEndian(value, 4)}`;
  }
  if (length < 64) return String.fromCharCode(length) + element;
  return String.fromCharCode(0x40 | (length >> 8), length & 0xff) + element;
}

const zipmap = (pairs: readonly (readonly string[])[]): string => {
  const length = (text: string) =>
    text.length < 254 ? String.fromCharCode(text.length) : `\xfe${littleEndian(text.length, 4)}`;
  const body = pairs.map(([f = '', v = '']) => `${length(f)}${f}${length(v)}\0${v}`).join('');
  return `${String.fromCharCode(pairs.length)}${body}\xff`;
};

const small = fc.oneof(integer.map(String), bytes(20), bytes(100), repetitive);
const manySmall = fc.array(small, { minLength: 1, maxLength: 30 });
const pairsBy = <T>(value: fc.Arbitrary<T>) =>
  fc.uniqueArray(fc.tuple(small, value), { minLength: 1, maxLength: 30, selector: ([f]) => f });
const smallScore = fc.integer({ min: -1000, max: 100_000 }).map(String);
const inOrder = (pairs: [string, string][]) =>
  pairs.sort(([a, x], [b, y]) => Number(x) - Number(y) || (a < b ? -1 : 1));

const oldForms: fc.Arbitrary<string> = fc
  .oneof(
    manySmall.map((items) => `\x01${sizeOf(items.length)}${items.map(stringOf).join('')}`),
    manySmall.map((items) => `\x0a${stringOf(ziplist(items))}`),
    fc
      .array(manySmall, { minLength: 1, maxLength: 4 })
      .map(
        (nodes) => `\x0e${sizeOf(nodes.length)}${nodes.map((n) => stringOf(ziplist(n))).join('')}`,
      ),
    pairsBy(small).map((pairs) => `\x09${stringOf(zipmap(pairs))}`),
    pairsBy(small).map((pairs) => `\x0d${stringOf(ziplist(pairs.flat()))}`),
    pairsBy(small).map(
      (pairs) => `\x04${sizeOf(pairs.length)}${pairs.flat().map(stringOf).join('')}`,
    ),
    pairsBy(smallScore).map((pairs) => `\x0c${stringOf(ziplist(inOrder(pairs).flat()))}`),
    pairsBy(smallScore).map((pairs) => {
      const members = pairs.map(([m, n]) => stringOf(m) + String.fromCharCode(n.length) + n);
      return `\x03${sizeOf(pairs.length)}${members.join('')}`;
    }),
  )
  .map(sealed);
