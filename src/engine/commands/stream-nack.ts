import { cString, redisError } from '../errors.ts';
import type { Reply } from '../resp/reply.ts';
import type { StreamId } from '../values/stream.ts';
import { MAX_DELIVERIES, type Pending } from '../values/stream-group.ts';
import type { Args } from './args.ts';
import { command } from './command.ts';
import type { Context } from './context.ts';
import { readId } from './stream-id.ts';
import { placeOf } from './stream-pending.ts';

/** Giving entries back that were delivered. https://redis.io/docs/latest/commands/xnack/ */

export const streamNackCommands = [
  command(
    'XNACK key group <SILENT | FAIL | FATAL> <IDS numids:int id [id ...]> [RETRYCOUNT count:int] [FORCE]',
    {
      summary: 'Gives pending entries back to their group: whoever claims next gets them first.',
      since: '8.8.0',
      group: 'stream',
      complexity: 'O(1) for each entry.',
      flags: ['write', 'fast'],
      keyUse: ['RW update'],
      run: giveBack,
    },
  ),
];

/** SILENT: the delivery does not count. FAIL: it does. FATAL: nobody should try again. */
type Mode = 'SILENT' | 'FAIL' | 'FATAL';

interface Release {
  readonly mode: Mode;
  readonly ids: readonly StreamId[];
  readonly retryCount: number | undefined;
  readonly force: boolean;
}

function giveBack(ctx: Context, args: Args): Reply {
  const [key, name] = [args.string(), args.string()];
  const release = readRelease(args);
  const { stream, group } = placeOf(ctx, key, name);
  let released = 0;
  for (const id of release.ids) {
    const pending = group.pendingEntry(id);
    if (!pending && !(release.force && stream.get(id))) continue;
    group.release(id, deliveriesAfter(release, pending));
    released++;
  }
  if (released > 0) ctx.db.changedBeside(key, { wakes: true });
  return released;
}

function deliveriesAfter({ mode, retryCount }: Release, before: Pending | undefined): number {
  if (retryCount !== undefined) return retryCount;
  if (mode === 'FATAL') return MAX_DELIVERIES;
  const deliveries = before?.deliveries ?? 0;
  return mode === 'SILENT' ? Math.max(deliveries - 1, 0) : deliveries;
}

function readRelease(args: Args): Release {
  const mode = args.oneOf<Mode>('SILENT', 'FAIL', 'FATAL');
  if (!mode) throw redisError('ERR mode must be SILENT, FAIL, or FATAL');
  let ids: readonly StreamId[] | undefined;
  let retryCount: number | undefined;
  let force = false;
  while (!args.done) {
    if (args.token('FORCE')) force = true;
    else if (args.left > 1 && args.token('RETRYCOUNT')) retryCount = readRetryCount(args);
    else if (!ids && args.left > 1 && args.token('IDS')) ids = readIds(args);
    else throw redisError(`ERR Unrecognized XNACK option '${cString(args.string())}'`);
  }
  if (!ids) throw redisError('ERR syntax error, expected IDS keyword');
  return { mode, ids, retryCount, force };
}

function readRetryCount(args: Args): number {
  const count = args.index();
  if (count < 0) throw redisError('ERR Invalid RETRYCOUNT value, must be >= 0');
  return count;
}

function readIds(args: Args): StreamId[] {
  const count = args.range(1, 2 ** 53, 'ERR numids must be a positive integer');
  if (count > args.left) throw redisError("ERR number of IDs doesn't match numids");
  return args.take(count).map((text) => readId(text));
}
