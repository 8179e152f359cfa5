/**
 * Evaluates the conditions about what consumer groups have done, for tasks in which it matters who
 * was handed an entry: the server forgets that with the acknowledgement, the log does not.
 */
import { utf8Decode, utf8Encode } from '../engine/bytes/bytes.ts';
import { matches } from '../engine/bytes/glob.ts';
import { isList, type Plain } from './compare.ts';
import type { ConditionOf } from './condition.ts';
import { type Executed, fits } from './log.ts';
import type { Evaluator } from './look.ts';
import { listing } from './show.ts';

type OfStreams = 'delivered' | 'acknowledged';

export const evaluateStreams: { readonly [K in OfStreams]: Evaluator<ConditionOf<K>> } = {
  delivered: async (it, look) => {
    const handed = look.executed.flatMap((each) => handedIn(each, it) ?? []);
    const ids = new Set(handed.flatMap((each) => each.ids));
    const names = [...new Set(handed.map(({ consumer }) => consumer))];
    return {
      ok: ids.size >= it.atLeast && names.length >= (it.consumers ?? 1),
      observed: ids.size === 0 ? 'none' : `${entries(ids.size)} to ${listing(names)}`,
    };
  },
  acknowledged: async ({ key, group, atLeast }, look) => {
    const done = look.executed.filter(({ argv }) => fits('XACK', argv) && isOf(argv, key, group));
    // An error is not a number, and acknowledges nothing.
    const number = done.reduce((sum, { reply }) => sum + (Number(reply) || 0), 0);
    return { ok: number >= atLeast, observed: entries(number) };
  },
};

const entries = (number: number) => (number === 1 ? '1 entry' : `${number} entries`);

const isOf = (argv: readonly string[], key: string, group: string) =>
  argv[1] === utf8Encode(key) && argv[2] === utf8Encode(group);

interface Handed {
  readonly consumer: string;
  readonly ids: readonly string[];
}

type Wanted = ConditionOf<'delivered'>;

/** To whom a command of the group has handed which entries; undefined where it has not. */
function handedIn({ argv, reply }: Executed, it: Wanted): Handed | undefined {
  if (it.by && !it.by.some((pattern) => fits(pattern, argv))) return undefined;
  const name = argv[0]?.toUpperCase();
  const [consumer, rows] =
    name === 'XREADGROUP' ? readByGroup(argv, reply, it) : claimed(argv, reply, it);
  const ids = idsOf(rows ?? null);
  if (consumer === undefined || ids.length === 0) return undefined;
  const isWanted = it.consumer === undefined || matches(it.consumer, utf8Decode(consumer));
  return isWanted ? { consumer: utf8Decode(consumer), ids } : undefined;
}

type ConsumerAndRows = readonly [consumer?: string | undefined, rows?: Plain | undefined];

function readByGroup(argv: readonly string[], reply: Plain, it: Wanted): ConsumerAndRows {
  const at = argv.findIndex((word) => word.toUpperCase() === 'GROUP');
  if (at < 0 || argv[at + 1] !== utf8Encode(it.group) || !isList(reply)) return [];
  // RESP2 has a pair for each stream; of the map of RESP3 the flat list is left.
  const isFlat = !isList(reply[0] ?? null);
  const streams = isFlat ? reply : reply.flatMap((pair) => (isList(pair) ? pair : []));
  const key = streams.findIndex((item, index) => index % 2 === 0 && item === utf8Encode(it.key));
  return key < 0 ? [] : [argv[at + 2], streams[key + 1]];
}

function claimed(argv: readonly string[], reply: Plain, it: Wanted): ConsumerAndRows {
  if (!isOf(argv, it.key, it.group) || !isList(reply)) return [];
  if (fits('XCLAIM', argv)) return [argv[3], reply];
  return fits('XAUTOCLAIM', argv) ? [argv[3], reply[1]] : [];
}

/** Rows are entries, or, after JUSTID, ids. */
function idsOf(rows: Plain): string[] {
  if (!isList(rows)) return [];
  return rows.flatMap((row) =>
    isList(row) ? [String(row[0])] : row === null ? [] : [String(row)],
  );
}
