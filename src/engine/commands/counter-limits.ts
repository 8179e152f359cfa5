import {
  addLongDoubles,
  type LongDouble,
  parseLongDouble,
  printLongDouble,
} from '../bytes/long-double.ts';
import { parseInteger } from '../bytes/numbers.ts';
import { notAFloat, notAnInteger, redisError, syntaxError } from '../errors.ts';
import { Double, type Reply } from '../resp/reply.ts';
import { StringValue } from '../values/string.ts';
import type { Args } from './args.ts';
import { command } from './command.ts';
import type { Context } from './context.ts';
import { type ExpiryUnit, readExpiryAmount } from './expiry.ts';

/** Counters that stay within bounds and expire: rate limits. https://redis.io/docs/latest/commands/increx/ */

export const counterLimitCommands = [
  command(
    `INCREX key [BYFLOAT float:double | BYINT integer:int] [SATURATE] [LBOUND lowerbound]
     [UBOUND upperbound] [EX seconds:int | PX milliseconds:int | EXAT unix-time-seconds:unixtime |
     PXAT unix-time-milliseconds:unixtime | PERSIST] [ENX]`,
    {
      summary: 'Adds to a number within bounds and sets when the key expires.',
      since: '8.8.0',
      group: 'string',
      complexity: 'O(1)',
      flags: ['write', 'denyoom', 'fast'],
      keyUse: ['RW access update'],
      override: { arity: -2 },
      run: incrementWithin,
    },
  ),
];

interface Options {
  by?: { readonly kind: 'BYINT' | 'BYFLOAT'; readonly text: string };
  lower?: string;
  upper?: string;
  saturates: boolean;
  persists: boolean;
  onlyWithoutExpiry: boolean;
  expiry?: { readonly unit: ExpiryUnit; readonly amount: string };
}

function readOptions(args: Args): Options {
  const options: Options = { saturates: false, persists: false, onlyWithoutExpiry: false };
  const seen = new Set<string>();
  const once = (what: string) => {
    if (seen.has(what)) throw syntaxError();
    seen.add(what);
  };
  while (!args.done) {
    const flag = args.oneOf('SATURATE', 'PERSIST', 'ENX');
    if (flag) {
      once(flag === 'PERSIST' ? 'expiry' : flag);
      if (flag === 'SATURATE') options.saturates = true;
      else if (flag === 'PERSIST') options.persists = true;
      else options.onlyWithoutExpiry = true;
      continue;
    }
    if (args.left < 2) throw syntaxError();
    const kind = args.oneOf('BYINT', 'BYFLOAT');
    const bound = kind ?? args.oneOf('LBOUND', 'UBOUND');
    const unit = bound ? undefined : args.oneOf('EX', 'PX', 'EXAT', 'PXAT');
    once(kind ? 'by' : unit ? 'expiry' : (bound ?? ''));
    if (kind) options.by = { kind, text: args.string() };
    else if (bound === 'LBOUND') options.lower = args.string();
    else if (bound === 'UBOUND') options.upper = args.string();
    else if (unit) options.expiry = { unit, amount: args.string() };
    else throw syntaxError();
  }
  if (options.persists && options.onlyWithoutExpiry) throw syntaxError();
  if (options.onlyWithoutExpiry && !options.expiry) {
    throw redisError('ERR ENX flag requires an expiration');
  }
  return options;
}

/** What was computed: the new value and the difference, each as a reply and the value as bytes. */
interface Outcome {
  readonly replies: readonly [Reply, Reply];
  /** Undefined when the bounds do not let it happen. */
  readonly bytes: string | undefined;
}

