/**
 * Numbers as C prints them, where Lua in WebAssembly cannot: integers beyond 32 bits for
 * string.format(), and "%.*g" for cjson.
 */
import type { LuaApi, LuaState } from './lua-api.ts';

/**
 * Prepares the arguments of string.format() on the stack for the native one, whose integers have 32
 * bits: each that needs more is printed here, and its "%d" becomes a "%s".
 */
export function formatWideIntegers(api: LuaApi, L: LuaState): void {
  const format = api.checkString(L, 1);
  if (!/%[^%]*?[dioux]/i.test(format)) return;
  let argument = 1;
  const rewritten = format.replace(CONVERSION, (conversion, ...groups: string[]) => {
    if (conversion === '%%') return conversion;
    argument++;
    const text = wideInteger(api, L, argument, groups);
    if (text === undefined) return conversion;
    api.pushString(L, text);
    api.replace(L, argument);
    return '%s';
  });
  api.pushString(L, rewritten);
  api.replace(L, 1);
}

/** A number as printf("%.*g") prints it. */
export function printGeneral(value: number, precision: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'nan' : value < 0 ? '-inf' : 'inf';
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  if (value === 0) return `${sign}0`;
  const [digits, exponent] = roundToDigits(Math.abs(value), precision);
  const trimmed = digits.replace(/0+$/, '');
  if (exponent < -4 || exponent >= precision) return sign + scientific(trimmed, exponent);
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${trimmed}`;
  const whole = trimmed.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  const fraction = trimmed.slice(exponent + 1);
  return sign + (fraction ? `${whole}.${fraction}` : whole);
}

const CONVERSION = /%(?:%|([-+ #0]*)(\d{0,2})(\.\d{0,2})?(.?))/gs;
const TWO_TO_63 = 2 ** 63;

/** Undefined where the native function can do it, or has an error to raise. */
function wideInteger(
  api: LuaApi,
  L: LuaState,
  argument: number,
  [flags = '', width = '', precision, letter = '']: readonly string[],
): string | undefined {
  if (!/^[dioux]$/i.test(letter) || letter === 'D' || letter === 'I') return undefined;
  if (/[OU]/.test(letter) || flags.length >= 6 || !api.isNumber(L, argument)) return undefined;
  const value = api.toNumber(L, argument);
  const isSigned = letter === 'd' || letter === 'i';
  const fits = isSigned ? value >= -(2 ** 31) && value < 2 ** 31 : value > -1 && value < 2 ** 32;
  if (fits) return undefined;
  const integer = isSigned ? toInt64(value) : toUint64(value);
  return printInteger(integer, letter, { flags, width: Number(width), precision });
}

/** Casts of a double to a 64-bit integer as x86-64 does them, beyond the range of the type too. */
function toInt64(value: number): bigint {
  return Math.abs(value) < TWO_TO_63 ? BigInt(Math.trunc(value)) : -(2n ** 63n);
}

function toUint64(value: number): bigint {
  if (!(value >= TWO_TO_63)) return BigInt.asUintN(64, toInt64(value));
  return BigInt.asUintN(64, toInt64(value - TWO_TO_63) + 2n ** 63n);
}

interface Layout {
  readonly flags: string;
  readonly width: number;
  /** With its dot; undefined when there was none. */
  readonly precision: string | undefined;
}

function printInteger(value: bigint, letter: string, layout: Layout): string {
  const { flags, width, precision } = layout;
  const magnitude = value < 0n ? -value : value;
  const digits = printDigits(magnitude, letter, Number(precision?.slice(1) ?? 1));
  const prefix = signOf(value, letter, flags) + basePrefix(digits, letter, flags);
  const length = prefix.length + digits.length;
  if (flags.includes('-')) return (prefix + digits).padEnd(width);
  if (flags.includes('0') && precision === undefined) {
    return prefix + digits.padStart(digits.length + width - length, '0');
  }
  return (prefix + digits).padStart(width);
}

function printDigits(magnitude: bigint, letter: string, precision: number): string {
  const base = letter === 'o' ? 8 : /x/i.test(letter) ? 16 : 10;
  const digits = magnitude.toString(base).padStart(precision, '0');
  return letter === 'X' ? digits.toUpperCase() : digits;
}

function signOf(value: bigint, letter: string, flags: string): string {
  if (value < 0n) return '-';
  if (letter !== 'd' && letter !== 'i') return '';
  return flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
}

function basePrefix(digits: string, letter: string, flags: string): string {
  if (!flags.includes('#')) return '';
  if (letter === 'o') return digits.startsWith('0') ? '' : '0';
  return /x/i.test(letter) ? `0${letter}` : '';
}

/** Digits enough to tell on which side of a half a double lies. */
const EXACT_DIGITS = 100;

/** The first `count` digits, half to even as C does it, and the power of ten of the first one. */
function roundToDigits(value: number, count: number): [digits: string, exponent: number] {
  const [mantissa = '', exponentText = '0'] = value.toExponential(EXACT_DIGITS).split('e');
  const digits = mantissa.replace('.', '');
  const kept = BigInt(digits.slice(0, count));
  const rest = digits.slice(count);
  const half = `5${'0'.repeat(rest.length - 1)}`;
  const roundsUp = rest > half || (rest === half && kept % 2n === 1n);
  const rounded = String(roundsUp ? kept + 1n : kept);
  return [rounded.slice(0, count), Number(exponentText) + rounded.length - count];
}

function scientific(digits: string, exponent: number): string {
  const sign = exponent < 0 ? '-' : '+';
  const fraction = digits.length > 1 ? `.${digits.slice(1)}` : '';
  return `${digits[0]}${fraction}e${sign}${String(Math.abs(exponent)).padStart(2, '0')}`;
}
