/** Commands that put JSON into a document, merge it, or take it out. */
import type { Args } from '../commands/args.ts';
import { command } from '../commands/command.ts';
import type { Context } from '../commands/context.ts';
import { redisError, syntaxError, wrongArity } from '../errors.ts';
import type { Database } from '../keyspace/database.ts';
import { ok, type Reply } from '../resp/reply.ts';
import {
  cloneJson,
  isContainer,
  isNumber,
  isObject,
  type Json,
  removeMember,
} from '../values/json.ts';
import { JsonDocument } from '../values/json-document.ts';
import {
  changed,
  documentAt,
  jsonGrow,
  jsonWrite,
  matchesOf,
  needDocument,
  notAtRoot,
  readJson,
  readPath,
} from './json-common.ts';
import { isStatic, type Path, parsePath } from './json-path.ts';
import { type Match, outermost, remove, replace, select } from './json-select.ts';

const deletion = {
  ...jsonWrite,
  run: del,
} as const;

export const jsonSetCommands = [
  command('JSON.SET key path value [NX | XX] [FPHA <FP16 | BF16 | FP32 | FP64>]', {
    ...jsonGrow,
    summary: 'Sets the JSON value at a path.',
    optionsSince: { FPHA: '8.8.0' },
    run: set,
  }),
  command('JSON.MSET key path value [key path value ...]', {
    ...jsonGrow,
    summary: 'Sets JSON values of several keys at once.',
    since: '2.6.0',
    override: { ...jsonGrow.override, arity: -4 },
    run: setMany,
  }),
  command('JSON.MERGE key path value', {
    ...jsonGrow,
    summary: 'Merges a JSON value into what is at a path; null takes members out.',
    since: '2.6.0',
    override: { ...jsonGrow.override, arity: -4 },
    run: merge,
  }),
  command('JSON.DEL key [path]', {
    ...deletion,
    summary: 'Takes what is at a path out of a document; the root takes the key with it.',
  }),
  command('JSON.FORGET key [path]', {
    ...deletion,
    summary: 'The same as JSON.DEL.',
  }),
  command('JSON.CLEAR key [path]', {
    ...jsonWrite,
    summary: 'Empties arrays and objects, and sets numbers to 0.',
    since: '2.0.0',
    run: clear,
  }),
];

/** How a value is to be put at a path: in place of what is there, or as a new member. */
type Plan = () => JsonDocument;

type Condition = 'NX' | 'XX' | undefined;

function set({ db }: Context, args: Args): Reply {
  const key = args.string();
  const path = readPath(args);
  const text = args.string();
  const condition = readCondition(args);
  const plan = planSet(db, key, path, readJson(text), condition);
  if (!plan) return null;
  changed(db, key, plan(), 'json.set');
  return ok;
}

/** Homogeneous arrays of floats are kept like any other array, so FPHA changes nothing to be seen. */
function readCondition(args: Args): Condition {
  let condition: Condition;
  while (!args.done) {
    const given = args.oneOf('NX', 'XX');
    if (given && condition === undefined) condition = given;
    else if (given || !args.token('FPHA')) throw syntaxError();
    else if (!args.oneOf('FP16', 'BF16', 'FP32', 'FP64')) throw syntaxError();
  }
  return condition;
}

/** What setting would do, or undefined when it would do nothing. Throws where it cannot be done. */
function planSet(
  db: Database,
  key: string,
  path: Path,
  value: Json,
  condition: Condition,
): Plan | undefined {
  const document = documentAt(db, key);
  const isRoot = path.steps.length === 0;
  if (!document) {
    if (!isRoot) throw notAtRoot();
    return condition === 'XX' ? undefined : () => create(db, key, value);
  }
  if (isRoot) return condition === 'NX' ? undefined : () => setRoot(document, value);
  const matches = outermost(matchesOf(document, path));
  if (matches.length === 0)
    return condition === 'XX' ? undefined : planMember(document, path, value);
  if (condition === 'NX') return undefined;
  return () => {
    for (const match of matches) replace(match, cloneJson(value));
    return document;
  };
}

