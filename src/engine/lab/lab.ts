import { type Connection, type Dial, type Listener, Network } from '../network/network.ts';
import type { Disk } from '../persistence/disk.ts';
import { quote } from '../resp/print.ts';
import type { ServerOptions } from '../server/options.ts';
import type { Log } from '../server/persisting.ts';
import { VirtualClock } from '../time/clock.ts';
import { type Random, seededRandom } from '../time/random.ts';
import { type EventLog, LabEvents } from './events.ts';
import { Node, type NodeHost } from './node.ts';
import { type NodePlan, type Places, plan, type Topology, warmUpMs } from './topology.ts';

/** 2026-01-01T00:00:00Z, when a lab begins unless told otherwise. */
export const genesis = 1_767_225_600_000;

export interface LabOptions
  extends Pick<
    ServerOptions,
    | 'stopwatch'
    | 'processId'
    | 'openLua'
    | 'config'
    | 'users'
    | 'renames'
    | 'modules'
    | 'configFile'
    | 'settings'
    | 'disk'
    | 'log'
  > {
  readonly topology?: Topology;
  /** Where the nodes are; each on a host of its own, unless given. */
  readonly places?: Places;
  /** What is different about a node: its directives, where its files are. */
  readonly adapt?: (node: NodePlan) => NodePlan;
  /** The disk and the log of each node, where they are not all to share one. */
  readonly diskOf?: (node: NodePlan) => Disk;
  readonly logOf?: (node: NodePlan) => Log;
  /** Addresses of hosts that are not of the lab, by their names. */
  readonly names?: ReadonlyMap<string, string>;
  /** How processes reach out, where it is not through the lab's network. */
  readonly outside?: Dial;
  readonly seed?: number;
  /** When the lab's time starts, in ms since 1970. */
  readonly start?: number;
  /** Hears which node was ended by SHUTDOWN or by a crash; nobody can connect to it any more. */
  readonly onShutdown?: (node: string) => void;
}

export type { Node } from './node.ts';

/**
 * A whole data centre: one clock, one seed, one network, many servers. The same topology, seed and
 * script always give the same replies, and the same events.
 */
export class Lab {
  readonly clock: VirtualClock;
  readonly network: Network;
  readonly #nodes: Node[];
  readonly #options: LabOptions;
  readonly events: EventLog;
  readonly #events: LabEvents;
  readonly #random: Random;

  /** A lab with all its servers running. Throws a LoadError if one cannot start with its files. */
  constructor(options: LabOptions = {}) {
    const { topology = { kind: 'standalone' }, start = genesis } = options;
    const head = options.outside ? 0 : warmUpMs(topology);
    this.clock = new VirtualClock(start - head);
    this.#random = seededRandom(options.seed ?? 1);
    this.network = new Network(this.clock, this.#random.fork('network'));
    this.network.name('localhost', '127.0.0.1');
    for (const [name, address] of options.names ?? []) this.network.name(name, address);
    this.#events = new LabEvents(this.clock);
    this.events = this.#events;
    const { adapt = (node) => node } = options;
    const planned = plan(topology, options.places);
    this.#options = options;
    this.#nodes = planned.map((node) => this.#start(adapt(withConfig(node, options)), options));
    this.clock.advance(head);
  }

  /** Its servers, those that have ended included. */
  get nodes(): readonly Node[] {
    return this.#nodes;
  }

  /** Starts one more server, on this disk. Throws a LoadError if it cannot start with its files. */
  add(plan: NodePlan, disk: Disk): Node {
    const node = this.#start(plan, { ...this.#options, disk, diskOf: () => disk });
    this.#nodes.push(node);
    return node;
  }

  /** Where a client connects that is not told an address: the first node. */
  get address(): string {
    return addressOf(this.nodes[0] as Node);
  }

  /** The node of this name, or undefined. */
  node(name: string): Node | undefined {
    return this.nodes.find((node) => node.name === name);
  }

  /** Forgets a server that has ended for good. */
  forget(node: Node): void {
    if (node.state === 'ended') this.#nodes.splice(this.#nodes.indexOf(node), 1);
  }

  /** The address of a host, as `asker` knows it; undefined where nobody is called so. */
  resolve(name: string, asker?: string): string | undefined {
    const address = this.network.resolve(name, undefined, asker);
    return address === name ? undefined : address;
  }

  /** Opens a connection from host `from` to "host:port". Undefined when it is refused. */
  dial(address: string, from: string, listener: Listener): Connection | undefined {
    return this.network.dial(address, from, listener);
  }

  /** Cuts two nodes off from one another, both ways unless said. */
  cut(one: string, other: string, isOneWay = false): void {
    this.#events.tell(one, `${isOneWay ? 'does not reach' : 'is cut off from'} ${other}`);
    this.network.cut(one, other);
    if (!isOneWay) this.network.cut(other, one);
  }

  /** Mends what `cut` has cut. */
  heal(one: string, other: string, isOneWay = false): void {
    this.#events.tell(one, `reaches ${other} again`);
    this.network.heal(one, other);
    if (!isOneWay) this.network.heal(other, one);
  }

  /** Does all that is due at this instant: what processes have sent to one another arrives. */
  settle(): void {
    this.clock.advance(0);
  }

  #start(node: NodePlan, options: LabOptions): Node {
    if (node.name !== node.host) this.network.name(node.name, node.host);
    return new Node(node, this.#hostOf(node, options));
  }

  #hostOf(plan: NodePlan, options: LabOptions): NodeHost {
    const { diskOf, logOf, outside, onShutdown } = options;
    const disk = diskOf?.(plan) ?? options.disk;
    const log = logOf?.(plan) ?? options.log;
    return {
      clock: this.clock,
      random: this.#random,
      making: makingOf(options),
      resolve: (name) => this.resolve(name, plan.host),
      dial: outside ?? ((to, listener) => this.network.connect(to, plan.host, listener)),
      ...(disk && { disk }),
      log: (level, message) => {
        this.#events.tell(plan.name, message, level);
        log?.(level, message);
      },
      listen: (node) => this.#listen(node),
      tell: (event) => this.#events.tell(plan.name, event),
      onExit: () => onShutdown?.(plan.name),
    };
  }

  #listen(node: Node): () => void {
    const stops = [this.network.listen(addressOf(node), node.accept)];
    if (node.hasBus) stops.push(this.network.listen(busAddressOf(node), node.acceptBus));
    return () => {
      for (const stop of stops) stop();
    };
  }
}

/** The directives that all are given are those of servers; a Sentinel must only know the password. */
function withConfig(node: NodePlan, { config }: LabOptions): NodePlan {
  if (node.sentinelConf === undefined) return { ...node, config: { ...node.config, ...config } };
  const { requirepass } = config ?? {};
  if (requirepass === undefined) return node;
  const sentinelConf = `${node.sentinelConf}sentinel auth-pass mymaster ${quote(requirepass)}\n`;
  return { ...node, sentinelConf };
}

function makingOf(options: LabOptions): NodeHost['making'] {
  const { stopwatch, processId, openLua, users, renames, modules, configFile, settings } = options;
  return {
    ...(stopwatch && { stopwatch }),
    ...(processId && { processId }),
    ...(openLua && { openLua }),
    ...(users && { users }),
    ...(renames && { renames }),
    ...(modules && { modules }),
    ...(configFile !== undefined && { configFile }),
    ...(settings && { settings }),
  };
}

const addressOf = ({ host, port }: NodePlan) => `${host}:${port}`;
const busAddressOf = ({ host, busPort }: Node) => `${host}:${busPort}`;
