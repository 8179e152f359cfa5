import { describe, expect, test } from 'vitest';
import { Lab } from '../engine/lab/lab.ts';
import { openLua } from '../hosts/lua-file.ts';
import { type Frame, printFrame } from './frame.ts';
import { LabWire } from './lab-wire.ts';
import { canCompare } from './real-redis.ts';
import { useRealRedis } from './real-wire.ts';
import { Wire } from './wire.ts';

/** Sessions of the Lua debugger on both servers, line by line. */

const tour = `local a = 1
local t = {1, 2, {x = 'y'}}
local r = redis.call('SET', KEYS[1], ARGV[1])
local g = redis.call('GET', KEYS[1])
local function f(n)
  local inner = n * 2
  return inner
end
for i = 1, 3 do
  a = a + f(i)
end
redis.debug('dbg', a, t, nil)
if a > 100 then redis.breakpoint() end
local l = redis.call('LRANGE', 'nolist', 0, -1)
redis.breakpoint()
return {a, g, t}
`;

const values = `#!lua
local x = {1.5, 1e20, 0.1, -3, "a\\nb\\0c", true, false, -1e-7}
local y = {a=1, 2, {{{{{{{{{{{1}}}}}}}}}}}}
redis.setresp(3)
local z = redis.call('hgetall', 'h')
local long = string.rep('x', 300)
return x`;

interface Case {
  readonly script: string;
  readonly mode?: 'SYNC';
  /** What follows EVAL's script. */
  readonly rest?: string;
  readonly commands: readonly string[];
}

const looking =
  's;p;p a;s;p r;s;s;p g;p t;p KEYS;p ARGV;p nope;l;l 3;l 3 1;l 0 2;l 5 -3;w;b;b 6 7;b 7;b 99;b x;b';
const going = 'c;t;p;t;c;b -6;b -60;b 0;s;m;m 10;p t;m 0;S;bogus;r;NEXT;c;c';
const calling =
  'e 1+1;e return {1,2};e x = 1;e foo(;e error("boom");e redis.call("get","k");e KEYS[1];' +
  'r get nope;r lpush l a b c d e f g h i j k;r lrange l 0 -1;r nosuch;r incr l;r set v x;r incr v;r hset h f v;' +
  'r hgetall h;r zadd z 1.5 a;r zrange z 0 -1 withscores;r config get maxmemory;r set k v';

const cases: Readonly<Record<string, Case>> = {
  'looking around': { script: tour, rest: '1 k v', commands: [...looking.split(';'), 'a'] },
  'breakpoints and steps': {
    script: tour,
    rest: '1 k v',
    commands: ['b 6 7', ...going.split(';')],
  },
  'code and commands': { script: tour, rest: '1 k v', commands: [...calling.split(';'), 'abort'] },
  'values of all kinds': {
    script: values,
    commands: ['w', 's', 'p', 's', 'p y', 's', 'r smembers s', 'r zrange z 0 -1 withscores', 's']
      .concat(['r hgetall h', 'r get nope', 's', 'p', 'p long', 'p long', 'm 61', 'p long'])
      .concat(['print x y', 't x', 'n']),
  },
  'a loop on one line': {
    script: 'local i = 0\nwhile i < 2 do i = i + 1 end\nreturn i',
    commands: ['s', 's', 'p i', 's', 's', 's'],
  },
  'an error of a command': {
    script: "local x = 1\nredis.call('nosuch')\nreturn 1",
    commands: ['n', 'n'],
  },
  'an error of its own': { script: 'error({err = "MINE x"})', commands: ['s'] },
  'what does not compile': { script: 'foo(', commands: [] },
  'a number of keys that is too large': { script: 'return 1', rest: '5', commands: [] },
  'sync mode, whose writes stay': {
    script: "redis.call('SET', 'stays', '1')\nreturn redis.call('INCR', 'stays')",
    mode: 'SYNC',
    commands: ['s', 's'],
  },
  'redis.breakpoint() in the last line': {
    script: 'return {redis.breakpoint(), redis.debug(1)}',
    commands: ['c'],
  },
};

/** Sends one command and answers what came of it. */
type Send = (argv: readonly string[]) => Promise<readonly Frame[]>;

const isOver = (frame: Frame): boolean => frame.raw.includes('<endsession>');

async function play({ script, mode, rest = '0', commands }: Case, send: Send): Promise<string> {
  const lines = [
    ['SCRIPT', 'DEBUG', mode ?? 'YES'],
    ['EVAL', script, ...rest.split(' ')],
    ...commands.map((line) => line.split(' ')),
  ];
  const told: string[] = [];
  for (const argv of lines) {
    const frames = await send(argv);
    told.push(`> ${argv.join(' ')}`, ...frames.map(printFrame));
  }
  return told.join('\n');
}

describe.runIf(canCompare('debugging'))('the Lua debugger', () => {
  const real = useRealRedis();
  const lab = new Lab({ openLua });

  test.each(Object.entries(cases))('%s', async (_, session) => {
    const { host, port } = real.redis;
    const wire = await Wire.dial(host, port);
    const theirs = await play(session, async (argv) => {
      const [reply] = await wire.runAll([argv]);
      if (!reply) return [];
      return isOver(reply) ? [reply, ...(await wire.take(1))] : [reply];
    });
    const engine = new LabWire(lab);
    const ours = await play(session, async (argv) => engine.runAll([argv]));
    expect(ours).toBe(theirs);
    const stays = printFrame(await real.wire.run('GET', 'stays'));
    expect(printFrame(new LabWire(lab).run('GET', 'stays'))).toBe(stays);
  });
});
