/** What `redis-cli --cluster` is told beside its subcommand. */
export interface ClusterOptions {
  readonly replicas: number;
  /** IDs, separated by commas, or `all`; for import the source as host:port. */
  readonly from?: string;
  readonly fromUser?: string;
  readonly fromPassword?: string;
  readonly to?: string;
  readonly slots: number;
  /** What --cluster-weight says: ID and weight. */
  readonly weights: readonly (readonly [id: string, weight: number])[];
  /** Questions are answered with yes. */
  readonly isYes: boolean;
  readonly timeoutMs: number;
  /** How many keys MIGRATE moves at once. */
  readonly pipeline: number;
  /** Per cent. */
  readonly threshold: number;
  readonly isSimulation: boolean;
  readonly usesEmptyMasters: boolean;
  readonly isReplacing: boolean;
  readonly isCopying: boolean;
  readonly isReplica: boolean;
  readonly masterId?: string;
  readonly only?: 'masters' | 'replicas';
  readonly looksForManyOwners: boolean;
  readonly fixesWithUnreachable: boolean;
}

export const defaultClusterOptions: ClusterOptions = {
  ...{ replicas: 0, slots: 0, weights: [], isYes: false, timeoutMs: 60_000, pipeline: 10 },
  ...{ threshold: 2, isSimulation: false, usesEmptyMasters: false, isReplacing: false },
  ...{ isCopying: false, isReplica: false, looksForManyOwners: false },
  fixesWithUnreachable: false,
};

type Flag = (...words: string[]) => Partial<ClusterOptions>;

const number = (text: string) => Number.parseInt(text, 10) || 0;

/** The flags that begin with --cluster-, each taking as many words as its function has parameters. */
export const clusterFlags: Readonly<Record<string, Flag>> = {
  '--cluster-replicas': (count: string) => ({ replicas: number(count) }),
  '--cluster-from': (from: string) => ({ from }),
  '--cluster-from-user': (fromUser: string) => ({ fromUser }),
  '--cluster-from-pass': (fromPassword: string) => ({ fromPassword }),
  '--cluster-to': (to: string) => ({ to }),
  '--cluster-slots': (count: string) => ({ slots: number(count) }),
  '--cluster-yes': () => ({ isYes: true }),
  '--cluster-timeout': (ms: string) => ({ timeoutMs: number(ms) }),
  '--cluster-pipeline': (keys: string) => ({ pipeline: Math.max(number(keys), 1) }),
  '--cluster-threshold': (percent: string) => ({ threshold: Number.parseFloat(percent) || 0 }),
  '--cluster-simulate': () => ({ isSimulation: true }),
  '--cluster-use-empty-masters': () => ({ usesEmptyMasters: true }),
  '--cluster-replace': () => ({ isReplacing: true }),
  '--cluster-copy': () => ({ isCopying: true }),
  '--cluster-slave': () => ({ isReplica: true }),
  '--cluster-master-id': (masterId: string) => ({ masterId }),
  '--cluster-only-masters': () => ({ only: 'masters' }),
  '--cluster-only-replicas': () => ({ only: 'replicas' }),
  '--cluster-search-multiple-owners': () => ({ looksForManyOwners: true }),
  '--cluster-fix-with-unreachable-masters': () => ({ fixesWithUnreachable: true }),
};

/** The words of --cluster-weight: `<id>=<weight> ...`, as many as there are. */
export const weightsOf = (words: readonly string[]): ClusterOptions['weights'] =>
  words.map((word) => {
    const [id = '', weight = ''] = word.split('=');
    return [id, Number.parseFloat(weight) || 0] as const;
  });