function create(db: Database, key: string, value: Json): JsonDocument {
  const document = new JsonDocument(value);
  db.set(key, document);
  return document;
}

function setRoot(document: JsonDocument, value: Json): JsonDocument {
  document.root = value;
  return document;
}

/** A path that leads nowhere can still name a member that an object may get. */
function planMember(document: JsonDocument, path: Path, value: Json): Plan | undefined {
  if (!isStatic(path)) throw redisError('Err wrong static path');
  const last = path.steps.at(-1);
  if (last?.kind !== 'members') throw redisError('ERR array index out of range');
  const holder = select(document.root, path.steps.slice(0, -1))[0]?.value;
  if (!isObject(holder)) return undefined;
  return () => {
    holder.set(last.names[0] as string, value);
    return document;
  };
}

/** All is read and looked up before anything is set. */
function setMany({ db }: Context, args: Args): Reply {
  if (args.left % 3 !== 0) throw wrongArity('json.mset');
  const wanted: { key: string; path: Path; value: Json }[] = [];
  while (!args.done) {
    const [key = '', path = '', text = ''] = args.take(3);
    wanted.push({ key, path: parsePath(path), value: readJson(text) });
  }
  const plans = wanted.map(({ key, path, value }) => ({
    key,
    plan: planSet(db, key, path, value, undefined),
  }));
  for (const { key, plan } of plans) {
    if (!plan) continue;
    changed(db, key, plan(), 'json.mset');
  }
  return plans.every(({ plan }) => plan) ? ok : null;
}

function merge({ db }: Context, args: Args): Reply {
  if (args.left !== 3) throw syntaxError();
  const key = args.string();
  const path = readPath(args);
  const patch = readJson(args.string());
  const plan = planMerge(db, key, path, patch);
  if (!plan) return null;
  changed(db, key, plan(), 'json.merge');
  return ok;
}

function planMerge(db: Database, key: string, path: Path, patch: Json): Plan | undefined {
  const document = documentAt(db, key);
  if (!document) return planSet(db, key, path, patch, undefined);
  const matches = matchesOf(document, path);
  if (matches.length === 0) return planMember(document, path, patch);
  return () => {
    // From within outwards, so that what was merged inside stays.
    for (const match of matches.toReversed()) mergeInto(document, match, patch);
    return document;
  };
}

function mergeInto(document: JsonDocument, match: Match, patch: Json): void {
  const merged = mergeJson(match.value, patch);
  if (match.place) replace(match, merged);
  else document.root = merged;
}

/** RFC 7396: a patch that is an object goes member by member, anything else takes the place. */
function mergeJson(target: Json, patch: Json): Json {
  if (!isObject(patch)) return cloneJson(patch);
  const object = isObject(target) ? target : new Map<string, Json>();
  for (const [key, member] of patch) {
    if (member === null) removeMember(object, key);
    else object.set(key, mergeJson(object.get(key) ?? null, member));
  }
  return object;
}

function del({ db }: Context, args: Args): Reply {
  const key = args.string();
  const path = readPath(args);
  const document = documentAt(db, key);
  if (!document) return 0;
  if (path.steps.length === 0) {
    db.delete(key);
    db.changed('json.del', key);
    return 1;
  }
  const gone = remove(matchesOf(document, path));
  if (gone > 0) changed(db, key, document, 'json.del');
  return gone;
}

function clear({ db }: Context, args: Args): Reply {
  const key = args.string();
  const path = readPath(args);
  const document = needDocument(db, key);
  const cleared = outermost(matchesOf(document, path).filter(isClearable));
  for (const match of cleared) {
    const { value } = match;
    if (Array.isArray(value)) value.length = 0;
    else if (isObject(value)) value.clear();
    else if (match.place) replace(match, 0);
    else document.root = 0;
  }
  if (cleared.length > 0) changed(db, key, document, 'json.clear');
  return cleared.length;
}

function isClearable({ value }: Match): boolean {
  if (isContainer(value)) return (Array.isArray(value) ? value.length : value.size) > 0;
  return isNumber(value) && value !== 0;
}
