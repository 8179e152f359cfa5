import { matches } from '../bytes/glob.ts';
import { redisError, syntaxError } from '../errors.ts';
import type { Args } from './args.ts';
import { command } from './command.ts';

/** Iterating with a cursor: SCAN, and what SSCAN, HSCAN and ZSCAN share with it. https://redis.io/docs/latest/commands/scan/ */

export interface ScanOptions {
  readonly cursor: number;
  readonly count: number;
  /** Whether a key or member passes MATCH. */
  accepts(name: string): boolean;
  /** TYPE, of SCAN alone. */
  readonly type: string | undefined;
  /** NOVALUES, of HSCAN alone. */
  readonly namesOnly: boolean;
}

export const scanCommands = [
  command('SCAN cursor:int [MATCH pattern:pattern] [COUNT count:int] [TYPE type]', {
    summary: 'Iterates over the names of the keys in the database, a few at a time.',
    since: '2.8.0',
    group: 'generic',
    complexity: 'O(1) for every call, O(N) for a complete iteration over N keys.',
    flags: ['readonly', 'touches_arbitrary_keys'],
    tips: ['nondeterministic_output', 'request_policy:special'],
    history: [['6.0.0', 'Added TYPE.']],
    run({ db }, args) {
      const { cursor, count, accepts, type } = readScan(args, { withType: true });
      const found: string[] = [];
      const next = db.scan(cursor, count, (key) => {
        if (accepts(key)) found.push(key);
      });
      const live = found.filter((key) => {
        const value = db.peek(key);
        return value !== undefined && (type === undefined || value.type === type);
      });
      return [String(next), live];
    },
  }),
];

/** Reads `cursor [MATCH pattern] [COUNT count]`, and TYPE where the command has it. */
export function readScan(args: Args, { withType = false } = {}): ScanOptions {
  const cursor = readCursor(args.string());
  return { cursor, ...readScanOptions(args, { withType }) };
}

/** A cursor is an unsigned 64-bit number; what is no cursor of ours continues as good as it can. */
export function readCursor(text: string): number {
  // As in C, a NUL byte ends the text, and where there is none there is a zero.
  const [digits = ''] = text.split('\0', 1);
  if (digits === '') return 0;
  if (!/^[+-]?\d+$/.test(digits) || BigInt(digits.replace(/^[+-]/, '')) >= 2n ** 64n) {
    throw redisError('ERR invalid cursor');
  }
  const cursor = Number(digits);
  return cursor < 0 ? Number.MAX_SAFE_INTEGER : cursor;
}

export function readScanOptions(
  args: Args,
  { withType = false, withValues = false } = {},
): Omit<ScanOptions, 'cursor'> {
  let count = 10;
  let pattern: string | undefined;
  let type: string | undefined;
  let namesOnly = false;
  while (!args.done) {
    if (args.left > 1 && args.token('COUNT')) {
      count = args.index();
      if (count < 1) throw syntaxError();
    } else if (args.left > 1 && args.token('MATCH')) pattern = args.string();
    else if (withType && args.left > 1 && args.token('TYPE')) type = args.string().toLowerCase();
    else if (args.token('NOVALUES')) {
      if (!withValues) throw redisError('ERR NOVALUES option can only be used in HSCAN');
      namesOnly = true;
    } else throw syntaxError();
  }
  const accepts = (name: string) =>
    pattern === undefined || pattern === '*' || matches(pattern, name);
  return { count, accepts, type, namesOnly };
}
