import { type Accept, type Connection, hostOf, type Listener } from '../network/network.ts';
import {
  type Body,
  decodeMessage,
  encodeMessage,
  type Gossip,
  type Header,
  type Message,
  type MessageType,
  messageLength,
  messageTypes,
} from './message.ts';
import type { BusLink, ClusterNode } from './node.ts';
import { NodeFlag } from './node.ts';
import type { ClusterState } from './state.ts';

/** Takes what a link has brought. False when the link did not survive it. */
type Receive = (link: Link, message: Message) => void;

/** How much a socket of the system holds until the other side has it. */
const SOCKET_BYTES = 87_040;

/** Bytes that a link has brought and that make no whole message yet; and its two ends. */
export class Link implements BusLink {
  node: ClusterNode | undefined;
  localHost = '';
  remoteHost = '';
  isOpen = true;
  connection: Connection | undefined;
  /** Gives up dialling. */
  cancel = () => {};
  input = '';

  constructor(
    readonly isInbound: boolean,
    readonly createdAt: number,
    private readonly onClosed: (link: Link) => void,
  ) {}

  get pending(): number {
    return Math.max(0, (this.connection?.unsent ?? 0) - SOCKET_BYTES);
  }

  send(bytes: string): void {
    if (this.isOpen) this.connection?.send(bytes);
  }

  /** Ends it from our side. */
  close(): void {
    if (!this.isOpen) return;
    this.forget();
    this.cancel();
    this.connection?.close();
  }

  /** It has ended. */
  forget(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    if (this.node?.link === this) this.node.link = undefined;
    if (this.node?.inbound === this) this.node.inbound = undefined;
    this.onClosed(this);
  }
}

/**
 * The cluster bus of one node: its links, and what it says over them. Each node opens a link to every
 * other, pings over its own and answers over theirs.
 */
export class Bus {
  readonly sent = new Map<MessageType, number>();
  readonly received = new Map<MessageType, number>();
  /** Links that were closed because too much waited on them. */
  overfull = 0;
  /** Links that were opened by others, too: these know their node once it has spoken. */
  readonly links = new Set<Link>();

  constructor(
    private readonly state: ClusterState,
    private readonly receive: Receive,
  ) {}

  /** Takes a connection that another node has opened. */
  readonly accept: Accept = (connection, { from, to }): Listener => {
    const link = new Link(true, this.state.now, this.#drop);
    link.connection = connection;
    link.localHost = ipOf(to);
    link.remoteHost = ipOf(from);
    this.links.add(link);
    return { onData: (bytes) => this.#take(link, bytes), onClose: () => link.forget() };
  };

  /** Opens our link to a node, and greets it as soon as it stands. */
  open(node: ClusterNode): void {
    const link = new Link(false, this.state.now, this.#drop);
    link.node = node;
    link.remoteHost = node.ip;
    this.links.add(link);
    node.link = link;
    link.cancel = this.state.host.dial(`${node.ip}:${node.busPort}`, {
      onConnect: (connection, { from }) => {
        link.connection = connection;
        link.localHost = ipOf(from);
        if (link.isOpen) this.#greet(link, node);
        else connection.close();
      },
      onFail: (reason) => {
        this.#tellFailure(node, reason);
        // What cannot even be dialled has been waited for from now on.
        if (link.isOpen && node.pingSentAt === 0) node.pingSentAt = this.state.now;
        link.forget();
      },
      onData: (bytes) => this.#take(link, bytes),
      onClose: () => link.forget(),
    });
  }

  /** Closes links of a node that hold back more than cluster-link-sendbuf-limit allows. */
  limit(node: ClusterNode): void {
    const most = Number(this.state.host.config.text('cluster-link-sendbuf-limit'));
    if (most === 0) return;
    for (const link of [node.link, node.inbound]) {
      if (!link || link.pending <= most) continue;
      const way = link.isInbound ? 'from' : 'to';
      this.state.log(
        'warning',
        `Freeing cluster link(${way} node ${node.name}, used memory: ${link.pending}) due to exceeding send buffer memory limit.`,
      );
      link.close();
      this.overfull++;
    }
  }

  #tellFailure({ name, ip, busPort }: ClusterNode, reason: string): void {
    if (ip === '') this.state.log('debug', `Unable to connect to Cluster Node []:${busPort} -> `);
    else {
      const place = `${name} at ${ip}:${busPort}`;
      this.state.log('verbose', `Connection with Node ${place} failed: ${reason}`);
    }
  }

  #greet(link: Link, node: ClusterNode): void {
    // A ping of the old link that was not answered still counts.
    const pingSentAt = node.pingSentAt;
    this.ping(link, node.is('meet') ? 'meet' : 'ping');
    if (pingSentAt !== 0) node.pingSentAt = pingSentAt;
    node.mark('meet', false);
  }

  readonly #drop = (link: Link): void => {
    this.links.delete(link);
  };

