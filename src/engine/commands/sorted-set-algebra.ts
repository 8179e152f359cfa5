import { redisError, syntaxError, wrongType } from '../errors.ts';
import type { Reply } from '../resp/reply.ts';
import { SetValue } from '../values/set.ts';
import { SortedSetValue } from '../values/sorted-set.ts';
import type { Args } from './args.ts';
import { command } from './command.ts';
import type { Context } from './context.ts';
import { scoredReply } from './sorted-set.ts';
import { storeResult } from './sorted-set-range.ts';

/** Union, intersection and difference of sorted sets; plain sets count with score 1. https://redis.io/docs/latest/commands/zunion/ */

type Operation = 'union' | 'inter' | 'diff';

const COMBINING =
  '[WEIGHTS weight:double [weight:double ...]] [AGGREGATE <SUM | MIN | MAX | COUNT>]';

const answering = { group: 'sorted-set', flags: ['readonly'], keyUse: ['RO access'] } as const;
const storing = {
  group: 'sorted-set',
  flags: ['write', 'denyoom'],
  keyUse: ['OW update', 'RO access'],
} as const;

const counting = {
  history: [['8.8.0', 'Added AGGREGATE COUNT.']],
  optionsSince: { COUNT: '8.8.0' },
} as const;

const union = {
  complexity: 'O(N)+O(M*log(M)) where N is the sum of the input sizes and M the result size.',
} as const;
const inter = {
  complexity: 'O(N*K)+O(M*log(M)) where N is the smallest input, K their number, M the result.',
} as const;
const diff = {
  complexity: 'O(L + (N-K)*log(N)) where L is all members, N the first input, K the result.',
} as const;

export const sortedSetAlgebraCommands = [
  command(`ZUNION numkeys:int key [key ...] ${COMBINING} [WITHSCORES]`, {
    ...answering,
    ...union,
    ...counting,
    summary: 'Returns the members that any of the sorted sets has.',
    since: '6.2.0',
    run: (ctx, args) => answer(ctx, args, 'union'),
  }),
  command(`ZUNIONSTORE destination:key numkeys:int key [key ...] ${COMBINING}`, {
    readsKeys: true,
    ...storing,
    ...union,
    ...counting,
    summary: 'Stores the members that any of the sorted sets has.',
    since: '2.0.0',
    run: (ctx, args) => store(ctx, args, 'union'),
  }),
  command(`ZINTER numkeys:int key [key ...] ${COMBINING} [WITHSCORES]`, {
    ...answering,
    ...inter,
    ...counting,
    summary: 'Returns the members that all the sorted sets have.',
    since: '6.2.0',
    run: (ctx, args) => answer(ctx, args, 'inter'),
  }),
  command(`ZINTERSTORE destination:key numkeys:int key [key ...] ${COMBINING}`, {
    readsKeys: true,
    ...storing,
    ...inter,
    ...counting,
    summary: 'Stores the members that all the sorted sets have.',
    since: '2.0.0',
    run: (ctx, args) => store(ctx, args, 'inter'),
  }),
  command('ZINTERCARD numkeys:int key [key ...] [LIMIT limit:int]', {
    ...answering,
    ...inter,
    summary: 'Counts the members that all the sorted sets have, up to a limit.',
    since: '7.0.0',
    run: intersectionSize,
  }),
  command('ZDIFF numkeys:int key [key ...] [WITHSCORES]', {
    ...answering,
    ...diff,
    summary: 'Returns the members of the first sorted set that no other has.',
    since: '6.2.0',
    run: (ctx, args) => answer(ctx, args, 'diff'),
  }),
  command('ZDIFFSTORE destination:key numkeys:int key [key ...]', {
    readsKeys: true,
    ...storing,
    ...diff,
    summary: 'Stores the members of the first sorted set that no other has.',
    since: '6.2.0',
    run: (ctx, args) => store(ctx, args, 'diff'),
  }),
];

type Input = SetValue | SortedSetValue | undefined;
type Aggregate = 'SUM' | 'MIN' | 'MAX' | 'COUNT';

interface Request {
  readonly inputs: readonly Input[];
  readonly weights: readonly number[];
  readonly aggregate: Aggregate;
  readonly withScores: boolean;
}

function readInputs(ctx: Context, args: Args, name: string): Input[] {
  const numkeys = args.index();
  if (numkeys < 1) throw redisError(`ERR at least 1 input key is needed for '${name}' command`);
  if (numkeys > args.left) throw syntaxError();
  return args.take(numkeys).map((key) => {
    const value = ctx.db.lookUp(key);
    if (value && value.type !== 'zset' && value.type !== 'set') throw wrongType();
    return value;
  });
}

function readRequest(
  ctx: Context,
  args: Args,
  operation: Operation,
  { stores }: { stores: boolean },
): Request {
  const inputs = readInputs(ctx, args, `z${operation}${stores ? 'store' : ''}`);
  let weights = inputs.map(() => 1);
  let aggregate: Aggregate = 'SUM';
  let withScores = false;
  while (!args.done) {
    const combines = operation !== 'diff';
    if (combines && args.left > inputs.length && args.token('WEIGHTS')) {
      weights = inputs.map(() => args.double(() => redisError('ERR weight value is not a float')));
    } else if (combines && args.left > 1 && args.token('AGGREGATE')) {
      const how = args.oneOf('SUM', 'MIN', 'MAX', 'COUNT');
      if (!how) throw syntaxError();
      aggregate = how;
    } else if (!stores && args.token('WITHSCORES')) withScores = true;
    else throw syntaxError();
  }
  return { inputs, weights, aggregate, withScores };
}

