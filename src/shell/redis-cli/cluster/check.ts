import { type Cluster, uncoveredBy } from './cluster.ts';
import { fixMissingSlots } from './fix-coverage.ts';
import { fixOpenSlot } from './fix-open.ts';
import { SLOTS } from './node.ts';

/** --cluster info, and what check and fix begin with: keys, slots and replicas of each master. */
export async function showInfo(cluster: Cluster): Promise<void> {
  const { screen, masters } = cluster;
  let keys = 0;
  for (const node of masters) {
    const here = await node.count('DBSIZE');
    keys += here;
    const { address, id, slots, replicas } = node;
    screen.print(
      `${address} (${id.slice(0, 8)}...) -> ${here} keys | ${slots.size} slots | ${replicas} slaves.\n`,
    );
  }
  screen.say('good', `[OK] ${keys} keys in ${masters.length} masters.`);
  screen.print(`${(keys / SLOTS).toFixed(2)} keys per slot on average.\n`);
}

export interface CheckOptions {
  /** Without the list of nodes. */
  readonly isQuiet?: boolean;
  readonly isFixing?: boolean;
}

/** Whether all is well with a cluster; with `isFixing`, what is not is mended where that is possible. */
export async function check(
  cluster: Cluster,
  { isQuiet = false, isFixing = false }: CheckOptions = {},
): Promise<boolean> {
  const { screen } = cluster;
  screen.say('info', `>>> Performing Cluster Check (using node ${cluster.first.address})`);
  if (!isQuiet) cluster.showNodes();
  let isWell = await cluster.isConsistent();
  if (isWell) screen.say('good', '[OK] All nodes agree about slots configuration.');
  else screen.say('bad', "[ERR] Nodes don't agree about configuration!");
  isWell = (await checkOpenSlots(cluster, isFixing)) && isWell;
  isWell = (await checkCoverage(cluster, isFixing)) && isWell;
  if (cluster.told.looksForManyOwners) isWell = searchManyOwners(cluster) && isWell;
  return isWell;
}

/** Slots that are on their way from one node to another. */
async function checkOpenSlots(cluster: Cluster, isFixing: boolean): Promise<boolean> {
  const { screen, nodes } = cluster;
  screen.say('info', '>>> Check for open slots...');
  const open = new Set<number>();
  for (const node of nodes) {
    for (const state of ['migrating', 'importing'] as const) {
      const slots = [...node[state].keys()];
      if (slots.length === 0) continue;
      for (const slot of slots) open.add(slot);
      const text = `[WARNING] Node ${node.address} has slots in ${state} state ${slots.join(',')}.`;
      screen.say('warning', text);
    }
  }
  if (open.size === 0) return true;
  screen.say('warning', `[WARNING] The following slots are open: ${[...open].join(',')}.`);
  let isWell = isFixing;
  for (const slot of isFixing ? open : []) isWell = (await fixOpenSlot(cluster, slot)) && isWell;
  return isWell;
}

async function checkCoverage(cluster: Cluster, isFixing: boolean): Promise<boolean> {
  const { screen, nodes } = cluster;
  screen.say('info', '>>> Check slots coverage...');
  const uncovered = uncoveredBy(nodes);
  if (uncovered.length === 0) {
    screen.say('good', `[OK] All ${SLOTS} slots covered.`);
    return true;
  }
  screen.say('bad', `[ERR] Not all ${SLOTS} slots are covered by nodes.\n`);
  return isFixing && (await fixMissingSlots(cluster, uncovered)) > 0;
}

function searchManyOwners({ screen, masters }: Cluster): boolean {
  screen.say('info', '>>> Check for multiple slot owners...');
  let isWell = true;
  for (let slot = 0; slot < SLOTS; slot++) {
    const owners = masters.filter(({ slots }) => slots.has(slot));
    if (owners.length < 2) continue;
    isWell = false;
    screen.say('warning', `[WARNING] Slot ${slot} has ${owners.length} owners:`);
    for (const { address } of owners) screen.print(`    ${address}\n`);
  }
  if (isWell) screen.say('good', '[OK] No multiple owners found.');
  return isWell;
}
