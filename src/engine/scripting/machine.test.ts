import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openLua } from '../../hosts/lua-file.ts';
import { sha1Hex } from '../bytes/sha1.ts';
import { redisError } from '../errors.ts';
import {
  BigNumber,
  Bool,
  Double,
  MapReply,
  NullArray,
  Pairs,
  type Reply,
  SetReply,
  Status,
  Verbatim,
} from '../resp/reply.ts';
import type { LuaHost, Outcome, Tick } from './machine.ts';

/** Runs one script with a host that answers every command with `answer`. */
function start(body: string, host: Partial<LuaHost> = {}, machine = openLua()): Outcome {
  return machine.run({ name: sha1Hex(body), body }, ['k1', 'k2'], ['a1'], {
    call: () => null,
    tick: () => 'continue',
    spend() {},
    log() {},
    setReplication() {},
    isPermitted: () => true,
    ...host,
  });
}

function run(body: string, host: Partial<LuaHost> = {}, machine = openLua()): Reply {
  const outcome = start(body, host, machine);
  if (outcome.state !== 'done') throw new Error('suspended');
  return outcome.reply;
}

const answering = (reply: Reply): Partial<LuaHost> => ({ call: () => reply });

/** Says `continue` so many times, and then what is given, for ever. */
function after(count: number, tick: Tick): Partial<LuaHost> {
  let ticks = 0;
  return { tick: () => (ticks++ < count ? 'continue' : tick) };
}

const kill = { kill: 'ERR Script killed by user with SCRIPT KILL...' };

describe('a script', () => {
  test('sees its keys and arguments', () => {
    expect(run('return {KEYS[1], KEYS[2], ARGV[1], #KEYS, #ARGV}')).toEqual([
      'k1',
      'k2',
      'a1',
      2,
      1,
    ]);
  });

  test('passes bytes through unchanged', () => {
    const bytes = String.fromCharCode(...Array.from({ length: 256 }, (_, i) => i));
    expect(run('return redis.call("x")', answering(bytes))).toBe(bytes);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (array) => {
        const text = String.fromCharCode(...array);
        expect(run('return redis.call("x") .. ""', answering(text), machine)).toBe(text);
      }),
    );
  });

  test('calls commands with numbers printed so that they read back the same', () => {
    const seen: (readonly string[])[] = [];
    run('redis.call("SET", 3.0, 0.1, 2^53, -1e300)', {
      call: (argv) => {
        seen.push(argv);
        return null;
      },
    });
    expect(seen).toEqual([
      ['SET', '3', '0.10000000000000001', '9007199254740992', '-1.0000000000000001e+300'],
    ]);
  });

  test('leaves nothing behind for the next one', () => {
    const lua = openLua();
    run('KEYS[9] = 1; table.insert(KEYS, "x")', {}, lua);
    expect(run('return #KEYS', {}, lua)).toBe(2);
    expect(run('return pcall(function() leak = 1 end)', {}, lua)).toBe(null);
    expect(run('return pcall(loadstring("leak = 1"))', {}, lua)).toBe(null);
    expect(run('return rawget(_G, "leak")', {}, lua)).toBe(null);
  });

  test('draws the same numbers on every server, and goes on where the last one stopped', () => {
    const lua = openLua();
    const draw = 'return {math.random(2^31-1), math.random(2^31-1)}';
    expect(run(draw, {}, lua)).toEqual([851401619, 1804928588]);
    expect(run(draw, {}, lua)).toEqual([758783492, 959030624]);
    lua.flush();
    expect(run(draw, {}, lua)).toEqual([684387518, 1903590566]);
  });
});

const machine = openLua();

describe('replies in a script', () => {
  const typeScript = (version: number) => `
    redis.setresp(${version})
    local r = redis.call('x')
    if type(r) ~= 'table' then return type(r) .. ':' .. tostring(r) end
    local function show(v)
      if type(v) ~= 'table' then return tostring(v) end
      local s = {}
      for k, v in pairs(v) do s[#s + 1] = tostring(k) .. '=' .. show(v) end
      table.sort(s)
      return '{' .. table.concat(s, ' ') .. '}'
    end
    return show(r)`;

  test.each<[string, Reply, string, string]>([
    ['a null', null, 'boolean:false', 'nil:nil'],
    ['a null array', new NullArray(), 'boolean:false', 'nil:nil'],
    ['an integer', 7, 'number:7', 'number:7'],
    ['a large integer', 2n ** 60n, 'number:1.1529215046068e+18', 'number:1.1529215046068e+18'],
    ['a status', new Status('OK'), '{ok=OK}', '{ok=OK}'],
    ['a double', new Double(0.1), 'string:0.10000000000000001', '{double=0.1}'],
    ['a boolean', new Bool(true), 'number:1', 'boolean:true'],
    ['a big number', new BigNumber('12'), 'string:12', '{big_number=12}'],
    [
      'a verbatim string',
      new Verbatim('hi', 'mkd'),
      'string:hi',
      '{verbatim_string={format=mkd string=hi}}',
    ],
    ['a map', new MapReply([['f', 'v']]), '{1=f 2=v}', '{map={f=v}}'],
    ['a set', new SetReply(['m']), '{1=m}', '{set={m=true}}'],
    ['pairs', new Pairs([['m', new Double(2)]]), '{1=m 2=2}', '{1={1=m 2={double=2}}}'],
    ['a null in an array', [null, 1], '{1=false 2=1}', '{2=1}'],
  ])('%s', (_, reply, inResp2, inResp3) => {
    expect(run(typeScript(2), answering(reply), machine)).toBe(inResp2);
    expect(run(typeScript(3), answering(reply), machine)).toBe(inResp3);
  });

  test('an error is raised by call and returned by pcall', () => {
    const host = answering(redisError('WRONGTYPE no'));
    expect(run('return redis.pcall("x").err', host)).toBe('WRONGTYPE no');
    expect(run('return redis.pcall("x")', host)).toEqual(redisError('WRONGTYPE no'));
    expect(run('return {pcall(redis.call, "x")}', host)).toEqual([null, 'WRONGTYPE no']);
    const body = 'redis.call("x")';
    const message = `WRONGTYPE no script: ${sha1Hex(body)}, on @user_script:1.`;
    expect(run(body, host)).toEqual(redisError(message));
  });

  test('what the host throws is a mistake of ours and comes out, even through pcall', () => {
    const call = () => {
      throw new TypeError('a bug');
    };
    expect(() => run('pcall(redis.call, "x")', { call })).toThrow('a bug');
  });
});

