import { check } from './check.ts';
import type { Cluster } from './cluster.ts';
import { moveSlot, planMoves, type SlotMove } from './move.ts';
import { type ClusterNode, SLOTS } from './node.ts';
import { ClusterFailure } from './screen.ts';

/** --cluster reshard: moves so many slots from some masters to another. */
export async function reshard(cluster: Cluster): Promise<void> {
  if (!(await check(cluster))) {
    throw new ClusterFailure('*** Please fix your cluster problems before resharding');
  }
  const { screen, told } = cluster;
  const count = askCount(cluster);
  const target = askTarget(cluster);
  const sources = askSources(cluster, target);
  screen.print(`\nReady to move ${count} slots.\n`);
  screen.print('  Source nodes:\n');
  cluster.showNodes(sources, '    ');
  screen.print('  Destination node:\n');
  cluster.showNodes([target], '    ');
  const moves = planMoves(sources, count);
  screen.print('  Resharding plan:\n');
  for (const move of moves) screen.print(describe(move));
  if (!told.isYes) {
    const answer = screen.ask('Do you want to proceed with the proposed reshard plan (yes/no)? ');
    if (answer.toLowerCase() !== 'yes') throw new ClusterFailure();
  }
  for (const move of moves) await moveSlot(cluster, move, target);
}

const describe = ({ slot, source }: SlotMove) => `    Moving slot ${slot} from ${source.id}\n`;

function askCount({ screen, told }: Cluster): number {
  let count = told.slots;
  while (!(count > 0 && count <= SLOTS)) {
    const question = `How many slots do you want to move (from 1 to ${SLOTS})? `;
    count = Number.parseInt(screen.ask(question), 10);
  }
  return count;
}

/** A master by its ID; says so when there is none. */
function masterOf(cluster: Cluster, id: string): ClusterNode | undefined {
  const node = cluster.byId(id);
  if (node && !node.isReplica) return node;
  cluster.screen.say(
    'bad',
    `*** The specified node (${id}) is not known or not a master, please retry.`,
  );
  return undefined;
}

function askTarget(cluster: Cluster): ClusterNode {
  const { screen, told } = cluster;
  if (told.to !== undefined) {
    const node = masterOf(cluster, told.to);
    if (!node) throw new ClusterFailure();
    return node;
  }
  for (;;) {
    const node = masterOf(cluster, screen.ask('What is the receiving node ID? '));
    if (node) return node;
  }
}

function askSources(cluster: Cluster, target: ClusterNode): readonly ClusterNode[] {
  const { told } = cluster;
  const all = () => cluster.masters.filter((node) => node !== target);
  const named =
    told.from === undefined ? askNamed(cluster, target) : fromFlag(cluster, target, told.from);
  const sources = named === 'all' ? all() : named;
  if (sources.length === 0) {
    throw new ClusterFailure('*** No source nodes given, operation aborted.');
  }
  return sources;
}

/** What --cluster-from names. A node that there is not is the end, the target itself is left out. */
function fromFlag(cluster: Cluster, target: ClusterNode, from: string) {
  if (from === 'all') return from;
  const named = from.split(',').map((id) => masterOf(cluster, id) ?? end());
  if (named.includes(target)) refuseTarget(cluster);
  return named.filter((node) => node !== target);
}

function end(): never {
  throw new ClusterFailure();
}

const refuseTarget = ({ screen }: Cluster): void =>
  screen.say('bad', '*** It is not possible to use the target node as source node.');

function askNamed(cluster: Cluster, target: ClusterNode): readonly ClusterNode[] | 'all' {
  const { screen } = cluster;
  screen.print(
    'Please enter all the source node IDs.\n' +
      "  Type 'all' to use all the nodes as source nodes for the hash slots.\n" +
      "  Type 'done' once you entered all the source nodes IDs.\n",
  );
  const named: ClusterNode[] = [];
  for (;;) {
    const word = screen.ask(`Source node #${named.length + 1}: `);
    if (word === 'done') return named;
    if (word === 'all') return 'all';
    const node = masterOf(cluster, word);
    if (node === target) refuseTarget(cluster);
    else if (node && !named.includes(node)) named.push(node);
  }
}
