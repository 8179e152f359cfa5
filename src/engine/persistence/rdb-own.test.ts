import { expect, test } from 'vitest';
import { Lab } from '../lab/lab.ts';
import { LabSession } from '../lab/script.ts';
import { VirtualDisk } from './disk.ts';

/** Types of Redis 8 over a restart. */

function start(disk: VirtualDisk, config: Readonly<Record<string, string>> = {}) {
  const session = new LabSession(new Lab({ disk, config }));
  return async (line: string) => (await session.send('', [line])).reply;
}

const story = [
  'SET before 1',
  'VADD v VALUES 3 1 2 3 a SETATTR "{}"',
  'VADD v VALUES 3 3 2 1 b',
  'VADD bits VALUES 3 1 -2 3 a BIN',
  'VADD floats REDUCE 2 VALUES 3 1 2 3 a NOQUANT',
  'ARRING ring 3 a b c d',
  'ARSET far 9223372036854775806 end',
  'EXPIRE v 1000',
  'SELECT 2',
  'VADD other VALUES 1 5 x',
  'SET after 1',
];

const questions = [
  'DBSIZE',
  'VSIM v ELE a WITHSCORES WITHATTRIBS',
  'VEMB v a RAW',
  'VINFO v',
  'VEMB bits a RAW',
  'VEMB floats a RAW',
  'VINFO floats',
  'ARSCAN ring 0 9',
  'ARNEXT ring',
  'ARSCAN far 0 18446744073709551614',
  'TTL v',
  'TTL before',
  'SELECT 2',
  'VEMB other x',
  'TTL after',
];

test('vector sets and arrays are the same after a restart from a file that any redis-server can read', async () => {
  const disk = new VirtualDisk();
  const run = start(disk);
  for (const line of story) await run(line);
  await run('SELECT 0');
  const before = [];
  for (const line of questions) before.push(await run(line));
  expect(await run('SAVE')).toBe('OK');
  const next = start(disk);
  const after = [];
  for (const line of questions) after.push(await next(line));
  expect(after).toEqual(before);
});

test('an append-only file of commands makes them again, vectors nearly', async () => {
  const disk = new VirtualDisk();
  const config = { appendonly: 'yes', 'aof-use-rdb-preamble': 'no' };
  const run = start(disk, config);
  for (const line of story) await run(line);
  await run('BGREWRITEAOF');
  const next = start(disk, config);
  expect(await next('VSIM v ELE a FILTER 1')).toBe('1) "a"');
  expect(await next('VCARD v')).toBe('(integer) 2');
  expect(await next('ARLASTITEMS ring 3')).toBe('1) "b"\n2) "c"\n3) "d"');
});
