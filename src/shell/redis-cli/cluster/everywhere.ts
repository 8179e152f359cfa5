import { RedisError } from '../../../engine/errors.ts';
import { printAs } from '../../../engine/resp/print-formats.ts';
import type { Cluster } from './cluster.ts';
import { ClusterFailure } from './screen.ts';

/** --cluster call: the same command on every node. */
export async function callEverywhere(cluster: Cluster, argv: readonly string[]): Promise<void> {
  const { screen, nodes, told } = cluster;
  screen.say('info', `>>> Calling ${argv.join(' ')}`);
  for (const node of nodes) {
    if (told.only && (told.only === 'replicas') !== node.isReplica) continue;
    const reply = await node.link.send(argv);
    screen.print(`${node.address}: ${printAs('raw', reply)}\n`);
  }
}

/** Below this a cluster would take every pause for a failure, in ms. */
const LEAST_TIMEOUT = 100;

/** --cluster set-timeout: cluster-node-timeout on every node, and in its redis.conf. */
export async function setTimeoutEverywhere(cluster: Cluster, ms: string): Promise<void> {
  const { screen } = cluster;
  screen.say('info', '>>> Reconfiguring node timeout in every cluster node...');
  let good = 0;
  for (const node of cluster.nodes) {
    const words = [['SET', 'cluster-node-timeout', ms], ['REWRITE']];
    let refusal: RedisError | undefined;
    for (const each of words) {
      const reply = refusal ?? (await node.link.send(['CONFIG', ...each]));
      if (reply instanceof RedisError) refusal = reply;
    }
    if (!refusal) good++;
    if (!refusal) screen.say('warning', `*** New timeout set for ${node.address}`);
    else {
      screen.say('bad', `ERR setting node-timeout for ${node.address}: ${refusal.message}`);
    }
  }
  const bad = cluster.nodes.length - good;
  screen.say('info', `>>> New node timeout set. ${good} OK, ${bad} ERR.`);
}

/** Throws when so many ms are too few. */
export function checkTimeout(ms: string): void {
  if (Number.parseInt(ms, 10) >= LEAST_TIMEOUT) return;
  throw new ClusterFailure('Setting a node timeout of less than 100 milliseconds is a bad idea.');
}
