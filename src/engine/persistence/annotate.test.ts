import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Lab } from '../lab/lab.ts';
import { LabSession } from '../lab/script.ts';
import { dateOf, type Note } from './annotate.ts';
import { annotateAof } from './annotate-aof.ts';
import { annotateRdb } from './annotate-rdb.ts';
import { VirtualDisk } from './disk.ts';

/** What a server has on its disk after these commands. */
async function diskAfter(commands: readonly string[], config: Record<string, string> = {}) {
  const disk = new VirtualDisk();
  const lab = new Lab({ disk, config });
  const session = new LabSession(lab);
  for (const command of commands) await session.send('', [command]);
  lab.clock.advance(2000);
  return disk;
}

const says = (notes: readonly Note[]) => notes.map((note) => note.says).join('\n');

/** Every byte has exactly one note. */
function expectCover(notes: readonly Note[], bytes: string): void {
  let at = 0;
  for (const note of notes) {
    expect(note.at).toBe(at);
    expect(note.length).toBeGreaterThan(0);
    at += note.length;
  }
  expect(at).toBe(bytes.length);
}

const everyType = [
  'SET text hello',
  'SET number 12345',
  `SET long ${'abc'.repeat(50)}`,
  'SET soon x EX 100',
  'RPUSH list a b 3',
  'SADD ints 1 2 70000',
  'SADD words a b',
  'HSET hash name Ada born 1815',
  `HSET large f ${'v'.repeat(100)}`,
  'ZADD zset 1.5 a -2 b',
  `ZADD scores 1 ${'m'.repeat(80)}`,
  'XADD stream 1-1 a 1',
  'XADD stream 2-1 a 2',
  'XGROUP CREATE stream group 0',
  'XREADGROUP GROUP group me COUNT 1 STREAMS stream >',
  'HSET expiring f v',
  'HEXPIRE expiring 100 FIELDS 1 f',
  'SELECT 3',
  'SET other 1',
  'SAVE',
];

test('every byte of a snapshot is explained, whatever types are in it', async () => {
  for (const rdbcompression of ['yes', 'no']) {
    const disk = await diskAfter(everyType, { rdbcompression });
    const bytes = disk.read('/data/dump.rdb') ?? '';
    const notes = annotateRdb(bytes);
    expectCover(notes, bytes);
    expect(notes.filter(({ part }) => part === 'broken')).toEqual([]);
    const text = says(notes);
    expect(text).toContain('the keys that follow are of database 3');
    expect(text).toContain('the key “hash”');
    expect(text).toContain('field “name”: text (0x84); last the entry’s length, 5');
    expect(text).toContain('score “1.5”: text');
    expect(text).toContain('“12345”, an integer in 16 bits (0xc1)');
    expect(text).toMatch(/CRC64 of all bytes before it, [0-9a-f]{16}: it is right$/);
  }
});

test('a snapshot that is damaged anywhere is still explained to the end', async () => {
  const disk = await diskAfter(everyType);
  const bytes = disk.read('/data/dump.rdb') ?? '';
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), fc.nat(255), (at, byte) => {
      const damaged = bytes.slice(0, at) + String.fromCharCode(byte) + bytes.slice(at + 1);
      expectCover(annotateRdb(damaged), damaged);
      expectCover(annotateRdb(bytes.slice(0, at)), bytes.slice(0, at));
      expectCover(annotateAof(damaged), damaged);
    }),
    { numRuns: 60 },
  );
});

test('a file that was changed says that its checksum is wrong', async () => {
  const disk = await diskAfter(['SET key hello', 'SAVE']);
  const bytes = disk.read('/data/dump.rdb') ?? '';
  expect(says(annotateRdb(bytes.replace('hello', 'jello')))).toContain('is wrong');
});

test('an append-only file is explained command by command, up to where it breaks off', async () => {
  const config = { appendonly: 'yes', 'aof-timestamp-enabled': 'yes' };
  const disk = await diskAfter(['SET key hello', 'MULTI', 'INCR n', 'INCR m', 'EXEC'], config);
  const bytes = disk.read('/data/appendonlydir/appendonly.aof.1.incr.aof') ?? '';
  const notes = annotateAof(bytes);
  expectCover(notes, bytes);
  expect(says(notes)).toMatch(/^a timestamp: what follows was written at 2026-01-01 00:00:00/);
  expect(says(notes)).toContain('SET “key” “hello”: an array of 3');
  expect(says(notes)).toContain('MULTI: up to EXEC all of it is replayed, or nothing');
  const broken = annotateAof(bytes.slice(0, -4)).at(-1);
  expect(broken).toMatchObject({ part: 'broken' });
  const base = disk.read('/data/appendonlydir/appendonly.aof.1.base.rdb') ?? '';
  expect(says(annotateAof(base))).toContain('1 when the file is the base');
});

test('times are read as dates', () => {
  expect(dateOf(0)).toBe('1970-01-01 00:00:00.000 UTC');
  expect(dateOf(-1)).toBe('1969-12-31 23:59:59.999 UTC');
  expect(dateOf(951_782_400_000)).toBe('2000-02-29 00:00:00.000 UTC');
  expect(dateOf(951_868_800_000)).toBe('2000-03-01 00:00:00.000 UTC');
  expect(dateOf(1_798_761_599_042)).toBe('2026-12-31 23:59:59.042 UTC');
  expect(dateOf(9e18)).toBe('9000000000000000000 ms since 1970');
});
