import { longDoubleFrom, printLongDouble } from '../bytes/long-double.ts';
import { redisError, syntaxError } from '../errors.ts';
import { Double, nullArray, type Reply } from '../resp/reply.ts';
import { decode, distance, encode, geohashString, isOnMap, type Point } from '../values/geohash.ts';
import { Args } from './args.ts';
import { command } from './command.ts';
import type { Context } from './context.ts';
import { addScored } from './sorted-set.ts';

/** Places on a map, kept in a sorted set by their geohash. https://redis.io/docs/latest/commands/?group=geo */

const reading = {
  group: 'geo',
  complexity: 'O(1) for each member.',
  flags: ['readonly'],
  keyUse: ['RO access'],
} as const;

export const UNITS = '[M | KM | FT | MI]';

export const geoCommands = [
  command(
    'GEOADD key [NX | XX] [CH] longitude:double latitude:double member [longitude:double latitude:double member ...]',
    {
      summary: 'Adds members with their places on the map, or moves them.',
      since: '3.2.0',
      group: 'geo',
      complexity: 'O(log(N)) for each member, where N is the size of the sorted set.',
      flags: ['write', 'denyoom'],
      keyUse: ['RW update'],
      history: [['6.2.0', 'Added CH, NX and XX.']],
      run: add,
    },
  ),
  command(`GEODIST key member1 member2 ${UNITS}`, {
    ...reading,
    summary: 'Returns the distance between two members.',
    since: '3.2.0',
    run: distanceBetween,
  }),
  command('GEOHASH key [member [member ...]]', {
    ...reading,
    summary: 'Returns the geohash strings of members.',
    since: '3.2.0',
    run: (ctx, args) => eachMember(ctx, args, geohashString, null),
  }),
  command('GEOPOS key [member [member ...]]', {
    ...reading,
    summary: 'Returns the longitudes and latitudes of members.',
    since: '3.2.0',
    run: (ctx, args) => eachMember(ctx, args, (score) => pointReply(decode(score)), nullArray),
  }),
];

const metresIn: Readonly<Record<string, number>> = { M: 1, KM: 1000, FT: 0.3048, MI: 1609.34 };

/** Reads a unit. Returns its length in metres. */
export function readUnit(args: Args): number {
  const metres = metresIn[args.string().toUpperCase()];
  if (metres !== undefined) return metres;
  throw redisError('ERR unsupported unit provided. please use M, KM, FT, MI');
}

/** Reads a longitude and a latitude that are on the map. */
export function readPoint(args: Args): Point {
  const point = { longitude: args.double(), latitude: args.double() };
  if (isOnMap(point)) return point;
  const [x, y] = [printDegrees(point.longitude), printDegrees(point.latitude)];
  throw redisError(`ERR invalid longitude,latitude pair ${x},${y}`);
}

/** As C prints with %f, which has no exponents. */
function printDegrees(degrees: number): string {
  if (!Number.isFinite(degrees)) return degrees > 0 ? 'inf' : '-inf';
  const isLarge = Math.abs(degrees) >= 1e21;
  const digits = isLarge ? `${BigInt(Math.abs(degrees))}.000000` : Math.abs(degrees).toFixed(6);
  return degrees < 0 || Object.is(degrees, -0) ? `-${digits}` : digits;
}

function add(ctx: Context, args: Args): Reply {
  const key = args.string();
  const given = new Set<string>();
  for (let option = readOption(args); option; option = readOption(args)) given.add(option);
  if (args.left === 0 || args.left % 3 !== 0 || (given.has('NX') && given.has('XX'))) {
    throw syntaxError();
  }
  const pairs: string[] = [];
  while (!args.done) pairs.push(String(encode(readPoint(args))), args.string());
  return addScored(ctx, key, new Args([...given, ...pairs], 0));
}

const readOption = (args: Args) => args.oneOf('NX', 'XX', 'CH');

function distanceBetween({ db }: Context, args: Args): Reply {
  const [key, ...members] = args.take(3);
  if (args.left > 1) throw syntaxError();
  const unit = args.done ? 1 : readUnit(args);
  const zset = db.get(key as string, 'zset');
  const [a, b] = members.map((member) => zset?.score(member));
  if (a === undefined || b === undefined) return null;
  return printDistance(distance(decode(a), decode(b)) / unit);
}

/** Four decimals, as Redis prints distances. */
export const printDistance = (length: number): string => length.toFixed(4);

export const pointReply = ({ longitude, latitude }: Point): Reply =>
  [longitude, latitude].map(
    (degrees) => new Double(degrees, printLongDouble(longDoubleFrom(degrees))),
  );

function eachMember(
  { db }: Context,
  args: Args,
  print: (score: number) => Reply,
  missing: Reply,
): Reply {
  const zset = db.get(args.string(), 'zset');
  return args.rest().map((member) => {
    const score = zset?.score(member);
    return score === undefined ? missing : print(score);
  });
}
