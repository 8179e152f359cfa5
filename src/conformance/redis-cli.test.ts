/**
 * The shell's redis-cli beside the real one, on the same redis-server: the same command lines print
 * the same, to the same streams, and end with the same status.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { redisCli } from '../shell/redis-cli/redis-cli.ts';
import { Client } from '../wire/client.ts';
import { dial } from './dial.ts';
import { runOurs } from './our-cli.ts';
import { canCompare, type RealRedis, startRealRedis } from './real-redis.ts';

const SCRIPT = 'return {KEYS[1], ARGV[1], ARGV[2]}';
const COMMANDS = 'SET m 1\nGET m\n\nbad "quote\n# remark\nLRANGE l 0 -1\nquit\nGET m\n';
const RESP = 'SET p 1\r\nGET p\r\n*1\r\n$4\r\nPING\r\n*1\r\n$4\r\nNOPE\r\n';

/** What is run: flags and command, and what is piped in. */
const lines: readonly (readonly [args: string, stdin?: string])[] = [
  ...plain(
    'get a',
    'get none',
    'lrange l 0 -1',
    'hgetall h',
    'incr a',
    'nosuch x',
    'set a',
    'info server',
  ),
  ...plain(
    '--raw lrange l 0 -1',
    '--raw nosuch',
    '--csv hgetall h',
    '--csv nosuch',
    '--json hgetall h',
  ),
  ...plain('--json -2 hgetall h', '--quoted-json get bin', '--no-raw get bin', '-3 hgetall h'),
  ...plain(
    '--raw -d , lrange l 0 -1',
    '--raw -D ; -r 2 get a',
    '-d , lrange l 0 -1',
    '--raw get none',
  ),
  ...plain('-r 3 ping', '-r 2 -i 0.01 incr a', '-r 0 ping', '-r abc ping', '-e nosuch', '-e get h'),
  ...plain(
    '-n 3 dbsize',
    '-n 99 ping',
    '-a wrong ping',
    '--user ada -a wrong ping',
    '-a x --no-auth-warning ping',
  ),
  ...plain('--nosuch', '-p', '--quoted-input ping "a"', "--quoted-input ping 'a", '-u foo ping'),
  ...plain('--scan', '--scan --pattern l*', '--raw --scan', '--scan --quoted-pattern "l*"'),
  ...plain('--bigkeys', '--memkeys', '--memkeys-samples 3', '--hotkeys', '--eval none.lua'),
  ...plain(
    '--eval script.lua k1 k2 , x y',
    '--eval script.lua k1',
    'client getname',
    'lolwut version 9',
  ),
  ['-x set k', 'one line\n'],
  ['-X TAG set k TAG', 'value'],
  ['-X NO set k TAG', 'value'],
  ['', COMMANDS],
  ['--raw', COMMANDS],
  ['-3', COMMANDS],
  ['--pipe', RESP],
  ['--pipe', ''],
  ['--ldb --eval script.lua k1 , x', 'p\nKEYS\n"\nprint KEYS\nbogus\nb 1\nl\n'],
  ['--ldb --eval script.lua k1 , x y', 's\nget a\nrestart\nc\nquit\n'],
  ['--ldb-sync-mode --eval script.lua k1', 'r set a 2\na\nget a\n'],
  ['--ldb-sync-mode --eval script.lua k1', 's\nrestart\nc\nget a\n'],
  ['--ldb --eval none.lua', ''],
  ['--ldb', 'ping\n'],
];

function plain(...args: string[]): [args: string, stdin?: string][] {
  return args.map((each) => [each]);
}

describe.runIf(canCompare("the shell's redis-cli"))('redis-cli', () => {
  let real: RealRedis;
  let folder: string;
  beforeAll(async () => {
    real = await startRealRedis();
    folder = mkdtempSync(join(tmpdir(), 'keyspace-cli-'));
    writeFileSync(join(folder, 'script.lua'), SCRIPT);
  });
  beforeEach(() => seed(real));
  afterAll(async () => {
    rmSync(folder, { recursive: true });
    await real.stop();
  });

  for (const isTerminal of [true, false]) {
    test.each(lines)(
      `${isTerminal ? 'on a terminal' : 'into a pipe'}: %s`,
      async (args = '', stdin) => {
        const theirs = callReal(args, stdin, isTerminal);
        await seed(real);
        expect(await callOurs(args, stdin, isTerminal)).toEqual(theirs);
      },
    );
  }

  test('a server that is not there', async () => {
    const args = ['-p', '1', 'ping'];
    const { status, stderr } = spawnSync('redis-cli', args, { encoding: 'latin1' });
    expect(await run(args, undefined, true)).toEqual({ status, stdout: '', stderr });
  });

  function callReal(args: string, stdin: string | undefined, isTerminal: boolean) {
    const { status, stdout, stderr } = spawnSync('redis-cli', argv(args), {
      cwd: folder,
      encoding: 'latin1',
      input: stdin ?? '',
      env: { PATH: process.env.PATH, ...(isTerminal && { FAKETTY: '1' }) },
    });
    return { status, stdout: settled(stdout), stderr };
  }

  async function callOurs(args: string, stdin: string | undefined, isTerminal: boolean) {
    const printed = await run(argv(args), stdin ?? '', isTerminal);
    return { ...printed, stdout: settled(printed.stdout) };
  }

  const argv = (args: string) => ['-p', String(real.port), ...args.split(' ').filter(Boolean)];

  const run = (args: string[], stdin: string | undefined, isTerminal: boolean) =>
    runOurs(redisCli, args, { stdin, isTerminal, folder });
});

/** A dozen keys, always the same. */
async function seed({ host, port }: RealRedis): Promise<void> {
  const client = new Client(dial, `${host}:${port}`);
  const commands = [
    'FLUSHALL',
    'SET a 1',
    'SET big yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy',
    'RPUSH l 1 2 3',
  ];
  const more = [
    'HSET h f v g w',
    'SADD s a b c',
    'ZADD z 1.5 a',
    'XADD x 1-1 f v',
    'SET bin \xff\x00é',
  ];
  await client.pipeline([...commands, ...more].map((line) => line.split(' ')));
  client.close();
}

/** Figures of INFO differ from one call to the next; SCAN tells keys in an order of its own. */
const settled = (text: string): string =>
  text.replace(/:[\d.]+\w*(?=\r?\n)/g, ':n').replace(/^(uptime|lru_clock|tcp).*$/gm, '');