function incrementWithin(ctx: Context, args: Args): Reply {
  const { db } = ctx;
  const key = args.string();
  const options = readOptions(args);
  const isFloat = options.by?.kind === 'BYFLOAT';
  const compute = isFloat ? floatOf(options) : integerOf(options);
  const { expiry } = options;
  const at = expiry && readExpiryAmount(ctx, expiry.amount, expiry.unit, 'increx');
  const old = db.get(key, 'string');
  const { replies, bytes } = compute(old?.bytes ?? '0');
  if (bytes === undefined) return replies;
  const keepsExpiry = options.onlyWithoutExpiry && db.expiryOf(key) !== undefined;
  const setsExpiry = at !== undefined && !keepsExpiry;
  if (setsExpiry && at <= ctx.now) {
    if (old && db.delete(key)) db.changed('del', key);
    ctx.propagate('DEL', key);
    return replies;
  }
  db.set(key, new StringValue(bytes, isFloat ? 'float' : 'whole'), { keepTtl: true });
  db.changed(isFloat ? 'incrbyfloat' : 'incrby', key);
  if (setsExpiry) {
    db.expireAt(key, at);
    db.changed('expire', key);
    ctx.propagate('SET', key, bytes, 'PXAT', String(at));
  } else if (options.persists) {
    if (db.persist(key)) db.changed('persist', key);
    ctx.propagate('SET', key, bytes);
  } else ctx.propagate('SET', key, bytes, 'KEEPTTL');
  return replies;
}

const MAX = 2n ** 63n - 1n;
const MIN = -MAX - 1n;
const crossed = () => redisError("ERR LBOUND can't be greater than UBOUND");

function integerOf(options: Options): (text: string) => Outcome {
  const read = (text: string, what: string): bigint => {
    const value = parseInteger(text);
    if (value === undefined) throw redisError(`ERR ${what} is not an integer or out of range`);
    return value;
  };
  const by = read(options.by?.text ?? '1', 'Increment');
  const lower = options.lower === undefined ? MIN : read(options.lower, 'LBOUND');
  const upper = options.upper === undefined ? MAX : read(options.upper, 'UBOUND');
  if (lower > upper) throw crossed();
  return (text) => {
    const old = parseInteger(text);
    if (old === undefined) throw notAnInteger();
    const sum = old + by;
    const isOutside = sum < lower || sum > upper;
    if (isOutside && !options.saturates) return { replies: [old, 0], bytes: undefined };
    const value = sum < lower ? lower : sum > upper ? upper : sum;
    const applied = value - old;
    if (applied < MIN || applied > MAX) throw redisError('ERR applied increment would overflow');
    return { replies: [value, applied], bytes: String(value) };
  };
}

type Bound = LongDouble | 'inf' | '-inf';

function floatOf(options: Options): (text: string) => Outcome {
  const read = (text: string, what: string): Bound => {
    const value = parseLongDouble(text);
    if (value === undefined) throw redisError(`ERR ${what} is not a valid float`);
    return value;
  };
  const by = read(options.by?.text ?? '1', 'Increment');
  if (typeof by === 'string') throw redisError('ERR BYFLOAT increment cannot be Infinity');
  const lower = options.lower === undefined ? '-inf' : read(options.lower, 'LBOUND');
  const upper = options.upper === undefined ? 'inf' : read(options.upper, 'UBOUND');
  if (compare(lower, upper) > 0) throw crossed();
  return (text) => {
    const old = parseLongDouble(text);
    if (old === undefined) throw notAFloat();
    if (typeof old === 'string') throw redisError('ERR value cannot be Infinity');
    // A sum that no long double can hold is beyond any bound.
    const sum: Bound = addLongDoubles(old, by) ?? (by.negative ? '-inf' : 'inf');
    const isOutside = typeof sum === 'string' || compare(sum, lower) < 0 || compare(sum, upper) > 0;
    if (isOutside && !options.saturates) return { replies: [reply(old), zero], bytes: undefined };
    const value = compare(sum, lower) < 0 ? lower : compare(sum, upper) > 0 ? upper : sum;
    const applied = typeof value === 'string' ? undefined : addLongDoubles(value, negated(old));
    if (typeof value === 'string' || !applied) {
      throw redisError('ERR applied increment would be Infinity');
    }
    return { replies: [reply(value), reply(applied)], bytes: printLongDouble(value) };
  };
}

const zero = new Double(0, '0');

function reply(value: LongDouble): Double {
  const text = printLongDouble(value);
  return new Double(Number(text), text);
}

const negated = (value: LongDouble): LongDouble => ({ ...value, negative: !value.negative });

/** Less than, equal to or greater than zero, as `a` is to `b`. */
function compare(a: Bound, b: Bound): number {
  if (a === b) return 0;
  if (a === 'inf' || b === '-inf') return 1;
  if (a === '-inf' || b === 'inf') return -1;
  const difference = addLongDoubles(a, negated(b));
  if (difference?.mantissa === 0n) return 0;
  return (difference ?? a).negative ? -1 : 1;
}
