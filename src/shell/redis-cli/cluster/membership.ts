import { RedisError } from '../../../engine/errors.ts';
import { LinkError } from '../link.ts';
import { check } from './check.ts';
import type { Cluster } from './cluster.ts';
import { freshNode } from './create.ts';
import type { ClusterNode } from './node.ts';
import { ClusterFailure } from './screen.ts';

/** --cluster add-node: an empty server joins, as a master without slots or as a replica. */
export async function addNode(cluster: Cluster, address: string, existing: string): Promise<void> {
  const { screen, told } = cluster;
  screen.say('info', `>>> Adding node ${address} to cluster ${existing}`);
  await cluster.load(existing);
  if (!(await check(cluster))) throw new ClusterFailure();
  const master = told.isReplica ? chooseMaster(cluster) : undefined;
  const node = await connectNew(cluster, address);
  if (!master) await copyFunctions(cluster, node);
  screen.say('info', `>>> Send CLUSTER MEET to node ${node.address} to make it join the cluster.`);
  const { first } = cluster;
  await order(cluster, node, 'CLUSTER', 'MEET', ...first.place);
  if (master) {
    cluster.nodes.push(node);
    await cluster.waitForJoin();
    screen.say('info', `>>> Configure node as replica of ${master.address}.`);
    await order(cluster, node, 'CLUSTER', 'REPLICATE', master.id);
  }
  screen.say('good', '[OK] New node added correctly.');
}

function chooseMaster(cluster: Cluster): ClusterNode {
  const { told, screen } = cluster;
  if (told.masterId !== undefined) {
    const named = cluster.byId(told.masterId);
    return named ?? cluster.fail(`[ERR] No such master ID ${told.masterId}`);
  }
  const chosen = cluster.leastReplicated as ClusterNode;
  screen.print(`Automatically selected master ${chosen.address}\n`);
  return chosen;
}

async function connectNew(cluster: Cluster, address: string): Promise<ClusterNode> {
  try {
    return await freshNode(cluster, address);
  } catch (error) {
    if (!(error instanceof LinkError)) throw error;
    cluster.screen.complain(`${error.message}\n`);
    return cluster.fail(`[ERR] Sorry, can't connect to node ${address}`);
  }
}

/** A new master has to know the functions that the cluster has. */
async function copyFunctions(cluster: Cluster, node: ClusterNode): Promise<void> {
  const { screen, first } = cluster;
  screen.say('info', '>>> Getting functions from cluster');
  const dump = await first.text('FUNCTION', 'DUMP');
  const about = `to ${node.address} to verify there is no functions in it`;
  screen.say('info', `>>> Send FUNCTION LIST ${about}`);
  const known = (await node.ask('FUNCTION', 'LIST')) as readonly unknown[];
  if (known.length > 0) cluster.fail('[ERR] New node already contains functions');
  screen.say('info', `>>> Send FUNCTION RESTORE to ${node.address}`);
  await order(cluster, node, 'FUNCTION', 'RESTORE', dump);
}

/** --cluster del-node: a node without slots leaves, and all others forget it. */
export async function deleteNode(cluster: Cluster, address: string, id: string): Promise<void> {
  const { screen } = cluster;
  screen.say('info', `>>> Removing node ${id} from cluster ${address}`);
  await cluster.load(address);
  const node = cluster.byId(id);
  if (!node) return cluster.fail(`[ERR] No such node ID ${id}`);
  if (node.slots.size > 0) {
    cluster.fail(`[ERR] Node ${node.address} is not empty! Reshard data away and try again.`);
  }
  screen.say('info', '>>> Sending CLUSTER FORGET messages to the cluster...');
  for (const other of cluster.nodes) {
    if (other === node) continue;
    if (other.replicates === node.id) await moveReplica(cluster, other, node);
    await order(cluster, other, 'CLUSTER', 'FORGET', node.id);
  }
  screen.say('info', '>>> Sending CLUSTER RESET SOFT to the deleted node.');
  await order(cluster, node, 'CLUSTER', 'RESET', 'SOFT');
}

async function moveReplica(
  cluster: Cluster,
  replica: ClusterNode,
  leaving: ClusterNode,
): Promise<void> {
  const masters = cluster.masters.filter((each) => each !== leaving);
  const [master] = masters.sort((a, b) => a.replicas - b.replicas);
  if (!master) return;
  master.replicas++;
  cluster.screen.say('info', `>>> ${replica.address} as replica of ${master.address}`);
  await order(cluster, replica, 'CLUSTER', 'REPLICATE', master.id);
}

/** Sends a command, and ends with what the node refuses it with. */
async function order(cluster: Cluster, node: ClusterNode, ...argv: string[]): Promise<void> {
  const reply = await node.link.send(argv);
  if (reply instanceof RedisError) cluster.refuse(node, reply);
}
