/** Commands for arrays in documents. */
import type { Args } from '../commands/args.ts';
import { command } from '../commands/command.ts';
import type { Context } from '../commands/context.ts';
import { notSimulated, redisError, wrongArity } from '../errors.ts';
import type { Reply } from '../resp/reply.ts';
import { cloneJson, equalJson, type Json, type JsonArray, typeNameOf } from '../values/json.ts';
import { printJson } from '../values/json-print.ts';
import {
  documentAt,
  jsonGrow,
  jsonRead,
  jsonWrite,
  matchesOf,
  needDocument,
  noPath,
  notA,
  readJson,
  readPath,
  type Update,
  update,
  wrongPathType,
} from './json-common.ts';
import { type Path, parsePath, ROOT } from './json-path.ts';

export const jsonArrayCommands = [
  command('JSON.ARRAPPEND key path value [value ...]', {
    ...jsonGrow,
    summary: 'Appends values to the array at a path.',
    override: { ...jsonGrow.override, arity: -3 },
    run: append,
  }),
  command('JSON.ARRINSERT key path index:int value [value ...]', {
    ...jsonGrow,
    summary: 'Inserts values before an index of the array at a path.',
    run: insert,
  }),
  command('JSON.ARRPOP key [FORMAT <STRINGS | EXPAND1 | EXPAND>] [path [index:int]]', {
    ...jsonWrite,
    summary: 'Takes an item out of the array at a path and returns it.',
    run: pop,
  }),
  command('JSON.ARRTRIM key path start:int stop:int', {
    ...jsonWrite,
    summary: 'Keeps only the items between two indexes of the array at a path.',
    run: trim,
  }),
  command('JSON.ARRINDEX key path value [start:int [stop:int]]', {
    ...jsonRead,
    summary: 'Returns where in the array at a path a value first stands.',
    run: indexOf,
  }),
];

/** Changes the arrays that a path leads to; each change tells the new length. */
function updateArrays<T>(
  ctx: Context,
  key: string,
  path: Path,
  how: Pick<Update<T>, 'event' | 'picks' | 'reply' | 'counts'> & {
    change: (array: JsonArray) => T;
  },
): Reply {
  return update<T>(ctx, key, path, {
    ...how,
    change: ({ value }) => (Array.isArray(value) ? how.change(value) : undefined),
    refusal: () => notA('an array'),
  });
}

const length = (count: number): Reply => count;

function append(ctx: Context, args: Args): Reply {
  if (args.left < 3) throw wrongArity('json.arrappend');
  const key = args.string();
  const path = readPath(args);
  const values = args.rest().map((text) => readJson(text));
  return updateArrays(ctx, key, path, {
    event: 'json.arrappend',
    picks: 'last',
    change: (array) => array.push(...values.map(cloneJson)),
    reply: length,
  });
}

function insert(ctx: Context, args: Args): Reply {
  const key = args.string();
  const path = readPath(args);
  const index = args.index();
  const values = args.rest().map((text) => readJson(text));
  const arrays = matchesOf(needDocument(ctx.db, key), path).map(({ value }) => value);
  const place = (array: JsonArray) => (index < 0 ? array.length + index : index);
  if (arrays.some((value) => Array.isArray(value) && !isPlace(place(value), value))) {
    throw redisError('ERR index out of bounds');
  }
  return updateArrays(ctx, key, path, {
    event: 'json.arrinsert',
    picks: 'first',
    change(array) {
      array.splice(place(array), 0, ...values.map(cloneJson));
      return array.length;
    },
    reply: length,
  });
}

const isPlace = (at: number, array: JsonArray): boolean => at >= 0 && at <= array.length;

/** An index beyond either end is that end. An empty array stays as it is. */
function pop(ctx: Context, args: Args): Reply {
  const key = args.string();
  if (args.isToken('FORMAT')) throw notSimulated('FORMAT', 'reply in that format under RESP3');
  if (args.left > 2) throw wrongArity('json.arrpop');
  const path = readPath(args);
  // Whether the index is a number matters only where there is something to take out.
  const text = args.done ? '-1' : args.string();
  return updateArrays<Json | typeof nothing>(ctx, key, path, {
    event: 'json.arrpop',
    picks: 'first',
    change(array) {
      if (array.length === 0) return nothing;
      const at = Math.max(-array.length, Math.min(readIndex(text), array.length - 1));
      return array.splice(at, 1)[0] as Json;
    },
    counts: (answer) => answer !== nothing,
    reply: (answer) => (answer === nothing ? null : printJson(answer as Json)),
  });
}

/** What an empty array gives. */
const nothing = Symbol('nothing');

function readIndex(text: string): number {
  if (/^-?\d+$/.test(text)) return Number(text);
  throw redisError('ERR invalid digit found in string');
}

function trim(ctx: Context, args: Args): Reply {
  const key = args.string();
  const path = readPath(args);
  const [start, stop] = [args.index(), args.index()];
  return updateArrays(ctx, key, path, {
    event: 'json.arrtrim',
    picks: 'first',
    change(array) {
      const from = start < 0 ? Math.max(array.length + start, 0) : start;
      const to = stop < 0 ? Math.max(array.length + stop, 0) : Math.min(stop, array.length - 1);
      const kept = from > to ? [] : array.slice(from, to + 1);
      array.splice(0, array.length, ...kept);
      return array.length;
    },
    reply: length,
  });
}

function indexOf({ db }: Context, args: Args): Reply {
  if (args.left > 5) throw wrongArity('json.arrindex');
  const key = args.string();
  const path = parsePath(args.done ? ROOT : args.string());
  const wanted = readJson(args.string(), true);
  const start = args.done ? 0 : args.index();
  const stop = args.done ? 0 : args.index();
  const document = documentAt(db, key);
  if (!document) throw noPath();
  const matches = matchesOf(document, path);
  const find = (array: JsonArray) => search(array, wanted, start, stop);
  if (!path.isLegacy) {
    return matches.map(({ value }) => (Array.isArray(value) ? find(value) : null));
  }
  const [first] = matches;
  if (!first) throw noPath();
  if (!Array.isArray(first.value)) throw wrongPathType('array', typeNameOf(first.value));
  return find(first.value);
}

/** `stop` is not included, and 0 is the end. A start beyond the last item is the last item. */
function search(array: JsonArray, wanted: Json, start: number, stop: number): number {
  const { length } = array;
  const from = Math.max(0, Math.min(start < 0 ? length + start : start, length - 1));
  const to = stop === 0 ? length : stop < 0 ? length + stop : Math.min(stop, length);
  for (let i = from; i < to; i++) if (equalJson(array[i] as Json, wanted)) return i;
  return -1;
}
