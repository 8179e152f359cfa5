/** Commands that read documents. */
import type { Args } from '../commands/args.ts';
import { command } from '../commands/command.ts';
import type { Context } from '../commands/context.ts';
import { notSimulated, redisError, wrongArity } from '../errors.ts';
import { type Reply, Status } from '../resp/reply.ts';
import { isObject, type Json, JsonDouble, jsonBytes, typeNameOf } from '../values/json.ts';
import type { JsonDocument } from '../values/json-document.ts';
import {
  compact,
  type JsonLayout,
  layOut,
  printJson,
  printJsonDouble,
  quoteJson,
} from '../values/json-print.ts';
import {
  documentAt,
  jsonRead,
  matchesOf,
  noDocument,
  noPath,
  notA,
  readPath,
  wrongPathType,
} from './json-common.ts';
import { type Path, parsePath, ROOT } from './json-path.ts';

export const jsonGetCommands = [
  command(
    `JSON.GET key [INDENT indent] [NEWLINE newline] [SPACE space]
     [FORMAT <STRING | EXPAND1 | EXPAND>] [path [path ...]]`,
    {
      ...jsonRead,
      summary: 'Returns what is at one path, or at several, as JSON.',
      run: get,
    },
  ),
  command('JSON.MGET key [key ...] path', {
    ...jsonRead,
    summary: 'Returns what is at a path in several documents.',
    run: getMany,
  }),
  command('JSON.TYPE key [path]', {
    ...jsonRead,
    summary: 'Tells of what type the value at a path is.',
    run: type,
  }),
  command('JSON.STRLEN key [path]', {
    ...jsonRead,
    summary: 'Returns the length of the string at a path, in bytes.',
    run: (ctx, args) =>
      measure(ctx, args, {
        of: (value) => (typeof value === 'string' ? value.length : undefined),
        wrong: (value) => wrongPathType('string', typeNameOf(value)),
      }),
  }),
  command('JSON.ARRLEN key [path]', {
    ...jsonRead,
    summary: 'Returns how many items the array at a path has.',
    run: (ctx, args) =>
      measure(ctx, args, {
        of: (value) => (Array.isArray(value) ? value.length : undefined),
        wrong: () => notA('an array'),
      }),
  }),
  command('JSON.OBJLEN key [path]', {
    ...jsonRead,
    summary: 'Returns how many members the object at a path has.',
    run: (ctx, args) =>
      measure(ctx, args, {
        of: (value) => (isObject(value) ? value.size : undefined),
        wrong: (value) => wrongPathType('object', typeNameOf(value)),
        missingKey: () => notA('an object'),
        mayBeMissing: true,
      }),
  }),
  command('JSON.OBJKEYS key [path]', {
    ...jsonRead,
    summary: 'Returns the names of the members of the object at a path.',
    run: (ctx, args) =>
      measure(ctx, args, {
        of: (value) => (isObject(value) ? [...value.keys()] : undefined),
        wrong: () => notA('an object'),
        mayBeMissing: true,
      }),
  }),
  command('JSON.RESP key [path]', {
    ...jsonRead,
    summary: 'Returns what is at a path as replies of Redis: arrays, integers, strings.',
    deprecated: { since: '2.6', instead: 'JSON.GET' },
    run: resp,
  }),
  command('JSON.DEBUG', {
    ...jsonRead,
    summary: 'A container for commands that look into documents.',
    override: {
      ...jsonRead.override,
      arity: -2,
      keys: [
        {
          begin: { keyword: 'MEMORY', startFrom: 1 },
          find: { lastKey: 0, step: 1, limit: 0 },
        },
      ],
    },
    tips: ['dont_cache'],
    run: debug,
  }),
];

interface GetOptions {
  readonly layout: JsonLayout;
  readonly paths: readonly Path[];
}

function get({ db }: Context, args: Args): Reply {
  const key = args.string();
  const { layout, paths } = readGet(args);
  const document = documentAt(db, key);
  if (!document) return null;
  const [first] = paths;
  if (paths.length === 1 && first) return textAt(document, first, layout);
  const isLegacy = paths.every((path) => path.isLegacy);
  // One path of the newer kind makes the answers of all of them arrays.
  const answers = new Map(paths.map((path) => [path.text, { ...path, isLegacy }]));
  const members = Array.from(
    answers,
    ([text, path]) => `${quoteJson(text)}:${layout.space}${textAt(document, path, layout, 1)}`,
  );
  return layOut('{', members, '}', layout);
}

