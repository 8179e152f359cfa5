import { RedisError } from '../../../engine/errors.ts';
import { check } from './check.ts';
import type { Cluster } from './cluster.ts';
import { type ClusterNode, runs, SLOTS } from './node.ts';
import { ClusterFailure } from './screen.ts';

/** --cluster create: makes a cluster of servers that know nobody and hold nothing. */
export async function create(cluster: Cluster, addresses: readonly string[]): Promise<void> {
  const { screen } = cluster;
  for (const address of addresses) cluster.nodes.push(await freshNode(cluster, address));
  planRoles(cluster);
  cluster.showNodes();
  if (!screen.confirm('Can I set the above configuration?')) return;
  for (const node of cluster.masters) await addSlots(cluster, node);
  screen.say('info', '>>> Nodes configuration updated');
  screen.say('info', '>>> Assign a different config epoch to each node');
  for (const [index, node] of cluster.nodes.entries()) {
    await node.link.send(['CLUSTER', 'SET-CONFIG-EPOCH', String(index + 1)]);
  }
  await meet(cluster);
  for (const node of cluster.nodes) {
    if (node.isReplica) await order(cluster, node, 'REPLICATE', node.replicates as string);
  }
  await cluster.reload();
  if (!(await check(cluster))) throw new ClusterFailure();
}

/** Connects to a server that is to join. Throws when it has joined others already, or holds keys. */
export async function freshNode(cluster: Cluster, address: string): Promise<ClusterNode> {
  const node = await cluster.connect(address);
  const others = await node.load();
  const info = await node.text('CLUSTER', 'INFO');
  const isAlone = others.length === 0 && /cluster_known_nodes:1\b/.test(info);
  if (!isAlone || (await node.text('INFO', 'keyspace')).includes('db0:')) {
    cluster.fail(
      `[ERR] Node ${node.address} is not empty. Either the node already knows other nodes (check with CLUSTER NODES) or contains some key in database 0.`,
    );
  }
  return node;
}

async function addSlots(cluster: Cluster, node: ClusterNode): Promise<void> {
  const words = runs(node.slots).flat().map(String);
  await order(cluster, node, 'ADDSLOTSRANGE', ...words);
}

async function order(cluster: Cluster, node: ClusterNode, ...words: string[]): Promise<void> {
  const reply = await node.link.send(['CLUSTER', ...words]);
  if (reply instanceof RedisError) cluster.refuse(node, reply);
}

async function meet(cluster: Cluster): Promise<void> {
  const { screen, nodes, first } = cluster;
  screen.say('info', '>>> Sending CLUSTER MEET messages to join the cluster');
  for (const node of nodes.slice(1)) {
    await order(cluster, node, 'MEET', ...first.place);
  }
  await cluster.waitForJoin();
}

const LEAST_MASTERS = 3;

/** Who has which slots, and who replicates whom: as far apart from one another as the hosts allow. */
function planRoles(cluster: Cluster): void {
  const { screen, nodes, told } = cluster;
  const count = Math.floor(nodes.length / (told.replicas + 1));
  if (count < LEAST_MASTERS) {
    cluster.fail(
      '*** ERROR: Invalid configuration for cluster creation.\n' +
        '*** Redis Cluster requires at least 3 master nodes.\n' +
        `*** This is not possible with ${nodes.length} nodes and ${told.replicas} replicas per node.\n` +
        `*** At least ${LEAST_MASTERS * (told.replicas + 1)} nodes are required.`,
    );
  }
  screen.say('info', `>>> Performing hash slots allocation on ${nodes.length} nodes...`);
  const mixed = interleave(nodes);
  const masters = mixed.slice(0, count);
  shareSlots(cluster, masters);
  for (const node of nodes) node.isPlanned = true;
  const [first, ...rest] = mixed.slice(count);
  assignReplicas(cluster, masters, first ? [...rest, first] : []);
  separate(cluster);
}

/** The nodes of each host in turn. */
function interleave(nodes: readonly ClusterNode[]): ClusterNode[] {
  const hosts = [...new Set(nodes.map(({ host }) => host))];
  const byHost = hosts.map((host) => nodes.filter((node) => node.host === host));
  const longest = Math.max(...byHost.map(({ length }) => length));
  return Array.from({ length: longest }, (_, round) =>
    byHost.flatMap((group) => group[round] ?? []),
  ).flat();
}

function shareSlots({ screen }: Cluster, masters: readonly ClusterNode[]): void {
  const share = SLOTS / masters.length;
  let first = 0;
  for (const [index, master] of masters.entries()) {
    const isLast = index === masters.length - 1;
    const last = isLast ? SLOTS - 1 : Math.round((index + 1) * share - 1);
    screen.print(`Master[${index}] -> Slots ${first} - ${last}\n`);
    for (let slot = first; slot <= last; slot++) master.slots.add(slot);
    first = last + 1;
  }
}

function assignReplicas(
  cluster: Cluster,
  masters: readonly ClusterNode[],
  replicas: readonly ClusterNode[],
): void {
  const { screen, told } = cluster;
  const left = [...replicas];
  const give = (master: ClusterNode) => {
    const elsewhere = left.findIndex(({ host }) => host !== master.host);
    const [replica] = left.splice(Math.max(elsewhere, 0), 1);
    if (!replica) return;
    replica.replicates = master.id;
    screen.print(`Adding replica ${replica.address} to ${master.address}\n`);
  };
  for (const master of masters) for (let n = 0; n < told.replicas; n++) give(master);
  if (left.length > 0) screen.print('Adding extra replicas...\n');
  for (let n = 0; left.length > 0; n++) give(masters[n % masters.length] as ClusterNode);
}

/** A host that has both a master and its replica counts so much worse than one with two replicas. */
const SHARED_HOST = 10_000;

/** How much would be lost with one host; 0 is best. */
function closeness(nodes: readonly ClusterNode[]): number {
  let score = 0;
  for (const master of nodes.filter(({ isReplica }) => !isReplica)) {
    const replicas = nodes.filter(({ replicates }) => replicates === master.id);
    score += SHARED_HOST * replicas.filter(({ host }) => host === master.host).length;
    const hosts = new Set(replicas.map(({ host }) => host));
    score += replicas.length - hosts.size;
  }
  return score;
}

/** Lets replicas change places for as long as that takes them farther from their masters. */
function separate({ nodes, screen }: Cluster): void {
  let score = closeness(nodes);
  if (score === 0) return;
  screen.say('info', '>>> Trying to optimize slaves allocation for anti-affinity');
  const replicas = nodes.filter(({ isReplica }) => isReplica);
  const swap = (a: ClusterNode, b: ClusterNode) => {
    [a.replicates, b.replicates] = [b.replicates, a.replicates];
  };
  for (let isBetter = true; isBetter; ) {
    isBetter = false;
    for (const one of replicas) {
      for (const other of replicas) {
        swap(one, other);
        const next = closeness(nodes);
        if (next < score) [score, isBetter] = [next, true];
        else swap(one, other);
      }
    }
  }
  if (score === 0) screen.say('good', '[OK] Perfect anti-affinity obtained!');
  else if (score >= SHARED_HOST) {
    screen.say('warning', '[WARNING] Some slaves are in the same host as their master');
  } else screen.say('warning', '[WARNING] Some slaves of the same master are in the same host');
}
