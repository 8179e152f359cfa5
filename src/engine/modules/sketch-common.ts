/** What the commands of the probabilistic module have in common: rows, keys, numbers, words. */
import { parseDouble, parseInteger } from '../bytes/numbers.ts';
import type { Category } from '../commands/command.ts';
import type { Database } from '../keyspace/database.ts';
import type { Values } from '../keyspace/value.ts';
import type { Reply } from '../resp/reply.ts';
import type { SketchType } from '../values/module-value.ts';
import { namedReplies } from './replies.ts';

const sketchRow = { group: 'module', module: 'bf' } as const;

/** The facts of a family's rows, by what its commands do. `fast` is of the category, not a flag. */
export function rowsOf(category: Category, since: string) {
  const read = {
    ...sketchRow,
    since,
    flags: ['readonly', 'module'],
    keyUse: ['RO'],
    override: { categories: ['read', category] },
  } as const;
  const write = {
    ...sketchRow,
    since,
    flags: ['write', 'denyoom', 'module'],
    keyUse: ['RW'],
    override: { categories: ['write', category] },
  } as const;
  return {
    read,
    write,
    readFast: { ...read, override: { categories: ['read', 'fast', category] } } as const,
    writeFast: { ...write, override: { categories: ['write', 'fast', category] } } as const,
  };
}

/** What `type` is at a key; anything else there counts as nothing. */
export function peekSketch<T extends SketchType>(
  db: Database,
  key: string,
  type: T,
): Values[T] | undefined {
  const value = db.lookUp(key);
  return value?.type === type ? (value as Values[T]) : undefined;
}

/** A whole number within bounds, both included; what is none, and what is out of them. */
export function readWhole(
  text: string | undefined,
  [min, max]: readonly [number, number],
): number | 'none' | 'out' {
  const value = text === undefined ? undefined : parseInteger(text);
  if (value === undefined) return 'none';
  return value < BigInt(min) || value > BigInt(max) ? 'out' : Number(value);
}

/** A number between two others, neither of them included. */
export function readFraction(text: string | undefined): number | undefined {
  const value = text === undefined ? undefined : parseDouble(text);
  return value !== undefined && value > 0 && value < 1 ? value : undefined;
}

/** Where a word is among arguments, in any case; the module looks for it anywhere. */
export const wordAt = (argv: readonly string[], word: string): number =>
  argv.findIndex((each) => each.length === word.length && each.toUpperCase() === word);

/** What INFO says: names with what they stand for. */
export const infoReply = (fields: Readonly<Record<string, Reply>>): Reply =>
  namedReplies(Object.entries(fields));
