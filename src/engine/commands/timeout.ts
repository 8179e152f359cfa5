import { parseLongDouble } from '../bytes/long-double.ts';
import { redisError } from '../errors.ts';
import type { Args } from './args.ts';

const MAX_MS = 2n ** 63n - 1n;

/** Reads the timeout of a blocking command, in seconds with a fraction. Returns ms; 0 is for ever. */
export const readTimeout = (args: Args): number => parseTimeout(args.string());

/** The same of an argument that was read before its turn came to be checked. */
export function parseTimeout(text: string): number {
  const seconds = parseLongDouble(text);
  if (seconds === undefined) throw redisError('ERR timeout is not a float or out of range');
  // What is too large overflows, so Redis calls it negative too.
  if (typeof seconds === 'string') throw isNegative();
  const { negative, mantissa, exponent } = seconds;
  const ms = ceilShift(mantissa * 1000n, exponent);
  if ((negative && mantissa > 0n) || ms > MAX_MS) throw isNegative();
  return Number(ms);
}

const isNegative = () => redisError('ERR timeout is negative');

/** `value` times two to the `exponent`, rounded up. */
function ceilShift(value: bigint, exponent: number): bigint {
  if (exponent >= 0) return value << BigInt(exponent);
  const divisor = 1n << BigInt(-exponent);
  return (value + divisor - 1n) / divisor;
}
