/** The data centres that a lesson may ask for, as the worker builds them. */

import type { Topology } from '../wire/messages.ts';
import type { Lab, LabKind } from './lesson.ts';

/** What a lab is of so many servers that hold data, and how many there are unless said. */
const kinds: { readonly [K in LabKind]: Kind } = {
  standalone: { usual: 1, build: () => ({ kind: 'standalone' }) },
  servers: { usual: 2, build: (servers) => ({ kind: 'servers', servers }) },
  nodes: { usual: 6, build: (nodes) => ({ kind: 'nodes', nodes }) },
  replicated: { usual: 3, build: (nodes) => ({ kind: 'replicated', replicas: nodes - 1 }) },
  sentinel: {
    usual: 3,
    build: (nodes) => ({ kind: 'sentinel', replicas: nodes - 1, sentinels: 3 }),
  },
  cluster: {
    usual: 6,
    build: (nodes) =>
      nodes > 3
        ? { kind: 'cluster', shards: Math.ceil(nodes / 2), replicasPerShard: 1 }
        : { kind: 'cluster', shards: nodes, replicasPerShard: 0 },
  },
};

interface Kind {
  readonly usual: number;
  build(nodes: number): Topology;
}

export function topologyOf(lab: Lab): Topology {
  const { build, usual } = kinds[kindOf(lab)];
  return build(countOf(lab) ?? usual);
}

const nodesOf = (lab: Lab): number => countOf(lab) ?? kinds[kindOf(lab)].usual;

const kindOf = (lab: Lab) => lab.split(' ')[0] as LabKind;

function countOf(lab: Lab): number | undefined {
  const [, count] = lab.split(' ');
  return count === undefined ? undefined : Number(count);
}

/** The servers of a lab, Sentinels last, by name and address; none where there is only one. */
export function serversOf(lab: Lab): { readonly name: string; readonly address: string }[] {
  if (lab === 'standalone') return [];
  const numbered = (kind: string, length: number) =>
    Array.from({ length }, (_, i) => `${kind}${i + 1}`);
  const names = [...numbered('node', nodesOf(lab)), ...numbered('sentinel', sentinelsOf(lab))];
  return names.map((name) => ({ name, address: addressOf(lab, name) }));
}

/** Whether a key is the same key on all servers that have it: they copy it, or each has its slots. */
export const sharesData = (lab: Lab): boolean => !['servers', 'nodes'].includes(kindOf(lab));

export const isCluster = (lab: Lab): boolean => ['cluster', 'nodes'].includes(kindOf(lab));

const sentinelsOf = (lab: Lab): number => (kindOf(lab) === 'sentinel' ? 3 : 0);

const isWatched = (lab: Lab): boolean => kindOf(lab) === 'sentinel';

/** The address of a node of the lab; undefined where no node is called so. */
export function nodeAddress(lab: Lab, name: string): string | undefined {
  if (lab === 'standalone') return name === 'redis' ? ALONE : undefined;
  const [, kind, number] = /^(node|sentinel)(\d+)$/.exec(name) ?? [];
  if (kind === 'sentinel') return isWatched(lab) ? `10.0.1.${number}:26379` : undefined;
  return number && `10.0.0.${number}:6379`;
}

/** Where the servers of a lab listen: a node's address, or that of the first one. */
export const addressOf = (lab: Lab, node?: string): string =>
  (node === undefined ? undefined : nodeAddress(lab, node)) ??
  (lab === 'standalone' ? ALONE : '10.0.0.1:6379');

const ALONE = '127.0.0.1:6379';
