import { redisError } from '../errors.ts';
import type { Cluster } from './cluster.ts';

/** What the commands of the cluster need of their call. */
export interface Needs {
  /** Undefined where cluster-enabled is no. */
  readonly cluster: Cluster | undefined;
  readonly client: { isReadOnly: boolean; isAsking: boolean };
}

/** The cluster that a command is about. Throws when there is none. */
export function clusterOf({ cluster }: Pick<Needs, 'cluster'>): Cluster {
  if (!cluster) throw redisError('ERR This instance has cluster support disabled');
  return cluster;
}
