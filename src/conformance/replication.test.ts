import { afterEach, describe, expect, test } from 'vitest';
import { Lab } from '../engine/lab/lab.ts';
import { rows } from '../engine/server/table.ts';
import { type Random, seededRandom } from '../engine/time/random.ts';
import { openLua } from '../hosts/lua-file.ts';
import { TcpHost } from '../hosts/tcp.ts';
import { printFrame } from './frame.ts';
import { comparable, sequenceOf } from './fuzz/sequence.ts';
import { canCompare, freePort, REFERENCE, startRealRedis } from './real-redis.ts';
import { CI_SEED } from './seed.ts';
import { Wire } from './wire.ts';

/**
 * A redis-server that replicates from ours, and ours that replicates from it, over TCP: everything at
 * first, then every write, and after a broken connection what was missed. What both hold is compared
 * by DEBUG DIGEST.
 */

const seed = Number(process.env.FUZZ_SEED ?? (process.env.CI ? CI_SEED : Date.now() % 1_000_000));
const WRITES = 600;

interface Subject {
  readonly port: number;
  readonly wire: Wire;
}

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

async function ours(config: Readonly<Record<string, string>> = {}): Promise<Subject> {
  const port = await freePort();
  const lab = new Lab({
    topology: { kind: 'servers', servers: 1 },
    places: { host: () => '127.0.0.1', port: () => port },
    config: { ...quick, ...config, 'enable-debug-command': 'yes' },
    outside: (address, listener) => host.dial(address, listener),
    openLua,
    start: Date.now(),
    seed,
  });
  const bugs: unknown[] = [];
  const host: TcpHost = new TcpHost(lab, (error) => bugs.push(error));
  stops.push(async () => {
    await host.close();
    expect(bugs).toEqual([]);
  });
  const [node] = lab.nodes;
  if (node) await host.listen(node.accept, { host: '127.0.0.1', port });
  return subject(port);
}

async function theirs(config: Readonly<Record<string, string>> = {}): Promise<Subject> {
  const directives = Object.entries({ ...quick, ...config });
  const redis = await startRealRedis(directives.flatMap(([name, text]) => [`--${name}`, text]));
  stops.push(() => redis.stop());
  return subject(redis.port);
}

const quick = { 'repl-diskless-sync-delay': '0' };

async function subject(port: number): Promise<Subject> {
  const wire = await Wire.dial('127.0.0.1', port);
  stops.push(() => wire.close());
  return { port, wire };
}

async function ask({ wire }: Subject, ...argv: string[]): Promise<string> {
  const frame = await wire.run(...argv);
  return frame.type === '$' ? frame.text : printFrame(frame);
}

async function info(subject: Subject, field: string): Promise<string> {
  const text = await ask(subject, 'INFO', 'everything');
  return new RegExp(`^${field}:(.*?)\r?$`, 'm').exec(text)?.[1] ?? '';
}

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (let i = 0; i < 1000; i++) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`in vain: ${what}`);
}

const follow = ({ wire }: Subject, { port }: Subject) =>
  wire.run('REPLICAOF', '127.0.0.1', String(port));

/** Waits until the replica has all that the primary has written. */
async function inStep(primary: Subject, replica: Subject): Promise<void> {
  await until('the link is up', async () => (await info(replica, 'master_link_status')) === 'up');
  await until('the replica has everything', async () => {
    const written = await info(primary, 'master_repl_offset');
    return (await info(replica, 'slave_repl_offset')) === written;
  });
}

/** The digests become equal: a key may just be expiring here, and its end be on its way there. */
async function expectSame(...subjects: readonly Subject[]): Promise<void> {
  let digests: string[] = [];
  await until(`seed ${seed}: the data is the same`, async () => {
    digests = await Promise.all(subjects.map((each) => ask(each, 'DEBUG', 'DIGEST')));
    return new Set(digests).size === 1;
  });
  // Zeros would say that there is nothing to compare.
  expect(digests[0]).toMatch(/[^0]/);
}

