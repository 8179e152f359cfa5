/** The data centres that a lesson may ask for, as the worker builds them. */

import type { Topology } from '../wire/messages.ts';
import type { Lab } from './lesson.ts';

const topologies: { readonly [L in Lab]: Topology } = {
  standalone: { kind: 'standalone' },
  replicated: { kind: 'replicated', replicas: 2 },
  sentinel: { kind: 'sentinel', replicas: 2, sentinels: 3 },
  cluster: { kind: 'cluster', shards: 3, replicasPerShard: 1 },
};

export const topologyOf = (lab: Lab): Topology => topologies[lab];

/** The address of a node of the lab; undefined where no node is called so. */
export function nodeAddress(lab: Lab, name: string): string | undefined {
  if (lab === 'standalone') return name === 'redis' ? ALONE : undefined;
  const [, number] = /^node(\d+)$/.exec(name) ?? [];
  return number && `10.0.0.${number}:6379`;
}

/** Where the servers of a lab listen: a node's address, or that of the first one. */
export const addressOf = (lab: Lab, node?: string): string =>
  (node === undefined ? undefined : nodeAddress(lab, node)) ??
  (lab === 'standalone' ? ALONE : '10.0.0.1:6379');

const ALONE = '127.0.0.1:6379';
