import { afterEach, expect, test } from 'vitest';
import { startInProcessWorld } from '../../hosts/in-process.ts';
import { Client } from '../../wire/client.ts';
import type { World } from '../../wire/link.ts';
import { type LuaTrace, readTrace, traced } from './lua-steps.ts';

let world: World | undefined;
afterEach(() => {
  world?.stop();
  world = undefined;
});

async function trace(script: string, keys: string[] = [], args: string[] = []): Promise<LuaTrace> {
  world ??= startInProcessWorld({ topology: { kind: 'standalone' }, seed: 1, rate: 0 });
  const client = new Client(world.dial, '127.0.0.1:6379');
  const answer = await client.send(['EVAL', traced(script), `${keys.length}`, ...keys, ...args]);
  const read = readTrace(answer);
  if (!read) throw new Error(String(answer));
  return read;
}

const localsOf = ({ steps }: LuaTrace) =>
  steps.map(({ locals }) => locals.map(({ name, value }) => `${name}=${value}`).join(' '));

test('each call is told with its line, arguments, reply, and the locals it can see', async () => {
  const script = `-- a comment with redis.call('NOT', 'this')
local key = KEYS[1]
local n = tonumber(redis.call('GET', key) or 0)
local text = "redis.call('NOR', 'this')"
for i = 1, 2 do
  local doubled = i * 2
  redis.call('INCRBY', key, doubled)
end
if n == 0 then
  return redis.call('GET', key)
end
return {n, text}`;
  const told = await trace(script, ['visits']);
  expect(told.steps.map(({ line, argv, reply }) => [line, argv.join(' '), reply])).toEqual([
    [3, 'GET visits', '(nil)'],
    [7, 'INCRBY visits 2', '(integer) 2'],
    [7, 'INCRBY visits 4', '(integer) 6'],
    [10, 'GET visits', '"6"'],
  ]);
  const text = `text="redis.call('NOR', 'this')"`;
  expect(localsOf(told)).toEqual([
    'key="visits"',
    `key="visits" n=0 ${text} i=1 doubled=2`,
    `key="visits" n=0 ${text} i=2 doubled=4`,
    `key="visits" n=0 ${text}`,
  ]);
  expect(told).toMatchObject({ reply: '"6"', error: undefined });
});

test('functions, tables, branches and nested calls keep their scopes', async () => {
  const script = `local function put(k, v) redis.call('SET', k, v) return {k, v} end
local pair = put('a', redis.call('INCR', 'c'))
if pair[1] == 'a' then local yes = true redis.pcall('INCR', 'a') else local no = 1 end
while true do local w = 1 break end
repeat local r = 1 until r == 1
for _, each in ipairs(pair) do redis.call('RPUSH', 'l', each) end
redis.call('GET', 'a')`;
  const told = await trace(script);
  const locals = localsOf(told).map((row) => row.replace(/function: \S+/, 'function'));
  expect(locals).toEqual([
    'put=function',
    'put=function k="a" v=1',
    'put=function pair=["a",1] yes=true',
    'put=function pair=["a",1] _=1 each="a"',
    'put=function pair=["a",1] _=2 each=1',
    'put=function pair=["a",1]',
  ]);
  expect(told.reply).toBe('(nil)');
});

test('a call that fails ends the script; one that is caught does not', async () => {
  const failing = await trace(`redis.call('SET', 'a', 'x') redis.call('LPUSH', 'a', 1) return 1`);
  expect(failing.steps.map(({ reply }) => reply)).toEqual([
    'OK',
    '(error) WRONGTYPE Operation against a key holding the wrong kind of value',
  ]);
  expect(failing.error).toMatch(/^WRONGTYPE/);
  const caught = await trace(`local r = redis.pcall('LPUSH', 'a', 1) return r.err and 'caught'`);
  expect(caught).toMatchObject({ reply: '"caught"', error: undefined });
});

test('flags of a script stay its first line; what does not compile has no trace', async () => {
  const told = await trace(`#!lua flags=no-writes\nreturn redis.call('GET', 'a')`);
  expect(told.steps[0]).toMatchObject({ line: 2 });
  await expect(trace('return return')).rejects.toThrow(/user_script/);
});
