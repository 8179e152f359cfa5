import { redisError, syntaxError, wrongType } from '../errors.ts';
import type { Reply } from '../resp/reply.ts';
import { decode, distanceWithin, type Point, type Shape, scoreRanges } from '../values/geohash.ts';
import { SortedSetValue } from '../values/sorted-set.ts';
import type { Args } from './args.ts';
import { command } from './command.ts';
import type { Context } from './context.ts';
import { pointReply, printDistance, readPoint, readUnit } from './geo.ts';
import { storeResult } from './sorted-set-range.ts';

/** Who is near: GEOSEARCH and the older GEORADIUS. https://redis.io/docs/latest/commands/geosearch/ */

const SEARCH = `<FROMMEMBER member | FROMLONLAT longitude:double latitude:double> <BYRADIUS radius:double <M | KM | FT | MI> | BYBOX width:double height:double <M | KM | FT | MI>> [ASC | DESC] [COUNT count:int [ANY]]`;
const WITH = '[WITHCOORD] [WITHDIST] [WITHHASH]';
const RADIUS = `radius:double <M | KM | FT | MI> ${WITH} [COUNT count:int [ANY]] [ASC | DESC]`;
const STORE = '[STORE storekey:key | STOREDIST storedistkey:key]';

const row = {
  group: 'geo',
  complexity: 'O(N+log(M)) where N is the number of members in the area and M that of all members.',
} as const;
const reading = { ...row, flags: ['readonly'], keyUse: ['RO access'] } as const;
const storing = {
  ...row,
  flags: ['write', 'denyoom'],
  keyUse: ['RO access', 'OW update', 'OW update'],
} as const;
const instead = (how: string) => ({
  since: '6.2.0',
  instead: `\`GEOSEARCH\` and \`GEOSEARCHSTORE\` with the ${how}`,
});

export const geoSearchCommands = [
  command(`GEOSEARCH key ${SEARCH} ${WITH}`, {
    ...reading,
    summary: 'Returns the members within a circle or a box.',
    since: '6.2.0',
    history: [['7.0.0', 'Uppercase units.']],
    run: (ctx, args) => search(ctx, args.string(), readRequest(ctx, args, { kind: 'search' })),
  }),
  command(`GEOSEARCHSTORE destination:key source:key ${SEARCH} [STOREDIST]`, {
    readsKeys: true,
    ...row,
    flags: ['write', 'denyoom'],
    keyUse: ['OW update', 'RO access'],
    summary: 'Stores the members within a circle or a box in another key.',
    since: '6.2.0',
    run(ctx, args) {
      const destination = args.string();
      const source = args.string();
      const request = readRequest(ctx, args, { kind: 'searchstore', source });
      return search(ctx, source, { ...request, store: destination });
    },
  }),
  command(`GEORADIUS key longitude:double latitude:double ${RADIUS} ${STORE}`, {
    readsKeys: true,
    ...storing,
    summary: 'Returns, or stores, the members within a circle around a point.',
    since: '3.2.0',
    deprecated: instead('`BYRADIUS` argument'),
    run: (ctx, args) => searchAround(ctx, args, 'point', { stores: true }),
  }),
  command(`GEORADIUS_RO key longitude:double latitude:double ${RADIUS}`, {
    ...reading,
    summary: 'Returns the members within a circle around a point.',
    since: '3.2.10',
    deprecated: instead('`BYRADIUS` argument'),
    run: (ctx, args) => searchAround(ctx, args, 'point', { stores: false }),
  }),
  command(`GEORADIUSBYMEMBER key member ${RADIUS} ${STORE}`, {
    readsKeys: true,
    ...storing,
    summary: 'Returns, or stores, the members within a circle around a member.',
    since: '3.2.0',
    deprecated: instead('`BYRADIUS` and `FROMMEMBER` arguments'),
    run: (ctx, args) => searchAround(ctx, args, 'member', { stores: true }),
  }),
  command(`GEORADIUSBYMEMBER_RO key member ${RADIUS}`, {
    ...reading,
    summary: 'Returns the members within a circle around a member.',
    since: '3.2.10',
    deprecated: instead('`BYRADIUS` and `FROMMEMBER` arguments'),
    run: (ctx, args) => searchAround(ctx, args, 'member', { stores: false }),
  }),
];

