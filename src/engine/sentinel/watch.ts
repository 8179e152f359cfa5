/** How a Sentinel keeps in touch: connections, PING, INFO, and the hellos of Sentinels. */
import { isError, type Reply, Status, Verbatim } from '../resp/reply.ts';
import { Channel } from './channel.ts';
import { HELLO_CHANNEL, printHello } from './hello.ts';
import { readInfo, type ServerInfo } from './info.ts';
import { type Instance, Peer, Primary, Replica, type ServerInstance } from './instance.ts';
import type { SentinelState } from './state.ts';

/** How often replicas are asked then that matter. */
const TENSE_MS = 1000;
/** Who has so many questions open is not asked more. */
const MAX_PENDING = 100;

export interface Heard {
  info(instance: ServerInstance, info: ServerInfo): void;
  hello(primary: Primary, text: string): void;
}

/** Connects where there is no connection, once a second. */
export function connect(state: SentinelState, instance: Instance, heard: Heard): void {
  const { now } = state;
  if (instance.isLinked || instance.place.port === 0) return;
  if (now - instance.triedAt < state.periods.ping) return;
  instance.triedAt = now;
  if (!instance.commands) {
    lookUpAgain(state, instance);
    instance.commands = open(state, instance, 'cmd');
    instance.connectedAt = now;
    ping(state, instance);
  }
  if (instance.hellos || instance instanceof Peer) return;
  const { primary } = instance;
  instance.hellos = open(state, instance, 'pubsub', (reply) => {
    instance.hellosHeardAt = state.now;
    if (!Array.isArray(reply) || reply[0] !== 'message') return;
    if (typeof reply[2] === 'string') heard.hello(primary, reply[2]);
  });
  instance.hellosConnectedAt = now;
  instance.hellosHeardAt = now;
  instance.hellos.subscribe(HELLO_CHANNEL);
}

/** A name may have another address by now. */
function lookUpAgain(state: SentinelState, instance: Instance): void {
  if (!state.conf.resolvesHostnames) return;
  const place = state.addressOf(instance.place.hostname, instance.place.port);
  if (place && place.ip !== '') instance.place = place;
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
  const { user, password } = loginOf(state, instance);
  if (password !== undefined) {
    channel.ask([wordFor(instance, 'AUTH'), ...(user === undefined ? [] : [user]), password]);
  }
  const name = `sentinel-${state.id.slice(0, 8)}-${use}`;
  channel.ask([wordFor(instance, 'CLIENT'), 'SETNAME', name]);
  return channel;
}

/** What is said to get in: to a server what is configured for it, to a Sentinel what all of them use. */
function loginOf({ conf, host }: SentinelState, instance: Instance) {
  if (!(instance instanceof Peer)) {
    const { authUser: user, authPass: password } = instance.primary.conf;
    return { user, password };
  }
  if (conf.password !== undefined) return { user: conf.user, password: conf.password };
  return { user: undefined, password: host.password === '' ? undefined : host.password };
}

/** What a command is called there. */
export function wordFor(instance: Instance, command: string): string {
  if (instance instanceof Peer) return command;
  return instance.primary.conf.renames.get(command.toLowerCase()) ?? command;
}

/** Asks what is due. */
export function ask(state: SentinelState, instance: Instance, heard: Heard): void {
  const { now, periods } = state;
  const channel = instance.commands;
  if (!channel?.isConnected || channel.pending >= MAX_PENDING) return;
  if (instance instanceof Primary || instance instanceof Replica) {
    const last = instance.infoAt;
    const isDue = last === undefined || now - last > infoPeriod(state, instance);
    if (isDue && now - instance.infoAskedAt >= periods.ping) askInfo(state, instance, heard);
  }
  const period = Math.min(instance.primary.conf.downAfter, periods.ping);
  if (now - instance.pongAt > period && now - instance.pingAt > period / 2) ping(state, instance);
  if (now - instance.publishedAt > periods.publish) sayHello(state, instance);
}

/** Replicas of a primary in trouble are looked at closely. */
function infoPeriod({ periods }: SentinelState, instance: Primary | Replica): number {
  if (instance instanceof Primary) return periods.info;
  const { primary } = instance;
  const isTense = primary.isDownForMost || primary.isFailingOver || instance.linkDownMs !== 0;
  return isTense ? TENSE_MS : periods.info;
}

function askInfo(state: SentinelState, instance: ServerInstance, heard: Heard): void {
  instance.infoAskedAt = state.now;
  instance.commands?.ask([wordFor(instance, 'INFO')], (reply) => {
    const text = reply instanceof Verbatim ? reply.text : reply;
    if (typeof text !== 'string') return;
    instance.infoAt = state.now;
    instance.infoText = text;
    heard.info(instance, readInfo(text));
  });
}

function ping(state: SentinelState, instance: Instance): void {
  instance.pingAt = state.now;
  instance.owesSince ??= state.now;
  instance.commands?.ask([wordFor(instance, 'PING')], (reply) => {
    instance.pongAt = state.now;
    if (!isAlive(reply)) {
      if (isError(reply) && reply.message.startsWith('BUSY')) endScript(instance);
      return;
    }
    instance.availableAt = state.now;
    instance.owesSince = undefined;
    if (instance instanceof Primary && reply instanceof Status) instance.rebootedAt = undefined;
  });
}

/** What is down because a script keeps it busy may be helped: once. */
function endScript(instance: Instance): void {
  if (!instance.isDown || instance.isScriptKilled) return;
  instance.isScriptKilled = true;
  instance.commands?.ask([wordFor(instance, 'SCRIPT'), 'KILL']);
}

/** One that loads its data, or is a replica without its primary, is alive all the same. */
const isAlive = (reply: Reply): boolean =>
  reply instanceof Status || (isError(reply) && /^(LOADING|MASTERDOWN)/.test(reply.message));

function sayHello(state: SentinelState, instance: Instance): void {
  const { primary } = instance;
  const { currentPlace: place } = primary;
  const ip = state.conf.announceIp ?? instance.commands?.localIp ?? '';
  const port = state.conf.announcePort || state.host.port;
  const hello = printHello({
    ...{ ip, port, id: state.id, epoch: state.epoch },
    ...{ primaryName: primary.name, primaryIp: state.shown(place), primaryPort: place.port },
    configEpoch: primary.configEpoch,
  });
  instance.commands?.ask([wordFor(instance, 'PUBLISH'), HELLO_CHANNEL, hello], (reply) => {
    if (!isError(reply)) instance.publishedAt = state.now;
  });
}

/** Those who watch the primary hear at once what has changed. */
export function helloSoon(primary: Primary): void {
  for (const each of primary.watched) each.publishedAt = Number.NEGATIVE_INFINITY;
}
