/** FT.AGGREGATE, and FT.CURSOR, which reads its rows part by part. https://redis.io/docs/latest/commands/ft.aggregate/ */
import type { Args } from '../../commands/args.ts';
import { command } from '../../commands/command.ts';
import { redisError, wrongArity } from '../../errors.ts';
import type { Protocol } from '../../resp/encode.ts';
import { ok, type Reply } from '../../resp/reply.ts';
import { badArguments, noIndex } from './errors.ts';
import { resultMap, resultOf } from './listing.ts';
import { Options } from './options.ts';
import { type Outcome, type Properties, runPlan } from './pipeline.ts';
import { Plan } from './plan.ts';
import { distanceNames } from './query.ts';
import {
  newRequest,
  queryFor,
  type Request,
  readLimit,
  readRequestOption,
  unknownOption,
} from './request.ts';
import { type SearchContext, type SearchNeeds, searched, searchRead } from './rows.ts';
import { lookUp } from './search-command.ts';
import type { SearchIndex } from './search-index.ts';
import { printNumber, type Value } from './value.ts';

export const aggregateCommands = [
  command<SearchNeeds>(
    `FT.AGGREGATE index query [VERBATIM] [LOAD count:int field:string [field:string ...]]
     [TIMEOUT timeout:int] [GROUPBY nargs:int property [property ...] [REDUCE function nargs:int arg
     [arg ...] [AS name]]] [SORTBY nargs:int [property [property ...]] [MAX num:int]]
     [APPLY expression AS name] [LIMIT offset:int num:int] [FILTER filter]
     [WITHCURSOR [COUNT read_size:int] [MAXIDLE idle_time:int]] [PARAMS nargs:int name:string
     value:string] [SCORER scorer] [ADDSCORES] [DIALECT dialect:int]`,
    {
      ...searchRead,
      since: '1.1.0',
      summary: 'Groups, reckons and sorts the documents that fit a query.',
      override: { ...searchRead.override, arity: -3 },
      run: aggregate,
    },
  ),
  command<SearchNeeds>('FT.CURSOR', {
    ...searchRead,
    since: '1.1.0',
    summary: 'Reads more rows of an aggregation, or ends it.',
    complexity: 'O(1) for each row.',
    tips: [],
    override: { ...searchRead.override, arity: -2 },
    run: cursor,
  }),
];

/** How many rows a part has that was not told. */
const PART = 1000;

interface Asked {
  readonly request: Request;
  readonly plan: Plan;
  window: { readonly offset: number; readonly count: number } | undefined;
  cursor: { count: number; maxIdle: number } | undefined;
}

function aggregate(ctx: SearchContext, _: Args): Reply {
  const db = searched(ctx);
  const index = ctx.search.open(ctx.argv[1] as string, db);
  // The query brings properties that steps may read, and options tell how it is read.
  const { request } = readAsked(ctx, new Plan(index, true));
  const query = queryFor(ctx.argv[2] as string, index, request);
  const plan = new Plan(index, false);
  for (const name of distanceNames(query)) plan.bring(name, 'distance');
  const asked = readAsked(ctx, plan);
  const { hits, distances } = lookUp(query, index, request, ctx.search, db);
  const { dialect } = request;
  const outcome = runPlan(plan, hits.list(), { db, index, distances, dialect, random: ctx.random });
  const total = counted(outcome, asked, ctx.protocol === 3);
  if (!asked.cursor) return partOf(ctx.protocol, outcome.rows, total, outcome);
  return open(ctx, index, asked.cursor, outcome, total);
}

function readAsked(ctx: SearchContext, plan: Plan): Asked {
  const options = new Options(ctx.argv, 3);
  const request = newRequest(ctx.search.settings);
  const asked: Asked = { request, plan, window: undefined, cursor: undefined };
  while (!options.done) {
    // Here FILTER is a step, not a range.
    const isKnown = readStep(asked, options, ctx) || readRequestOption(request, options);
    if (!isKnown) throw unknownOption(options);
  }
  return asked;
}

function readStep(asked: Asked, options: Options, ctx: SearchContext): boolean {
  const { plan } = asked;
  if (options.take('LOAD')) plan.load(options);
  else if (options.take('GROUPBY')) plan.group(options);
  else if (options.take('APPLY')) plan.apply(options);
  else if (options.take('FILTER')) plan.filter(options);
  else if (options.take('SORTBY')) plan.sort(options);
  else if (options.take('LIMIT')) {
    asked.window = readLimit(options, Number.MAX_SAFE_INTEGER);
    plan.limit(asked.window.offset, asked.window.count);
  } else if (options.take('ADDSCORES')) plan.bring('__score', 'score');
  else if (options.take('WITHCURSOR')) asked.cursor = readCursor(options, ctx);
  else return false;
  return true;
}