function readGet(args: Args): GetOptions {
  const given = { ...compact };
  while (args.left > 1) {
    if (args.token('INDENT')) given.indent = args.string();
    else if (args.token('NEWLINE')) given.newline = args.string();
    else if (args.token('SPACE')) given.space = args.string();
    else if (args.token('FORMAT')) throw notSimulated('FORMAT', 'reply in that format under RESP3');
    else break;
  }
  const paths = args.done ? [ROOT] : args.rest();
  const isCompact = given.indent + given.newline + given.space === '';
  const layout = isCompact ? compact : given;
  return { layout, paths: paths.map(parsePath) };
}

/** What is at a path, as JSON: an array of all, or for an older path the first. */
function textAt(document: JsonDocument, path: Path, layout: JsonLayout, depth = 0): string {
  if (path.steps.length === 0 && layout === compact) {
    return path.isLegacy ? document.save() : `[${document.save()}]`;
  }
  const matches = matchesOf(document, path);
  if (path.isLegacy) {
    const [first] = matches;
    if (!first) throw noPath();
    return printJson(first.value, layout, depth);
  }
  const items = matches.map(({ value }) => printJson(value, layout, depth + 1));
  return layOut('[', items, ']', layout, depth);
}

function getMany({ db }: Context, args: Args): Reply {
  const words = args.rest();
  const path = parsePath(words.at(-1) as string);
  return words.slice(0, -1).map((key) => {
    const value = db.lookUp(key);
    if (value?.type !== 'ReJSON-RL') return null;
    if (path.isLegacy && matchesOf(value, path).length === 0) return null;
    return textAt(value, path, compact);
  });
}

function type({ db, protocol }: Context, args: Args): Reply {
  const key = args.string();
  const path = readPath(args);
  const document = documentAt(db, key);
  const types = document && matchesOf(document, path).map(({ value }) => typeNameOf(value));
  const reply = path.isLegacy ? (types?.[0] ?? null) : (types ?? null);
  // For RESP3 the reply stands in an array of its own.
  return protocol === 3 ? [reply] : reply;
}

/** What is told of each value. The commands differ in what they say when there is none. */
interface Measure {
  readonly of: (value: Json) => Reply | undefined;
  /** An older path leads to something of another type. */
  readonly wrong: (value: Json) => Error;
  /** There is no key, for a newer path. */
  readonly missingKey?: () => Error;
  /** An older path that leads nowhere is no mistake. */
  readonly mayBeMissing?: boolean;
}

function measure({ db }: Context, args: Args, how: Measure): Reply {
  const key = args.string();
  const path = readPath(args);
  const document = documentAt(db, key);
  if (!document) {
    if (path.isLegacy) return null;
    throw (how.missingKey ?? noDocument)();
  }
  const matches = matchesOf(document, path);
  if (!path.isLegacy) return matches.map(({ value }) => how.of(value) ?? null);
  const [first] = matches;
  if (!first) {
    if (how.mayBeMissing) return null;
    throw noPath();
  }
  const answer = how.of(first.value);
  if (answer === undefined) throw how.wrong(first.value);
  return answer;
}

function resp({ db }: Context, args: Args): Reply {
  const key = args.string();
  const path = readPath(args);
  const document = documentAt(db, key);
  if (!document) return null;
  const replies = matchesOf(document, path).map(({ value }) => asReply(value));
  if (!path.isLegacy) return replies;
  if (replies.length === 0) throw noPath();
  return replies[0] as Reply;
}

function asReply(value: Json): Reply {
  if (typeof value === 'boolean') return new Status(String(value));
  if (value instanceof JsonDouble) return printJsonDouble(value.value);
  if (Array.isArray(value)) return [new Status('['), ...value.map(asReply)];
  if (!isObject(value)) return value;
  return [new Status('{'), ...[...value].flatMap(([key, member]) => [key, asReply(member)])];
}

function debug({ db }: Context, args: Args): Reply {
  if (args.token('HELP')) {
    return ['MEMORY <key> [path] - reports memory usage', 'HELP                - this message'];
  }
  if (!args.token('MEMORY')) throw redisError('ERR unknown subcommand - try `JSON.DEBUG HELP`');
  if (args.done) throw wrongArity('json.debug');
  const key = args.string();
  const path = readPath(args);
  const document = documentAt(db, key);
  if (!document) return path.isLegacy ? 0 : [];
  const sizes = matchesOf(document, path).map(({ value }) => jsonBytes(value));
  if (!path.isLegacy) return sizes;
  if (sizes.length === 0) throw noPath();
  return sizes[0] as number;
}
