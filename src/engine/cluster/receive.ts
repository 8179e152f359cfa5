/** What a node does with each message of the bus. */
import type { Bus, Link } from './bus.ts';
import { countVote, voteFor } from './election.ts';
import { processGossip } from './gossip.ts';
import { clearFailureIfPossible, markFailing } from './health.ts';
import { hearOffset, pauseForFailover } from './manual-failover.ts';
import type { Body, Extensions, Header, Message } from './message.ts';
import { type ClusterNode, NodeFlag } from './node.ts';
import { resolveEpochCollision, updateSlots } from './slots-config.ts';
import { addReplica, type ClusterState, joinShard } from './state.ts';

type Pinging = Extract<Body, { type: 'ping' | 'pong' | 'meet' }>;
type Update = Extract<Body, { type: 'update' }>;

/** Takes in a message. */
export function receive(state: ClusterState, bus: Bus, link: Link, message: Message): void {
  const { header, body } = message;
  const sender = senderOf(state, link, header);
  if (sender) {
    sender.heardAt = state.now;
    attachInbound(sender, link);
    hearHeader(state, sender, header);
  }
  switch (body.type) {
    case 'ping':
    case 'pong':
    case 'meet':
      hearPing(state, bus, link, sender, header, body);
      return;
    case 'publish':
    case 'publishshard': {
      const kind = body.type === 'publish' ? 'channel' : 'shard channel';
      if (sender) state.host.deliver(kind, body.channel, body.message);
      return;
    }
    default:
      if (sender) hearOfSender(state, bus, sender, header, body);
  }
}

function hearOfSender(
  state: ClusterState,
  bus: Bus,
  sender: ClusterNode,
  header: Header,
  body: Exclude<Body, Pinging | { type: 'publish' | 'publishshard' }>,
): void {
  switch (body.type) {
    case 'fail':
      hearFail(state, sender, body.node);
      break;
    case 'auth-req':
      voteFor(state, bus, sender, header);
      break;
    case 'auth-ack':
      countVote(state, sender, header);
      break;
    case 'mfstart':
      pauseForFailover(state, bus, sender);
      break;
    case 'update':
      hearUpdate(state, body);
      break;
  }
}

/** Who speaks: the one that we dialled, unless it was only a handshake; otherwise as it says. */
function senderOf(state: ClusterState, link: Link, header: Header): ClusterNode | undefined {
  const { node } = link;
  if (node && !node.is('handshake')) return node;
  return state.nodes.get(header.sender);
}

function attachInbound(sender: ClusterNode, link: Link): void {
  if (!link.isInbound || link.node === sender) return;
  const old = sender.inbound;
  sender.inbound = link;
  link.node = sender;
  if (old && old !== link) old.close();
}

function hearHeader(state: ClusterState, sender: ClusterNode, header: Header): void {
  if (sender.is('handshake')) return;
  if (header.currentEpoch > state.currentEpoch) state.currentEpoch = header.currentEpoch;
  if (header.configEpoch > sender.configEpoch) {
    sender.configEpoch = header.configEpoch;
    state.todo.save = true;
  }
  sender.offset = header.offset;
  hearOffset(state, sender, header.isPaused);
}

function hearPing(
  state: ClusterState,
  bus: Bus,
  link: Link,
  known: ClusterNode | undefined,
  header: Header,
  body: Pinging,
): void {
  if (body.type !== 'pong') {
    learnOwnAddress(state, link, body.type === 'meet');
    if (!known && body.type === 'meet') {
      greetBack(state, link, header);
      processGossip(state, bus, undefined, body.gossip);
    }
    bus.ping(link, 'pong');
  }
  if (!link.isInbound && link.node) {
    if (!hearFromDialled(state, link, link.node, header, known)) return;
    if (!known) noteAnswer(state, link.node);
  }
  const sender = known;
  if (!sender) return;
  sender.mark('nofailover', (header.flags & NodeFlag.nofailover) !== 0);
  if (body.type === 'ping' && !sender.is('handshake')) followAddress(state, sender, link, header);
  if (!link.isInbound && body.type === 'pong') noteAnswer(state, sender);
  hearRole(state, sender, header);
  if (body.extensions) hearExtensions(state, sender, body.extensions);
  hearSlots(state, bus, sender, header);
  processGossip(state, bus, sender, body.gossip);
}

/** A node does not know by itself which of its addresses others use. */
function learnOwnAddress(state: ClusterState, link: Link, isMeet: boolean): void {
  const { myself, host } = state;
  if ((!isMeet && myself.ip !== '') || host.config.text('cluster-announce-ip') !== '') return;
  if (link.localHost === '' || link.localHost === myself.ip) return;
  myself.ip = link.localHost;
  state.log('warning', `IP address for this node updated to ${myself.ip}`);
  state.todo.save = true;
}

