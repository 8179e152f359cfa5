import { matches as matchesGlob } from '../bytes/glob.ts';
import { parseDouble, printDouble } from '../bytes/numbers.ts';
import { compileRegex } from '../bytes/posix-regex.ts';
import { mustBePositive, redisError, syntaxError } from '../errors.ts';
import type { Reply } from '../resp/reply.ts';
import { MAX_INDEX } from '../values/array.ts';
import type { Args } from './args.ts';
import { indexReply, type Range, rangeOf, readIndex, readRange } from './array-args.ts';
import { command } from './command.ts';
import type { Context } from './context.ts';

/** Searching arrays and adding them up. https://redis.io/docs/latest/commands/argrep/ */

const row = {
  group: 'array',
  since: '8.8.0',
  flags: ['readonly'],
  keyUse: ['RO access'],
  complexity: 'O(N) where N is the number of elements in the range.',
} as const;

const MOST_PREDICATES = 250;
const MOST_REGEX_BYTES = 2048;
const PREDICATE = 'EXACT string | MATCH string | GLOB pattern | RE pattern';

export const arraySearchCommands = [
  command('ARSCAN key start:int end:int [LIMIT limit:int]', {
    ...row,
    summary: 'Returns the elements of a range with their indexes.',
    run: scan,
  }),
  command(
    `ARGREP key start end <${PREDICATE}> [<${PREDICATE}> ...]
     [AND | OR] [LIMIT limit:int] [WITHVALUES] [NOCASE]`,
    {
      ...row,
      summary: 'Returns the indexes of those elements of a range whose text is such.',
      run: grep,
    },
  ),
  command('AROP key start:int end:int <SUM | MIN | MAX | AND | OR | XOR | MATCH value | USED>', {
    ...row,
    summary: 'Makes one number of the elements of a range.',
    run: combine,
  }),
];

function readLimit(args: Args): number {
  const limit = args.index();
  if (limit <= 0) throw mustBePositive();
  return limit;
}

function elements({ db }: Context, key: string, { low, high, descending }: Range) {
  return db.get(key, 'array')?.between(low, high, descending) ?? [];
}

function scan(ctx: Context, args: Args): Reply {
  const key = args.string();
  const range = readRange(args);
  let limit = Infinity;
  while (!args.done) {
    if (args.left < 2 || !args.token('LIMIT')) throw syntaxError();
    limit = readLimit(args);
  }
  const found: Reply[] = [];
  for (const [index, value] of elements(ctx, key, range)) {
    if (found.length >= limit) break;
    found.push([indexReply(index), value]);
  }
  return found;
}

interface Search {
  readonly predicates: Predicate[];
  isAnd: boolean;
  limit: number;
  withValues: boolean;
  ignoresCase: boolean;
}

interface Predicate {
  readonly kind: 'EXACT' | 'MATCH' | 'GLOB' | 'RE';
  readonly pattern: string;
}

function grep(ctx: Context, args: Args): Reply {
  const key = args.string();
  const range = rangeOf(readEnd(args), readEnd(args));
  const search = readSearch(args);
  const tests = search.predicates.map((predicate) => testFor(predicate, search.ignoresCase));
  const isMatch = (value: string) =>
    search.isAnd ? tests.every((test) => test(value)) : tests.some((test) => test(value));
  const found: Reply[] = [];
  for (const [index, value] of elements(ctx, key, range)) {
    if (found.length >= search.limit) break;
    if (isMatch(value))
      found.push(search.withValues ? [indexReply(index), value] : indexReply(index));
  }
  return found;
}

/** An index, or the sign for the first or the last there is. */
function readEnd(args: Args): bigint {
  if (args.token('-')) return 0n;
  return args.token('+') ? MAX_INDEX : readIndex(args);
}

function readSearch(args: Args): Search {
  const search: Search = {
    predicates: [],
    isAnd: false,
    limit: Infinity,
    withValues: false,
    ignoresCase: false,
  };
  while (!args.done) {
    if (args.token('AND')) search.isAnd = true;
    else if (args.token('OR')) search.isAnd = false;
    else if (args.token('WITHVALUES')) search.withValues = true;
    else if (args.token('NOCASE')) search.ignoresCase = true;
    else if (args.left < 2) throw syntaxError();
    else if (args.token('LIMIT')) search.limit = readLimit(args);
    else {
      const kind = args.oneOf('EXACT', 'MATCH', 'GLOB', 'RE');
      if (!kind) throw syntaxError();
      search.predicates.push({ kind, pattern: args.string() });
    }
  }
  if (search.predicates.length === 0) throw syntaxError();
  if (search.predicates.length > MOST_PREDICATES) {
    throw redisError(`ERR too many predicates, maximum is ${MOST_PREDICATES}`);
  }
  return search;
}

function testFor({ kind, pattern }: Predicate, ignoresCase: boolean): (value: string) => boolean {
  const fold = (text: string) => (ignoresCase ? lower(text) : text);
  const wanted = fold(pattern);
  switch (kind) {
    case 'EXACT':
      return (value) => fold(value) === wanted;
    case 'MATCH':
      return (value) => fold(value).includes(wanted);
    case 'GLOB':
      return (value) => matchesGlob(pattern, value, { nocase: ignoresCase });
    case 'RE':
      return regexFor(pattern, ignoresCase);
  }
}

const lower = (text: string): string => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

function regexFor(pattern: string, ignoreCase: boolean): (value: string) => boolean {
  if (pattern === '') throw redisError('ERR regular expression is empty');
  if (pattern.length > MOST_REGEX_BYTES) {
    throw redisError(`ERR regular expression is too long, maximum is ${MOST_REGEX_BYTES} bytes`);
  }
  if (/^(?:[^\\]|\\[^1-9])*\\[1-9]/.test(pattern)) {
    throw redisError('ERR backreferences are not supported in regular expressions');
  }
  const test = compileRegex(pattern, { ignoreCase });
  if (!test) throw redisError('ERR invalid regular expression');
  return test;
}

const operations = ['SUM', 'MIN', 'MAX', 'AND', 'OR', 'XOR', 'MATCH', 'USED'] as const;

function combine(ctx: Context, args: Args): Reply {
  const key = args.string();
  const { low, high } = readRange(args);
  const operation = args.oneOf(...operations);
  const wanted = operation === 'MATCH' ? args.string() : undefined;
  if (!operation || !args.done) throw syntaxError();
  const range = { low, high, descending: false };
  const values = [...elements(ctx, key, range)].map(([, value]) => value);
  if (operation === 'USED') return values.length;
  if (operation === 'MATCH') return values.filter((value) => value === wanted).length;
  const numbers = values.map(parseDouble).filter((each) => each !== undefined);
  if (numbers.length === 0) return null;
  if (operation === 'SUM') return printDouble(numbers.reduce((sum, each) => sum + each, 0));
  if (operation === 'MIN') return printDouble(numbers.reduce((a, b) => Math.min(a, b)));
  if (operation === 'MAX') return printDouble(numbers.reduce((a, b) => Math.max(a, b)));
  return numbers.map(toInteger).reduce(bitwise[operation]);
}

const bitwise = {
  AND: (a: bigint, b: bigint) => a & b,
  OR: (a: bigint, b: bigint) => a | b,
  XOR: (a: bigint, b: bigint) => a ^ b,
};

/** What is behind the point goes; what is too large for 64 bits is the largest there is. */
function toInteger(value: number): bigint {
  const limit = 2 ** 63;
  if (value >= limit) return 2n ** 63n - 1n;
  return value < -limit ? -(2n ** 63n) : BigInt(Math.trunc(value));
}
