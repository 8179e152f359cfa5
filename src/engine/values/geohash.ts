/**
 * Points on the earth as numbers that sort by place: longitude and latitude, 26 bits each, taken in
 * turns. https://redis.io/docs/latest/commands/geoadd/#how-does-it-work
 */

export interface Point {
  /** Degrees. */
  readonly longitude: number;
  readonly latitude: number;
}

const STEPS = 26;
const CELLS = 2 ** STEPS;
const LONGITUDE = { min: -180, max: 180 };
/** The limits of the web Mercator projection. */
const LATITUDE = { min: -85.05112878, max: 85.05112878 };
const EARTH_RADIUS_M = 6_372_797.560856;

export const isOnMap = ({ longitude, latitude }: Point): boolean =>
  longitude >= LONGITUDE.min &&
  longitude <= LONGITUDE.max &&
  latitude >= LATITUDE.min &&
  latitude <= LATITUDE.max;

interface Range {
  readonly min: number;
  readonly max: number;
}

const cellOf = (value: number, { min, max }: Range): number =>
  Math.floor(((value - min) / (max - min)) * CELLS);

/** The score of a point: 52 bits, latitude in the even ones, so exact as a double. */
export function encode({ longitude, latitude }: Point, latitudes: Range = LATITUDE): bigint {
  return interleave(cellOf(latitude, latitudes), cellOf(longitude, LONGITUDE));
}

/** The middle of the cell that a score names. */
export function decode(score: number): Point {
  const { even, odd } = split(bitsOf(score));
  return { longitude: middle(odd, LONGITUDE), latitude: middle(even, LATITUDE) };
}

/** A score of 64 bits as a C program turns a double into them, for whatever ZADD has stored. */
function bitsOf(score: number): bigint {
  if (score >= 2 ** 64) return 0n;
  if (score < -(2 ** 63)) return 1n << 63n;
  return BigInt.asUintN(64, BigInt(Math.trunc(score)));
}

function middle(cell: number, { min, max }: Range): number {
  const from = min + (cell / CELLS) * (max - min);
  const to = min + ((cell + 1) / CELLS) * (max - min);
  return Math.min(Math.max((from + to) / 2, min), max);
}

function interleave(even: number, odd: number): bigint {
  let bits = 0n;
  for (let i = STEPS - 1; i >= 0; i--) {
    bits = (bits << 2n) | BigInt((((odd >>> i) & 1) << 1) | ((even >>> i) & 1));
  }
  return bits;
}

/** All 64 bits count, though no point needs more than 52 of them. */
function split(bits: bigint): { even: number; odd: number } {
  let even = 0;
  let odd = 0;
  for (let i = 0; i < 32; i++) {
    const pair = Number((bits >> BigInt(2 * i)) & 3n);
    even += (pair & 1) * 2 ** i;
    odd += (pair >> 1) * 2 ** i;
  }
  return { even, odd };
}

const ALPHABET = '0123456789bcdefghjkmnpqrstuvwxyz';

/** The eleven characters of the standard geohash, which takes latitudes from -90 to 90. */
export function geohashString(score: number): string {
  const bits = encode(decode(score), { min: -90, max: 90 });
  let text = '';
  for (let i = 0; i < 10; i++) text += ALPHABET[Number((bits >> BigInt(52 - (i + 1) * 5)) & 31n)];
  // Two bits are left, of which Redis makes no character of their own.
  return `${text}0`;
}

const radians = (degrees: number) => degrees * (Math.PI / 180);

/** The distance over the great circle, in metres: the haversine formula. */
export function distance(a: Point, b: Point): number {
  const lat1 = radians(a.latitude);
  const lat2 = radians(b.latitude);
  const v = Math.sin((radians(b.longitude) - radians(a.longitude)) / 2);
  // On one meridian the general formula would lose digits.
  if (v === 0) return latitudeDistance(a.latitude, b.latitude);
  const u = Math.sin((lat2 - lat1) / 2);
  const h = u * u + Math.cos(lat1) * Math.cos(lat2) * v * v;
  return 2 * EARTH_RADIUS_M * Math.asin(Math.sqrt(h));
}

const latitudeDistance = (a: number, b: number): number =>
  EARTH_RADIUS_M * Math.abs(radians(b) - radians(a));

/** An area around a point: a circle, or a box by its sides. Metres. */
export type Shape =
  | { readonly kind: 'circle'; readonly radius: number }
  | { readonly kind: 'box'; readonly width: number; readonly height: number };

/** The distance of a point from the centre when it lies within the shape, otherwise undefined. */
export function distanceWithin(shape: Shape, centre: Point, point: Point): number | undefined {
  if (shape.kind === 'circle') {
    const metres = distance(centre, point);
    return metres <= shape.radius ? metres : undefined;
  }
  if (latitudeDistance(point.latitude, centre.latitude) > shape.height / 2) return undefined;
  const across = distance(point, { longitude: centre.longitude, latitude: point.latitude });
  return across > shape.width / 2 ? undefined : distance(centre, point);
}