/** Somebody whom we do not know was told to meet us: we shake hands in turn. */
function greetBack(state: ClusterState, link: Link, header: Header): void {
  const node = state.newNode(state.newName(), NodeFlag.handshake);
  node.moveTo(addressOf(link, header));
  state.add(node);
  state.todo.save = true;
}

/** Something came from a node that we dialled. False when it is not whom we thought. */
function hearFromDialled(
  state: ClusterState,
  link: Link,
  node: ClusterNode,
  header: Header,
  known: ClusterNode | undefined,
): boolean {
  if (node.is('handshake')) {
    if (known) {
      // We know it under its name already, perhaps elsewhere.
      state.log(
        'verbose',
        `Handshake: we already know node ${known.name}, updating the address if needed.`,
      );
      followAddress(state, known, link, header);
      state.remove(node);
      return false;
    }
    state.rename(node, header.sender);
    state.log('debug', `Handshake with node ${node.name} completed.`);
    node.mark('handshake', false);
    node.mark('meet', false);
    node.flags |= header.flags & (NodeFlag.master | NodeFlag.slave);
    state.todo.save = true;
    return true;
  }
  if (node.name === header.sender) return true;
  state.log(
    'debug',
    `PONG contains mismatching sender ID. About node ${node.name} in ${node.flags}`,
  );
  node.mark('noaddr');
  node.ip = '';
  node.port = 0;
  node.busPort = 0;
  link.close();
  state.todo.save = true;
  return false;
}

/** Where a node says that it is, or else where it speaks from. */
const addressOf = (link: Link, { ip, port, busPort }: Header) => ({
  ip: ip === '' ? link.remoteHost : ip,
  port,
  busPort,
});

/** A node may come back elsewhere. */
function followAddress(state: ClusterState, node: ClusterNode, link: Link, header: Header): void {
  if (link === node.link) return;
  const address = addressOf(link, header);
  if (node.isAt(address)) return;
  node.moveTo(address);
  state.log('warning', `Address updated for node ${node.name}, now ${node.ip}:${node.port}`);
  if (state.myself.replicaOf === node) state.host.replication.follow(node.ip, node.port);
  state.changed();
}

function noteAnswer(state: ClusterState, node: ClusterNode): void {
  node.pongAt = state.now;
  node.pingSentAt = 0;
  if (node.is('pfail')) {
    node.mark('pfail', false);
    state.changed();
  } else if (node.hasFailed) clearFailureIfPossible(state, node);
}

/** Primary or replica, and of whom. */
function hearRole(state: ClusterState, sender: ClusterNode, header: Header): void {
  if (header.replicaOf === '') {
    state.makePrimary(sender);
    return;
  }
  if (sender.isPrimary) {
    state.releaseAll(sender);
    sender.mark('master', false);
    sender.mark('migrateTo', false);
    sender.mark('slave');
    state.changed();
  }
  const primary = state.nodes.get(header.replicaOf);
  if (!primary || sender.replicaOf === primary) return;
  addReplica(primary, sender);
  state.todo.save = true;
}

function hearExtensions(state: ClusterState, sender: ClusterNode, told: Extensions): void {
  sender.mark('extensions');
  const isNewShard = told.shardId !== '' && told.shardId !== sender.shardId;
  if (told.hostname === sender.hostname && !isNewShard) return;
  sender.hostname = told.hostname;
  if (isNewShard) joinShard(sender, told.shardId);
  state.todo.save = true;
}

function hearSlots(state: ClusterState, bus: Bus, sender: ClusterNode, header: Header): void {
  const primary = sender.primary;
  const isNews = primary !== undefined && primary.slots.bytes !== header.slots;
  if (isNews && sender.isPrimary) updateSlots(state, sender, header.configEpoch, header.slots);
  if (isNews) correct(state, bus, sender, header);
  resolveEpochCollision(state, sender);
}

/** Tells the sender who serves, by a greater epoch, what it thinks is its own. */
function correct(state: ClusterState, bus: Bus, sender: ClusterNode, header: Header): void {
  for (const slot of sender.slots.missing(header.slots)) {
    const owner = state.owners[slot];
    if (!owner || owner.configEpoch <= header.configEpoch) continue;
    state.log(
      'verbose',
      `Node ${sender.name} has old slots configuration, sending an UPDATE message about ${owner.name}`,
    );
    if (sender.link) bus.update(sender.link, owner);
    return;
  }
}

function hearFail(state: ClusterState, sender: ClusterNode, name: string): void {
  const failing = state.nodes.get(name);
  if (!failing || failing.hasFailed || failing.is('myself')) return;
  state.log('notice', `FAIL message received from ${sender.name} about ${failing.name}`);
  markFailing(state, failing);
}

function hearUpdate(state: ClusterState, { node: name, configEpoch, slots }: Update): void {
  const node = state.nodes.get(name);
  if (!node || node.configEpoch >= configEpoch) return;
  if (node.isReplica) state.makePrimary(node);
  node.configEpoch = configEpoch;
  state.todo.save = true;
  updateSlots(state, node, configEpoch, slots);
}
