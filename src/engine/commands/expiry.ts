import { parseInteger } from '../bytes/numbers.ts';
import { invalidExpire, notAnInteger } from '../errors.ts';
import type { Context } from './context.ts';

/** The options that set an expiry, with their unit in ms, and whether they count from now. */
export const expiryUnits = {
  EX: { ms: 1000n, relative: true },
  PX: { ms: 1n, relative: true },
  EXAT: { ms: 1000n, relative: false },
  PXAT: { ms: 1n, relative: false },
} as const;

export type ExpiryUnit = keyof typeof expiryUnits;

const MAX_MS = 2n ** 63n - 1n;

/**
 * The instant, in ms since 1970, that an amount in this unit means. `name` is the command's, for its
 * error.
 */
export function readExpiryAmount(
  ctx: Context,
  text: string,
  unit: ExpiryUnit,
  name: string,
): number {
  const amount = parseInteger(text);
  if (amount === undefined) throw notAnInteger();
  const { ms, relative } = expiryUnits[unit];
  if (amount <= 0n || amount > MAX_MS / ms) throw invalidExpire(name);
  const at = amount * ms + (relative ? BigInt(ctx.now) : 0n);
  if (at > MAX_MS) throw invalidExpire(name);
  return Number(at);
}

export type ExpiryCondition = 'NX' | 'XX' | 'GT' | 'LT';

/** Whether an expiry may be set, given the present one (undefined is never) and the new one. */
export const expiryConditions: Readonly<
  Record<ExpiryCondition, (present: number | undefined, next: number) => boolean>
> = {
  NX: (present) => present === undefined,
  XX: (present) => present !== undefined,
  GT: (present, next) => present !== undefined && next > present,
  LT: (present, next) => present === undefined || next < present,
};
