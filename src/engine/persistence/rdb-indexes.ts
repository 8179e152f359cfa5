/**
 * The indexes of the search module in RDB files: as the commands that make them, in an auxiliary field,
 * which a redis-server passes over. What is in them is read from the keys again.
 */
import { RdbError } from './rdb-types.ts';

const FIELD = 'search-indexes';

/** The name and the content of the field. */
export const writeIndexes = (
  commands: readonly (readonly string[])[],
): readonly [name: string, field: string] => [FIELD, JSON.stringify(commands)];

/** The commands that a file has, of what is said in it; none where it says nothing. Throws an RdbError. */
export function readIndexes(facts: ReadonlyMap<string, string>): readonly (readonly string[])[] {
  const content = parsed(facts.get(FIELD) ?? '[]');
  if (!isStringLists(content)) throw new RdbError('indexes that cannot be read');
  return content;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isStringLists = (content: unknown): content is string[][] =>
  Array.isArray(content) &&
  content.every((list) => Array.isArray(list) && list.every((each) => typeof each === 'string'));
