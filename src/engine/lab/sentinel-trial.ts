import type { Node } from './lab.ts';
import { durable, Trial } from './trial.ts';

/**
 * A primary and two replicas in trouble, which three Sentinels watch that are in trouble themselves.
 * No two of them ever lead in one epoch; and in the end all of them know the same primary, the others
 * follow it, and hold what it holds.
 */
export class SentinelTrial extends Trial {
  /** Who has led a failover, by its epoch. */
  readonly #leaders = new Map<number, string>();
  #breach: string | undefined;

  constructor(seed: number) {
    super({
      topology: { kind: 'sentinel', replicas: 2, sentinels: 3 },
      config: { ...durable, 'repl-timeout': '10', 'repl-diskless-sync-delay': '0' },
      seed,
      mostDown: 3,
    });
    // So that much comes to pass in little time.
    const quick = 'down-after-milliseconds 1000 failover-timeout 4000';
    for (const node of this.#sentinels) this.ask(node, `SENTINEL SET mymaster ${quick}`);
    this.lab.events.listen(({ node, text }) => {
      if (text.startsWith('+elected-leader')) this.#lead(node);
      if (/^\+(switch-master|promoted)/.test(text)) this.tell(`${node}: ${text}`);
    });
  }

  override complaints(): string[] {
    const primaries = this.#servers.filter(({ server }) => !server.replication.isReplica);
    const [primary] = primaries;
    if (!primary || primaries.length > 1) return [`${primaries.length} primaries`];
    const at = `${primary.host}:${primary.port}`;
    const digest = this.digestOf(primary);
    return [
      ...this.#sentinels
        .filter((node) => addressIn(node) !== at)
        .map(({ name }) => `${name} does not know that the primary is at ${at}`),
      ...this.#servers
        .filter((node) => this.digestOf(node) !== digest)
        .map(({ name }) => `${name} is not as ${primary.name} is`),
    ];
  }

  protected override look(): void {
    if (this.#breach !== undefined) throw new Error(this.#breach);
  }

  /** A Sentinel without anything to do proves nothing: often it is the primary that ends. */
  protected override disturb(): void {
    const primary = this.#primary;
    if (primary && this.random.below(3) === 0) {
      this.tell(`${primary.name}, which is a primary, is killed`);
      primary.kill();
    } else super.disturb();
  }

  protected override write(key: string, value: string): void {
    const primary = this.#primary;
    if (primary) this.ask(primary, `SET ${key} ${value}`);
  }

  #lead(name: string): void {
    const epoch = watchedBy(this.lab.node(name))?.failoverEpoch ?? 0;
    const before = this.#leaders.get(epoch);
    this.tell(`${name} leads in epoch ${epoch}`);
    if (before !== undefined) this.#breach = `${before} and ${name} lead in epoch ${epoch}`;
    this.#leaders.set(epoch, name);
  }

  /** One that runs; two may take themselves for it. */
  get #primary(): Node | undefined {
    return this.running.find((node) => !node.isSentinel && !node.server.replication.isReplica);
  }

  get #servers(): readonly Node[] {
    return this.lab.nodes.filter(({ isSentinel }) => !isSentinel);
  }

  get #sentinels(): readonly Node[] {
    return this.lab.nodes.filter(({ isSentinel }) => isSentinel);
  }
}

const watchedBy = (node: Node | undefined) =>
  node?.server.sentinel?.state.primaries.get('mymaster');

const addressIn = (node: Node): string | undefined => watchedBy(node)?.address;
