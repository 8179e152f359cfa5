import { SLOT_COUNT } from '../bytes/crc16.ts';
import { isError, type Reply } from '../resp/reply.ts';
import type { Node } from './lab.ts';
import { durable, Trial } from './trial.ts';

const TIMEOUT_MS = 1000;
/** Slots move as a whole here: it is enough to look at some. */
const SLOT_STEP = 97;
/** How many clusters there are for one with two replicas per shard, which takes longer. */
const SEEDS_PER_LARGE_ONE = 5;

/**
 * Three primaries with a replica each, or with two, in trouble, and an operator who now and then lets
 * a replica take over. Which replica is elected is not promised, so safe is what all of them have. At every moment at most one primary serves a slot by one epoch; in the end all agree on
 * who serves what, replicas equal their primaries, and nothing is lost that WAIT called safe.
 */
export class ClusterTrial extends Trial {
  /** What WAIT has called safe: key and value. */
  readonly #safe = new Map<string, string>();

  readonly #replicas: number;

  constructor(seed: number) {
    const replicas = seed % SEEDS_PER_LARGE_ONE === 0 ? 2 : 1;
    super({
      topology: { kind: 'cluster', shards: 3, replicasPerShard: replicas },
      config: {
        ...durable,
        'cluster-node-timeout': String(TIMEOUT_MS),
        'cluster-replica-validity-factor': '0',
        // A replica that moves to another shard may be elected there before it has anything.
        'cluster-migration-barrier': '9',
      },
      seed,
      mostDown: 2,
    });
    this.#replicas = replicas;
  }

  override complaints(): string[] {
    const { nodes } = this.lab;
    const wrong = nodes.flatMap((node) => this.#complaintsAbout(node));
    if (wrong.length > 0) return wrong;
    return [...this.#safe]
      .filter(([key, value]) => this.#get(key) !== value)
      .map(([key]) => `${key} is lost, which WAIT said was safe`);
  }

  protected override disturb(): void {
    if (this.random.below(8) > 0) super.disturb();
    else this.#handOver();
  }

  protected override write(key: string, value: string): void {
    const node = this.lab.nodes[this.random.below(this.lab.nodes.length)] as Node;
    if (node.state !== 'running') return;
    const [set, count] = this.talk(node, [`SET ${key} ${value}`, `WAIT ${this.#replicas} 200`]);
    if (set !== undefined && isError(set)) return;
    // What was said before of the key no longer holds, whatever comes of this.
    this.#safe.delete(key);
    if (set !== undefined && Number(count) >= this.#replicas) this.#safe.set(key, value);
  }

  /** No two nodes serve a slot by the same epoch. */
  protected override look(): void {
    const epochs = new Map<number, Node[]>();
    for (const node of this.lab.nodes) {
      if (node.state === 'ended') continue;
      const { myself } = clusterOf(node).state;
      if (!myself.isPrimary || myself.slots.size === 0) continue;
      const same = epochs.get(myself.configEpoch) ?? [];
      for (const other of same) {
        const slot = sharedSlot(node, other);
        if (slot === undefined) continue;
        throw new Error(
          `${node.name} and ${other.name} serve slot ${slot} by epoch ${myself.configEpoch}`,
        );
      }
      epochs.set(myself.configEpoch, [...same, node]);
    }
  }

  /** CLUSTER FAILOVER, with or without the help of the primary. */
  #handOver(): void {
    const replicas = this.running.filter((node) => clusterOf(node).state.myself.isReplica);
    const node = replicas[this.random.below(replicas.length)];
    if (!node) return;
    const command = this.random.below(2) === 0 ? 'CLUSTER FAILOVER' : 'CLUSTER FAILOVER FORCE';
    this.tell(`${node.name} is told ${command}`);
    this.ask(node, command);
  }

  #complaintsAbout(node: Node): string[] {
    const { nodes } = this.lab;
    const wrong: string[] = [];
    const { state } = clusterOf(node);
    if (!state.isOk) wrong.push(`${node.name} says that the cluster is down`);
    const agreed = clusterOf(nodes[0] as Node).state.owners;
    for (let slot = 0; slot < SLOT_COUNT; slot += SLOT_STEP) {
      const owner = state.owners[slot]?.name;
      if (!owner || owner !== agreed[slot]?.name) {
        wrong.push(`${node.name} disagrees on slot ${slot}`);
      }
    }
    const primary = nodes.find((each) => idOf(each) === state.myself.replicaOf?.name);
    if (primary && this.digestOf(primary) !== this.digestOf(node)) {
      wrong.push(`${node.name} is not as ${primary.name} is`);
    }
    return wrong;
  }

  #get(key: string): Reply | undefined {
    for (const node of this.lab.nodes) {
      const reply = this.ask(node, `GET ${key}`);
      if (reply !== undefined && !isError(reply)) return reply;
    }
    return undefined;
  }
}

function sharedSlot(one: Node, other: Node): number | undefined {
  const { slots } = clusterOf(other).state.myself;
  return clusterOf(one)
    .state.myself.slots.ranges()
    .flat()
    .find((slot) => slots.has(slot));
}

function clusterOf({ server, name }: Node): NonNullable<Node['server']['cluster']> {
  if (!server.cluster) throw new Error(`${name} is in no cluster`);
  return server.cluster;
}

const idOf = (node: Node): string => clusterOf(node).state.myself.name;
