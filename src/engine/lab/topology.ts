import type { ConfigTexts } from '../server/config.ts';
import { nodesConfs } from './formed-cluster.ts';

/** A data centre as data: which servers there are. */
export type Topology =
  | { readonly kind: 'standalone' }
  /** Servers that do not know one another. */
  | { readonly kind: 'servers'; readonly servers: number }
  /** The same with cluster support. */
  | { readonly kind: 'nodes'; readonly nodes: number }
  | { readonly kind: 'replicated'; readonly replicas: number }
  | { readonly kind: 'sentinel'; readonly replicas: number; readonly sentinels: number }
  | { readonly kind: 'cluster'; readonly shards: number; readonly replicasPerShard: number };

export interface NodePlan {
  /** What transcripts and scenes call it, and the name of its host. */
  readonly name: string;
  /** The address of its host. */
  readonly host: string;
  readonly port: number;
  /** Directives that it starts with. */
  readonly config: ConfigTexts;
  /** Where on its disk its redis.conf is, which then holds these directives. */
  readonly configFile?: string | undefined;
  /** What its nodes.conf says when it starts for the first time: the cluster that it is part of. */
  readonly nodesConf?: string | undefined;
  /** What its sentinel.conf says beside the directives at first; where this is, it is a Sentinel. */
  readonly sentinelConf?: string | undefined;
  /** Lines of the command line, which come after those of the file. */
  readonly options?: string;
}

/** Where the nodes of a lab listen. */
export interface Places {
  /** The address of a node, counted from 0. */
  host(index: number): string;
  port(index: number): number;
  /** The same of a Sentinel; on hosts of their own unless given. */
  readonly sentinels?: { host(index: number): string; port(index: number): number };
}

/** Each node on a host of its own, all on Redis's usual ports. */
const ownHosts: Places = {
  host: (index) => `10.0.0.${index + 1}`,
  port: () => 6379,
};

const sentinelHosts = { host: (index: number) => `10.0.1.${index + 1}`, port: () => 26_379 };

/** How much higher the ports of Sentinels are than those of servers: 26379 and 6379. */
export const SENTINEL_PORT_OFFSET = 20_000;

/** All nodes on one host, each on a port of its own; Sentinels 20000 above the servers. */
export const oneHost = (host: string, basePort: number): Places => ({
  host: () => host,
  port: (index) => basePort + index,
  sentinels: { host: () => host, port: (index) => basePort + SENTINEL_PORT_OFFSET + index },
});

/** As on a network of one's own, where the official images allow any client too. */
const open = { 'protected-mode': 'no' };

/** Where Docker's image keeps it. */
const CONFIG_FILE = '/usr/local/etc/redis/redis.conf';
export const SENTINEL_FILE = '/usr/local/etc/redis/sentinel.conf';

/** How long a lab has run when it is handed over: its servers have found one another. Milliseconds. */
export function warmUpMs({ kind }: Topology): number {
  if (['standalone', 'servers', 'nodes'].includes(kind)) return 0;
  // A Sentinel looks for replicas every ten seconds.
  if (kind === 'sentinel') return 15_000;
  // CLUSTER SLOTS lists a replica once its offset, which begins with a PING after ten seconds, has
  // come around.
  return kind === 'cluster' ? 17_000 : 10_000;
}

/** A topology by its name and the number of its servers that hold data; undefined if there is none. */
export function topologyOf(kind: string, nodes: number): Topology | undefined {
  switch (kind) {
    case 'standalone':
      return { kind };
    case 'servers':
      return { kind, servers: nodes };
    case 'nodes':
      return { kind, nodes };
    case 'replicated':
      return { kind, replicas: nodes - 1 };
    case 'sentinel':
      return { kind, replicas: nodes - 1, sentinels: 3 };
    case 'cluster':
      return nodes > 3
        ? { kind, shards: Math.ceil(nodes / 2), replicasPerShard: 1 }
        : { kind, shards: nodes, replicasPerShard: 0 };
    default:
      return undefined;
  }
}

/** The servers of a topology. Throws when there would be none. */
export function plan(topology: Topology, places: Places = ownHosts): readonly NodePlan[] {
  const nodes = nodesOf(topology, places);
  if (nodes.length === 0) throw new Error(`a ${topology.kind} lab needs a server`);
  return nodes;
}

function nodesOf(topology: Topology, places: Places): readonly NodePlan[] {
  if (topology.kind === 'standalone') {
    return [{ name: 'redis', host: '127.0.0.1', port: 6379, config: {} }];
  }
  const node = (index: number, config: ConfigTexts): NodePlan => ({
    name: `node${index + 1}`,
    host: places.host(index),
    port: places.port(index),
    config: { port: String(places.port(index)), ...open, ...config },
    configFile: CONFIG_FILE,
  });
  if (topology.kind === 'servers') return range(topology.servers).map((i) => node(i, {}));
  if (topology.kind === 'nodes') {
    return range(topology.nodes).map((i) => node(i, { 'cluster-enabled': 'yes' }));
  }
  if (topology.kind === 'replicated' || topology.kind === 'sentinel') {
    const primary = { replicaof: `${places.host(0)} ${places.port(0)}` };
    const servers = range(topology.replicas + 1).map((i) => node(i, i === 0 ? {} : primary));
    return topology.kind === 'sentinel' ? [...servers, ...sentinels(topology, places)] : servers;
  }
  const { shards, replicasPerShard } = topology;
  const nodes = range(shards * (1 + replicasPerShard)).map((i) =>
    node(i, { 'cluster-enabled': 'yes' }),
  );
  const confs = nodesConfs(nodes, shards);
  return nodes.map((each, i) => ({ ...each, nodesConf: confs[i] }));
}

/** Sentinels that monitor the first server, under the name that everybody gives it. */
function sentinels(
  topology: Extract<Topology, { kind: 'sentinel' }>,
  places: Places,
): readonly NodePlan[] {
  const at = places.sentinels ?? sentinelHosts;
  const quorum = Math.floor(topology.sentinels / 2) + 1;
  const sentinelConf = [
    `sentinel monitor mymaster ${places.host(0)} ${places.port(0)} ${quorum}`,
    'sentinel down-after-milliseconds mymaster 5000',
    'sentinel failover-timeout mymaster 10000',
    'sentinel parallel-syncs mymaster 1',
    '',
  ].join('\n');
  return range(topology.sentinels).map((i) => ({
    name: `sentinel${i + 1}`,
    host: at.host(i),
    port: at.port(i),
    config: { port: String(at.port(i)) },
    configFile: SENTINEL_FILE,
    sentinelConf,
  }));
}

const range = (length: number): number[] => Array.from({ length }, (_, i) => i);
