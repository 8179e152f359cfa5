import type { Cluster } from './cluster.ts';
import { moveSlot, setSlot } from './move.ts';
import type { ClusterNode } from './node.ts';

/** A slot that is on its way, and what the masters say of it. */
interface OpenSlot {
  readonly slot: number;
  readonly owner: ClusterNode;
  readonly migrating: readonly ClusterNode[];
  readonly importing: readonly ClusterNode[];
}

/** Brings a slot that is half moved to its end, or back. False when it cannot be told how. */
export async function fixOpenSlot(cluster: Cluster, slot: number): Promise<boolean> {
  cluster.screen.say('info', `>>> Fixing open slot ${slot}`);
  if (!canFix(cluster)) return false;
  const owners = cluster.masters.filter(({ slots }) => slots.has(slot));
  const [only] = owners.length === 1 ? owners : [];
  const found = await findOpen(cluster, slot, only);
  showOpen(cluster, found);
  const owner = only ?? (await chooseOwner(cluster, slot));
  if (!owner) {
    cluster.screen.say('bad', "[ERR] Can't select a slot owner. Impossible to fix.");
    return false;
  }
  const others = (nodes: readonly ClusterNode[]) =>
    only ? nodes : nodes.filter((node) => node !== owner);
  const { migrating, importing } = found;
  return close(cluster, {
    ...{ slot, owner, migrating: others(migrating), importing: others(importing) },
  });
}

/** A master that cannot be seen may have what seems to be missing. */
function canFix({ unreachableMasters, told, screen }: Cluster): boolean {
  if (unreachableMasters === 0 || told.fixesWithUnreachable) return true;
  screen.say(
    'bad',
    `*** Fixing open slots with ${unreachableMasters} unreachable masters is dangerous: what they have is not known here and may be lost. To do it all the same, use --cluster-fix-with-unreachable-masters.`,
  );
  return false;
}

async function findOpen(cluster: Cluster, slot: number, owner: ClusterNode | undefined) {
  const migrating: ClusterNode[] = [];
  const importing: ClusterNode[] = [];
  for (const node of cluster.masters) {
    if (node.migrating.has(slot)) migrating.push(node);
    else if (node.importing.has(slot)) importing.push(node);
    else if (node !== owner && (await node.keysIn(slot)) > 0) {
      cluster.screen.say('warning', `*** Found keys about slot ${slot} in node ${node.address}!`);
      importing.push(node);
    }
  }
  return { migrating, importing };
}

function showOpen(
  { screen }: Cluster,
  { migrating, importing }: Pick<OpenSlot, 'migrating' | 'importing'>,
): void {
  const addresses = (nodes: readonly ClusterNode[]) => nodes.map((node) => node.address).join(',');
  if (migrating.length > 0) screen.print(`Set as migrating in: ${addresses(migrating)}\n`);
  if (importing.length > 0) screen.print(`Set as importing in: ${addresses(importing)}\n`);
}

/** Nobody has the slot, or many do: who has the most keys of it gets it. */
async function chooseOwner(cluster: Cluster, slot: number): Promise<ClusterNode | undefined> {
  const { screen, masters } = cluster;
  screen.say('info', '>>> No single clear owner for the slot, selecting an owner by # of keys...');
  let owner: ClusterNode | undefined;
  let most = 0;
  for (const node of masters) {
    const keys = await node.keysIn(slot);
    if (keys > most) [owner, most] = [node, keys];
  }
  if (!owner) return undefined;
  screen.say('warning', `*** Configuring ${owner.address} as the slot owner`);
  await setSlot(cluster, owner, slot, 'STABLE');
  for (const node of masters) {
    if (node !== owner && node.slots.delete(slot)) {
      await node.ask('CLUSTER', 'DELSLOTS', String(slot));
      await setSlot(cluster, node, slot, 'IMPORTING', owner.id);
    }
  }
  await giveSlot(owner, slot);
  return owner;
}

/** Makes a node the owner of a slot that it may or may not have. */
export async function giveSlot(node: ClusterNode, slot: number): Promise<void> {
  if (!node.slots.has(slot)) {
    // It may still believe that another has it; what it refuses is no reason to stop.
    await node.link.send(['CLUSTER', 'DELSLOTS', String(slot)]);
    await node.ask('CLUSTER', 'ADDSLOTS', String(slot));
  }
  await node.ask('CLUSTER', 'BUMPEPOCH');
  node.slots.add(slot);
}

/** The cases that there are, numbered as redis-cli numbers them. */
async function close(cluster: Cluster, open: OpenSlot): Promise<boolean> {
  const { slot, owner, migrating, importing } = open;
  const { screen } = cluster;
  const [source] = migrating;
  const [target] = importing;
  if (source && target && migrating.length === 1 && importing.length === 1) {
    const about = `slot ${slot} from ${source.address} to ${target.address}`;
    screen.say('info', `>>> Case 1: Moving ${about}`);
    await moveSlot(cluster, { source, slot }, target);
    return true;
  }
  if (migrating.length === 0 && importing.length > 0) return bringHome(cluster, open);
  if (source && migrating.length === 1 && importing.length > 1) return closeMany(cluster, open);
  if (source && importing.length === 0 && (source === owner || (await source.keysIn(slot)) === 0)) {
    screen.say('info', `>>> Case 4: Closing slot ${slot} on ${source.address}`);
    await setSlot(cluster, source, slot, 'STABLE');
    source.migrating.delete(slot);
    return true;
  }
  screen.say(
    'bad',
    `[ERR] Sorry, redis-cli can't fix this slot yet (work in progress). Slot is set as migrating in ${listOf(migrating)}, as importing in ${listOf(importing)}, owner is ${owner.address}`,
  );
  return false;
}

const listOf = (nodes: readonly ClusterNode[]) => nodes.map((node) => node.address).join(',');

async function bringHome(cluster: Cluster, { slot, owner, importing }: OpenSlot) {
  const { screen } = cluster;
  screen.say('info', `>>> Case 2: Moving all the ${slot} slot keys to its owner ${owner.address}`);
  for (const node of importing) {
    if (node === owner) continue;
    await moveSlot(cluster, { source: node, slot }, owner, { isCold: true });
    screen.say('info', `>>> Setting ${slot} as STABLE in ${node.address}`);
    await setSlot(cluster, node, slot, 'STABLE');
    node.importing.delete(slot);
  }
  for (const node of cluster.masters) {
    if (node !== owner) await setSlot(cluster, node, slot, 'NODE', owner.id);
  }
  return true;
}

async function closeMany(cluster: Cluster, { slot, migrating, importing }: OpenSlot) {
  const { screen } = cluster;
  const source = migrating[0] as ClusterNode;
  const target = importing.find(({ id }) => id === source.migrating.get(slot));
  if (target) {
    const about = `slot ${slot} from ${source.address} to ${target.address}`;
    screen.say(
      'info',
      `>>> Case 3: Moving ${about} and closing it on all the other importing nodes.`,
    );
    await moveSlot(cluster, { source, slot }, target);
  } else {
    const text = `>>> Case 3: Closing slot ${slot} on both migrating and importing nodes.`;
    screen.say('info', text);
    await setSlot(cluster, source, slot, 'STABLE');
  }
  for (const node of importing) {
    if (node !== target) await setSlot(cluster, node, slot, 'STABLE');
  }
  return true;
}