interface Request {
  centre: Point | undefined;
  shape: Shape | undefined;
  /** Metres in the unit of the reply. */
  unit: number;
  order: 'ASC' | 'DESC' | undefined;
  /** 0 is no limit. */
  count: number;
  any: boolean;
  withCoord: boolean;
  withDist: boolean;
  withHash: boolean;
  store: string | undefined;
  storesDistance: boolean;
}

const emptyRequest = (): Request => ({
  centre: undefined,
  shape: undefined,
  unit: 1,
  order: undefined,
  count: 0,
  any: false,
  withCoord: false,
  withDist: false,
  withHash: false,
  store: undefined,
  storesDistance: false,
});

type Form =
  | { readonly kind: 'search' }
  | { readonly kind: 'searchstore'; readonly source: string }
  | { readonly kind: 'radius'; readonly stores: boolean };

/** GEORADIUS and GEORADIUSBYMEMBER: centre and radius stand first. */
function searchAround(
  ctx: Context,
  args: Args,
  from: 'point' | 'member',
  { stores }: { stores: boolean },
): Reply {
  const key = args.string();
  const zset = sortedSetAt(ctx, key);
  const request = emptyRequest();
  if (from === 'point') request.centre = readPoint(args);
  else if (zset) request.centre = memberPoint(zset, args.string());
  // Without the key nobody looks at the circle.
  else args.take(3);
  if (from === 'point' || zset) readCircle(args, request);
  readOptions(ctx, args, request, { kind: 'radius', stores });
  checkOptions(request, 'STORE option in GEORADIUS');
  return search(ctx, key, request);
}

/** What the arguments are read for; the search itself looks the key up. */
function sortedSetAt({ db }: Context, key: string): SortedSetValue | undefined {
  const value = db.peek(key);
  if (value && value.type !== 'zset') throw wrongType();
  return value as SortedSetValue | undefined;
}

function skip(args: Args): undefined {
  args.string();
}

function readRequest(ctx: Context, args: Args, form: Form): Request {
  const request = emptyRequest();
  const key = form.kind === 'searchstore' ? form.source : (args.argv[1] as string);
  sortedSetAt(ctx, key);
  readOptions(ctx, args, request, form, key);
  const name = form.kind === 'search' ? 'GEOSEARCH' : 'GEOSEARCHSTORE';
  const shown = String(args.argv[0]).toUpperCase() || name;
  if (request.centre === undefined && !hasOption(args, 'FROMMEMBER')) {
    throw redisError(`ERR exactly one of FROMMEMBER or FROMLONLAT can be specified for ${shown}`);
  }
  if (!request.shape) {
    throw redisError(`ERR exactly one of BYRADIUS and BYBOX can be specified for ${shown}`);
  }
  if (form.kind === 'searchstore') request.store = '';
  checkOptions(request, 'GEOSEARCHSTORE');
  return request;
}

const hasOption = (args: Args, name: string): boolean =>
  args.argv.some((arg) => arg.toUpperCase() === name);

function checkOptions(request: Request, what: string): void {
  const shows = request.withCoord || request.withDist || request.withHash;
  if (request.store !== undefined && shows) {
    throw redisError(`ERR ${what} is not compatible with WITHDIST, WITHHASH and WITHCOORD options`);
  }
  if (request.any && request.count === 0) {
    throw redisError('ERR the ANY argument requires COUNT argument');
  }
}

function readOptions(ctx: Context, args: Args, request: Request, form: Form, key = ''): void {
  while (!args.done) {
    if (args.token('WITHDIST')) request.withDist = true;
    else if (args.token('WITHHASH')) request.withHash = true;
    else if (args.token('WITHCOORD')) request.withCoord = true;
    else if (args.token('ANY')) request.any = true;
    else if (args.token('ASC')) request.order = 'ASC';
    else if (args.token('DESC')) request.order = 'DESC';
    else if (args.left > 1 && args.token('COUNT')) request.count = readCount(args);
    else if (!readFormOption(ctx, args, request, form, key)) throw syntaxError();
  }
}

function readCount(args: Args): number {
  const count = args.index();
  if (count <= 0) throw redisError('ERR COUNT must be > 0');
  return count;
}

