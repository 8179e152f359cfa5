import type { Cluster } from './cluster.ts';
import { giveSlot } from './fix-open.ts';
import { moveSlot, setSlot } from './move.ts';
import { type ClusterNode, ranges } from './node.ts';
import { ClusterFailure } from './screen.ts';

/** A slot that nobody has, and who has keys of it all the same. */
interface MissingSlot {
  readonly slot: number;
  readonly holders: readonly ClusterNode[];
}

/** Gives slots that nobody has to a node, after asking. Returns how many. */
export async function fixMissingSlots(
  cluster: Cluster,
  uncovered: readonly number[],
): Promise<number> {
  const { screen, unreachableMasters, told } = cluster;
  screen.say('info', '>>> Fixing slots coverage...');
  if (unreachableMasters > 0 && !told.fixesWithUnreachable) {
    screen.say(
      'bad',
      `*** Fixing slots coverage with ${unreachableMasters} unreachable masters is dangerous: what they have is not known here and may be lost. To do it all the same, use --cluster-fix-with-unreachable-masters.`,
    );
    throw new ClusterFailure();
  }
  const missing: MissingSlot[] = [];
  for (const slot of uncovered) missing.push({ slot, holders: await holdersOf(cluster, slot) });
  const with_ = (count: (holders: number) => boolean) =>
    missing.filter(({ holders }) => count(holders.length));
  return (
    (await coverEmpty(
      cluster,
      with_((holders) => holders === 0),
    )) +
    (await coverHeld(
      cluster,
      with_((holders) => holders === 1),
    )) +
    (await gather(
      cluster,
      with_((holders) => holders > 1),
    ))
  );
}

async function holdersOf({ masters }: Cluster, slot: number): Promise<ClusterNode[]> {
  const counts = await Promise.all(masters.map((node) => node.keysIn(slot)));
  return masters.filter((_, index) => (counts[index] ?? 0) > 0);
}

/** Whether there are such slots, and they are to be covered. --cluster-yes does not say so. */
function mayCover(
  { screen }: Cluster,
  missing: readonly MissingSlot[],
  what: string,
  how: string,
): boolean {
  if (missing.length === 0) return false;
  screen.print(`The following uncovered slots have ${what}:\n`);
  screen.print(`${ranges(missing.map(({ slot }) => slot))}\n`);
  return screen.confirm(`Fix these slots by ${how}?`, true);
}

async function coverEmpty(cluster: Cluster, missing: readonly MissingSlot[]): Promise<number> {
  const what = 'no keys across the cluster';
  if (!mayCover(cluster, missing, what, 'covering with a random node')) return 0;
  for (const { slot } of missing) {
    const { masters } = cluster;
    await cover(cluster, slot, masters[Math.floor(Math.random() * masters.length)] as ClusterNode);
  }
  return missing.length;
}

async function coverHeld(cluster: Cluster, missing: readonly MissingSlot[]): Promise<number> {
  if (!mayCover(cluster, missing, 'keys in just one node', 'covering with those nodes')) return 0;
  for (const { slot, holders } of missing) await cover(cluster, slot, holders[0] as ClusterNode);
  return missing.length;
}

async function gather(cluster: Cluster, missing: readonly MissingSlot[]): Promise<number> {
  const how = 'moving keys into a single node';
  if (!mayCover(cluster, missing, 'keys in multiple nodes', how)) return 0;
  for (const { slot, holders } of missing) {
    const [target, ...others] = holders as [ClusterNode, ...ClusterNode[]];
    cluster.screen.say('info', `>>> Covering slot ${slot} moving keys to ${target.address}`);
    await giveSlot(target, slot);
    await setSlot(cluster, target, slot, 'STABLE');
    for (const source of others) {
      await setSlot(cluster, source, slot, 'IMPORTING', target.id);
      await moveSlot(cluster, { source, slot }, target, { isCold: true });
      await setSlot(cluster, source, slot, 'STABLE');
    }
  }
  return missing.length;
}

async function cover(cluster: Cluster, slot: number, node: ClusterNode): Promise<void> {
  cluster.screen.say('info', `>>> Covering slot ${slot} with ${node.address}`);
  await giveSlot(node, slot);
}
