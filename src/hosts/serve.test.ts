import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

/** The server as `npm run serve` starts it: its command line, its log, its end. */
const dist = mkdtempSync(join(tmpdir(), 'keyspace-serve-'));
const program = join(dist, 'redis-server.mjs');
const running = new Set<ChildProcess>();

beforeAll(() => {
  const bundle = join(import.meta.dirname, 'bundle.mjs');
  execFileSync(process.execPath, [bundle], { env: { ...process.env, DIST: dist } });
}, 60_000);
afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
});
afterAll(() => rmSync(dist, { recursive: true }));

function start(...args: readonly string[]) {
  const child = spawn(process.execPath, [program, ...args], { cwd: dist });
  running.add(child);
  let printed = '';
  const hear = (chunk: Buffer) => {
    printed += chunk;
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  const exit = once(child, 'close').then(([code]) => ({ code, printed }));
  const ready = new Promise<void>((resolve, reject) => {
    child.stdout.on('data', () => printed.includes('Ready to accept') && resolve());
    child.once('close', () => reject(new Error(printed)));
  });
  ready.catch(() => {});
  return { child, exit, ready };
}

/** What a server answers to these bytes, until it or we have said all. */
async function ask(port: number, bytes: string): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1' });
  socket.setEncoding('latin1').end(bytes, 'latin1');
  let answer = '';
  for await (const chunk of socket) answer += chunk;
  return answer;
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

test('it says in the words of redis-server that it is ready, answers, and ends on a signal', async () => {
  const port = await freePort();
  const server = start('--port', String(port));
  await server.ready;
  expect(await ask(port, 'PING\r\nSET k v\r\nGET k\r\n')).toBe('+PONG\r\n+OK\r\n$1\r\nv\r\n');
  expect(await ask(port, 'EVAL "return 1+1" 0\r\n')).toBe(':2\r\n');
  server.child.kill('SIGTERM');
  const { code, printed } = await server.exit;
  expect(code).toBe(0);
  expect(printed).toMatch(/^\d+:M \d\d \w{3} \d{4} \d\d:\d\d:\d\d\.\d{3} # Server initialized$/m);
  expect(printed).toMatch(/ \* Ready to accept connections$/m);
  expect(printed).toMatch(
    /^\d+:signal-handler \(\d+\) Received SIGTERM scheduling shutdown\.\.\.$/m,
  );
  expect(printed).toMatch(/ # Redis is now ready to exit, bye bye\.\.\.$/m);
});

test('it reads redis.conf, and the command line after it', async () => {
  const port = await freePort();
  const conf = join(dist, 'redis.conf');
  writeFileSync(conf, `# mine\nport 1\n\nsave 900 1\nsave 60 10\nalways-show-logo yes\n`);
  const server = start(conf, '--port', String(port), '--maxmemory', '10mb');
  await server.ready;
  expect(await ask(port, 'CONFIG GET maxmemory\r\n')).toContain('10485760');
  expect(await ask(port, 'CONFIG GET save\r\n')).toContain('900 1 60 10');
  server.child.kill('SIGINT');
  expect((await server.exit).printed).toContain(`PID: ${server.child.pid}`);
});

test('a port that is taken ends it as it ends redis-server', async () => {
  const port = await freePort();
  const server = start('--port', String(port));
  await server.ready;
  const { code, printed } = await start('--port', String(port)).exit;
  expect(code).toBe(1);
  const what = `Could not create server TCP listening socket *:${port}: bind: Address already in use`;
  expect(printed).toContain(` # Warning: ${what}\n`);
  expect(printed).toContain(` # Failed listening on port ${port} (TCP), aborting.\n`);
});

test.each([
  ['--prot 1', `at line 2\n>>> 'prot "1"'\nBad directive or wrong number of arguments\n`],
  ['--port abc', `at line 2\n>>> 'port "abc"'\nargument couldn't be parsed into an integer\n`],
  ['--port 1 --protected-mode x', `3\n>>> 'protected-mode "x"'\nargument must be 'yes' or 'no'\n`],
  ['--port', `at line 2\n>>> 'port'\nwrong number of arguments\n`],
  ['--save x', `at line 2\n>>> 'save "x"'\nInvalid save parameters\n`],
])('%s is a fatal mistake, told with its line', async (args, says) => {
  const { code, printed } = await start(...args.split(' ')).exit;
  expect(code).toBe(1);
  expect(printed).toMatch(/^\n\*\*\* FATAL CONFIG FILE ERROR \(Redis \d+\.\d+\.\d+\) \*\*\*\n/);
  expect(printed).toContain(says);
});

test('a quote that is not closed in redis.conf is told with its line', async () => {
  const conf = join(dist, 'bad.conf');
  writeFileSync(conf, 'port 1\n\nmaxmemory "x\n');
  const { printed } = await start(conf).exit;
  expect(printed).toContain(
    `at line 3\n>>> 'maxmemory "x'\nUnbalanced quotes in configuration line\n`,
  );
});

test('a redis.conf that is not there is named', async () => {
  const { code, printed } = await start('no.conf').exit;
  expect(code).toBe(1);
  expect(printed).toContain(`can't open config file '${join(dist, 'no.conf')}': No such file`);
});

test('what it held when a signal ended it is there again; SHUTDOWN NOSAVE keeps what was saved', async () => {
  const dir = mkdtempSync(join(dist, 'data-'));
  const run = async (commands: string, ...args: readonly string[]) => {
    const port = await freePort();
    const server = start('--port', String(port), '--dir', dir, ...args);
    await server.ready;
    const answer = await ask(port, commands);
    if (args.length > 0) server.child.kill('SIGTERM');
    else await ask(port, 'SHUTDOWN NOSAVE\r\n');
    expect((await server.exit).code).toBe(0);
    return answer;
  };
  await run('SET k v\r\n', '--save', '900 1');
  expect(readdirSync(dir)).toEqual(['dump.rdb']);
  expect(await run('GET k\r\nSET k other\r\n')).toBe('$1\r\nv\r\n+OK\r\n');
  expect(await run('GET k\r\nSET k other\r\n', '--save', '')).toBe('$1\r\nv\r\n+OK\r\n');
  expect(await run('GET k\r\n')).toBe('$1\r\nv\r\n');
});

test('with appendonly nothing is lost when it is killed, and a broken file keeps it from starting', async () => {
  const dir = mkdtempSync(join(dist, 'data-'));
  const args = ['--dir', dir, '--appendonly', 'yes'];
  const port = await freePort();
  const server = start('--port', String(port), ...args);
  await server.ready;
  expect(await ask(port, 'SET k v\r\nINCR n\r\n')).toBe('+OK\r\n:1\r\n');
  server.child.kill('SIGKILL');
  await server.exit;
  const again = start('--port', String(port), ...args);
  await again.ready;
  expect(await ask(port, 'GET k\r\nINCR n\r\n')).toBe('$1\r\nv\r\n:2\r\n');
  again.child.kill('SIGKILL');
  await again.exit;
  writeFileSync(join(dir, 'appendonlydir', 'appendonly.aof.1.incr.aof'), '*1\r\n+PING\r\n');
  const { code, printed } = await start('--port', String(port), ...args).exit;
  expect(code).toBe(1);
  expect(printed).toContain('Bad file format reading the append only file');
});

test('with --sentinel it is a Sentinel, which needs a file and keeps what it knows in it', async () => {
  const without = await start('--sentinel').exit;
  expect(without.code).toBe(1);
  expect(without.printed).toMatch(
    /:X .* # Sentinel needs config file on disk to save state\. Exiting/,
  );
  const [port, other] = [await freePort(), await freePort()];
  const file = join(dist, 'sentinel.conf');
  const lines = [`port ${port}`, `sentinel monitor mymaster localhost ${other} 1`];
  writeFileSync(file, `${lines.join('\n')}\nsentinel resolve-hostnames yes\n`);
  const sentinel = start(file, '--sentinel');
  const address = 'SENTINEL GET-MASTER-ADDR-BY-NAME mymaster\r\n';
  const wanted = `*2\r\n$9\r\n127.0.0.1\r\n$${String(other).length}\r\n${other}\r\n`;
  await expect.poll(() => ask(port, address).catch(() => ''), { timeout: 10_000 }).toBe(wanted);
  expect(readFileSync(file, 'utf8')).toMatch(/^sentinel myid [0-9a-f]{40}$/m);
  await ask(port, 'SHUTDOWN\r\n');
  const { code, printed } = await sentinel.exit;
  expect(code).toBe(0);
  expect(printed).toMatch(/ \* Running mode=sentinel, port=\d+\.$/m);
  expect(printed).toMatch(/ # Sentinel is now ready to exit, bye bye\.\.\.$/m);
});
