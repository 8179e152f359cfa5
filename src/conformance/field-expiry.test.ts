import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Lab } from '../engine/lab/lab.ts';
import { VirtualDisk } from '../engine/persistence/disk.ts';
import type { Frame } from './frame.ts';
import { LabWire } from './lab-wire.ts';
import { newerRedis, type Reference } from './real-redis.ts';
import { useRealRedis } from './real-wire.ts';

/**
 * Hashes with fields that expire, carried to a redis-server that knows them and back: by DUMP and
 * RESTORE and by RDB files. Only where REDIS_SERVER_NEW names such a server.
 */

const text = fc.oneof(
  fc.integer().map(String),
  fc.uint8Array({ maxLength: 80 }).map((bytes) => String.fromCharCode(...bytes)),
);
const field = fc.record({
  name: text,
  value: text,
  at: fc.option(fc.integer({ min: 1, max: 1000 }).map((n) => 4_000_000_000_000 + n)),
});
type Field = typeof field extends fc.Arbitrary<infer F> ? F : never;
const fields = fc.oneof(
  fc.uniqueArray(field, { minLength: 1, maxLength: 20, selector: ({ name }) => name }),
  fc.uniqueArray(field, { minLength: 520, maxLength: 560, selector: ({ name }) => name }),
);

const newer = newerRedis();

describe.runIf(newer)('fields that expire', () => {
  const disk = new VirtualDisk();
  const real = useRealRedis([], newer as Reference);
  const lab = new Lab({ start: Date.now(), disk, config: { 'enable-debug-command': 'yes' } });
  const engine = new LabWire(lab);
  const ours = async (...argv: string[]): Promise<Frame> => engine.run(...argv);
  const theirs = (...argv: string[]): Promise<Frame> => real.wire.run(...argv);

  /** What both must agree on. A small hash has an order. */
  const facts = async (run: typeof ours, key: string) => [
    (await run('DEBUG', 'DIGEST-VALUE', key)).raw,
    (await run('OBJECT', 'ENCODING', key)).text,
    (await run('HLEN', key)).text,
    (await run('OBJECT', 'ENCODING', key)).text === 'hashtable' || (await run('HKEYS', key)).raw,
  ];

  const build = async (run: typeof ours, all: readonly Field[]) => {
    await run('DEL', 'a');
    await run('HSET', 'a', ...all.flatMap(({ name, value }) => [name, value]));
    for (const { name, at } of all) {
      if (at !== null) await run('HPEXPIREAT', 'a', String(at), 'FIELDS', '1', name);
    }
  };

  test('are dumped and restored both ways', async () => {
    const roundTrip = fc.asyncProperty(fields, async (all) => {
      await build(ours, all);
      await build(theirs, all);
      expect(await facts(ours, 'a')).toEqual(await facts(theirs, 'a'));
      for (const from of [ours, theirs]) {
        const payload = (await from('DUMP', 'a')).text;
        for (const to of [ours, theirs]) {
          expect((await to('RESTORE', 'b', '0', payload, 'REPLACE')).text).toBe('OK');
        }
        expect(await facts(ours, 'b')).toEqual(await facts(theirs, 'b'));
      }
    });
    await fc.assert(roundTrip, { numRuns: 12, endOnFailure: true });
  });

  test('are in files that redis-check-rdb passes and redis-server loads', async () => {
    await ours('FLUSHALL');
    await ours('HSET', 'small', 'a', '1', 'b', '2');
    await ours('HSET', 'large', ...Array.from({ length: 1200 }, (_, i) => String(i >> 1)));
    for (const key of ['small', 'large']) {
      await ours('HSET', key, 'a', '1');
      await ours('HEXPIRE', key, '1000', 'FIELDS', '1', 'a');
    }
    expect((await ours('SAVE')).text).toBe('OK');
    const file = join(real.redis.dir, 'dump.rdb');
    writeFileSync(
      file,
      disk.read(`${(await ours('CONFIG', 'GET', 'dir')).items?.[1]?.text}/dump.rdb`) ?? '',
      'latin1',
    );
    const checker = (newer as Reference).program.replace(/server$/, 'check-rdb');
    expect(spawnSync(checker, [file], { encoding: 'utf8' }).status).toBe(0);
    await theirs('DEBUG', 'RELOAD', 'NOSAVE');
    expect(await theirs('DEBUG', 'DIGEST')).toEqual(await ours('DEBUG', 'DIGEST'));
  });
});
