import { parseInteger } from '../bytes/numbers.ts';
import type { Command } from './command.ts';
import type { KeySpec } from './syntax.ts';

/** A key in an argv, and how the command touches it, as `RW access update`. */
export interface KeyPosition {
  readonly index: number;
  readonly use: string;
}

/**
 * Where the keys of a command are, in the order in which COMMAND GETKEYS lists them. Undefined when
 * the arguments do not allow it, such as a count of keys that is larger than what follows.
 * https://redis.io/docs/latest/develop/reference/key-specs/
 */
export function findKeys(
  command: Command<never>,
  argv: readonly string[],
): KeyPosition[] | undefined {
  const { keyUse = [] } = command;
  if (command.findKeys) {
    return command
      .findKeys(argv)
      .map((index, i) => ({ index, use: withoutNotes(i === 0 ? keyUse[0] : keyUse.at(-1)) }));
  }
  const positions: KeyPosition[] = [];
  for (const [i, spec] of command.keys.entries()) {
    const use = variableUse[command.name]?.(argv) ?? keyUse[i] ?? '';
    if (use === 'not_key') continue;
    const indexes = indexesOf(spec, argv);
    if (!indexes) return undefined;
    positions.push(...indexes.map((index) => ({ index, use })));
  }
  return positions;
}

/** The flags that say how well a key spec finds its keys are none of the keys. */
const withoutNotes = (use = ''): string => use.replace(/ (incomplete|variable_flags)/g, '');

/** Whether a command can have keys at all. */
export const hasKeys = (command: Command<never>): boolean =>
  command.keys.some((_, i) => command.keyUse?.[i] !== 'not_key');

/** The keys themselves; none where the arguments make no sense. */
export const keysOf = (command: Command<never>, argv: readonly string[]): string[] =>
  (findKeys(command, argv) ?? []).map(({ index }) => argv[index] as string);

/** Commands whose options decide how they touch their key. */
const variableUse: Readonly<Record<string, (argv: readonly string[]) => string>> = {
  set: (argv) =>
    argv.slice(3).some((arg) => arg.toUpperCase() === 'GET') ? 'RW access update' : 'OW update',
  bitfield: (argv) =>
    argv.slice(2).some((arg) => /^(set|incrby)$/i.test(arg)) ? 'RW access update' : 'RO access',
};

/** The indexes that a key spec points to; none when its keyword is missing, undefined on nonsense. */
function indexesOf({ begin, find }: KeySpec, argv: readonly string[]): number[] | undefined {
  if (begin === 'unknown' || find === 'unknown') return undefined;
  let first = 'index' in begin ? begin.index : findKeyword(begin, argv);
  if (first === 0) return [];
  let last: number;
  if ('keyNumIndex' in find) {
    const count = parseInteger(argv[first + find.keyNumIndex] ?? '');
    if (count === undefined || count < 0n) return undefined;
    first += find.firstKey;
    last = first + (Number(count) - 1) * find.step;
  } else if (find.lastKey >= 0) {
    last = first + find.lastKey;
  } else {
    const end =
      find.limit > 1 ? first + Math.floor((argv.length - first) / find.limit) : argv.length;
    last = end + find.lastKey;
  }
  if (first >= argv.length || last >= argv.length || last < first) return undefined;
  const indexes: number[] = [];
  for (let i = first; i <= last; i += find.step) indexes.push(i);
  return indexes;
}

/** The index after a keyword, or 0. A negative start searches backwards from the end. */
function findKeyword(
  { keyword, startFrom }: { readonly keyword: string; readonly startFrom: number },
  argv: readonly string[],
): number {
  const words = argv.map((arg) => arg.toUpperCase());
  const at =
    startFrom > 0
      ? words.indexOf(keyword, startFrom)
      : words.lastIndexOf(keyword, argv.length + startFrom);
  // Redis's search forwards ends before the last argument, after which no key could follow.
  return at < 1 || at === argv.length - 1 ? 0 : at + 1;
}
