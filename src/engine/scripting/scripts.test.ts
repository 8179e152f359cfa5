import { expect, test } from 'vitest';
import { openLua } from '../../hosts/lua-file.ts';
import { Lab } from '../lab/lab.ts';
import { LabSession } from '../lab/script.ts';

/** A console on a fresh lab: `run` answers what is printed at the unnamed client, or undefined. */
function startLab(options: { withLua?: boolean } = {}) {
  const lab = new Lab(options.withLua === false ? {} : { openLua });
  const session = new LabSession(lab);
  const send = async (client: string, line: string) => session.send(client, [line]);
  return {
    run: async (line: string) => (await send('', line)).reply,
    send,
    advance: async (ms: number) =>
      (await session.steer({ name: 'advance', args: [`${ms}ms`] })).arrivals,
    lab,
  };
}

/** About `ms` milliseconds of work. */
const working = (ms: number, then = '') =>
  `local n = 0 for i = 1, ${ms * 50_000} do n = n + 1 end ${then}`;

test('a short script takes no time', async () => {
  const { run } = startLab();
  expect(await run(`EVAL '${working(5, 'return n')}' 0`)).toBe('(integer) 250000');
});

test('a longer one takes time, and others wait for it', async () => {
  const { run, send, advance } = startLab();
  await send('A', `EVAL '${working(300, 'redis.call("SET", "k", n) return n')}' 0`);
  expect(await run('GET k')).toBeUndefined();
  expect(await advance(100)).toEqual([]);
  const arrivals = await advance(5000);
  expect(arrivals).toEqual([
    { client: 'A', text: '(integer) 15000000' },
    { client: '', text: '"15000000"' },
  ]);
});

test('time stands still inside a script, however long it takes', async () => {
  const { send, advance } = startLab();
  await send('A', 'SET k v PX 50');
  await send(
    'A',
    `EVAL 'local a = redis.call("PTTL", "k") ${working(200)} return {a, redis.call("PTTL", "k")}' 0`,
  );
  const [{ text } = { text: '' }] = await advance(3000);
  expect(text).toBe('1) (integer) 50\n2) (integer) 50');
});

test('a script that has written cannot be killed, but ends by itself', async () => {
  const { run, send, advance } = startLab();
  await run('CONFIG SET busy-reply-threshold 100');
  await send('A', `EVAL 'redis.call("SET", "k", "v") ${working(400, 'return n')}' 0`);
  await advance(200);
  expect(await run('SCRIPT KILL')).toMatch(/^\(error\) UNKILLABLE Sorry the script already/);
  expect(await advance(10_000)).toEqual([{ client: 'A', text: '(integer) 20000000' }]);
  expect(await run('GET k')).toBe('"v"');
});

test.each(['while true do pcall(error, "x") end', 'while true do redis.call("PING") end'])(
  'SCRIPT KILL ends %s',
  async (body) => {
    const { run, send, advance } = startLab();
    await run('CONFIG SET busy-reply-threshold 100');
    await send('A', `EVAL '${body}' 0`);
    await advance(200);
    expect(await run('PING')).toMatch(/^\(error\) BUSY /);
    const { reply, arrivals } = await send('', 'SCRIPT KILL');
    expect(reply).toBe('OK');
    expect(arrivals).toMatchObject([{ client: 'A' }]);
    expect(await run('PING')).toBe('PONG');
  },
);

test('a client that waits for a key is not served in the middle of a script', async () => {
  const { send, advance } = startLab();
  await send('B', 'BLPOP queue 0');
  const body = `redis.call("RPUSH", "queue", "x") ${working(100)} return redis.call("LLEN", "queue")`;
  await send('A', `EVAL '${body}' 0`);
  expect(await advance(5000)).toEqual([
    { client: 'B', text: '1) "queue"\n2) "x"' },
    { client: 'A', text: '(integer) 1' },
  ]);
});

test('a script whose client has gone runs to its end', async () => {
  const { run, send, advance, lab } = startLab();
  await send('A', `EVAL '${working(100, 'redis.call("SET", "k", "done")')}' 0`);
  const server = lab.nodes[0]?.server;
  for (const client of [...(server?.clients.values() ?? [])]) client.close();
  await advance(5000);
  expect(await run('GET k')).toBe('"done"');
});

test('the slow log tells how long it took', async () => {
  const { run, send, advance } = startLab();
  await send('A', `EVAL '${working(100)}' 0`);
  await advance(5000);
  expect(await run('SLOWLOG LEN')).toBe('(integer) 1');
});

test('in a transaction a script cannot pause, and one that never ends is given up', async () => {
  const { run } = startLab();
  await run('MULTI');
  await run(`EVAL '${working(100, 'return n')}' 0`);
  await run(`EVAL 'while true do end' 0`);
  const reply = await run('EXEC');
  expect(reply).toContain('1) (integer) 5000000\n2) (error) ERR a script of 2 seconds inside EXEC');
});

test('a server without a Lua says so', async () => {
  const { run } = startLab({ withLua: false });
  expect(await run(`EVAL 'return 1' 0`)).toMatch(
    /^\(error\) ERR a script without a Lua is not simu/,
  );
});

test('a library that does not come to an end is given up', async () => {
  const { run } = startLab();
  const load = (code: string) => run(`FUNCTION LOAD "#!lua name=slow\\n${code}"`);
  expect(await load('while true do end')).toBe(
    '(error) ERR Error registering functions: ERR FUNCTION LOAD timeout',
  );
  expect(await load(`redis.register_function('f', function() return 1 end)`)).toBe('"slow"');
  expect(await run('FCALL f 0')).toBe('(integer) 1');
});

test('when a function was killed its library is there again', async () => {
  const { run, send, advance } = startLab();
  const count = `local n = 0 redis.register_function('count', function() n = n + 1 return n end)`;
  const loop = `redis.register_function('loop', function() while true do end end)`;
  await run(`FUNCTION LOAD "#!lua name=lib\\n${count} ${loop}"`);
  await run('CONFIG SET busy-reply-threshold 100');
  await run('FCALL count 0');
  await send('A', 'FCALL loop 0');
  await advance(200);
  expect(await run('FUNCTION KILL')).toBe('OK');
  // Its Lua was given up, and with it what the library had counted; Redis would go on with 2.
  expect(await run('FCALL count 0')).toBe('(integer) 1');
});