function answer(ctx: Context, args: Args, operation: Operation): Reply {
  const request = readRequest(ctx, args, operation, { stores: false });
  const result = [...combine(ctx, request, operation)];
  return request.withScores ? scoredReply(result) : result.map(({ member }) => member);
}

function store(ctx: Context, args: Args, operation: Operation): Reply {
  const destination = args.string();
  const request = readRequest(ctx, args, operation, { stores: true });
  const result = combine(ctx, request, operation);
  return storeResult(ctx, destination, result, `z${operation}store`);
}

type Limited = Pick<Context, 'limits'>;

/** The result is not packed into a listpack before it is stored: that would lose the sign of -0. */
function combine({ limits }: Context, request: Request, operation: Operation): SortedSetValue {
  const ctx = { limits: { ...limits, zsetMaxListpackEntries: 0 } };
  if (operation === 'union') return unite(ctx, request);
  return operation === 'inter' ? intersect(ctx, request) : subtract(ctx, request);
}

function unite({ limits }: Limited, { inputs, weights, aggregate }: Request): SortedSetValue {
  const scores = new Map<string, number>();
  inputs.forEach((input, i) => {
    for (const [member, score] of scored(input)) {
      const value = weigh(aggregate === 'COUNT' ? 1 : score, weights[i] ?? 1);
      const before = scores.get(member);
      scores.set(member, before === undefined ? value : aggregates[aggregate](before, value));
    }
  });
  const result = new SortedSetValue();
  for (const [member, score] of scores) result.add(member, score, limits);
  return result;
}

function intersect(ctx: Limited, request: Request): SortedSetValue {
  const { inputs, weights, aggregate } = request;
  const result = new SortedSetValue();
  const order = bySize(inputs);
  if (!order) return result;
  const [smallest, ...others] = order;
  for (const [member, score] of scored(inputs[smallest as number])) {
    const counts = aggregate === 'COUNT';
    let sum = weigh(counts ? 1 : score, weights[smallest as number] ?? 1);
    const everywhere = others.every((i) => {
      const other = scoreIn(inputs[i], member);
      if (other === undefined) return false;
      // As in Redis, what is no number here makes the whole sum zero.
      sum = aggregates[aggregate](sum, (counts ? 1 : other) * (weights[i] ?? 1));
      return true;
    });
    if (everywhere) result.add(member, sum, ctx.limits);
  }
  return result;
}

function subtract({ limits }: Limited, { inputs }: Request): SortedSetValue {
  const [first, ...others] = inputs;
  const result = new SortedSetValue();
  for (const [member, score] of scored(first)) {
    if (others.some((other) => other?.has(member))) continue;
    result.add(member, score, limits);
  }
  return result;
}

function intersectionSize(ctx: Context, args: Args): Reply {
  const inputs = readInputs(ctx, args, 'zintercard');
  let limit = 0;
  while (!args.done) {
    if (args.left < 2 || !args.token('LIMIT')) throw syntaxError();
    limit = args.range(0, 2 ** 63, "ERR LIMIT can't be negative");
  }
  const [smallest, ...others] = bySize(inputs) ?? [];
  if (smallest === undefined) return 0;
  let size = 0;
  for (const [member] of scored(inputs[smallest])) {
    if (limit > 0 && size >= limit) break;
    if (others.every((i) => inputs[i]?.has(member))) size++;
  }
  return size;
}

/** The indexes of the inputs, smallest first; undefined when one is missing. */
function bySize(inputs: readonly Input[]): number[] | undefined {
  if (inputs.includes(undefined)) return undefined;
  const size = (i: number) => inputs[i]?.size ?? 0;
  return inputs.map((_, i) => i).sort((a, b) => size(a) - size(b));
}

function* scored(input: Input): Generator<[member: string, score: number]> {
  if (input instanceof SetValue) for (const member of input) yield [member, 1];
  else if (input) for (const { member, score } of input) yield [member, score];
}

function scoreIn(input: Input, member: string): number | undefined {
  if (input instanceof SetValue) return input.has(member) ? 1 : undefined;
  return input?.score(member);
}

/** Infinity times zero, and infinity minus infinity, count as 0. */
const zeroIfNaN = (value: number) => (Number.isNaN(value) ? 0 : value);
const weigh = (score: number, weight: number) => zeroIfNaN(score * weight);

const aggregates: Record<Aggregate, (a: number, b: number) => number> = {
  SUM: (a, b) => zeroIfNaN(a + b),
  // The scores count for nothing, the weights of the sets that have the member are added up.
  COUNT: (a, b) => zeroIfNaN(a + b),
  MIN: (a, b) => (b < a ? b : a),
  MAX: (a, b) => (b > a ? b : a),
};
