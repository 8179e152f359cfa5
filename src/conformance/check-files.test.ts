/** redis-check-rdb and redis-check-aof of the shell beside the real ones, on the same files. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { redisCheckAof } from '../shell/programs/check-aof.ts';
import { redisCheckRdb } from '../shell/programs/check-rdb.ts';
import { runOurs } from './our-cli.ts';
import { canCompare, startRealRedis } from './real-redis.ts';

const tools = { 'redis-check-rdb': redisCheckRdb, 'redis-check-aof': redisCheckAof } as const;
type Tool = keyof typeof tools;

const command = (...words: string[]) =>
  `*${words.length}\r\n${words.map((word) => `$${word.length}\r\n${word}\r\n`).join('')}`;

/** Append-only files, whole and broken in each of the ways that there are. */
const files: Readonly<Record<string, string>> = {
  'timed.aof': `#TS:100\r\n${command('PING')}#TS:200\r\n${command('SET', 'a', '1')}#TS:300\r\n${command('SET', 'b', '2')}`,
  'text.aof': 'hello\r\n',
  'prefix.aof': '*3\r\n$3\r\nSET\r\nx1\r\n',
  'open.aof': `${command('MULTI')}${command('SET', 'a', '1')}`,
  'empty.aof': '',
  'cut.aof': '*3\r\n$3\r\nSET\r\n$1\r\na\r\n$1',
  'short.aof': '*3\r\n$3\r\nSE',
  'exec.aof': command('EXEC'),
  'twice.aof': command('MULTI') + command('MULTI'),
  'number.aof': '*a\r\n',
  'header.aof': 'REDIS0010\xfa\x09redis',
  'version.rdb': 'REDIS0099',
  'short.rdb': 'hello\n',
  'other.rdb': 'hello world',
  'empty.rdb': '',
};

describe.runIf(canCompare('redis-check-rdb and -aof'))('checks of files', () => {
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'keyspace-check-'));
    for (const [name, bytes] of Object.entries(files)) put(name, bytes);
    const server = await startRealRedis(['--appendonly', 'yes']);
    const lines = ['MSET a 1 b 2', 'EXPIRE a 100', 'SET c 1 PX 1', 'RPUSH l 1 2', 'HSET h f v'];
    const more = ['ZADD z 1 a', 'XADD x 1-1 f v', 'SELECT 1', 'SET o 1', 'SADD s a b', 'SAVE'];
    const input = [...lines, ...more].join('\n');
    spawnSync('redis-cli', ['-p', String(server.port)], { input });
    const parts = join(server.dir, 'appendonlydir');
    mkdirSync(join(folder, 'parts'));
    for (const name of readdirSync(parts)) put(`parts/${name}`, read(join(parts, name)));
    const dump = read(join(server.dir, 'dump.rdb'));
    put('dump.rdb', dump);
    put('cut.rdb', dump.slice(0, 60));
    put('sum.rdb', `${dump.slice(0, -1)}\0`);
    put('mixed.aof', dump + files['timed.aof']);
    await server.stop();
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const read = (path: string) => readFileSync(path, 'latin1');
  const put = (name: string, bytes: string) => writeFileSync(join(folder, name), bytes, 'latin1');

  /** Both tools on the same files: what they print, and what they leave of the file. */
  async function same(tool: Tool, args: readonly string[], stdin = ''): Promise<void> {
    const path = join(folder, args.at(-1) ?? '');
    const before = args.length > 0 && !/nosuch/.test(path) ? read(path) : undefined;
    const { status, stdout, stderr } = spawnSync(tool, args, {
      ...{ cwd: folder, encoding: 'latin1', input: stdin },
    });
    const after = before === undefined ? undefined : read(path);
    if (before !== undefined) writeFileSync(path, before, 'latin1');
    const ours = await runOurs(tools[tool], args, { stdin, folder });
    expect(ours).toEqual({ status, stdout, stderr });
    if (before !== undefined) expect(read(path)).toBe(after);
  }

  test('snapshots', async () => {
    const names = ['dump', 'cut', 'sum', 'version', 'short', 'other', 'empty', 'nosuch'];
    for (const name of names) await same('redis-check-rdb', [`${name}.rdb`]);
    await same('redis-check-rdb', []);
  });

  test('append-only files', async () => {
    const names = Object.keys(files).filter((name) => name.endsWith('.aof'));
    for (const name of [...names, 'mixed.aof', 'nosuch.aof']) {
      await same('redis-check-aof', [name]);
    }
    await same('redis-check-aof', ['parts/appendonly.aof.manifest']);
    await same('redis-check-aof', []);
    await same('redis-check-aof', ['--nosuch', 'timed.aof']);
  });

  test('what is broken is cut off when that is wanted', async () => {
    for (const name of ['cut.aof', 'open.aof', 'text.aof']) {
      await same('redis-check-aof', ['--fix', name], 'n\n');
      await same('redis-check-aof', ['--fix', name], 'y\n');
    }
  });

  test('what is too new is cut off', async () => {
    for (const time of ['50', '100', '250', '400', 'soon']) {
      await same('redis-check-aof', ['--truncate-to-timestamp', time, 'timed.aof']);
    }
  });
});