/** Random writes of every kind, with such as are decided by chance or by the clock. */
async function write({ wire }: Subject, random: Random): Promise<void> {
  const known = comparable(rows, REFERENCE).filter(
    ({ flags, group, name }) =>
      (flags.has('write') || group === 'transactions') && !/^(flushall|reset)$/.test(name),
  );
  const units = [...sequenceOf(known, random, WRITES), ...byChance].flat();
  await wire.runAll([...units, ['DISCARD'], ['SELECT', '0']]);
}

const byChance: readonly (readonly string[])[][] = [
  [['SADD', 'chance', 'a', 'b', 'c', 'd', 'e']],
  [['SPOP', 'chance']],
  [['SPOP', 'chance', '2']],
  [['XADD', 'log', '*', 'a', '1']],
  [['XADD', 'log', 'MAXLEN', '~', '100', '*', 'a', '1']],
  [['INCRBYFLOAT', 'float', '3.1']],
  [['HINCRBYFLOAT', 'floats', 'f', '0.1']],
  [['SET', 'soon', '1', 'EX', '1000']],
  [['GETEX', 'soon', 'PX', '500000']],
  [['SET', 'gone', '1', 'PX', '1']],
  [['EVAL', "redis.call('SET', 'lua', redis.call('TIME')[2]) redis.call('INCR', 'n')", '0']],
  [['FUNCTION', 'LOAD', 'REPLACE', "#!lua name=l\nredis.register_function('f', print)"]],
  [
    ['SELECT', '3'],
    ['SET', 'elsewhere', '1'],
    ['SELECT', '0'],
    ['SWAPDB', '0', '3'],
  ],
  [
    ['PFADD', 'loglog', 'a', 'b'],
    ['PFMERGE', 'loglog2', 'loglog'],
    ['PFCOUNT', 'loglog2'],
  ],
];

/** The replicas lose their connections, and the primary goes on writing. */
async function interrupt(primary: Subject, random: Random): Promise<void> {
  await ask(primary, 'CLIENT', 'KILL', 'TYPE', 'replica');
  await write(primary, random);
}

async function replicate(primary: Subject, replica: Subject): Promise<void> {
  const random = seededRandom(seed);
  await write(primary, random);
  await follow(replica, primary);
  await inStep(primary, replica);
  await expectSame(primary, replica);

  await write(primary, random);
  await inStep(primary, replica);
  await expectSame(primary, replica);
  expect(await ask(primary, 'WAIT', '1', '5000')).toBe('(integer) 1');

  const full = await info(primary, 'sync_full');
  await interrupt(primary, random);
  await inStep(primary, replica);
  await expectSame(primary, replica);
  expect(await info(primary, 'sync_full')).toBe(full);
  expect(await info(primary, 'sync_partial_ok')).toBe('1');
}

const ways = [
  ['without a file', {}],
  ['by way of a file', { 'repl-diskless-sync': 'no' }],
] as const;

describe.runIf(canCompare('replication'))('beside redis-server', () => {
  test.each(ways)('redis-server replicates from ours, %s', async (_, config) => {
    await replicate(await ours(config), await theirs());
  });

  test.each(ways)('ours replicates from redis-server, %s', async (_, config) => {
    await replicate(await theirs(config), await ours());
  });

  test('a chain of both, whose middle takes over: the last goes on with a part', async () => {
    const [first, middle, last] = [await theirs(), await ours(), await theirs()];
    const random = seededRandom(seed + 1);
    await follow(middle, first);
    await inStep(first, middle);
    await follow(last, middle);
    await inStep(middle, last);
    await write(first, random);
    await inStep(first, middle);
    await inStep(first, last);
    await expectSame(first, middle, last);

    await ask(middle, 'REPLICAOF', 'NO', 'ONE');
    await write(middle, random);
    await inStep(middle, last);
    await follow(first, middle);
    await inStep(middle, first);
    await expectSame(first, middle, last);
    // A history that was shared is known by its old name too: nobody had to start over.
    expect(await info(middle, 'sync_full')).toBe('1');
    expect(await info(middle, 'sync_partial_ok')).toBe('2');
  });
});
