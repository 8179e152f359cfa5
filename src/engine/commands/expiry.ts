import { parseInteger } from '../bytes/numbers.ts';
import { invalidExpire, notAnInteger, syntaxError } from '../errors.ts';
import type { Args } from './args.ts';
import type { Context } from './context.ts';

/** The options that set an expiry, with their unit in ms, and whether they count from now. */
const units = {
  EX: { ms: 1000n, relative: true },
  PX: { ms: 1n, relative: true },
  EXAT: { ms: 1000n, relative: false },
  PXAT: { ms: 1n, relative: false },
} as const;

export type ExpiryUnit = keyof typeof units;

const MAX_MS = 2n ** 63n - 1n;

/** Reads `EX seconds`, `PX ms`, `EXAT …` or `PXAT …`. Returns the instant in ms since 1970. */
export function readExpiry(ctx: Context, args: Args, name: string): number {
  const unit = args.oneOf('EX', 'PX', 'EXAT', 'PXAT');
  if (!unit || args.done) throw syntaxError();
  return readExpiryAmount(ctx, args, unit, name);
}

/** Reads the amount alone, in this unit. `name` is the command's, for its error. */
export function readExpiryAmount(ctx: Context, args: Args, unit: ExpiryUnit, name: string): number {
  const amount = parseInteger(args.string());
  if (amount === undefined) throw notAnInteger();
  const { ms, relative } = units[unit];
  if (amount <= 0n || amount > MAX_MS / ms) throw invalidExpire(name);
  const at = amount * ms + (relative ? BigInt(ctx.now) : 0n);
  if (at > MAX_MS) throw invalidExpire(name);
  return Number(at);
}
