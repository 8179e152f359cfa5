/**
 * Functions of Lua's own library that Redis replaced, or that must hide how this machine differs
 * from Redis's: integers of 64 bits in string.format(), and that the script is a coroutine.
 */
import { formatWideIntegers } from './format.ts';
import type { Lrand48 } from './lrand48.ts';
import {
  checkInteger,
  type LuaApi,
  type LuaFunction,
  type LuaState,
  LuaType,
  raise,
  register,
} from './lua-api.ts';
import type { Run } from './run.ts';

/** Replaces fields of the table of globals, which is still an ordinary one. */
export function replaceBaseFunctions(
  api: LuaApi,
  L: LuaState,
  random: Lrand48,
  run: () => Run,
): void {
  const inTable = (name: string, replace: () => Readonly<Record<string, LuaFunction>>) => {
    api.getField(L, -1, name);
    register(api, L, replace());
    api.setTop(L, -2);
  };
  api.pushGlobals(L);
  inTable('math', () => randomFunctions(api, random));
  inTable('string', () => ({ format: format(api, take(api, L, 'format')) }));
  inTable('coroutine', () => ({
    running: running(api, run, take(api, L, 'running')),
    yield: yieldFromCoroutine(api, run, take(api, L, 'yield')),
  }));
  register(api, L, {
    pcall: pcall(api, run, take(api, L, 'pcall')),
    loadstring: loadstring(api, take(api, L, 'loadstring')),
    tonumber: tonumber(api, take(api, L, 'tonumber')),
  });
  api.setTop(L, -2);
}

/** The function in a field of the table at the top. */
function take(api: LuaApi, L: LuaState, name: string): LuaFunction {
  api.getField(L, -1, name);
  const native = api.native(L, -1);
  api.setTop(L, -2);
  return native;
}

const MAX_RANDOM = 2 ** 31 - 1;

function randomFunctions(api: LuaApi, random: Lrand48): Readonly<Record<string, LuaFunction>> {
  return {
    random: (L) => {
      const draw = (random.next() % MAX_RANDOM) / MAX_RANDOM;
      api.pushNumber(L, scale(api, L, draw));
      return 1;
    },
    randomseed: (L) => {
      random.seed(checkInteger(api, L, 1));
      return 0;
    },
  };
}

/** A draw from [0, 1) as math.random() returns it for the arguments given. */
function scale(api: LuaApi, L: LuaState, draw: number): number {
  const count = api.getTop(L);
  if (count === 0) return draw;
  if (count > 2) return raise(api, L, 'wrong number of arguments');
  const low = count === 1 ? 1 : checkInteger(api, L, 1);
  const high = checkInteger(api, L, count);
  if (low > high) api.argumentError(L, count, 'interval is empty');
  // In C, the width of the interval wraps at 32 bits.
  return Math.floor(draw * ((high - low + 1) | 0)) + low;
}

function format(api: LuaApi, native: LuaFunction): LuaFunction {
  return (L) => {
    formatWideIntegers(api, L);
    return native(L);
  };
}

/** In the script itself, outside of coroutines of its own, there is no running coroutine. */
function running(api: LuaApi, run: () => Run, native: LuaFunction): LuaFunction {
  return (L) => {
    if (L !== run().thread) return native(L);
    api.pushNil(L);
    return 1;
  };
}

function yieldFromCoroutine(api: LuaApi, run: () => Run, native: LuaFunction): LuaFunction {
  return (L) => {
    if (L !== run().thread) return native(L);
    api.pushString(L, 'attempt to yield across metamethod/C-call boundary');
    return api.error(L);
  };
}

/** An exception of JavaScript crosses from WebAssembly and back. */
const CAUGHT_ERROR_USEC = 3;

/** Redis's pcall() gives the text of an error table, as scripts from before 7.0 expect. */
function pcall(api: LuaApi, run: () => Run, native: LuaFunction): LuaFunction {
  return (L) => {
    if (api.getTop(L) === 0) {
      api.pushBoolean(L, false);
      api.pushString(L, 'attempt to call a boolean value');
      return 2;
    }
    native(L);
    if (!api.toBoolean(L, 1)) {
      run().host.spend(CAUGHT_ERROR_USEC);
      if (api.type(L, 2) === LuaType.table) replaceByText(api, L);
    }
    return api.getTop(L);
  };
}

/** Replaces the error table at the top by its field `err`, if that is text. */
function replaceByText(api: LuaApi, L: LuaState): void {
  api.pushString(L, 'err');
  api.rawGet(L, -2);
  const type = api.type(L, -1);
  if (type === LuaType.string || type === LuaType.number) api.replace(L, -2);
  else api.setTop(L, -2);
}

const BINARY_CHUNK = '\x1b';

/** Compiled code is refused: it is read as text, which fails at its first character. */
function loadstring(api: LuaApi, native: LuaFunction): LuaFunction {
  return (L) => {
    const source = api.checkString(L, 1);
    if (source.startsWith(BINARY_CHUNK)) {
      api.setTop(L, 2);
      if (api.type(L, 2) === LuaType.nil) {
        api.pushValue(L, 1);
        api.replace(L, 2);
      }
      api.pushString(L, ` ${source}`);
      api.replace(L, 1);
    }
    return native(L);
  };
}

const DECIMAL = 10;
/** No base makes more than 32 bits of so few digits. */
const SHORT = /^(?!0x)[0-9a-z]{1,6}$/i;

/** tonumber() with a base reads 64 bits; the native one has 32. */
function tonumber(api: LuaApi, native: LuaFunction): LuaFunction {
  return (L) => {
    if (api.type(L, 2) <= LuaType.nil) return native(L);
    const base = checkInteger(api, L, 2);
    if (base === DECIMAL || base < 2 || base > 36) return native(L);
    const text = api.checkString(L, 1);
    if (SHORT.test(text)) return native(L);
    const value = readUnsigned(text, base);
    if (value === undefined) api.pushNil(L);
    else api.pushNumber(L, Number(value));
    return 1;
  };
}

/** What strtoul() makes of a text that it reads to the end: negative numbers wrap around. */
function readUnsigned(text: string, base: number): bigint | undefined {
  const prefix = base === 16 ? '(?:0x)?' : '';
  const found = new RegExp(`^\\s*([+-]?)${prefix}([0-9a-z]+)\\s*(?:\\0|$)`, 'i').exec(text);
  let value = 0n;
  for (const character of found?.[2] ?? '') {
    const digit = Number.parseInt(character, base);
    if (Number.isNaN(digit)) return undefined;
    value = value * BigInt(base) + BigInt(digit);
  }
  if (!found) return undefined;
  if (value >= 2n ** 64n) return 2n ** 64n - 1n;
  return found[1] === '-' ? BigInt.asUintN(64, -value) : value;
}
