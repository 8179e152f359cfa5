import { check } from './check.ts';
import type { Cluster } from './cluster.ts';
import { moveSlot, planMoves } from './move.ts';
import { type ClusterNode, SLOTS } from './node.ts';

/** A master and how many slots it has too many; below 0, too few. */
interface Share {
  readonly node: ClusterNode;
  readonly weight: number;
  balance: number;
}

/** --cluster rebalance: moves slots until every master has its share, by weight. */
export async function rebalance(cluster: Cluster): Promise<void> {
  const { screen, told } = cluster;
  const weights = readWeights(cluster);
  if (!(await check(cluster, { isQuiet: true }))) {
    cluster.fail('*** Please fix your cluster problems before rebalancing');
  }
  const shares = shareOut(cluster, weights);
  const total = shares.reduce((sum, { weight }) => sum + weight, 0);
  const isNeeded = shares.some((share) => isBeyond(share, expected(share, total), told.threshold));
  if (!isNeeded) {
    screen.say(
      'warning',
      `*** No rebalancing needed! All nodes are within the ${told.threshold.toFixed(2)}% threshold.`,
    );
    return;
  }
  const heading = `${shares.length} nodes. Total weight = ${total.toFixed(2)}`;
  screen.say('info', `>>> Rebalancing across ${heading}`);
  for (const share of shares) share.balance = share.node.slots.size - expected(share, total);
  level(shares);
  await moveAll(cluster, shares);
}

/** What --cluster-weight says, by the beginning of an ID. */
function readWeights(cluster: Cluster): ReadonlyMap<ClusterNode, number> {
  return new Map(
    cluster.told.weights.map(([id, weight]) => {
      const node = cluster.masters.find((each) => each.id.startsWith(id.toLowerCase()));
      if (!node) return cluster.fail(`*** No such master node ${id}`);
      return [node, weight];
    }),
  );
}

function shareOut({ masters, told }: Cluster, weights: ReadonlyMap<ClusterNode, number>): Share[] {
  return masters
    .filter(({ slots }) => told.usesEmptyMasters || slots.size > 0)
    .map((node) => ({ node, weight: weights.get(node) ?? 1, balance: 0 }));
}

const expected = ({ weight }: Share, total: number) => Math.floor((SLOTS / total) * weight);

/** Whether a master is farther from its share than it may be, in per cent. */
function isBeyond({ node }: Share, wanted: number, threshold: number): boolean {
  const { size } = node.slots;
  if (threshold <= 0) return true;
  return size > 0 ? Math.abs(100 - (100 * wanted) / size) > threshold : wanted > 1;
}

/** Rounding leaves some slots over: who gets some takes those as well. */
function level(shares: readonly Share[]): void {
  let over = shares.reduce((sum, { balance }) => sum + balance, 0);
  while (over > 0) {
    const before = over;
    for (const share of shares) {
      if (share.balance > 0 || over === 0) continue;
      share.balance--;
      over--;
    }
    if (over === before) return;
  }
}

async function moveAll(cluster: Cluster, shares: readonly Share[]): Promise<void> {
  const sorted = [...shares].sort((a, b) => a.balance - b.balance);
  let to = 0;
  let from = sorted.length - 1;
  while (to < from) {
    const target = sorted[to] as Share;
    const source = sorted[from] as Share;
    const count = Math.min(Math.abs(target.balance), Math.abs(source.balance));
    if (count > 0) await moveSome(cluster, source.node, target.node, count);
    target.balance += count;
    source.balance -= count;
    if (target.balance === 0) to++;
    if (source.balance === 0) from--;
  }
}

async function moveSome(
  cluster: Cluster,
  source: ClusterNode,
  target: ClusterNode,
  count: number,
): Promise<void> {
  const { screen, told } = cluster;
  screen.print(`Moving ${count} slots from ${source.address} to ${target.address}\n`);
  for (const move of planMoves([source], count)) {
    if (!told.isSimulation) await moveSlot(cluster, move, target, { isQuiet: true });
    screen.print('#');
  }
  screen.print('\n');
}
