/** What the commands of the JSON module have in common: keys, paths, values, and what they say of them. */
import type { Args } from '../commands/args.ts';
import type { Context } from '../commands/context.ts';
import { type RedisError, redisError } from '../errors.ts';
import type { Database } from '../keyspace/database.ts';
import type { Reply } from '../resp/reply.ts';
import type { Json } from '../values/json.ts';
import type { JsonDocument } from '../values/json-document.ts';
import { JsonError, parseJson } from '../values/json-parse.ts';
import { type Path, parsePath, ROOT } from './json-path.ts';
import { type Match, select } from './json-select.ts';

/** What all rows of the module share. */
export const jsonRow = {
  group: 'module',
  module: 'ReJSON',
  since: '1.0.0',
  complexity: 'O(N) where N is the size of what the path leads to.',
} as const;

export const jsonRead = {
  ...jsonRow,
  flags: ['readonly', 'module'],
  keyUse: ['RO access'],
  override: { categories: ['read', 'json'] },
} as const;

export const jsonWrite = {
  ...jsonRow,
  flags: ['write', 'module'],
  keyUse: ['RW access update'],
  override: { categories: ['write', 'json'] },
} as const;

/** For what may need memory. */
export const jsonGrow = { ...jsonWrite, flags: ['write', 'denyoom', 'module'] } as const;

const wrongKind = () => redisError('Existing key has wrong Redis type');
export const noDocument = () =>
  redisError("ERR could not perform this operation on a key that doesn't exist");
export const noPath = () => redisError('ERR Path does not exist');
export const notA = (what: string) => redisError(`ERR Path does not exist or not ${what}`);
export const notAtRoot = () => redisError('ERR new objects must be created at the root');
export const wrongPathType = (expected: string, found: string) =>
  redisError(`WRONGTYPE wrong type of path value - expected ${expected} but found ${found}`);

/** The document at a key, or undefined. Throws when there is anything else. */
export function documentAt(db: Database, key: string): JsonDocument | undefined {
  const value = db.lookUp(key);
  if (value === undefined || value.type === 'ReJSON-RL') return value;
  throw wrongKind();
}

/** The document that a command works on; there must be one. */
export function needDocument(db: Database, key: string): JsonDocument {
  const document = documentAt(db, key);
  if (!document) throw noDocument();
  return document;
}

/** The next argument as a path; the root when there is none. */
export const readPath = (args: Args): Path => parsePath(args.done ? ROOT : args.string());

/** A value in JSON. `isPrefixed`: some commands begin what is wrong with it by ERR, others do not. */
export function readJson(text: string, isPrefixed = false): Json {
  try {
    return parseJson(text);
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    throw redisError(isPrefixed ? `ERR ${error.message}` : error.message);
  }
}

export const matchesOf = (document: JsonDocument, path: Path): Match[] =>
  select(document.root, path.steps);

/** A document has changed, by a command of which this is the keyspace event. */
export function changed(db: Database, key: string, document: JsonDocument, event: string): void {
  document.touch();
  db.changed(event, key);
}

/** What to do with each match, and how the answers of all become a reply. */
export interface Update<T> {
  /** The keyspace event. */
  readonly event: string;
  /** Changes a match; undefined when it is of another type. `isChanged` tells that it stayed. */
  readonly change: (match: Match) => T | undefined;
  /** What one of the older paths is told when nothing could be changed. */
  readonly refusal: () => RedisError;
  /** Of several answers an older path gets one: the modules' commands do not all choose the same. */
  readonly picks: 'first' | 'last';
  readonly reply: (answer: T) => Reply;
  /** Whether an answer stands for a change. */
  readonly counts?: (answer: T) => boolean;
}

/** Changes every match of a path, and answers for all of them or, for an older path, for one. */
export function update<T>(ctx: Context, key: string, path: Path, how: Update<T>): Reply {
  const { db } = ctx;
  const document = needDocument(db, key);
  const answers = matchesOf(document, path).map(how.change);
  const made = answers.filter((answer) => answer !== undefined);
  if (path.isLegacy && made.length === 0) throw how.refusal();
  if (made.some((answer) => how.counts?.(answer) ?? true)) changed(db, key, document, how.event);
  if (!path.isLegacy) {
    return answers.map((answer) => (answer === undefined ? null : how.reply(answer)));
  }
  return how.reply(made.at(how.picks === 'first' ? 0 : -1) as T);
}
