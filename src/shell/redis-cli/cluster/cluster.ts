import { RedisError } from '../../../engine/errors.ts';
import type { Call } from '../../program.ts';
import { Link, LinkError } from '../link.ts';
import type { Options } from '../options.ts';
import { ClusterNode, linesOf, type NodeLine, ranges, SLOTS } from './node.ts';
import type { ClusterOptions } from './options.ts';
import { ClusterFailure, ClusterScreen } from './screen.ts';

/** A cluster as the cluster manager sees it: every node that could be reached, and what each says. */
export class Cluster {
  readonly call: Call;
  readonly options: Options;
  readonly told: ClusterOptions;
  readonly screen: ClusterScreen;
  /** The one that was named on the command line comes first. */
  nodes: ClusterNode[] = [];
  unreachableMasters = 0;

  constructor(call: Call, options: Options) {
    this.call = call;
    this.options = options;
    this.told = options.cluster;
    this.screen = new ClusterScreen(call, options.cluster.isYes);
  }

  get masters(): ClusterNode[] {
    return this.nodes.filter((node) => !node.isReplica);
  }

  get first(): ClusterNode {
    return this.nodes[0] as ClusterNode;
  }

  byId(id: string): ClusterNode | undefined {
    return this.nodes.find((node) => node.id === id.toLowerCase());
  }

  /** Connects to one node, which must run in cluster mode. */
  async connect(address: string): Promise<ClusterNode> {
    const { host, port } = parseAddress(address);
    const node = new ClusterNode(host, port, await this.#link(`${host}:${port}`));
    const info = await node.text('INFO', 'cluster');
    if (!info.includes('cluster_enabled:1')) {
      this.fail(`[ERR] Node ${node.address} is not configured as a cluster node.`);
    }
    return node;
  }

  /** Connects to a node and to all that it knows. */
  async load(address: string): Promise<void> {
    const first = await this.connect(address);
    this.nodes = [first];
    this.unreachableMasters = 0;
    for (const line of await first.load()) {
      const node = await this.#reach(line);
      if (node) this.nodes.push(node);
      else if (!line.flags.includes('slave')) this.unreachableMasters++;
    }
    this.#countReplicas();
  }

  async reload(): Promise<void> {
    const { address } = this.first;
    for (const { link } of this.nodes) link.close();
    await this.load(address);
  }

  /** A red line, and the end. */
  fail(message: string): never {
    this.screen.say('bad', message);
    throw new ClusterFailure();
  }

  /** Repeats what a node has refused, and ends. */
  refuse(node: ClusterNode, error: RedisError): never {
    return this.fail(`Node ${node.address} replied with error:\n${error.message}`);
  }

  /** Whether every node says the same of all slots. */
  async isConsistent(): Promise<boolean> {
    const views = await Promise.all(this.nodes.map(viewOf));
    return new Set(views).size <= 1;
  }

  /** Waits until the nodes agree, a dot a second. */
  async waitForJoin(): Promise<void> {
    const { sleep } = this.call.machine;
    await sleep(1000, this.call.signal);
    this.screen.print('Waiting for the cluster to join\n');
    while (!(await this.isConsistent())) {
      this.screen.print('.');
      await sleep(1000, this.call.signal);
    }
    this.screen.print('\n');
  }

  /** The master with the fewest replicas. */
  get leastReplicated(): ClusterNode | undefined {
    return this.masters.reduce<ClusterNode | undefined>(
      (least, node) => (least && least.replicas <= node.replicas ? least : node),
      undefined,
    );
  }

  showNodes(nodes: readonly ClusterNode[] = this.nodes, indent = ''): void {
    for (const node of nodes) this.screen.print(describe(node, indent));
  }

  async #reach(line: NodeLine): Promise<ClusterNode | undefined> {
    const isGone = ['noaddr', 'fail'].some((flag) => line.flags.includes(flag));
    if (isGone || !line.isConnected) return undefined;
    try {
      const link = await this.#link(`${line.host}:${line.port}`);
      const node = new ClusterNode(line.host, line.port, link);
      await node.load();
      return node;
    } catch (error) {
      if (!(error instanceof LinkError || error instanceof RedisError)) throw error;
      this.screen.complain(`${error.message}\n`);
      return undefined;
    }
  }

  #link(address: string): Promise<Link> {
    return Link.open(this.call, { ...this.options, protocol: 2, db: 0 }, address);
  }

  #countReplicas(): void {
    for (const node of this.nodes) {
      if (node.replicates === undefined) continue;
      const master = this.byId(node.replicates);
      if (master) master.replicas++;
      else {
        const text = `*** WARNING: ${node.address} claims to be slave of unknown node ID ${node.replicates}.`;
        this.screen.say('warning', text);
      }
    }
  }
}

/** What a node believes about who has which slots. */
async function viewOf(node: ClusterNode): Promise<string> {
  return linesOf(await node.text('CLUSTER', 'NODES'))
    .map(({ id, slots }) => ({ id, slots: slots.filter((word) => !word.startsWith('[')) }))
    .filter(({ slots }) => slots.length > 0)
    .map(({ id, slots }) => `${id}:${slots.sort().join(',')}`)
    .sort()
    .join('|');
}

function describe(node: ClusterNode, indent: string): string {
  const { isReplica, address, id, slots, replicates, replicas, isPlanned } = node;
  const flags = node.flags.filter((flag) => flag !== 'myself').join(',');
  const lines = [`${isReplica ? 'S' : 'M'}: ${id} ${address}`];
  if (!(isPlanned && isReplica)) {
    lines.push(
      `   slots:${ranges(slots) || ' '}${slots.size > 0 ? ' ' : ''}(${slots.size} slots) ${flags}`,
    );
  }
  if (replicates !== undefined) lines.push(`   replicates ${replicates}`);
  if (replicas > 0) lines.push(`   ${replicas} additional replica(s)`);
  return lines.map((line) => `${indent}${line}\n`).join('');
}

/** `host:port`, with or without the port of the bus. */
export function parseAddress(text: string): { readonly host: string; readonly port: number } {
  const match = /^(.+):(\d+)(?:@\d+)?$/.exec(text);
  if (!match) throw new ClusterFailure(`Invalid address format: ${text}`);
  return { host: match[1] as string, port: Number(match[2]) };
}

/** All slots that somebody has. */
export const coveredBy = (nodes: readonly ClusterNode[]): Set<number> =>
  new Set(nodes.flatMap((node) => [...node.slots]));

export const uncoveredBy = (nodes: readonly ClusterNode[]): number[] => {
  const covered = coveredBy(nodes);
  return Array.from({ length: SLOTS }, (_, slot) => slot).filter((slot) => !covered.has(slot));
};
