/** How a Sentinel keeps in touch: connections, PING, INFO, and the hellos of Sentinels. */
import { isError, type Reply, Status } from '../resp/reply.ts';
import { Channel } from './channel.ts';
import { HELLO_CHANNEL, printHello } from './hello.ts';
import { readInfo, type ServerInfo } from './info.ts';
import { type Instance, Peer, Primary, Replica, type ServerInstance } from './instance.ts';
import type { SentinelState } from './state.ts';

export const PING_MS = 1000;
export const INFO_MS = 10_000;
export const HELLO_MS = 2000;
/** Who has so many questions open is not asked more. */
const MAX_PENDING = 100;

export interface Heard {
  info(instance: ServerInstance, info: ServerInfo): void;
  hello(primary: Primary, text: string): void;
}

export const primaryOf = (instance: Instance): Primary =>
  instance instanceof Primary ? instance : (instance as Replica | Peer).primary;

/** Connects where there is no connection, once a second. */
export function connect(state: SentinelState, instance: Instance, heard: Heard): void {
  const { now } = state;
  if (instance.commands && (instance.hellos || instance instanceof Peer)) return;
  if (now - instance.triedAt < PING_MS) return;
  instance.triedAt = now;
  if (!instance.commands) {
    instance.commands = open(state, instance, 'cmd');
    instance.connectedAt = now;
    ping(state, instance);
  }
  if (instance.hellos || instance instanceof Peer) return;
  const primary = primaryOf(instance);
  instance.hellos = open(state, instance, 'pubsub', (reply) => {
    instance.hellosHeardAt = state.now;
    if (!Array.isArray(reply) || reply[0] !== 'message') return;
    if (typeof reply[2] === 'string') heard.hello(primary, reply[2]);
  });
  instance.hellosConnectedAt = now;
  instance.hellosHeardAt = now;
  instance.hellos.subscribe(HELLO_CHANNEL);
}

function open(
  state: SentinelState,
  instance: Instance,
  use: 'cmd' | 'pubsub',
  onReply?: (reply: Reply) => void,
): Channel {
  const channel: Channel = new Channel(state.host.dial, instance.address, {
    ...(onReply && { onReply }),
    onEnd: () => {
      if (instance.commands === channel) instance.commands = undefined;
      if (instance.hellos === channel) instance.hellos = undefined;
    },
  });
  const { authUser, authPass } = primaryOf(instance).conf;
  if (authPass !== undefined && !(instance instanceof Peer)) {
    channel.ask(authUser === undefined ? ['AUTH', authPass] : ['AUTH', authUser, authPass]);
  }
  channel.ask(['CLIENT', 'SETNAME', `sentinel-${state.id.slice(0, 8)}-${use}`]);
  return channel;
}

/** Asks what is due. */
export function ask(state: SentinelState, instance: Instance, heard: Heard): void {
  const { now } = state;
  const channel = instance.commands;
  if (!channel?.isConnected || channel.pending >= MAX_PENDING) return;
  if (instance instanceof Primary || instance instanceof Replica) {
    const last = instance.infoAt;
    const isDue = last === undefined || now - last > infoPeriod(instance);
    if (isDue && now - instance.infoAskedAt >= PING_MS) askInfo(state, instance, heard);
  }
  const period = Math.min(primaryOf(instance).conf.downAfter, PING_MS);
  if (now - instance.pongAt > period && now - instance.pingAt > period / 2) ping(state, instance);
  if (now - instance.publishedAt > HELLO_MS) sayHello(state, instance);
}

/** Replicas of a primary in trouble are looked at closely. */
function infoPeriod(instance: Primary | Replica): number {
  if (instance instanceof Primary) return INFO_MS;
  const { primary } = instance;
  const isTense = primary.isDown || primary.isFailingOver || instance.linkDownMs > 0;
  return isTense ? PING_MS : INFO_MS;
}

function askInfo(state: SentinelState, instance: ServerInstance, heard: Heard): void {
  instance.infoAskedAt = state.now;
  instance.commands?.ask(['INFO'], (reply) => {
    if (typeof reply !== 'string') return;
    instance.infoAt = state.now;
    heard.info(instance, readInfo(reply));
  });
}

function ping(state: SentinelState, instance: Instance): void {
  instance.pingAt = state.now;
  instance.owesSince ??= state.now;
  instance.commands?.ask(['PING'], (reply) => {
    instance.pongAt = state.now;
    if (!isAlive(reply)) return;
    instance.availableAt = state.now;
    instance.owesSince = undefined;
  });
}

/** One that loads its data, or is a replica without its primary, is alive all the same. */
const isAlive = (reply: Reply): boolean =>
  reply instanceof Status || (isError(reply) && /^(LOADING|MASTERDOWN)/.test(reply.message));

function sayHello(state: SentinelState, instance: Instance): void {
  const primary = primaryOf(instance);
  const { ip, port } = state.host;
  const place =
    primary.promoted && primary.state === 'reconf-slaves' ? primary.promoted.place : primary.place;
  const hello = printHello({
    ...{ ip, port, id: state.id, epoch: state.epoch },
    ...{ primaryName: primary.name, primaryIp: place.ip, primaryPort: place.port },
    configEpoch: primary.configEpoch,
  });
  instance.commands?.ask(['PUBLISH', HELLO_CHANNEL, hello], (reply) => {
    if (!isError(reply)) instance.publishedAt = state.now;
  });
}

/** Those who watch the primary hear at once what has changed. */
export function helloSoon(primary: Primary): void {
  for (const each of primary.watched) each.publishedAt = Number.NEGATIVE_INFINITY;
}
