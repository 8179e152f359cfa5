/** Integers and doubles as Redis reads them from strings and prints them. */

const MAX_INT64 = 2n ** 63n - 1n;
const MIN_INT64 = -(2n ** 63n);

/**
 * A 64-bit signed integer in its only spelling: no plus, no spaces, no leading zeros, no "-0".
 * Undefined for anything else, also when out of range.
 */
export function parseInteger(bytes: string): bigint | undefined {
  const safe = parseSafeInteger(bytes);
  if (safe !== undefined) return BigInt(safe);
  if (!/^-?[1-9]\d{15,18}$/.test(bytes)) return undefined;
  const value = BigInt(bytes);
  return value >= MIN_INT64 && value <= MAX_INT64 ? value : undefined;
}

/** Like `parseInteger`, but only where a JavaScript number holds the integer exactly. */
export function parseSafeInteger(bytes: string): number | undefined {
  const { length } = bytes;
  const start = bytes.charCodeAt(0) === MINUS ? 1 : 0;
  const first = bytes.charCodeAt(start) - ZERO;
  if (first === 0) return length === 1 ? 0 : undefined;
  // An empty string gives NaN, which is not in range either.
  if (!(first > 0 && first <= 9) || length - start > MAX_SAFE_DIGITS) return undefined;
  let value = first;
  for (let i = start + 1; i < length; i++) {
    const digit = bytes.charCodeAt(i) - ZERO;
    if (digit < 0 || digit > 9) return undefined;
    value = value * 10 + digit;
  }
  if (value > Number.MAX_SAFE_INTEGER) return undefined;
  return start === 1 ? -value : value;
}

/** Whether a string is kept as a number: the encoding `int` of strings, the elements of an intset. */
export const isInteger = (bytes: string): boolean =>
  bytes.length <= MAX_INT64_CHARS && parseInteger(bytes) !== undefined;

/**
 * A double as ZADD takes a score or BLPOP a timeout: what strtod() reads from the whole string,
 * including hexadecimal floats and infinities, but no leading space, no NaN, and nothing so large
 * or small that it would become infinite or zero.
 */
export function parseDouble(bytes: string): number | undefined {
  const small = parseSafeInteger(bytes);
  if (small !== undefined) return small;
  if (/^-?\d{1,15}(\.\d{1,15})?$/.test(bytes)) return Number(bytes);
  const literal = readFloat(bytes);
  if (!literal || literal.length !== bytes.length || /^[ \t-\r]/.test(bytes)) return undefined;
  const value = toDouble(literal);
  return Number.isNaN(value) || isOutOfRange(literal, value) ? undefined : value;
}

/**
 * A bound of ZRANGEBYSCORE, without its "(". Redis reads these with less care: leading spaces pass,
 * what is too large is infinite, what is too small is zero, and nothing at all is zero too.
 */
export function parseScoreBound(bytes: string): number | undefined {
  const end = bytes.indexOf('\0');
  const text = end < 0 ? bytes : bytes.slice(0, end);
  if (text === '') return 0;
  const literal = readFloat(text);
  if (!literal || literal.length !== text.length) return undefined;
  const value = toDouble(literal);
  return Number.isNaN(value) ? undefined : value;
}

/**
 * A double as Redis 7.0 prints it: "%.17g", hence 0.10000000000000001.
 * https://redis.io/docs/latest/develop/reference/protocol-spec/#doubles
 */
export function printDouble(value: number): string {
  if (Number.isSafeInteger(value)) return Object.is(value, -0) ? '-0' : String(value);
  return printGeneral(value, PRECISION);
}

/** A double as C prints it with "%.6g", 6 being the number of digits. */
export function printGeneral(value: number, count: number): string {
  if (!Number.isFinite(value)) return printNonFinite(value);
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const [digits, exponent] = significantDigits(value, count);
  const sign = value < 0 ? '-' : '';
  if (exponent < -4 || exponent >= count) return sign + scientific(digits, exponent);
  return sign + positional(digits, exponent);
}

/** A double as Redis 7.2 and later print it: the shortest digits that read back the same. */
export function printShortestDouble(value: number): string {
  if (Object.is(value, -0)) return '-0';
  if (!Number.isFinite(value)) return printNonFinite(value);
  const [mantissa = '', exponentText = '0'] = Math.abs(value).toExponential().split('e');
  const digits = mantissa.replace('.', '');
  const exponent = Number(exponentText);
  const sign = value < 0 ? '-' : '';
  const scale = exponent - digits.length + 1;
  const plain =
    scale >= 0 ? Math.abs(exponent) < digits.length + 7 : scale > -7 || Math.abs(exponent) < 4;
  return sign + (plain ? positional(digits, exponent) : scientific(digits, exponent, 1));
}

/** A floating point literal found at the start of a string, not yet rounded to any format. */
export interface FloatLiteral {
  readonly kind: 'decimal' | 'hexadecimal' | 'infinity' | 'nan';
  readonly negative: boolean;
  /** The digits without sign, prefix and exponent, for example "12.5" or "fe.8". */
  readonly digits: string;
  /** The power of ten, or of two for hexadecimal literals, that the digits are multiplied with. */
  readonly exponent: number;
  /** How many characters were read, leading spaces included. */
  readonly length: number;
}

