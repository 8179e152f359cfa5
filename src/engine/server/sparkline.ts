/**
 * A line of values drawn with characters, as LATENCY GRAPH shows spikes: the least stands on the
 * ground, the largest reaches the top, and what belongs to a value is written downwards below it.
 * https://redis.io/docs/latest/commands/latency-graph/
 */
export interface Point {
  readonly value: number;
  readonly label: string;
}

const COLUMNS = 80;
const ROWS = 4;
/** What a column ends with, the lowest first: each row has as many heights. */
const TIPS = '_o#';
const FILLED = '|';

/** Lines of at most 80 points each, all on one scale. */
export function sparkline(points: readonly Point[]): string {
  const values = points.map(({ value }) => value);
  const low = Math.min(...values);
  const range = Math.max(...values) - low || 1;
  const steps = ROWS * TIPS.length;
  const stepOf = ({ value }: Point) =>
    Math.min(Math.floor(((value - low) * steps) / range), steps - 1);
  const pieces: string[] = [];
  for (let from = 0; from < points.length; from += COLUMNS) {
    const piece = points.slice(from, from + COLUMNS);
    pieces.push(
      [...bars(piece.map(stepOf)), ' '.repeat(piece.length), ...labels(piece)]
        .map((row) => `${row}\n`)
        .join(''),
    );
  }
  return pieces.join('\n');
}

/** The rows above the ground, from the top. */
const bars = (steps: readonly number[]): string[] =>
  Array.from({ length: ROWS }, (_, row) => {
    const ground = (ROWS - 1 - row) * TIPS.length;
    return steps.map((step) => (step < ground ? ' ' : (TIPS[step - ground] ?? FILLED))).join('');
  });

/** One row for each character of the longest label. */
function labels(points: readonly Point[]): string[] {
  const length = Math.max(...points.map(({ label }) => label.length));
  return Array.from({ length }, (_, at) => points.map(({ label }) => label[at] ?? ' ').join(''));
}
