import { redisError, syntaxError } from '../errors.ts';
import { printId, type StreamId, type StreamValue, type Trim } from '../values/stream.ts';
import type { Args } from './args.ts';
import type { Context } from './context.ts';
import { readId } from './stream-id.ts';
import { isReferenced, type Policy, readPolicy, removeReferences } from './stream-references.ts';

/** How XADD and XTRIM drop old entries. https://redis.io/docs/latest/commands/xtrim/ */

export const TRIM = '<MAXLEN | MINID> [= | ~] threshold [LIMIT count:int]';
export const POLICY = '[KEEPREF | DELREF | ACKED]';

/** For `optionsSince`. */
export const policySince = { KEEPREF: '8.2', DELREF: '8.2', ACKED: '8.2' } as const;

export interface GivenTrim extends Trim {
  readonly hasLimit: boolean;
}

export const startsTrim = (args: Args): boolean => args.isToken('MAXLEN') || args.isToken('MINID');

export const bothTrims = () =>
  redisError('ERR syntax error, MAXLEN and MINID options at the same time are not compatible');

/** XTRIM's arguments behind the key. */
export function readTrimOnly(ctx: Context, args: Args): { trim: Trim; policy: Policy } {
  let trim: GivenTrim | undefined;
  let policy: Policy | undefined;
  while (!args.done) {
    const given = readPolicy(args);
    if (given) {
      if (policy) throw syntaxError();
      policy = given;
    } else {
      if (!startsTrim(args) || args.left < 2) throw syntaxError();
      if (trim) throw bothTrims();
      trim = readTrim(ctx, args);
    }
  }
  if (!trim) throw syntaxError();
  checkLimit(trim);
  return { trim, policy: policy ?? 'KEEPREF' };
}

/** `MAXLEN|MINID [=|~] threshold [LIMIT count]`. */
export function readTrim({ limits }: Context, args: Args): GivenTrim {
  const by = args.oneOf('MAXLEN', 'MINID');
  const approximate = args.left > 1 && args.token('~');
  if (!approximate && args.left > 1) args.token('=');
  const keep =
    by === 'MAXLEN' ? { maxLength: readMaxLength(args) } : { minId: readId(args.string()) };
  // Unless told otherwise, an approximate trim does not work longer than this at a time.
  let limit = approximate ? 100 * limits.streamNodeMaxEntries : 0;
  const hasLimit = args.left > 1 && args.token('LIMIT');
  if (hasLimit) {
    limit = args.index();
    if (limit < 0) throw redisError('ERR The LIMIT argument must be >= 0.');
  }
  return { keep, approximate, limit, hasLimit };
}

function readMaxLength(args: Args): number {
  const length = args.index();
  if (length < 0) throw redisError('ERR The MAXLEN argument must be >= 0.');
  return length;
}

/** Said only when all arguments have been read. */
export function checkLimit({ approximate, hasLimit }: GivenTrim): void {
  if (approximate || !hasLimit) return;
  throw redisError('ERR syntax error, LIMIT cannot be used without the special ~ option');
}

/** Drops entries, and what refers to them where that is wanted. Returns how many went. */
export function dropOld(stream: StreamValue, trim: Trim, policy: Policy): number {
  if (policy === 'KEEPREF' || stream.groups.size === 0) return stream.trim(trim);
  if (policy === 'DELREF') return stream.trim(trim, (id) => removeReferences(stream, id));
  return dropAcknowledged(stream, trim).length;
}

/** Drops of the entries that may go those that all groups are through with. */
function dropAcknowledged(stream: StreamValue, { keep, limit }: Trim): StreamId[] {
  const surplus = 'maxLength' in keep ? stream.size - keep.maxLength : stream.size;
  const last = 'minId' in keep ? keep.minId - 1n : stream.lastId;
  const most = Math.min(surplus, limit || Infinity);
  if (most <= 0) return [];
  const free = stream.range(0n, last).filter(({ id }) => !isReferenced(stream, id));
  const dropped = free.slice(0, most).map(({ id }) => id);
  for (const id of dropped) stream.delete(id);
  return dropped;
}

/** XTRIM: drops, and tells of it. */
export function trimStream(
  ctx: Context,
  key: string,
  stream: StreamValue,
  { trim, policy }: { readonly trim: Trim; readonly policy: Policy },
): number {
  const dropped = dropOld(stream, trim, policy);
  if (dropped === 0) return 0;
  ctx.db.changed('xtrim', key);
  ctx.propagate('XTRIM', key, ...asPropagated(stream, trim, policy));
  return dropped;
}

/** Replicas drop exactly what was dropped here, however the trim was asked for. */
export function asPropagated(stream: StreamValue, trim: Trim, policy: Policy): string[] {
  const { keep, approximate } = trim;
  const how = policy === 'KEEPREF' ? [] : [policy];
  if ('maxLength' in keep) {
    return ['MAXLEN', '=', String(approximate ? stream.size : keep.maxLength), ...how];
  }
  const first = stream.first?.id;
  const exact = approximate && first !== undefined && policy !== 'ACKED' ? first : keep.minId;
  return ['MINID', '=', printId(exact), ...how];
}