function readCursor(options: Options, { search }: SearchContext) {
  const longest = search.settings.number('CURSOR_MAX_IDLE');
  const cursor = { count: PART, maxIdle: longest };
  for (;;) {
    if (options.take('COUNT')) cursor.count = positive(options, 'COUNT');
    else if (options.take('MAXIDLE')) {
      cursor.maxIdle = Math.min(positive(options, 'MAXIDLE'), longest);
    } else return cursor;
  }
}

function positive(options: Options, option: string): number {
  const value = options.count(option);
  if (value === 0)
    throw badArguments(`Bad arguments for ${option}: Value is outside acceptable bounds`);
  return value;
}

/**
 * The number before the rows. Unless everything had to be known before the first row was sent, it tells
 * how far the module was when it sent the number.
 */
function counted({ rows, total }: Outcome, asked: Asked, isMap: boolean): number {
  const { plan, window } = asked;
  const isSettled = plan.steps.some(
    (step) => step.kind === 'group' || (step.kind === 'sort' && step.keys.length > 0),
  );
  const offset = window?.offset ?? 0;
  if (isSettled || window?.count === 0 || (plan.reads && offset === 0)) return total;
  const reached = isMap || plan.reads ? rows.length : 1;
  return Math.min(offset + reached, total);
}

function partOf(
  protocol: Protocol,
  rows: readonly Properties[],
  total: number,
  { warning }: Outcome,
): Reply {
  if (protocol !== 3) return [total, ...rows.map((row) => flat(row))];
  const warnings = warning ? [warning.message] : [];
  return resultMap(
    rows.map((row) => resultOf(shown(row))),
    total,
    warnings,
  );
}

const flat = (row: Properties): Reply => shown(row).flat();

/** What a row shows: not what is not there. */
const shown = (row: Properties): [string, Reply][] =>
  Array.from(row)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => [name, valueReply(value)]);

function valueReply(value: Value): Reply {
  if (value === undefined || value === null) return null;
  if (typeof value === 'number') return printNumber(value);
  return typeof value === 'string' ? value : value.map(valueReply);
}

function open(
  ctx: SearchContext,
  index: SearchIndex,
  { count, maxIdle }: { readonly count: number; readonly maxIdle: number },
  outcome: Outcome,
  total: number,
): Reply {
  const { cursors, settings } = ctx.search;
  let at = 0;
  const cursor = {
    ...{ id: ctx.random.below(2 ** 31 - 1) + 1, index: index.name, count, maxIdle },
    usedAt: ctx.now,
    read: (size: number, protocol: Protocol) => {
      const rows = outcome.rows.slice(at, at + size);
      at += size;
      return partOf(protocol, rows, total, outcome);
    },
    isAtEnd: () => at >= outcome.rows.length,
  };
  if (!cursors.add(cursor, settings.number('INDEX_CURSOR_LIMIT'))) {
    throw redisError('SEARCH_CURSOR_ALLOC_FAILED Could not allocate a cursor');
  }
  return readPart(ctx, cursor.id, index.name, count);
}

/** A part, and the cursor for the next; 0 when there is none. */
function readPart(ctx: SearchContext, id: number, index: string, count?: number): Reply {
  const cursor = ctx.search.cursors.get(id, index, ctx.now);
  const part = cursor.read(count ?? cursor.count, ctx.protocol);
  cursor.usedAt = ctx.now;
  if (!cursor.isAtEnd()) return [part, id];
  ctx.search.cursors.delete(id);
  return [part, 0];
}

/** FT.CURSOR READ index id [COUNT n], and DEL. */
function cursor(ctx: SearchContext, args: Args): Reply {
  const [subcommand, name, id] = [args.string().toUpperCase(), args.peek(), ctx.argv[3]];
  if (name === undefined || id === undefined) throw wrongArity('FT.CURSOR');
  searched(ctx);
  const index = ctx.search.find(name);
  if (!index) throw noIndex(name);
  const number = /^\d+$/.test(id) ? Number(id) : undefined;
  if (number === undefined) throw redisError('Bad cursor ID');
  if (subcommand === 'DEL') {
    if (!ctx.search.cursors.delete(number)) throw redisError('Cursor does not exist');
    return ok;
  }
  if (subcommand !== 'READ') throw redisError(`Unknown subcommand`);
  const options = new Options(ctx.argv, 4);
  if (options.done) return readPart(ctx, number, index.name);
  if (!options.take('COUNT')) throw redisError(`Unknown argument \`${options.peek()}\``);
  const count = options.peek() ?? '';
  if (!/^\d+$/.test(count)) throw redisError(`Bad value for COUNT: \`${count}\``);
  return readPart(ctx, number, index.name, Number(count) || undefined);
}
