/** All 16384 slots of a cluster on one line, coloured by who holds them. */
import { groups } from '../measures.ts';
import type { Scene, Share } from './scene.ts';

const SLOTS = 16_384;

export function SlotBar({ shares, cluster }: Pick<Scene, 'shares' | 'cluster'>) {
  if (shares.length === 0) return null;
  return (
    <figure className="px-4 pt-1 pb-3">
      <figcaption className="flex items-baseline justify-between gap-2 text-small text-ink-2">
        <span>Slots 0–16383</span>
        <span className={cluster === 'ok' ? 'text-ok' : 'text-bad'}>{clusterWords(cluster)}</span>
      </figcaption>
      <div aria-hidden="true" className="my-1 flex h-5 w-full overflow-hidden rounded-small">
        {shares.map((share) => (
          <span
            key={share.from}
            title={shareInWords(share)}
            className={share.owner === undefined ? 'slots-unowned' : 'slots-owned'}
            style={{ width: `${(100 * sizeOf(share)) / SLOTS}%`, ...colourOf(share) }}
          >
            {sizeOf(share) > SLOTS / 8 ? (share.owner ?? 'nobody') : ''}
          </span>
        ))}
      </div>
      <p className="text-small text-ink-2">{inWords(shares)}</p>
    </figure>
  );
}

const sizeOf = ({ from, to }: Share) => to - from + 1;

export const shardColour = (index: number) => `var(--shard-${1 + (Math.max(index, 0) % 6)})`;

const colourOf = ({ owner, colour }: Share) =>
  owner === undefined ? {} : { background: shardColour(colour) };

function clusterWords(cluster: Scene['cluster']): string {
  if (cluster === 'ok') return 'cluster_state:ok';
  return cluster === 'fail' ? 'cluster_state:fail' : 'the nodes disagree on the state';
}

const shareInWords = ({ from, to, owner }: Share) => `${from}–${to} ${owner ?? 'nobody'}`;

/** As many ranges as one reads; then how many there are. */
const MOST = 6;

function inWords(shares: readonly Share[]): string {
  if (shares.length <= MOST) return shares.map(shareInWords).join(', ');
  const owners = [...new Set(shares.map(({ owner }) => owner))];
  return owners
    .map((owner) => {
      const own = shares.filter((share) => share.owner === owner);
      const slots = own.reduce((sum, share) => sum + sizeOf(share), 0);
      return `${owner ?? 'nobody'} ${groups(slots)} in ${own.length}`;
    })
    .join(', ');
}