/** The options that only some of the commands have. */
function readFormOption(
  ctx: Context,
  args: Args,
  request: Request,
  form: Form,
  key: string,
): boolean {
  if (form.kind === 'radius') {
    const option = form.stores && args.left > 1 ? args.oneOf('STORE', 'STOREDIST') : undefined;
    if (!option) return false;
    request.store = args.string();
    request.storesDistance = option === 'STOREDIST';
    return true;
  }
  if (form.kind === 'searchstore' && args.token('STOREDIST')) {
    request.storesDistance = true;
    return true;
  }
  if (!request.centre && args.left > 1 && args.token('FROMMEMBER')) {
    const zset = sortedSetAt(ctx, key);
    request.centre = zset ? memberPoint(zset, args.string()) : skip(args);
  } else if (!request.centre && args.left > 2 && args.token('FROMLONLAT')) {
    request.centre = readPoint(args);
  } else if (!request.shape && args.left > 2 && args.token('BYRADIUS')) readCircle(args, request);
  else if (!request.shape && args.left > 3 && args.token('BYBOX')) readBox(args, request);
  else return false;
  return true;
}

function memberPoint(zset: SortedSetValue, member: string): Point {
  const score = zset.score(member);
  if (score === undefined) throw redisError('ERR could not decode requested zset member');
  return decode(score);
}

function readCircle(args: Args, request: Request): void {
  const radius = args.double(() => redisError('ERR need numeric radius'));
  if (radius < 0) throw redisError('ERR radius cannot be negative');
  request.unit = readUnit(args);
  request.shape = { kind: 'circle', radius: radius * request.unit };
}

function readBox(args: Args, request: Request): void {
  const width = args.double(() => redisError('ERR need numeric width'));
  const height = args.double(() => redisError('ERR need numeric height'));
  if (width < 0 || height < 0) throw redisError('ERR height or width cannot be negative');
  request.unit = readUnit(args);
  const { unit } = request;
  request.shape = { kind: 'box', width: width * unit, height: height * unit };
}

interface Hit {
  readonly member: string;
  readonly score: number;
  readonly point: Point;
  /** Metres from the centre. */
  readonly metres: number;
}

function search(ctx: Context, key: string, request: Request): Reply {
  const zset = ctx.db.get(key, 'zset');
  const hits = zset ? order(find(zset, request), request) : [];
  if (request.store === undefined) return hits.map((hit) => hitReply(hit, request));
  const result = new SortedSetValue();
  for (const { member, score, metres } of hits) {
    const stored = request.storesDistance ? metres / request.unit : score;
    result.add(member, stored, ctx.limits);
  }
  return storeResult(ctx, request.store, result, storeEvent(ctx));
}

const storeEvent = ({ argv }: Context): string =>
  argv[0]?.toUpperCase() === 'GEOSEARCHSTORE' ? 'geosearchstore' : 'georadiusstore';

function find(zset: SortedSetValue, { centre, shape, count, any }: Request): Hit[] {
  const hits: Hit[] = [];
  if (!centre || !shape) return hits;
  for (const [min, max] of scoreRanges(shape, centre)) {
    const ranks = zset.ranksByScore({ min, max, minExclusive: false, maxExclusive: true });
    for (const { member, score } of zset.range(ranks)) {
      const point = decode(score);
      const metres = distanceWithin(shape, centre, point);
      if (metres === undefined) continue;
      hits.push({ member, score, point, metres });
      if (any && hits.length >= count) return hits;
    }
  }
  return hits;
}

/** COUNT without ANY means the nearest ones, so it sorts even where no order was asked for. */
function order(hits: Hit[], { order: wanted, count, any }: Request): Hit[] {
  const direction = wanted ?? (count > 0 && !any ? 'ASC' : undefined);
  if (direction === 'ASC') hits.sort((a, b) => a.metres - b.metres);
  if (direction === 'DESC') hits.sort((a, b) => b.metres - a.metres);
  return count > 0 ? hits.slice(0, count) : hits;
}

function hitReply(hit: Hit, { withDist, withHash, withCoord, unit }: Request): Reply {
  if (!withDist && !withHash && !withCoord) return hit.member;
  const parts: Reply[] = [hit.member];
  if (withDist) parts.push(printDistance(hit.metres / unit));
  if (withHash) parts.push(BigInt(hit.score));
  if (withCoord) parts.push(pointReply(hit.point));
  return parts;
}
