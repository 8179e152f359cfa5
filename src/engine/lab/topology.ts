/** A data centre as data: which servers there are. */
export type Topology =
  | { readonly kind: 'standalone' }
  | { readonly kind: 'replicated'; readonly replicas: number }
  | { readonly kind: 'sentinel'; readonly replicas: number; readonly sentinels: number }
  | { readonly kind: 'cluster'; readonly shards: number; readonly replicasPerShard: number };

export interface NodePlan {
  /** What transcripts and scenes call it. */
  readonly name: string;
  readonly host: string;
  readonly port: number;
}

/** The servers of a topology. Throws when it is not simulated yet. */
export function plan(topology: Topology): readonly NodePlan[] {
  if (topology.kind === 'standalone') return [{ name: 'redis', host: '127.0.0.1', port: 6379 }];
  throw new Error(`a ${topology.kind} lab is not simulated yet`);
}
