/**
 * Lua BitOp as the global `bit`: operations on 32-bit integers, results signed.
 * https://redis.io/docs/latest/develop/interact/programmability/lua-api/#bitop-library
 */
import { type LuaApi, type LuaFunction, type LuaState, LuaType, register } from '../lua-api.ts';

export function openBit(api: LuaApi, L: LuaState): void {
  const argument = (L: LuaState, index: number) => toBits(api.checkNumber(L, index));
  const answer = (L: LuaState, bits: number) => {
    api.pushNumber(L, bits | 0);
    return 1;
  };
  const unary =
    (operate: (bits: number) => number): LuaFunction =>
    (L) =>
      answer(L, operate(argument(L, 1)));
  const fold =
    (operate: (left: number, right: number) => number): LuaFunction =>
    (L) => {
      let bits = argument(L, 1);
      for (let i = 2; i <= api.getTop(L); i++) bits = operate(bits, argument(L, i));
      return answer(L, bits);
    };
  const shift =
    (operate: (bits: number, count: number) => number): LuaFunction =>
    (L) => {
      const bits = argument(L, 1);
      return answer(L, operate(bits, argument(L, 2) & 31));
    };

  api.pushGlobals(L);
  api.newTable(L, 0, 12);
  register(api, L, {
    tobit: unary((bits) => bits),
    bnot: unary((bits) => ~bits),
    bswap: unary(swapBytes),
    band: fold((left, right) => left & right),
    bor: fold((left, right) => left | right),
    bxor: fold((left, right) => left ^ right),
    lshift: shift((bits, count) => bits << count),
    rshift: shift((bits, count) => bits >>> count),
    arshift: shift((bits, count) => bits >> count),
    rol: shift((bits, count) => (bits << count) | (bits >>> (32 - count))),
    ror: shift((bits, count) => (bits >>> count) | (bits << (32 - count))),
    tohex: (L) => {
      const bits = argument(L, 1);
      const digits = api.type(L, 2) === LuaType.none ? MAX_DIGITS : argument(L, 2);
      api.pushString(L, toHex(bits, digits));
      return 1;
    },
  });
  api.setField(L, -2, 'bit');
  api.setTop(L, -2);
}

const view = new DataView(new ArrayBuffer(8));
/** 2^52 + 2^51: a double this large has its unit in the lowest bit. */
const TO_INTEGER = 6755399441055744;

/** Rounds to an integer and wraps at 32 bits; what is too large gives what BitOp gives. */
function toBits(value: number): number {
  view.setFloat64(0, value + TO_INTEGER);
  return view.getInt32(4);
}

const swapBytes = (bits: number): number =>
  (bits << 24) | ((bits & 0xff00) << 8) | ((bits >>> 8) & 0xff00) | (bits >>> 24);

const MAX_DIGITS = 8;

/** A negative number of digits means upper case. */
function toHex(bits: number, digits: number): string {
  const count = Math.min(Math.abs(digits), MAX_DIGITS);
  const text = (bits >>> 0)
    .toString(16)
    .padStart(MAX_DIGITS, '0')
    .slice(MAX_DIGITS - count);
  return digits < 0 ? text.toUpperCase() : text;
}
