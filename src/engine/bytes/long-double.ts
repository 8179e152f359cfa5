/**
 * The 80-bit floating point numbers of x86, in which INCRBYFLOAT and HINCRBYFLOAT calculate: a
 * 64-bit mantissa and a 15-bit exponent. 0.1 + 0.2 is 0.3 there, as printed with 17 decimals.
 * Everything is calculated exactly, on integers of any size, and then rounded once.
 */
import { type FloatLiteral, hexParts, readFloat } from './numbers.ts';

/** (-1)^negative × mantissa × 2^exponent. The mantissa has at most 64 bits. */
export interface LongDouble {
  readonly negative: boolean;
  readonly mantissa: bigint;
  readonly exponent: number;
}

/**
 * A long double as INCRBYFLOAT takes it, or 'inf' or '-inf'. Undefined for NaN, for surrounding
 * space, and for what is too large or too small for the format.
 */
export function parseLongDouble(bytes: string): LongDouble | 'inf' | '-inf' | undefined {
  if (bytes.length >= MAX_CHARS || /^[ \t-\r]/.test(bytes)) return undefined;
  const literal = readFloat(bytes);
  if (!literal || literal.length !== bytes.length || literal.kind === 'nan') return undefined;
  if (literal.kind === 'infinity') return literal.negative ? '-inf' : 'inf';
  const value = toLongDouble(literal);
  const vanished = value?.mantissa === 0n && /[1-9a-f]/i.test(literal.digits);
  return vanished ? undefined : value;
}

/** The double's value, which a long double always holds exactly. The double must be finite. */
export function longDoubleFrom(value: number): LongDouble {
  const magnitude = Math.abs(value);
  // The lowest bit of the smallest double is 2^-1074, so one of these steps ends at an integer.
  let scaled = magnitude;
  let exponent = 0;
  while (!Number.isInteger(scaled)) {
    scaled *= 2;
    exponent--;
  }
  return round(value < 0 || Object.is(value, -0), BigInt(scaled), 1n, exponent) ?? ZERO;
}

/** The rounded sum, or undefined when it is too large. */
export function addLongDoubles(a: LongDouble, b: LongDouble): LongDouble | undefined {
  const exponent = Math.min(a.exponent, b.exponent);
  const sum = signedAt(a, exponent) + signedAt(b, exponent);
  // Zero is negative only where both are.
  const negative = sum < 0n || (sum === 0n && a.negative && b.negative);
  return round(negative, sum < 0n ? -sum : sum, 1n, exponent);
}

/** As Redis prints long doubles for people: up to 17 decimals, no trailing zeros, no exponent. */
export function printLongDouble({ negative, mantissa, exponent }: LongDouble): string {
  const scaled = mantissa * TEN_TO_DECIMALS;
  const rounded =
    exponent >= 0 ? scaled << BigInt(exponent) : shiftRound(scaled, BigInt(-exponent));
  const digits = rounded.toString().padStart(DECIMALS + 1, '0');
  const fraction = digits.slice(-DECIMALS).replace(/0+$/, '');
  const whole = digits.slice(0, -DECIMALS);
  const text = fraction ? `${whole}.${fraction}` : whole;
  return negative && text !== '0' ? `-${text}` : text;
}

const ZERO: LongDouble = { negative: false, mantissa: 0n, exponent: 0 };
const MANTISSA_BITS = 64;
/** The exponents of the lowest bit of the smallest number, and of the first number too large. */
const MIN_EXPONENT = -16445;
const OVERFLOW_EXPONENT = 16384;
/** Decimal exponents far outside the format: these need not be calculated. */
const MAX_DECIMAL_EXPONENT = 5000;
const DECIMALS = 17;
const TEN_TO_DECIMALS = 10n ** 17n;
/** Redis reads long doubles through a buffer of this size. */
const MAX_CHARS = 5 * 1024;

function toLongDouble(literal: FloatLiteral): LongDouble | undefined {
  const { negative } = literal;
  if (literal.kind === 'hexadecimal') {
    const { mantissa, exponent } = hexParts(literal);
    if (mantissa === 0n) return { ...ZERO, negative };
    const top = bitLength(mantissa) + exponent;
    if (Math.abs(top) > 2 * OVERFLOW_EXPONENT) return top > 0 ? undefined : ZERO;
    return round(negative, mantissa, 1n, exponent);
  }
  const [whole = '', fraction = ''] = literal.digits.split('.');
  const digits = BigInt(whole + fraction);
  if (digits === 0n) return { ...ZERO, negative };
  const power = literal.exponent - fraction.length;
  const magnitude = digits.toString().length + power;
  if (Math.abs(magnitude) > MAX_DECIMAL_EXPONENT) return magnitude > 0 ? undefined : ZERO;
  const scale = 10n ** BigInt(Math.abs(power));
  return power >= 0 ? round(negative, digits * scale, 1n, 0) : round(negative, digits, scale, 0);
}

/** The nearest long double to numerator / denominator × 2^power, ties to even. */
function round(
  negative: boolean,
  numerator: bigint,
  denominator: bigint,
  power: number,
): LongDouble | undefined {
  // This shift leaves a quotient of 64 or 65 bits, or fewer for numbers below the normal range.
  const excess = bitLength(numerator) - bitLength(denominator) - MANTISSA_BITS;
  let exponent = Math.max(excess + power, MIN_EXPONENT);
  let mantissa = divideRound(numerator, denominator, exponent - power);
  if (bitLength(mantissa) > MANTISSA_BITS) {
    exponent++;
    mantissa = divideRound(numerator, denominator, exponent - power);
  }
  return bitLength(mantissa) + exponent > OVERFLOW_EXPONENT
    ? undefined
    : { negative, mantissa, exponent };
}

/** numerator / denominator / 2^shift as an integer, ties to even. */
function divideRound(numerator: bigint, denominator: bigint, shift: number): bigint {
  const n = shift < 0 ? numerator << BigInt(-shift) : numerator;
  const d = shift > 0 ? denominator << BigInt(shift) : denominator;
  const quotient = n / d;
  return roundUp(quotient, 2n * (n % d), d) ? quotient + 1n : quotient;
}

function shiftRound(value: bigint, shift: bigint): bigint {
  const quotient = value >> shift;
  const doubledRest = (value - (quotient << shift)) << 1n;
  return roundUp(quotient, doubledRest, 1n << shift) ? quotient + 1n : quotient;
}

const roundUp = (quotient: bigint, doubledRest: bigint, divisor: bigint): boolean =>
  doubledRest > divisor || (doubledRest === divisor && (quotient & 1n) === 1n);

/** The number as an integer times 2^exponent, where `exponent` is not above its own. */
function signedAt(value: LongDouble, exponent: number): bigint {
  const magnitude = value.mantissa << BigInt(value.exponent - exponent);
  return value.negative ? -magnitude : magnitude;
}

function bitLength(value: bigint): number {
  if (value === 0n) return 0;
  const hex = value.toString(16);
  return hex.length * 4 - Math.clz32(Number.parseInt(hex[0] ?? '0', 16)) + 28;
}
