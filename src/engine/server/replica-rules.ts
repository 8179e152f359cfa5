/** What a server may not do for the sake of its primary or its replicas. */
import type { Settings } from './settings.ts';

interface Host {
  readonly replication: {
    readonly isReplica: boolean;
    readonly isLinkUp: boolean;
    readonly lacksReplicas: boolean;
  };
  readonly settings: Settings;
}

/** A replica changes only as its primary says, unless it is told otherwise. */
export const isReadOnly = ({ replication, settings }: Host): boolean =>
  replication.isReplica && settings.replicaReadOnly;

/** A replica whose primary is away may be told not to answer with what may be old. */
export const isStale = ({ replication, settings }: Host): boolean =>
  replication.isReplica && !replication.isLinkUp && !settings.replicaServeStaleData;

/** Data that too few replicas would have is not taken. */
export const lacksReplicas = ({ replication, settings }: Host): boolean =>
  settings.minReplicasToWrite > 0 && replication.lacksReplicas;
