/** The data centres that a lesson may ask for, as the worker builds them. */

import type { Client } from '../wire/client.ts';
import type { Topology } from '../wire/messages.ts';
import type { Lab, LessonMeta } from './lesson.ts';

const topologies: { readonly [L in Lab]: Topology } = {
  standalone: { kind: 'standalone' },
  replicated: { kind: 'replicated', replicas: 1 },
  sentinel: { kind: 'sentinel', replicas: 2, sentinels: 3 },
  cluster: { kind: 'cluster', shards: 3, replicasPerShard: 1 },
};

export const topologyOf = (lab: Lab): Topology => topologies[lab];

/** The address of a node of the lab; undefined where no node is called so. */
export const nodeAddress = (_lab: Lab, name: string): string | undefined =>
  name === 'redis' ? FIRST : undefined;

/** Where the servers of a lab listen: a node's address, or that of the first one. */
export const addressOf = (lab: Lab, node?: string): string =>
  (node === undefined ? undefined : nodeAddress(lab, node)) ?? FIRST;

const FIRST = '127.0.0.1:6379';

/** Gives a new server the directives that the lesson's servers start with; hangs up afterwards. */
export async function configure(client: Client, config: LessonMeta['config']): Promise<void> {
  const directives = Object.entries(config);
  if (directives.length === 0) return;
  await client.pipeline(directives.map(([name, value]) => ['CONFIG', 'SET', name, value]));
  client.close();
}
