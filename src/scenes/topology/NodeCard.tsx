/** One server: its role, how far it has come, what it holds, and what is believed of it. */
import { cx } from '../../ui/cx.ts';
import { CARD_GAP, CARD_HEIGHT, CARD_WIDTH, percent, topOf } from './geometry.ts';
import type { Place } from './layout.ts';
import { contentsOf, inOneSentence, positionOf, stateWords } from './node-words.ts';
import { shardColour } from './SlotBar.tsx';
import { isDoubt, type SceneNode, type Share } from './scene.ts';

export type NodeCardProps = {
  node: SceneNode;
  place: Place | undefined;
  columns: number;
  shares: readonly Share[];
  selected: boolean;
  /** Whose beliefs are shown. */
  viewer: SceneNode | undefined;
  onSelect: () => void;
  /** The pointer or the focus comes or goes. */
  onPoint: (on: boolean) => void;
};

export function NodeCard(props: NodeCardProps) {
  const { node, place, columns, shares, selected, viewer, onSelect, onPoint } = props;
  if (!place) return null;
  return (
    <button
      type="button"
      aria-pressed={selected}
      aria-label={inOneSentence(node, shares)}
      onClick={onSelect}
      onPointerEnter={({ pointerType }) => pointerType === 'mouse' && onPoint(true)}
      onPointerLeave={() => onPoint(false)}
      onFocus={() => onPoint(true)}
      onBlur={() => onPoint(false)}
      className={cx('node-card', `node-${node.state}`, selected && 'node-selected')}
      style={{
        left: percent(place.x, columns),
        top: topOf(place),
        width: `min(${CARD_WIDTH}px, ${percent(1, columns)} - ${CARD_GAP}px)`,
        height: CARD_HEIGHT,
      }}
    >
      <span className="flex min-w-0 items-center gap-1.5">
        <RoleGlyph node={node} />
        <span className="truncate font-semibold">{node.name}</span>
      </span>
      <span className="truncate">{node.role}</span>
      <span className="truncate tabular-nums">
        {node.state === 'running' ? positionOf(node, shares) : stateWords[node.state]}
      </span>
      <span className="truncate text-ink-2 tabular-nums">{contentsOf(node)}</span>
      <BeliefMark node={node} viewer={viewer} />
    </button>
  );
}

const glyphs = { primary: 'P', replica: 'R', sentinel: 'S' } as const;

/** The letter of the role in the colour of its shard: filled for the one that writes. */
function RoleGlyph({ node: { role, colour } }: { node: SceneNode }) {
  const hue = shardColour(colour);
  const isPrimary = role === 'primary';
  return (
    <span
      aria-hidden="true"
      className="node-glyph"
      style={{
        borderColor: role === 'sentinel' ? undefined : hue,
        ...(isPrimary ? { background: hue, color: 'var(--on-accent)' } : {}),
      }}
    >
      {glyphs[role]}
    </span>
  );
}

/** What the viewer believes of this one; without a viewer, that anybody doubts it. */
function BeliefMark({ node, viewer }: { node: SceneNode; viewer: SceneNode | undefined }) {
  if (viewer && viewer.name !== node.name) {
    const belief = viewer.facts?.beliefs.get(node.address);
    if (!belief || viewer.state !== 'running') return null;
    const doubt = belief.flags.find(isDoubt);
    return <Mark text={doubt ?? 'ok'} isDoubt={doubt !== undefined} />;
  }
  const [first] = node.doubted;
  if (!first) return null;
  const worst = node.doubted.find(({ flag }) => flag !== 'fail?' && flag !== 's_down') ?? first;
  return <Mark text={`${worst.flag} ×${node.doubted.length}`} isDoubt />;
}

const Mark = ({ text, isDoubt }: { text: string; isDoubt: boolean }) => (
  <span aria-hidden="true" className={cx('node-mark', isDoubt ? 'text-bad' : 'text-ok')}>
    {text}
  </span>
);
