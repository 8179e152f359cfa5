import { absolute } from '../../../engine/bytes/path.ts';
import { saveSnapshot } from '../transfer.ts';
import { check } from './check.ts';
import type { Cluster } from './cluster.ts';
import { type ClusterNode, runs } from './node.ts';
import { ClusterFailure } from './screen.ts';

/** --cluster backup: a snapshot of each master, and nodes.json with who has which slots. */
export async function backup(cluster: Cluster, folder: string): Promise<void> {
  const { screen, call, options, masters } = cluster;
  const isWell = await check(cluster);
  for (const node of masters) {
    screen.say('info', `>>> Node ${node.address} -> Saving RDB...`);
    const file = `${folder}/redis-node-${node.host}-${node.port}-${node.id}.rdb`;
    const order = { address: node.address, file, capabilities: [] };
    if ((await saveSnapshot(call, options, order)) !== 0) throw new ClusterFailure();
  }
  screen.print(`Saving cluster configuration to: ${folder}/nodes.json\n`);
  const text = `[\n${cluster.nodes.map(describe).join(',\n')}\n]`;
  call.machine.files.write(absolute(`${folder}/nodes.json`, call.folder), text);
  if (isWell) screen.say('good', `[OK] Backup created into: ${folder}`);
  else screen.say('good', `[OK] Cluster backup created into: ${folder}`);
}

function describe(node: ClusterNode): string {
  const slots = runs(node.slots).map(([first, last]) => `[${first},${last}]`);
  const fields = [
    `"name": "${node.id}"`,
    `"host": "${node.host}"`,
    `"port": ${node.port}`,
    `"replicate": ${node.replicates === undefined ? 'null' : `"${node.replicates}"`}`,
    `"slots": [${slots.join(',')}]`,
    `"slots_count": ${node.slots.size}`,
    `"flags": "${node.flags.filter((flag) => flag !== 'myself').join(',')}"`,
    `"current_epoch": ${node.currentEpoch}`,
  ];
  return `  {\n${fields.map((field) => `    ${field}`).join(',\n')}\n  }`;
}
