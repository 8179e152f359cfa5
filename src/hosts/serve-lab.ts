import { join } from 'node:path';
import { utf8Encode } from '../engine/bytes/bytes.ts';
import { Lab, type Node } from '../engine/lab/lab.ts';
import { type NodePlan, oneHost, type Topology, topologyOf } from '../engine/lab/topology.ts';
import type { Dial } from '../engine/network/network.ts';
import { LoadError } from '../engine/persistence/host.ts';
import { ConfFileError, optionLines } from '../engine/server/conf-file.ts';
import type { ConfigTexts } from '../engine/server/config.ts';
import { terminate } from '../engine/server/shutdown.ts';
import { tellEnd } from '../engine/server/startup.ts';
import { REDIS_VERSION } from '../engine/server/version.ts';
import { FolderDisk, reasonOf } from './folder-disk.ts';
import { bugReport, createLog } from './log.ts';
import { openLua } from './lua-file.ts';
import { catchUp } from './pace.ts';
import { listenAddress, readServerConf } from './redis-conf.ts';
import { TcpHost } from './tcp.ts';

/**
 * A whole data centre behind real sockets:
 * `npm run serve -- --lab nodes [--nodes 6] [--base-port 7000] [--directive value ...]`.
 * Every node has a port and a folder of its own, and is ended by itself: by SHUTDOWN, or by a crash.
 * Sentinels listen 20000 ports above the servers: at 26379, 26380 and 26381 with `--base-port 6379`.
 */

const labUsage =
  'Usage: redis-server --lab servers|nodes|replicated|sentinel|cluster [--nodes <n>] [--base-port <port>] [--directive value ...]\n(sentinel: three Sentinels, 20000 ports above the servers)';

interface Order {
  readonly topology: Topology;
  readonly basePort: number;
  /** How many servers hold data. */
  readonly nodes: number;
  readonly config: ConfigTexts;
}

/** Serves what the arguments describe. Ends the process when it cannot. */
export async function serveLab(args: readonly string[]): Promise<void> {
  const order = readOrder(args);
  const address = listenAddress(order.config);
  const lab = openLab(order, address, (to, listener) => host.dial(to, listener), leave);
  const host = new TcpHost(lab, (error) => logOf('lab')('warning', bugReport(error)));
  catchUp(lab.clock);
  for (const node of lab.nodes) await listen(host, node, address);
  for (const { name, isSentinel } of lab.nodes) {
    if (!isSentinel) logOf(name)('notice', 'Ready to accept connections');
  }
  for (const signal of ['sigint', 'sigterm'] as const) {
    process.on(signal.toUpperCase(), () => {
      for (const { state, server } of lab.nodes) if (state !== 'ended') terminate(server, signal);
    });
  }

  async function leave(name: string): Promise<void> {
    const { port, busPort, isSentinel, server } = lab.node(name) as Node;
    host.stopListening(port);
    host.stopListening(busPort);
    if (server.settings.crashSignal === 0) tellEnd(logOf(name, isSentinel), isSentinel);
    if (lab.nodes.some(({ state }) => state !== 'ended')) return;
    await host.close();
    process.exit(0);
  }
}

const logOf = (name: string, isSentinel = false) =>
  createLog(
    (line) => process.stdout.write(`${name} | ${line}`),
    process.pid,
    isSentinel ? 'X' : undefined,
  );

function readOrder(args: readonly string[]): Order {
  const own = new Map<string, string>();
  const directives: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] as string;
    if (ownOptions.has(arg)) own.set(arg, args[++i] ?? '');
    else directives.push(utf8Encode(arg));
  }
  const kind = own.get('--lab') ?? '';
  const nodes = Number(own.get('--nodes') ?? usualNodes[kind]);
  const topology = Number.isInteger(nodes) && nodes > 0 ? topologyOf(kind, nodes) : undefined;
  const basePort = Number(own.get('--base-port') ?? 7000);
  const isPort = Number.isInteger(basePort) && basePort > 0 && basePort < 65_536;
  if (!topology || !isPort) quit(labUsage);
  try {
    return { topology, basePort, nodes, config: readServerConf(optionLines(directives)).texts };
  } catch (error) {
    if (error instanceof ConfFileError) quit(error.report(REDIS_VERSION));
    throw error;
  }
}

const ownOptions = new Set(['--lab', '--nodes', '--base-port']);

/** How many servers hold data, unless that is said. */
const usualNodes: Readonly<Record<string, number>> = {
  servers: 3,
  nodes: 6,
  replicated: 3,
  sentinel: 3,
  cluster: 6,
};

function openLab(order: Order, address: string, dial: Dial, leave: (name: string) => void): Lab {
  const { topology, basePort, config } = order;
  const folderOf = (port: number) => join(config.dir ?? process.cwd(), String(port));
  try {
    return new Lab({
      topology,
      config,
      places: oneHost(address, basePort),
      adapt: (node) => adapted(node, order, address, folderOf(node.port)),
      diskOf: () => new FolderDisk(),
      logOf: ({ name, sentinelConf }) => logOf(name, sentinelConf !== undefined),
      outside: dial,
      openLua,
      stopwatch: () => performance.now() * 1000,
      start: Date.now(),
      seed: Date.now(),
      onShutdown: leave,
    });
  } catch (error) {
    if (error instanceof LoadError) quit(`Fatal error loading the DB: ${error.message}`);
    throw error;
  }
}

/** A Sentinel knows the replicas from the start: they are there sooner than it would ask for them. */
function adapted(
  node: NodePlan,
  { basePort, nodes }: Order,
  address: string,
  dir: string,
): NodePlan {
  const { sentinelConf } = node;
  const config = { ...node.config, dir };
  if (sentinelConf === undefined) return { ...node, config, configFile: join(dir, 'redis.conf') };
  const replicas = Array.from({ length: nodes - 1 }, (_, i) => basePort + 1 + i);
  const known = replicas.map((port) => `sentinel known-replica mymaster ${address} ${port}\n`);
  const told = `${sentinelConf}${known.join('')}`;
  return { ...node, config, sentinelConf: told, configFile: join(dir, 'sentinel.conf') };
}

async function listen(tcp: TcpHost, node: Node, host: string): Promise<void> {
  const doors = [[node.port, node.accept] as const];
  if (node.hasBus) doors.push([node.busPort, node.acceptBus]);
  for (const [port, accept] of doors) {
    try {
      await tcp.listen(accept, { host, port });
    } catch (error) {
      quit(`Failed listening on port ${port} (TCP), aborting: ${reasonOf(error)}`);
    }
  }
}

function quit(why: string): never {
  console.error(why);
  process.exit(1);
}
