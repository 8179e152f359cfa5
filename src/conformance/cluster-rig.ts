/** Six cluster-enabled servers that do not know one another yet: ours over TCP, and real ones. */
import { Lab } from '../engine/lab/lab.ts';
import type { Places } from '../engine/lab/topology.ts';
import { openLua } from '../hosts/lua-file.ts';
import { TcpHost } from '../hosts/tcp.ts';
import { freePort, startRealRedis } from './real-redis.ts';
import { Wire } from './wire.ts';

/** Servers by the number of the node, from 0. */
export interface Nodes {
  readonly ports: readonly number[];
  readonly busPorts: readonly number[];
  readonly wires: readonly Wire[];
  readonly ids: readonly string[];
  /** Ends a node as kill -9 does. */
  kill(node: number): Promise<void>;
  stop(): Promise<void>;
}

const HOST = '127.0.0.1';
const COUNT = 6;

/** Ours. `onBug` hears of what no command should throw. */
export async function startOurNodes(
  config: Readonly<Record<string, string>>,
  onBug: (error: unknown) => void,
): Promise<Nodes> {
  const { ports, busPorts } = await freePorts();
  const places: Places = { host: () => HOST, port: (index) => ports[index] as number };
  const busOf = (port: number) => String(busPorts[ports.indexOf(port)]);
  const lab: Lab = new Lab({
    topology: { kind: 'nodes', nodes: COUNT },
    places,
    adapt: (node) => ({
      ...node,
      config: { ...node.config, ...config, 'cluster-port': busOf(node.port) },
    }),
    outside: (address, listener) => host.dial(address, listener),
    openLua,
    start: Date.now(),
    seed: Date.now(),
  });
  const host: TcpHost = new TcpHost(lab, onBug);
  for (const node of lab.nodes) {
    await host.listen(node.accept, { host: HOST, port: node.port });
    await host.listen(node.acceptBus, { host: HOST, port: node.busPort });
  }
  return {
    ...(await meetNodes(ports)),
    ports,
    busPorts,
    async kill(index) {
      host.stopListening(ports[index] as number);
      host.stopListening(busPorts[index] as number);
      lab.nodes[index]?.kill();
    },
    stop: () => host.close(),
  };
}

/** Those of redis-server. */
export async function startRealNodes(config: Readonly<Record<string, string>>): Promise<Nodes> {
  const { busPorts } = await freePorts();
  const directives = Object.entries(config).flatMap(([name, text]) => [`--${name}`, text]);
  const servers = await Promise.all(
    busPorts.map((port) =>
      startRealRedis(['--cluster-enabled', 'yes', '--cluster-port', String(port), ...directives]),
    ),
  );
  const ports = servers.map(({ port }) => port);
  return {
    ...(await meetNodes(ports)),
    ports,
    busPorts,
    kill: (index) => servers[index]?.stop() ?? Promise.resolve(),
    async stop() {
      await Promise.all(servers.map((server) => server.stop()));
    },
  };
}

async function freePorts(): Promise<Pick<Nodes, 'ports' | 'busPorts'>> {
  const free: number[] = [];
  while (free.length < COUNT * 2) {
    const port = await freePort();
    if (!free.includes(port)) free.push(port);
  }
  return { ports: free.slice(0, COUNT), busPorts: free.slice(COUNT) };
}

async function meetNodes(ports: readonly number[]): Promise<Pick<Nodes, 'wires' | 'ids'>> {
  const wires = await Promise.all(ports.map((port) => Wire.dial(HOST, port)));
  const ids = await Promise.all(wires.map((wire) => wire.run('CLUSTER', 'MYID')));
  return { wires, ids: ids.map((id) => id.text) };
}

/** Three primaries with a replica each, as `redis-cli --cluster create` makes them. */
export async function formCluster({ wires, ids, ports, busPorts }: Nodes): Promise<void> {
  const run = async (node: number, ...argv: string[]) => {
    const reply = await (wires[node] as Wire).run(...argv);
    if (reply.text !== 'OK') throw new Error(`${argv.join(' ')}: ${reply.text}`);
  };
  for (let node = 0; node < COUNT; node++) {
    await run(node, 'CLUSTER', 'SET-CONFIG-EPOCH', String(node + 1));
  }
  for (const [node, [first, last]] of SLOTS.entries()) {
    await run(node, 'CLUSTER', 'ADDSLOTSRANGE', String(first), String(last));
  }
  for (let node = 1; node < COUNT; node++) {
    await run(0, 'CLUSTER', 'MEET', HOST, String(ports[node]), String(busPorts[node]));
  }
  await until(wires, (info) => info.includes('cluster_known_nodes:6'));
  for (let node = 3; node < COUNT; node++) {
    await retry(() => run(node, 'CLUSTER', 'REPLICATE', ids[node - 3] as string));
  }
  await until(
    wires,
    (info) => info.includes('cluster_state:ok') && info.includes('cluster_size:3'),
  );
  // A replica is told of once it has something from its primary.
  await until(wires, (slots) => ids.every((id) => slots.includes(id)), ['CLUSTER', 'SLOTS']);
}

const SLOTS = [
  [0, 5460],
  [5461, 10_922],
  [10_923, 16_383],
] as const;

const PATIENCE_MS = 20_000;

/** Until what every node says to CLUSTER INFO, or another question, is as wanted. */
export async function until(
  wires: readonly Wire[],
  isSo: (answer: string) => boolean,
  question: readonly string[] = ['CLUSTER', 'INFO'],
): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  for (const wire of wires) {
    for (;;) {
      const { raw } = await wire.run(...question);
      if (isSo(raw)) break;
      if (Date.now() > end) throw new Error(`in vain awaited: ${raw}`);
      await pause(20);
    }
  }
}

async function retry(task: () => Promise<void>): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      await task();
      return;
    } catch (error) {
      if (Date.now() > end) throw error;
      await pause(20);
    }
  }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