/** Reads as strtod() and strtold() do: the longest literal after leading spaces. */
export function readFloat(bytes: string): FloatLiteral | undefined {
  const found = FLOAT.exec(bytes);
  if (!found) return undefined;
  const [{ length }, sign, hexDigits, hexExponent, decimalDigits, decimalExponent, infinity] =
    found;
  const hexadecimal = hexDigits !== undefined;
  return {
    kind: hexadecimal ? 'hexadecimal' : decimalDigits ? 'decimal' : infinity ? 'infinity' : 'nan',
    negative: sign === '-',
    digits: hexDigits ?? decimalDigits ?? '',
    exponent: Number((hexadecimal ? hexExponent : decimalExponent) ?? 0),
    length,
  };
}

/** Digits and exponent of a hexadecimal literal as an integer and a power of two. */
export function hexParts(literal: FloatLiteral): { mantissa: bigint; exponent: number } {
  const [whole = '', fraction = ''] = literal.digits.split('.');
  return {
    mantissa: BigInt(`0x${whole}${fraction}`),
    exponent: literal.exponent - 4 * fraction.length,
  };
}

const ZERO = 48;
const MINUS = 45;
const MAX_SAFE_DIGITS = 16;
const MAX_INT64_CHARS = 20;
const PRECISION = 17;

const FLOAT = new RegExp(
  '^[ \\t-\\r]*([+-]?)(?:' +
    '0x([0-9a-f]+\\.?[0-9a-f]*|\\.[0-9a-f]+)(?:p([+-]?\\d+))?|' +
    '(\\d+\\.?\\d*|\\.\\d+)(?:e([+-]?\\d+))?|' +
    '(inf(?:inity)?)|nan(?:\\([0-9a-z_]*\\))?)',
  'i',
);

function toDouble(literal: FloatLiteral): number {
  const magnitude = magnitudeOf(literal);
  return literal.negative ? -magnitude : magnitude;
}

function magnitudeOf(literal: FloatLiteral): number {
  switch (literal.kind) {
    case 'decimal':
      return Number(`${literal.digits}e${literal.exponent}`);
    case 'hexadecimal': {
      const { mantissa, exponent } = hexParts(literal);
      // In two steps, because 2 ** exponent alone may be too small or large where the product is not.
      const half = Math.trunc(exponent / 2);
      return Number(mantissa) * 2 ** half * 2 ** (exponent - half);
    }
    case 'infinity':
      return Infinity;
    case 'nan':
      return NaN;
  }
}

/** strtod()'s ERANGE where Redis minds it: a number that became infinite, or a non-zero one zero. */
function isOutOfRange(literal: FloatLiteral, value: number): boolean {
  if (literal.kind === 'infinity') return false;
  return !Number.isFinite(value) || (value === 0 && /[1-9a-f]/i.test(literal.digits));
}

function printNonFinite(value: number): string {
  return Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf';
}

/** So many significant digits of a value, without trailing zeros, and its decimal exponent. */
function significantDigits(value: number, count: number): [digits: string, exponent: number] {
  const magnitude = Math.abs(value);
  const [mantissa = '', exponent = ''] = magnitude.toExponential(count - 1).split('e');
  let digits = mantissa.replace('.', '');
  // C rounds a tie to the even digit, JavaScript upwards.
  const last = Number(digits.at(-1));
  const isOdd = last % 2 === 1 && isTie(magnitude, count - Number(exponent));
  if (isOdd) digits = digits.slice(0, -1) + String(last - 1);
  return [digits.replace(/0+$/, '') || '0', Number(exponent)];
}

/**
 * Whether a value ends with a 5 at this decimal. As a double it is then an odd number of 2^-decimals;
 * before the point only 22 places of ten are doubles themselves, and there are no ties beyond.
 */
function isTie(magnitude: number, decimals: number): boolean {
  if (decimals > 0) return (magnitude * 2 ** decimals) % 2 === 1;
  return decimals > -22 && magnitude % 10 ** (1 - decimals) === 5 * 10 ** -decimals;
}

/** 12345 with exponent 2 is 123.45. */
function positional(digits: string, exponent: number): string {
  if (exponent < 0) return `0.${'0'.repeat(-exponent - 1)}${digits}`;
  if (digits.length <= exponent + 1) return digits + '0'.repeat(exponent + 1 - digits.length);
  return `${digits.slice(0, exponent + 1)}.${digits.slice(exponent + 1)}`;
}

/** 12345 with exponent 20 is 1.2345e+20; C prints at least two digits of the exponent. */
function scientific(digits: string, exponent: number, exponentDigits = 2): string {
  const mantissa = digits.length === 1 ? digits : `${digits[0]}.${digits.slice(1)}`;
  const power = String(Math.abs(exponent)).padStart(exponentDigits, '0');
  return `${mantissa}e${exponent < 0 ? '-' : '+'}${power}`;
}