describe('a script that is killed', () => {
  test.each([
    'while true do end',
    'while true do pcall(function() while true do end end) end',
    'coroutine.wrap(function() while true do end end)()',
    'table.sort({1, 2, 3}, function() while true do end end)',
    'setmetatable({}, {__index = function() while true do end end}).x = 1 while true do end',
    'for _ in function() while true do end end do end',
  ])('cannot help it: %s', (body) => {
    const message = `${kill.kill} script: ${sha1Hex(body)}, on @user_script:1.`;
    expect(run(body, after(3, kill))).toEqual(redisError(message));
  });

  test('leaves a server that goes on', () => {
    const lua = openLua();
    run('while true do end', after(3, kill), lua);
    expect(run('return 5', {}, lua)).toBe(5);
  });
});

describe('a script that is suspended', () => {
  /** Resumes until it is done. */
  function finish(outcome: Outcome): { reply: Reply; pauses: number } {
    let pauses = 0;
    let current = outcome;
    while (current.state === 'suspended') {
      current = current.resume();
      pauses++;
    }
    return { reply: current.reply, pauses };
  }

  test.each<[string, string, Reply]>([
    ['in a loop', 'local s = 0 for i = 1, 1e6 do s = s + i end return s', 500000500000],
    [
      'around pcall',
      'local n = 0 for i = 1, 2e5 do pcall(function() n = n + 1 end) end return n',
      2e5,
    ],
    [
      'around coroutines',
      'local n = 0 for i = 1, 3e4 do coroutine.wrap(function() n = n + 1 end)() end return n',
      3e4,
    ],
    [
      'in a function with several results',
      'local function f(a) for i = 1, 2e5 do a = a + 1 end return a, "z" end return {f(1)}',
      [200001, 'z'],
    ],
  ])('%s goes on as if nothing had happened', (_, body, expected) => {
    const { reply, pauses } = finish(start(body, { tick: () => 'suspend' }));
    expect(reply).toEqual(expected);
    expect(pauses).toBeGreaterThan(0);
  });

  test('may fail afterwards', () => {
    const body = 'for i = 1, 3e5 do end\nerror("late")';
    const message = `ERR user_script:2: late script: ${sha1Hex(body)}, on @user_script:2.`;
    expect(finish(start(body, { tick: () => 'suspend' })).reply).toEqual(redisError(message));
  });

  test('is not suspended inside pcall, but asked again', () => {
    let ticks = 0;
    const tick = (): Tick => (ticks++ < 50 ? 'suspend' : kill);
    const outcome = start('pcall(function() while true do end end)', { tick });
    expect(outcome.state).toBe('done');
  });
});

describe('a script that eats memory', () => {
  test.each([
    'local s = "x" while true do s = s .. s end',
    'local t = {} for i = 1, 1e9 do t[i] = i end',
    'return string.rep("x", 1e9)',
  ])('fails: %s', (body) => {
    const lua = openLua();
    const message = `ERR Error running script ${sha1Hex(body)}, not enough memory`;
    expect(run(body, {}, lua)).toEqual(redisError(message));
    expect(run('return 6', {}, lua)).toBe(6);
  });

  test('or patience: a pattern of 200 000 items is too much, and no more than that', () => {
    const lua = openLua();
    const reply = run('return ("a"):rep(200000):find(("a?"):rep(200000))', {}, lua);
    expect(String(reply)).toContain('ERR Error running script');
    expect(run('return 6', {}, lua)).toBe(6);
  });

  test('can catch that', () => {
    const body = 'return {pcall(function() local s = "x" while true do s = s .. s end end)}';
    expect(run(body)).toEqual([null, 'not enough memory']);
  });
});
