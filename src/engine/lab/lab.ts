import { type Connection, type Listener, Network } from '../network/network.ts';
import type { ServerOptions } from '../server/options.ts';
import { Server } from '../server/server.ts';
import { commandTable } from '../server/table.ts';
import { VirtualClock } from '../time/clock.ts';
import { type Random, seededRandom } from '../time/random.ts';
import { type NodePlan, plan, type Topology } from './topology.ts';

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
    | 'configFile'
    | 'settings'
    | 'disk'
    | 'log'
  > {
  readonly topology?: Topology;
  readonly seed?: number;
  /** When the lab's time starts, in ms since 1970. */
  readonly start?: number;
  /** Hears which node was ended by SHUTDOWN; nobody can connect to it any more. */
  readonly onShutdown?: (node: string) => void;
}

export interface Node extends NodePlan {
  readonly server: Server;
}

/**
 * A whole data centre: one clock, one seed, one network, many servers. The same topology, seed and
 * script always give the same replies.
 */
export class Lab {
  readonly clock: VirtualClock;
  readonly network: Network;
  readonly nodes: readonly Node[];
  readonly #random: Random;

  constructor(options: LabOptions = {}) {
    this.clock = new VirtualClock(options.start ?? genesis);
    this.network = new Network(this.clock);
    this.#random = seededRandom(options.seed ?? 1);
    const planned = plan(options.topology ?? { kind: 'standalone' });
    this.nodes = planned.map((node) => this.#start(node, options));
  }

  /** Where a client connects that is not told an address: the first node. */
  get address(): string {
    return addressOf(this.nodes[0] as Node);
  }

  /** The node of this name, or undefined. */
  node(name: string): Node | undefined {
    return this.nodes.find((node) => node.name === name);
  }

  /** Opens a connection from host `from` to "host:port". Undefined when it is refused. */
  dial(address: string, from: string, listener: Listener): Connection | undefined {
    return this.network.dial(address, from, listener);
  }

  #start(node: NodePlan, options: LabOptions): Node {
    const { stopwatch, openLua, config, settings, onShutdown } = options;
    const stops: (() => void)[] = [];
    const server = new Server({
      clock: this.clock,
      random: this.#random.fork(node.name),
      table: commandTable,
      ...(stopwatch && { stopwatch }),
      ...(options.processId && { processId: options.processId }),
      ...(openLua && { openLua }),
      config: { port: String(node.port), ...config },
      ...(settings && { settings }),
      ...(options.users && { users: options.users }),
      ...(options.renames && { renames: options.renames }),
      ...(options.configFile !== undefined && { configFile: options.configFile }),
      ...(options.disk && { disk: options.disk }),
      ...(options.log && { log: options.log }),
      onShutdown: () => {
        for (const stop of stops) stop();
        onShutdown?.(node.name);
      },
    });
    stops.push(this.network.listen(addressOf(node), server.accept));
    if (node.host === '127.0.0.1') {
      stops.push(this.network.listen(`localhost:${node.port}`, server.accept));
    }
    return { ...node, server };
  }
}

const addressOf = ({ host, port }: NodePlan) => `${host}:${port}`;