/** The cell of the centre and those around it, east and north of it, as Redis goes through them. */
const around: readonly (readonly [east: number, north: number])[] = [
  ...([
    [0, 0],
    [0, 1],
    [0, -1],
    [1, 0],
    [-1, 0],
  ] as const),
  ...([
    [1, 1],
    [-1, 1],
    [1, -1],
    [-1, -1],
  ] as const),
];

/**
 * The ranges of scores, from the first to behind the last, whose cells may hold points of the shape,
 * in the order in which Redis finds them: the cell of the centre, as large as the shape needs, and
 * those of its eight neighbours that the shape may reach into.
 */
export function scoreRanges(shape: Shape, centre: Point): [from: number, to: number][] {
  const box = boxAround(shape, centre);
  const grid = gridFor(shape, centre, box);
  const ranges: [number, number][] = [];
  for (const [east, north] of around) {
    if (grid.steps >= 2 && isBeyond(grid.at(0, 0), east, north, box)) continue;
    const { from, to } = grid.at(east, north);
    // Where the cells are so large that neighbours meet around the earth, they are the same.
    if (ranges.at(-1)?.[0] !== from) ranges.push([from, to]);
  }
  return ranges;
}

interface Box {
  readonly longitude: Range;
  readonly latitude: Range;
}

/** The degrees that a shape covers. */
function boxAround(shape: Shape, { longitude, latitude }: Point): Box {
  const [width, height] =
    shape.kind === 'circle' ? [shape.radius, shape.radius] : [shape.width / 2, shape.height / 2];
  const up = degrees(height / EARTH_RADIUS_M);
  // Degrees of longitude are closer to each other towards the poles.
  const widest = latitude < 0 ? latitude - up : latitude + up;
  const across = degrees(width / EARTH_RADIUS_M / Math.cos(radians(widest)));
  return {
    longitude: { min: longitude - across, max: longitude + across },
    latitude: { min: latitude - up, max: latitude + up },
  };
}

const degrees = (angle: number) => angle / (Math.PI / 180);

/** A cell, with the scores of what lies in it. */
interface Cell extends Box {
  readonly from: number;
  readonly to: number;
}

/** The map in cells, of which one has the centre; the others are named by where they lie from it. */
interface Grid {
  readonly steps: number;
  at(east: number, north: number): Cell;
}

/** As fine as it can be while a cell and its neighbours hold the shape. */
function gridFor(shape: Shape, centre: Point, box: Box): Grid {
  const reach = shape.kind === 'circle' ? shape.radius : Math.hypot(shape.width, shape.height) / 2;
  const grid = gridOf(stepsFor(reach, centre.latitude), centre);
  const isHeld =
    grid.at(0, 1).latitude.max >= box.latitude.max &&
    grid.at(0, -1).latitude.min <= box.latitude.min &&
    grid.at(1, 0).longitude.max >= box.longitude.max &&
    grid.at(-1, 0).longitude.min <= box.longitude.min;
  return isHeld || grid.steps === 1 ? grid : gridOf(grid.steps - 1, centre);
}

function gridOf(steps: number, centre: Point): Grid {
  const cells = 2 ** steps;
  const size = CELLS / cells;
  const row = Math.min(Math.floor(cellOf(centre.latitude, LATITUDE) / size), cells - 1);
  const column = Math.min(Math.floor(cellOf(centre.longitude, LONGITUDE) / size), cells - 1);
  return {
    steps,
    at(east, north) {
      // Beyond the edges of the map lies its other side.
      const y = (row + north + cells) % cells;
      const x = (column + east + cells) % cells;
      const from = Number(interleave(y * size, x * size));
      return {
        ...{ from, to: from + size * size },
        latitude: part(LATITUDE, y, cells),
        longitude: part(LONGITUDE, x, cells),
      };
    },
  };
}

const part = ({ min, max }: Range, index: number, parts: number): Range => ({
  min: min + (index / parts) * (max - min),
  max: min + ((index + 1) / parts) * (max - min),
});

/** Whether the shape ends within the centre's cell on the side on which a neighbour lies. */
const isBeyond = (middle: Cell, east: number, north: number, box: Box): boolean =>
  (north < 0 && middle.latitude.min < box.latitude.min) ||
  (north > 0 && middle.latitude.max > box.latitude.max) ||
  (east < 0 && middle.longitude.min < box.longitude.min) ||
  (east > 0 && middle.longitude.max > box.longitude.max);

/** Half of the earth's circumference in the projection, in metres. */
const MERCATOR_MAX_M = 20_037_726.37;

/** How often the map may be halved so that a cell is still as large as the reach. */
function stepsFor(reach: number, latitude: number): number {
  if (reach === 0) return STEPS;
  let steps = 1;
  for (let range = reach; range < MERCATOR_MAX_M; range *= 2) steps++;
  steps -= 2;
  // Towards the poles cells are narrower than they are high.
  if (Math.abs(latitude) > 66) steps--;
  if (Math.abs(latitude) > 80) steps--;
  return Math.min(Math.max(steps, 1), STEPS);
}
