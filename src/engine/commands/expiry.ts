import { invalidExpire, notAnInteger, syntaxError } from '../errors.ts';
import { parseInteger } from '../bytes/numbers.ts';
import type { Args } from './args.ts';
import type { Context } from './context.ts';

/** The options that set an expiry, with their unit in ms, and whether they count from now. */
const units = {
  EX: { ms: 1000n, relative: true },
  PX: { ms: 1n, relative: true },
  EXAT: { ms: 1000n, relative: false },
  PXAT: { ms: 1n, relative: false },
} as const;

const MAX_MS = 2n ** 63n - 1n;

/** Reads `EX seconds`, `PX ms`, `EXAT …` or `PXAT …`. Returns the instant in ms since 1970. */
export function readExpiry(ctx: Context, args: Args, name: string): number {
  const option = args.oneOf('EX', 'PX', 'EXAT', 'PXAT');
  if (!option || args.done) throw syntaxError();
  const amount = parseInteger(args.string());
  if (amount === undefined) throw notAnInteger();
  const { ms, relative } = units[option];
  if (amount <= 0n || amount > MAX_MS / ms) throw invalidExpire(name);
  const at = amount * ms + (relative ? BigInt(ctx.now) : 0n);
  if (at > MAX_MS) throw invalidExpire(name);
  return Number(at);
}
