/** Suggestions for what somebody begins to type. https://redis.io/docs/latest/commands/ft.sugadd/ */

import { parseDouble } from '../../bytes/numbers.ts';
import type { Args } from '../../commands/args.ts';
import { command } from '../../commands/command.ts';
import type { Context } from '../../commands/context.ts';
import { redisError, wrongArity, wrongType } from '../../errors.ts';
import type { Database } from '../../keyspace/database.ts';
import type { Reply } from '../../resp/reply.ts';
import { Suggestions } from '../../values/suggestions.ts';
import { doubleReply } from '../replies.ts';
import { badArguments, NOT_GIVEN, OUT_OF_BOUNDS, WRONG_TYPE } from './errors.ts';
import { Options } from './options.ts';
import { searchRow } from './rows.ts';

const row = { ...searchRow, complexity: 'O(1)', keyUse: ['RW access update'] } as const;
const writing = { ...row, override: { categories: ['write', 'search'] } } as const;
const reading = {
  ...row,
  flags: ['readonly', 'module'],
  tips: [],
  override: { categories: ['read', 'search'] },
} as const;

export const suggestCommands = [
  command('FT.SUGADD key string score:double [INCR] [PAYLOAD payload]', {
    ...writing,
    flags: ['write', 'denyoom', 'module'],
    summary: 'Adds a suggestion.',
    run: add,
  }),
  command('FT.SUGGET key prefix [FUZZY] [WITHSCORES] [WITHPAYLOADS] [MAX max:int]', {
    ...reading,
    summary: 'Returns the suggestions for a beginning, the best first.',
    run: get,
  }),
  command('FT.SUGDEL key string', {
    ...writing,
    flags: ['write', 'module'],
    summary: 'Deletes a suggestion.',
    run({ db }, args) {
      const key = args.string();
      const suggestions = suggestionsAt(db, key);
      if (!suggestions?.delete(args.string())) return 0;
      if (suggestions.size === 0) db.delete(key);
      db.changed('ft.sugdel', key);
      return 1;
    },
  }),
  command('FT.SUGLEN key', {
    ...reading,
    tips: ['dont_cache'],
    summary: 'Returns how many suggestions there are.',
    run: ({ db }, args) => suggestionsAt(db, args.string())?.size ?? 0,
  }),
];

function suggestionsAt(db: Database, key: string): Suggestions | undefined {
  const value = db.lookUp(key);
  if (value === undefined || value.type === 'trietype0') return value;
  throw wrongType();
}

const LONGEST_ADD = 7;

function add({ db, argv }: Context, _: Args): Reply {
  if (argv.length > LONGEST_ADD) throw wrongArity('ft.sugadd');
  const [, key = '', text = '', given = ''] = argv;
  const options = new Options(argv, 4);
  let [adds, payload]: [boolean, string | undefined] = [false, undefined];
  while (!options.done) {
    if (options.take('INCR')) adds = true;
    else if (!options.take('PAYLOAD')) {
      throw redisError(`Unknown argument \`${options.peek()}\``);
    } else if (options.done) throw redisError(`Invalid payload: ${NOT_GIVEN}`);
    else payload = options.next();
  }
  const score = parseDouble(given);
  if (score === undefined) throw redisError('ERR invalid score');
  let suggestions = suggestionsAt(db, key);
  if (!suggestions) {
    suggestions = new Suggestions();
    db.set(key, suggestions);
  }
  suggestions.add(text, score, adds, payload || undefined);
  db.changed('ft.sugadd', key);
  return suggestions.size;
}

const DEFAULT_MOST = 5;

function get({ db, argv }: Context, _: Args): Reply {
  const [, key = '', prefix = ''] = argv;
  const options = new Options(argv, 3);
  let [isFuzzy, withScores, withPayloads, most] = [false, false, false, DEFAULT_MOST];
  while (!options.done) {
    if (options.take('FUZZY')) isFuzzy = true;
    else if (options.take('WITHSCORES')) withScores = true;
    else if (options.take('WITHPAYLOADS')) withPayloads = true;
    else if (options.take('MAX')) most = readMost(options);
    else throw badArguments(`Unrecognized argument: ${options.peek()}`);
  }
  const found = suggestionsAt(db, key)?.best(prefix, isFuzzy, most) ?? [];
  return found.flatMap(({ text, score, payload }) => [
    text,
    ...(withScores ? [doubleReply(score)] : []),
    ...(withPayloads ? [payload ?? null] : []),
  ]);
}

function readMost(options: Options): number {
  if (options.done) throw badArguments(`MAX: ${NOT_GIVEN}`);
  const text = options.next();
  if (!/^-?\d+$/.test(text)) throw badArguments(`MAX: ${WRONG_TYPE}`);
  const most = Number(text);
  if (most < 1 || most > 0xffff_ffff) throw badArguments(`MAX: ${OUT_OF_BOUNDS}`);
  return most;
}
