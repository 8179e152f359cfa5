import type { Command, Flag } from '../commands/command.ts';
import type { KeySpec } from '../commands/syntax.ts';
import { mapOf, type Reply, SetReply, Status } from '../resp/reply.ts';
import type { CommandTable } from './lookup.ts';

/** The flags that COMMAND INFO prints, in its order. */
const flagOrder: readonly Flag[] = [
  ...(['write', 'readonly', 'denyoom', 'admin', 'pubsub', 'noscript', 'blocking'] as const),
  ...(['loading', 'stale', 'skip_monitor', 'skip_slowlog', 'asking', 'fast', 'no_auth'] as const),
  ...(['no_async_loading', 'no_multi', 'no_mandatory_keys', 'allow_busy', 'movablekeys'] as const),
];

/**
 * What COMMAND INFO says of a command, subcommands included.
 * https://redis.io/docs/latest/commands/command/
 */
export function commandInfo(table: CommandTable, command: Command<never>): Reply {
  const { first, last, step } = legacyKeys(command.keys);
  const subcommands = subcommandsOf(table, command);
  const statuses = (words: readonly string[]) =>
    new SetReply(words.map((word) => new Status(word)));
  return [
    command.name,
    command.arity,
    statuses(flagOrder.filter((flag) => command.flags.has(flag))),
    first,
    last,
    step,
    statuses(command.categories.map((category) => `@${category}`)),
    new SetReply(command.tips ?? []),
    new SetReply(command.keys.map((spec, i) => keySpec(spec, command.keyUse?.[i] ?? ''))),
    subcommands.length === 0
      ? new SetReply([])
      : subcommands.map((subcommand) => commandInfo(table, subcommand)),
  ];
}

/** The subcommands of a container, in the order of the table. */
export function subcommandsOf(table: CommandTable, command: Command<never>): Command<never>[] {
  if (!command.isContainer) return [];
  return [...table.values()].filter(({ name }) => name.startsWith(`${command.name}|`));
}

interface LegacyKeys {
  readonly first: number;
  readonly last: number;
  readonly step: number;
}

/** The one range of keys that clients before 7.0 know of, as far as one range can say it. */
function legacyKeys(specs: readonly KeySpec[]): LegacyKeys {
  const [only] = specs;
  if (specs.length === 1 && only) return rangeOf(only) ?? none;
  let merged = none;
  for (const spec of specs) {
    const range = rangeOf(spec);
    if (range?.step !== 1) continue;
    if (merged === none) merged = range;
    // Only neighbours are merged: COPY's two keys are one range.
    else if (merged.last === range.first - 1) merged = { ...merged, last: range.last };
  }
  return merged;
}

const none: LegacyKeys = { first: 0, last: 0, step: 0 };

function rangeOf({ begin, find }: KeySpec): LegacyKeys | undefined {
  if (begin === 'unknown' || !('index' in begin)) return undefined;
  if (find === 'unknown' || !('lastKey' in find)) return undefined;
  const last = find.lastKey >= 0 ? begin.index + find.lastKey : find.lastKey;
  return { first: begin.index, last, step: find.step };
}

function keySpec({ begin, find }: KeySpec, use: string): Reply {
  return mapOf({
    flags: new SetReply(use.split(' ').map((word) => new Status(word))),
    begin_search: searchBegin(begin),
    find_keys: searchEnd(find),
  });
}

const typed = (type: string, spec: Readonly<Record<string, Reply>>): Reply =>
  mapOf({ type, spec: mapOf(spec) });

function searchBegin(begin: KeySpec['begin']): Reply {
  if (begin === 'unknown') return typed('unknown', {});
  if ('index' in begin) return typed('index', { index: begin.index });
  return typed('keyword', { keyword: begin.keyword, startfrom: begin.startFrom });
}

function searchEnd(find: KeySpec['find']): Reply {
  if (find === 'unknown') return typed('unknown', {});
  if ('lastKey' in find) {
    return typed('range', { lastkey: find.lastKey, keystep: find.step, limit: find.limit });
  }
  return typed('keynum', {
    keynumidx: find.keyNumIndex,
    firstkey: find.firstKey,
    keystep: find.step,
  });
}
