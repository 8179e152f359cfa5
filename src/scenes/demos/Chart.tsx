/** Series over time as lines, with a limit where there is one. */
import { type Line, SPAN_S } from './observatory.ts';

/** Lines, or why there are none. */
export type Drawn = readonly Line[] | string;

const WIDTH = 300;
const HEIGHT = 90;
/** Told apart by the dash, too. */
const dashes = ['', '6 3', '2 2', '8 2 2 2', '1 3'];

type ChartProps = { title: string; limit?: number | undefined; drawn: Drawn | undefined };

export function Chart({ title, limit, drawn }: ChartProps) {
  if (drawn === undefined) return <p className="text-ui text-ink-2">Press Ask.</p>;
  if (typeof drawn === 'string') return <p className="text-ui text-bad">{drawn}</p>;
  const shown = drawn.length > dashes.length ? highest(drawn) : drawn;
  if (shown.length === 0) return <p className="text-ui text-ink-2">No series.</p>;
  return (
    <figure className="flex flex-col gap-1">
      <Drawing title={title} limit={limit} lines={shown} />
      <figcaption className="text-small break-all text-ink-2 tabular-nums">
        {shown.map(latest).join(' · ')}
        {drawn.length > shown.length && ` · and ${drawn.length - shown.length} more`}
        {limit !== undefined && ` · limit ${limit}`}
      </figcaption>
    </figure>
  );
}

type DrawingProps = { title: string; limit: number | undefined; lines: readonly Line[] };

function Drawing({ title, limit, lines }: DrawingProps) {
  const values = lines.flatMap((line) => line.values.map(([, text]) => Number(text)));
  const top = Math.max(...values.filter(Number.isFinite), limit ?? 0, 1e-9) * 1.1;
  const end = Math.max(...lines.flatMap((line) => line.values.map(([second]) => second)));
  const y = (value: number) => HEIGHT - (Math.min(value, top) / top) * HEIGHT;
  return (
    <svg
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      className="h-24 w-full rounded bg-raised"
      role="img"
      aria-label={`${title}: ${lines.map(latest).join('; ')}`}
    >
      {limit !== undefined && (
        <line
          x1="0"
          x2={WIDTH}
          y1={y(limit)}
          y2={y(limit)}
          vectorEffect="non-scaling-stroke"
          strokeDasharray="3 3"
          className="stroke-bad"
        />
      )}
      {lines.map((line, i) => (
        <path
          key={nameOf(line)}
          d={pathOf(line, end, y)}
          fill="none"
          strokeWidth="2"
          strokeDasharray={dashes[i]}
          vectorEffect="non-scaling-stroke"
          className="stroke-accent"
        />
      ))}
    </svg>
  );
}

/** Where a value is no number the line is interrupted. */
function pathOf({ values }: Line, end: number, y: (value: number) => number): string {
  let isDrawn = false;
  return values
    .flatMap(([second, text]) => {
      const value = Number(text);
      const from = isDrawn ? 'L' : 'M';
      isDrawn = !Number.isNaN(value);
      return isDrawn ? [`${from}${WIDTH - ((end - second) / SPAN_S) * WIDTH} ${y(value)}`] : [];
    })
    .join('');
}

const nameOf = ({ metric }: Line): string => {
  const { __name__: name = '', instance: _, job: __, ...others } = metric;
  const labels = Object.entries(others).map(([label, text]) => `${label}="${text}"`);
  return labels.length === 0 ? name || 'value' : `${name}{${labels.join(', ')}}`;
};

/** As many as can be told apart. */
const highest = (lines: readonly Line[]): readonly Line[] =>
  lines.toSorted((a, b) => last(b) - last(a)).slice(0, dashes.length);

const last = ({ values }: Line): number => Number(values.at(-1)?.[1]);

const latest = (line: Line): string => `${nameOf(line)} ${Number(last(line).toPrecision(3))}`;