  #take(link: Link, bytes: string): void {
    link.input += bytes;
    while (link.isOpen && link.input.length >= 8) {
      const length = messageLength(link.input);
      if (length === undefined) {
        const from = link.node?.name ?? 'unknown';
        this.state.log(
          'warning',
          `Bad message length or signature received from Cluster bus (${from}).`,
        );
        link.close();
        return;
      }
      if (link.input.length < length) return;
      const message = decodeMessage(link.input.slice(0, length));
      link.input = link.input.slice(length);
      if (!message) continue;
      count(this.received, message.body.type);
      this.receive(link, message);
    }
  }

  // What is said.

  send(link: BusLink, body: Body, options: { readonly forcesVote?: boolean } = {}): void {
    count(this.sent, body.type);
    link.send(encodeMessage({ header: this.#header(options.forcesVote ?? false), body }));
  }

  /** Says it to every node that we have a link to. */
  broadcast(body: Body, options: { readonly forcesVote?: boolean } = {}): void {
    const bytes = encodeMessage({ header: this.#header(options.forcesVote ?? false), body });
    for (const node of this.state.nodes.values()) {
      if (!node.link || node.is('myself') || node.is('handshake')) continue;
      count(this.sent, body.type);
      node.link.send(bytes);
    }
  }

  /** Says how we are, and how some others are. Whoever may not know of shards is not told of them. */
  ping(link: BusLink, type: 'ping' | 'pong' | 'meet'): void {
    if (link.node && !link.isInbound && type === 'ping') link.node.pingSentAt = this.state.now;
    const gossip = this.#gossip();
    const { hostname, shardId } = this.state.myself;
    const knowsShards = link.node?.is('extensions') === true;
    const extensions = { hostname, shardId: knowsShards ? shardId : '' };
    this.send(link, { type, gossip, extensions });
  }

  /** Tells of us without being asked: all, or only those that have our primary or are ours. */
  pongAll(toWhom: 'all' | 'siblings'): void {
    const { myself } = this.state;
    for (const node of this.state.nodes.values()) {
      if (!node.link || node === myself || node.is('handshake')) continue;
      const isSibling =
        node.isReplica &&
        node.replicaOf !== undefined &&
        (node.replicaOf === myself || node.replicaOf === myself.replicaOf);
      if (toWhom === 'all' || isSibling) this.ping(node.link, 'pong');
    }
  }

  /** Tells somebody who serves the slots that he is wrong about. */
  update(link: BusLink, node: ClusterNode): void {
    const { name, configEpoch, slots } = node;
    this.send(link, { type: 'update', node: name, configEpoch, slots: slots.bytes });
  }

  #header(forcesVote: boolean): Header {
    const { myself, manual, currentEpoch, isOk, host } = this.state;
    const primary = myself.primary ?? myself;
    const port = Number(host.config.text('cluster-announce-port')) || myself.port;
    const busPort = Number(host.config.text('cluster-announce-bus-port')) || myself.busPort;
    return {
      sender: myself.name,
      currentEpoch,
      configEpoch: primary.configEpoch,
      offset: host.replication.offset,
      slots: primary.slots.bytes,
      replicaOf: myself.replicaOf?.name ?? '',
      ip: host.config.text('cluster-announce-ip'),
      port,
      busPort,
      flags: myself.flags,
      isOk,
      isPaused: myself.isPrimary && manual.end !== 0,
      forcesVote,
    };
  }

  /** A few nodes by chance, a tenth of all, and every one that we cannot reach. */
  #gossip(): Gossip[] {
    const { state } = this;
    const others = [...state.nodes.values()].filter((node) => node !== state.myself);
    const wanted = Math.min(Math.max(3, Math.floor((others.length + 1) / 10)), others.length - 1);
    const chosen = new Set<ClusterNode>();
    const eligible = others.filter(isWorthTelling);
    while (chosen.size < wanted && eligible.length > 0) {
      const [node] = eligible.splice(state.host.random.below(eligible.length), 1);
      if (node) chosen.add(node);
    }
    for (const node of others) {
      if (node.is('pfail') && !node.is('handshake') && !node.is('noaddr')) chosen.add(node);
    }
    return [...chosen].map(gossipOf);
  }
}

const isWorthTelling = (node: ClusterNode): boolean =>
  !node.is('pfail') &&
  !node.is('handshake') &&
  !node.is('noaddr') &&
  (node.link !== undefined || node.slots.size > 0);

const gossipOf = (node: ClusterNode): Gossip => ({
  name: node.name,
  pingSentAt: Math.floor(node.pingSentAt / 1000),
  pongAt: Math.floor(node.pongAt / 1000),
  ip: node.ip,
  port: node.port,
  busPort: node.busPort,
  flags: node.flags & ~NodeFlag.myself,
});

function count(counts: Map<MessageType, number>, type: MessageType): void {
  counts.set(type, (counts.get(type) ?? 0) + 1);
}

/** Every count that is not 0, in the order of the types. */
export const countsOf = (counts: ReadonlyMap<MessageType, number>): [MessageType, number][] =>
  messageTypes.flatMap((type) => {
    const times = counts.get(type);
    return times === undefined ? [] : [[type, times]];
  });

/** The host of an end, an IPv4 address as such. */
const ipOf = (address: string): string => hostOf(address).replace(/^::ffff:/, '');
