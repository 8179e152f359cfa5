/** The lines of the diagram: their weight is traffic, their gap a cut; and the handles to grip them by. */
import { cx } from '../../ui/cx.ts';
import { between, gripOf, type Point, percent, route } from './geometry.ts';
import type { Layout } from './layout.ts';
import { linkKinds, trafficOf, troubleOf } from './node-words.ts';
import type { SceneLink } from './scene.ts';

export type LinksProps = {
  links: readonly SceneLink[];
  layout: Layout;
  /** A node's name or a link's id. */
  selected: string | undefined;
  onSelect: (id: string) => void;
};

export function Lines({ links, layout, selected, onSelect }: LinksProps) {
  return (
    <svg aria-hidden="true" className="absolute inset-0 size-full overflow-visible">
      {links.map((link) => {
        const points = routeOf(link, layout);
        if (!points || !isDrawn(link)) return null;
        return (
          // biome-ignore lint/a11y/noStaticElementInteractions: the handle is the button for it.
          <g key={link.id} onClick={() => onSelect(link.id)} className="cursor-pointer">
            <Stretch points={points} layout={layout} className="link-hit" />
            {piecesOf(link, points, layout).map((piece, i) => (
              <Stretch
                key={i}
                points={piece}
                layout={layout}
                width={widthOf(link)}
                className={cx('link', lookOf(link), selected === link.id && 'link-selected')}
              />
            ))}
          </g>
        );
      })}
    </svg>
  );
}

function Stretch(props: {
  points: readonly Point[];
  layout: Layout;
  className: string;
  width?: number;
}) {
  const { points, layout, className, width } = props;
  return points.slice(1).map((to, i) => {
    const from = points[i] as Point;
    return (
      <line
        key={i}
        x1={percent(from.x, layout.columns)}
        y1={from.y}
        x2={percent(to.x, layout.columns)}
        y2={to.y}
        className={className}
        strokeWidth={width}
      />
    );
  });
}

/** Buttons in the middle of links that mean something now. */
export function Handles({ links, layout, selected, onSelect }: LinksProps) {
  return links.map((link) => {
    const points = routeOf(link, layout);
    const trouble = troubleOf(link);
    const isNear = selected === link.id || (selected !== undefined && link.ends.includes(selected));
    if (!points || !(link.kind === 'replication' || trouble !== '' || isNear)) return null;
    const { x, y } = gripOf(points, layout);
    return (
      <button
        key={link.id}
        type="button"
        aria-pressed={selected === link.id}
        aria-label={linkSentence(link)}
        title={linkSentence(link)}
        onClick={() => onSelect(link.id)}
        className={cx('link-handle', lookOf(link))}
        style={{ left: percent(x, layout.columns), top: y }}
      >
        <span className="link-knob">{handleText(link, trouble)}</span>
      </button>
    );
  });
}

const handleText = ({ ways }: SceneLink, trouble: string): string => {
  if (trouble === '') return '';
  return ways.some(({ isCut }) => isCut) ? '✕' : trouble;
};

export const linkSentence = (link: SceneLink): string => {
  const [from, to] = link.ends;
  const trouble = troubleOf(link);
  const parts = [linkKinds[link.kind], trouble === '' ? 'whole' : trouble, trafficOf(link)];
  return `Link ${from} – ${to}: ${parts.join(', ')}`;
};

const isDrawn = (link: SceneLink) => link.kind !== 'quiet' || troubleOf(link) !== '';

function routeOf({ ends }: SceneLink, { places }: Layout): readonly Point[] | undefined {
  const [from, to] = ends.map((name) => places.get(name));
  return from && to && route(from, to);
}

/** The gap of a cut link, on each side of its handle: a share of what is there. */
const GAP = 0.22;

/** A cut link has a gap where it is gripped. */
function piecesOf(
  { ways }: SceneLink,
  points: readonly Point[],
  layout: Layout,
): (readonly Point[])[] {
  if (!ways.some(({ isCut }) => isCut)) return [points];
  const [first, next, ...more] = points as readonly [Point, Point, ...Point[]];
  const grip = gripOf(points, layout);
  const rest = more.length > 0 ? [next, ...more] : [between(grip, next, GAP), next];
  return [[first, between(grip, first, GAP)], rest];
}

/** A hairline for a whisper; a factor of ten is one step. */
function widthOf({ rate, kind }: SceneLink): number {
  const steps = rate < 100 ? 0 : Math.log10(rate / 100);
  return Math.min(6, (kind === 'replication' ? 1.75 : 1) + steps);
}

function lookOf(link: SceneLink): string {
  if (link.ways.some(({ isCut }) => isCut)) return 'link-cut';
  if (link.kind !== 'replication') return 'link-talk';
  return link.isUp ? 'link-up' : 'link-down';
}
