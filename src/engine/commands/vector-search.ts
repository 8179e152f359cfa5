import { redisError, wrongArity } from '../errors.ts';
import { MapReply, type Reply } from '../resp/reply.ts';
import { project, quantise, restore, type Vector } from '../values/vector.ts';
import type { Neighbour, VectorSetValue } from '../values/vector-set.ts';
import type { Args } from './args.ts';
import { command } from './command.ts';
import type { Context } from './context.ts';
import { dimensionMismatch, readPositive, readVector, VECTOR, vectorRow } from './vector-args.ts';
import { readFilter } from './vector-filter.ts';
import { single } from './vector-set.ts';

/** Finding elements of vector sets: by likeness, by links, in order. https://redis.io/docs/latest/commands/vsim/ */

const DEFAULT_COUNT = 10;

export const vectorSearchCommands = [
  command(
    `VSIM key <ELE element | ${VECTOR}> [WITHSCORES] [WITHATTRIBS] [COUNT num:int]
     [EPSILON delta:double] [EF search-exploration-factor:int] [FILTER expression]
     [FILTER-EF max-filtering-effort:int] [TRUTH] [NOTHREAD]`,
    {
      ...vectorRow,
      summary: 'Returns the elements whose vectors are most like another.',
      since: '8.0.0',
      complexity: 'O(log N) where N is the number of elements.',
      flags: ['readonly', 'module'],
      optionsSince: { WITHATTRIBS: '8.2' },
      run: search,
    },
  ),
  command('VLINKS key element [WITHSCORES]', {
    ...vectorRow,
    summary: 'Returns the neighbours of an element in the graph of a vector set, level by level.',
    since: '8.0.0',
    complexity: 'O(1)',
    flags: ['readonly', 'module', 'fast'],
    run: links,
  }),
  command('VRANGE key start end [count:int]', {
    ...vectorRow,
    summary: 'Returns the elements of a vector set between two names, in the order of their bytes.',
    since: '8.4.0',
    complexity: 'O(N) where N is the number of elements.',
    flags: ['readonly', 'module'],
    run: range,
  }),
];

interface Search {
  withScores: boolean;
  withAttributes: boolean;
  count: number;
  /** Elements at most so far away, from 0 to 2. */
  within: number;
  matches: ((attributes: string | undefined) => boolean) | undefined;
}

function search({ db, protocol }: Context, args: Args): Reply {
  const set = db.get(args.string(), 'vectorset');
  // Where there is no set, not even the arguments are looked at.
  if (!set) return [];
  const vector = readQuery(args, set);
  const wanted = readSearch(args);
  const { count, within, matches = () => true } = wanted;
  const found = set
    .nearest(vector, ({ attributes }) => matches(attributes))
    .filter(({ distance }) => distance <= within)
    .slice(0, count);
  return replyOf(found, wanted, protocol);
}

/** What is searched for, as a vector of the set's own kind. */
function readQuery(args: Args, set: VectorSetValue): Vector {
  const { quantisation, dimension, inputDimension } = set.shape;
  if (args.token('ELE')) {
    if (args.done) throw wrongArity('VSIM');
    const member = set.get(args.string());
    if (!member) throw redisError('ERR element not found in set');
    return quantise(restore(member.vector), quantisation);
  }
  const components = readVector(args);
  const got = components.length;
  if (inputDimension > 0 && got === inputDimension) {
    return quantise(project(components, dimension), quantisation);
  }
  if (got !== dimension) throw dimensionMismatch(got, set);
  return quantise(components, quantisation);
}

function readSearch(args: Args): Search {
  const search: Search = {
    withScores: false,
    withAttributes: false,
    count: DEFAULT_COUNT,
    within: Infinity,
    matches: undefined,
  };
  while (!args.done) {
    if (args.token('WITHSCORES')) search.withScores = true;
    else if (args.token('WITHATTRIBS')) search.withAttributes = true;
    else if (args.token('TRUTH') || args.token('NOTHREAD')) continue;
    else if (args.left < 2) throw badSyntax();
    else if (args.token('COUNT')) search.count = readPositive(args, 'COUNT');
    else if (args.token('EPSILON')) search.within = readDistance(args);
    else if (args.token('EF')) readPositive(args, 'EF');
    else if (args.token('FILTER-EF')) readPositive(args, 'FILTER-EF');
    else if (args.token('FILTER')) search.matches = readFilter(args.string());
    else throw badSyntax();
  }
  return search;
}

const badSyntax = () => redisError('ERR syntax error in VSIM command');

function readDistance(args: Args): number {
  const error = () => redisError('ERR invalid EPSILON');
  const distance = args.double(error);
  if (!(distance > 0)) throw error();
  return distance;
}

/** From 1, the same direction, to 0, the opposite one. */
const scoreOf = ({ distance }: Neighbour) => single(1 - distance / 2);

function replyOf(found: readonly Neighbour[], wanted: Search, protocol: number): Reply {
  const { withScores, withAttributes } = wanted;
  if (!withScores && !withAttributes) return found.map(({ name }) => name);
  const about = (each: Neighbour): Reply[] => [
    ...(withScores ? [scoreOf(each)] : []),
    ...(withAttributes ? [each.member.attributes ?? null] : []),
  ];
  if (protocol !== 3) return found.flatMap((each) => [each.name, ...about(each)]);
  return new MapReply(
    found.map((each) => {
      const [first = null, ...more] = about(each);
      return [each.name, more.length === 0 ? first : [first, ...more]] as const;
    }),
  );
}

function links({ db }: Context, args: Args): Reply {
  const [key, element] = [args.string(), args.string()];
  const withScores = args.token('WITHSCORES');
  if (!args.done) throw wrongArity('VLINKS');
  const levels = db.get(key, 'vectorset')?.linksOf(element);
  if (!levels) return null;
  return levels.map((level) =>
    withScores
      ? new MapReply(level.map((each) => [each.name, scoreOf(each)] as const))
      : level.map(({ name }) => name),
  );
}

interface Bound {
  readonly name: string;
  readonly isInclusive: boolean;
}

function range({ db }: Context, args: Args): Reply {
  const key = args.string();
  const [start, end] = [readBound(args, '-'), readBound(args, '+')];
  const count = args.done ? -1 : args.index(() => redisError('ERR invalid COUNT'));
  if (!args.done) throw wrongArity('VRANGE');
  const names = (db.get(key, 'vectorset')?.entries() ?? []).map(([name]) => name);
  const isWithin = (name: string) =>
    (!start || name > start.name || (start.isInclusive && name === start.name)) &&
    (!end || name < end.name || (end.isInclusive && name === end.name));
  const found = names.filter(isWithin).sort((a, b) => (a < b ? -1 : 1));
  return count < 0 ? found : found.slice(0, count);
}

/** Undefined is no bound: the sign for the lowest or the highest name. */
function readBound(args: Args, unbounded: '-' | '+'): Bound | undefined {
  const text = args.string();
  if (text === unbounded) return undefined;
  if (text.startsWith('[')) return { name: text.slice(1), isInclusive: true };
  if (text.startsWith('(')) return { name: text.slice(1), isInclusive: false };
  throw redisError('ERR invalid start or end: it must be -, + or begin with [ or (');
}
