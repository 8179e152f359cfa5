import { describe, expect, test } from 'vitest';
import { type Frame, printFrame } from './frame.ts';
import { Engine } from './fuzz/engine.ts';
import { expressions, scripts, syntax } from './lua-cases.ts';
import { canCompare } from './real-redis.ts';
import { useRealRedis } from './real-wire.ts';

/** Scripts on both servers, one by one: Lua 5.1 as Redis has it. */

/** Answers that differ, and why. */
const explained: Readonly<Record<string, string>> = {
  'return 0x': 'the Lua here reads no digits as 0; that of Redis refuses them',
};

/** An expression's values, joined. Where a function is in memory is nobody's business. */
const evaluating = (code: string) => `
  local function show(...)
    local texts = {}
    for i = 1, select('#', ...) do
      texts[i] = tostring((select(i, ...))):gsub('0x%x+', 'PLACE')
    end
    return table.concat(texts, '|')
  end
  return show(${code})`;

const all: readonly (readonly [name: string, script: string])[] = [
  ...expressions.map(([name, code]) => [name, evaluating(code)] as const),
  ...[...syntax, ...scripts].map((script) => [script, script] as const),
];

describe.runIf(canCompare('scripts'))('Lua', () => {
  const real = useRealRedis();

  test(`${all.length} scripts answer as in redis-server`, async () => {
    const engine = new Engine().dial();
    const differing: string[] = [];
    for (const [name, script] of all) {
      const commands = [['FLUSHALL'], ['SET', 'str', 'abc'], ['EVAL', script, '0']];
      const ours = printFrame(commands.map((argv) => engine.run(argv)).at(-1) as Frame);
      const theirs = printFrame((await real.wire.runAll(commands)).at(-1) as Frame);
      if (ours !== theirs && !(name in explained)) {
        differing.push(`${name}: ${ours}, not ${theirs}`);
      }
    }
    expect(differing).toEqual([]);
  });
});
