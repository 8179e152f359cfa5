/** What others tell of others. */
import type { Bus } from './bus.ts';
import { addFailureReport, countFailureReports, markFailingIfAgreed } from './health.ts';
import type { Gossip } from './message.ts';
import { type ClusterNode, NodeFlag } from './node.ts';
import type { ClusterState } from './state.ts';

/** A clock of another node may be ahead of ours by this much, in ms. */
const CLOCK_TOLERANCE_MS = 500;

/** Takes in what a message told of third nodes. `sender` is undefined when we do not know it. */
export function processGossip(
  state: ClusterState,
  bus: Bus,
  sender: ClusterNode | undefined,
  gossip: readonly Gossip[],
): void {
  for (const told of gossip) {
    const node = state.nodes.get(told.name);
    if (node) hearOf(state, bus, sender, node, told);
    else if (sender && (told.flags & NodeFlag.noaddr) === 0) meetByGossip(state, told);
  }
}

function meetByGossip(state: ClusterState, told: Gossip): void {
  if (state.isBanned(told.name)) return;
  const node = state.newNode(told.name, told.flags);
  node.moveTo(told);
  state.add(node);
}

function hearOf(
  state: ClusterState,
  bus: Bus,
  sender: ClusterNode | undefined,
  node: ClusterNode,
  told: Gossip,
): void {
  const isSuspected = (told.flags & (NodeFlag.pfail | NodeFlag.fail)) !== 0;
  if (sender?.isPrimary && node !== state.myself) {
    hearOfFailure(state, bus, sender, node, isSuspected);
  }
  const isQuiet = !isSuspected && node.pingSentAt === 0;
  if (isQuiet && countFailureReports(state, node) === 0) {
    const pongAt = told.pongAt * 1000;
    if (pongAt <= state.now + CLOCK_TOLERANCE_MS && pongAt > node.pongAt) node.pongAt = pongAt;
  }
  const isReachable = !isSuspected && (told.flags & NodeFlag.noaddr) === 0;
  if (node.isSuspect && isReachable && !node.isAt(told)) node.moveTo(told);
}

function hearOfFailure(
  state: ClusterState,
  bus: Bus,
  sender: ClusterNode,
  node: ClusterNode,
  isSuspected: boolean,
): void {
  if (!isSuspected) {
    if (node.reports.delete(sender)) {
      state.log('verbose', `Node ${sender.name} reported node ${node.name} is back online.`);
    }
    return;
  }
  if (addFailureReport(state, node, sender)) {
    state.log('verbose', `Node ${sender.name} reported node ${node.name} as not reachable.`);
  }
  if (markFailingIfAgreed(state, node)) bus.broadcast({ type: 'fail', node: node.name });
}
