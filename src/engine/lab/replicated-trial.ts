import { isError } from '../resp/reply.ts';
import type { Fault } from './fault.ts';
import type { Node } from './lab.ts';
import { durable, Trial } from './trial.ts';

interface Safe {
  readonly value: string;
  /** The replicas that have acknowledged it, and have run ever since. */
  readonly holders: Set<string>;
}

/** How many labs there are for one that keeps snapshots in place of append-only files. */
const SEEDS_PER_SNAPSHOTS = 3;
const snapshots = { save: '1 1', 'enable-debug-command': 'yes' };

/**
 * A primary and two replicas in trouble, with an operator who now and then hands the role of the
 * primary over. In the end the primary dies, perhaps with a replica, and the best of those that are
 * left takes its place: what WAIT called safe must be there if one that had it has not failed.
 */
export class ReplicatedTrial extends Trial {
  readonly #safe = new Map<string, Safe>();
  #primary = 'node1';
  /** Whether the primary has everything when it starts anew. */
  readonly #isDurable: boolean;

  constructor(seed: number) {
    const isDurable = seed % SEEDS_PER_SNAPSHOTS !== 0;
    super({
      topology: { kind: 'replicated', replicas: 2 },
      config: {
        ...(isDurable ? durable : snapshots),
        'repl-timeout': '10',
        'repl-diskless-sync-delay': '0',
      },
      seed,
      mostDown: 2,
    });
    this.#isDurable = isDurable;
  }

  override complaints(): string[] {
    const { lab } = this;
    const primary = this.#node(this.#primary);
    const digest = this.digestOf(primary);
    const others = lab.nodes.filter((node) => node !== primary);
    const wrong = others
      .filter((node) => this.digestOf(node) !== digest)
      .map(({ name }) => `${name} is not as ${primary.name} is`);
    for (const [key, { value, holders }] of this.#safe) {
      if (holders.size > 0 && this.ask(primary, `GET ${key}`) !== value) {
        wrong.push(`${key} is lost, which WAIT said was safe with ${[...holders].join(', ')}`);
      }
    }
    return wrong;
  }

  protected override look(): void {}

  protected override disturb(): void {
    if (this.random.below(8) > 0) super.disturb();
    else this.#handOver();
  }

  /** Who has been restarted may have lost what it had acknowledged. */
  protected override befell({ kind, node }: Fault): void {
    if (kind === 'kill' || kind === 'losePower' || kind === 'restart') this.#failed(node);
    const isCrash = kind === 'kill' || kind === 'losePower';
    if (isCrash && node === this.#primary && !this.#isDurable) this.#safe.clear();
    // Who starts anew follows whom his redis.conf names.
    if (kind === 'revive' || kind === 'restart') this.#lead();
  }

  protected override write(key: string, value: string): void {
    const node = this.#node(this.#primary);
    const [set, count] = this.talk(node, [`SET ${key} ${value}`, 'WAIT 1 200']);
    if (set !== undefined && isError(set)) return;
    // What was said before of the key no longer holds, whatever comes of this.
    this.#safe.delete(key);
    if (set === undefined || Number(count) < 1) return;
    const { replication } = node.server;
    const holders = replication.primary.online
      .filter(({ ackOffset }) => ackOffset >= replication.offset)
      .map(({ ip }) => this.lab.nodes.find(({ host }) => host === ip)?.name ?? '');
    this.#safe.set(key, { value, holders: new Set(holders) });
  }

  protected override heal(): string[] {
    this.#failOver();
    return super.heal();
  }

  protected override mended(): void {
    this.#lead();
  }

  /** What an operator may do at any time, at the price of what the new primary does not have. */
  #handOver(): void {
    const { running } = this;
    const next = running[this.random.below(running.length)];
    if (!next || next.name === this.#primary) return;
    this.#safe.clear();
    this.#promote(next);
  }

  /** The primary dies, and perhaps a replica, and the best of the others takes over. */
  #failOver(): void {
    const { lab } = this;
    const primary = this.#node(this.#primary);
    const history = primary.server.replication.history.id;
    const victims = [primary, ...lab.nodes.filter(() => this.random.below(4) === 0)];
    for (const node of victims) {
      this.tell(`${node.name} is killed for good`);
      node.kill();
      this.#failed(node.name);
    }
    for (const node of lab.nodes) if (node.state === 'paused') node.resume();
    for (const one of lab.nodes) {
      for (const other of lab.nodes) if (one !== other) lab.network.heal(one.name, other.name);
    }
    this.pass(1000);
    const [best] = [...this.running].sort(
      (one, other) => placeOf(other, history) - placeOf(one, history),
    );
    if (best && placeOf(best, history) >= 0) this.#promote(best);
    else if (!this.#isDurable) this.#safe.clear();
  }

  #promote(next: Node): void {
    this.tell(`${next.name} becomes the primary`);
    this.#primary = next.name;
    this.#lead();
  }

  /** Tells those who run whom to follow; the primary first. */
  #lead(): void {
    const primary = this.#node(this.#primary);
    if (primary.state === 'running') this.ask(primary, 'REPLICAOF NO ONE');
    for (const node of this.running) {
      if (node !== primary) this.ask(node, `REPLICAOF ${primary.host} ${primary.port}`);
    }
  }

  #failed(name: string): void {
    for (const { holders } of this.#safe.values()) holders.delete(name);
  }

  #node(name: string): Node {
    return this.lab.node(name) as Node;
  }
}

/** How far a node is in a history; -1 when it is in another. */
function placeOf({ server }: Node, history: string): number {
  const { replication } = server;
  return replication.history.id === history ? replication.history.offset : -1;
}
