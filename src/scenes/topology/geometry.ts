/** Where cards and lines are: columns are shares of the width, rows have a height in pixels. */
import type { Layout, Place } from './layout.ts';

export const CARD_HEIGHT = 86;
/** At most. */
export const CARD_WIDTH = 184;
const ROW_HEIGHT = 130;
const MARGIN = 22;
/** Between two cards of a row. */
export const CARD_GAP = 16;

export const heightOf = ({ rows }: Layout): number =>
  MARGIN + Math.max(rows - 1, 0) * ROW_HEIGHT + CARD_HEIGHT + MARGIN / 2;

export const topOf = ({ row }: Place): number => MARGIN + row * ROW_HEIGHT;

export const percent = (x: number, columns: number): string => `${(100 * x) / columns}%`;

export interface Point {
  /** In columns. */
  readonly x: number;
  /** In pixels. */
  readonly y: number;
}

/** The corners of a line between two places, which goes around what stands in its way. */
export function route(from: Place, to: Place): readonly Point[] {
  const middle = (place: Place): Point => ({ x: place.x, y: topOf(place) + CARD_HEIGHT / 2 });
  const [start, end] = [middle(from), middle(to)];
  if (from.row !== to.row || Math.abs(from.x - to.x) <= 1) return [start, end];
  const y = topOf(from);
  const over = { x: (from.x + to.x) / 2, y: y - 16 };
  return [{ x: from.x, y: y + 12 }, over, { x: to.x, y: y + 12 }];
}

/**
 * Where a line is gripped: in its middle, unless it is a diagonal, which others cross there; and beside
 * the cards that it passes under. A line over cards is gripped before its top, where others come up.
 */
export function gripOf(points: readonly Point[], { places }: Pick<Layout, 'places'>): Point {
  const [a, b] = points as readonly [Point, Point];
  if (points.length === 3) return between(a, b, 0.8);
  const best = a.y !== b.y && Math.abs(a.x - b.x) >= 1 ? 0.37 : 0.5;
  const grips = [best, ...OTHER_GRIPS].map((share) => between(a, b, share));
  const cards = [...places.values()];
  return grips.find((grip) => !cards.some((card) => isUnder(grip, card))) ?? (grips[0] as Point);
}

const OTHER_GRIPS = [0.63, 0.25, 0.75, 0.3, 0.7, 0.2, 0.8];
/** Half a handle, in pixels; and half a card with it, in columns. */
const HANDLE_RADIUS = 8;
const CARD_REACH = 0.5;

function isUnder({ x, y }: Point, card: Place): boolean {
  const top = topOf(card);
  const isBeside = y < top - HANDLE_RADIUS || y > top + CARD_HEIGHT + HANDLE_RADIUS;
  return !isBeside && Math.abs(x - card.x) < CARD_REACH;
}

export const between = (a: Point, b: Point, share: number): Point => ({
  x: a.x + (b.x - a.x) * share,
  y: a.y + (b.y - a.y) * share,
});

/** Row by row, from left to right. */
export function inReadingOrder<T extends { readonly name: string }>(
  nodes: readonly T[],
  { places }: Layout,
): readonly T[] {
  const rank = ({ name }: T) => {
    const place = places.get(name);
    return (place?.row ?? 0) * 100 + (place?.x ?? 0);
  };
  return [...nodes].sort((a, b) => rank(a) - rank(b));
}
