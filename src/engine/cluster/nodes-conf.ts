/**
 * nodes.conf: what a node must remember, a line for each node and one for the epochs. CLUSTER NODES
 * prints the same lines, but for what Redis 7.2 has added behind the address.
 * https://redis.io/docs/latest/commands/cluster-nodes/
 */
import { SLOT_COUNT } from '../bytes/crc16.ts';
import { splitArgs } from '../resp/split.ts';
import { BUS_PORT_OFFSET, type ClusterNode, type NodeFlag } from './node.ts';
import { addReplica, type ClusterState } from './state.ts';

/** The file makes no sense. */
export class NodesConfError extends Error {
  override readonly name = 'NodesConfError';

  constructor() {
    super('Unrecoverable error: corrupted cluster config file.');
  }
}

/** The flags as they are printed, in this order. */
const flagNames: readonly (readonly [keyof typeof NodeFlag, string])[] = [
  ['myself', 'myself'],
  ['master', 'master'],
  ['slave', 'slave'],
  ['pfail', 'fail?'],
  ['fail', 'fail'],
  ['handshake', 'handshake'],
  ['noaddr', 'noaddr'],
  ['nofailover', 'nofailover'],
];

function printFlags(node: ClusterNode): string {
  const names = flagNames.filter(([flag]) => node.is(flag)).map(([, name]) => name);
  return names.length > 0 ? names.join(',') : 'noflags';
}

/** One node, as CLUSTER NODES prints it. */
export const printNode = (state: ClusterState, node: ClusterNode): string =>
  printLine(state, node, `${placeOf(node)}${node.hostname === '' ? '' : `,${node.hostname}`}`);

/** One node, as it is kept. */
const printKept = (state: ClusterState, node: ClusterNode): string =>
  printLine(state, node, `${placeOf(node)},${node.hostname},tls-port=0,shard-id=${node.shardId}`);

const placeOf = ({ ip, port, busPort }: ClusterNode): string => `${ip}:${port}@${busPort}`;

function printLine(state: ClusterState, node: ClusterNode, address: string): string {
  const { myself } = state;
  const isLinked = node.link !== undefined || node === myself;
  const words = [
    node.name,
    address,
    printFlags(node),
    node.replicaOf?.name ?? '-',
    node.pingSentAt,
    node.pongAt,
    (node.primary ?? node).configEpoch,
    isLinked ? 'connected' : 'disconnected',
    ...node.slots.ranges().map(([first, last]) => (first === last ? first : `${first}-${last}`)),
  ];
  if (node === myself) {
    for (const [slot, to] of bySlot(state.migrating)) words.push(`[${slot}->-${to.name}]`);
    for (const [slot, from] of bySlot(state.importing)) words.push(`[${slot}-<-${from.name}]`);
  }
  return words.join(' ');
}

const bySlot = (moving: ReadonlyMap<number, ClusterNode>) =>
  [...moving].sort(([one], [other]) => one - other);

export const printNodes = (state: ClusterState): string =>
  [...state.nodes.values()].map((node) => `${printNode(state, node)}\n`).join('');

export function printConf(state: ClusterState): string {
  const nodes = [...state.nodes.values()].filter((node) => !node.is('handshake'));
  const vars = `vars currentEpoch ${state.currentEpoch} lastVoteEpoch ${state.lastVoteEpoch}`;
  return [...nodes.map((node) => printKept(state, node)), vars].map((line) => `${line}\n`).join('');
}

/** Reads a file into a fresh state. Throws a NodesConfError. */
export function readConf(state: ClusterState, text: string): void {
  let me: ClusterNode | undefined;
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const words = splitArgs(line);
    if (!words) throw new NodesConfError();
    if (words[0] === 'vars') readVars(state, words);
    else {
      const node = readNode(state, words);
      if (!node.is('myself')) continue;
      if (me) throw new NodesConfError();
      me = node;
    }
  }
  if (!me) throw new NodesConfError();
  state.myself = me;
  // Of two words on a shard that of its primary counts, whichever line came first.
  for (const node of state.nodes.values()) node.shardId = (node.primary ?? node).shardId;
  // The epoch can be older than those of the nodes when the file was written in between.
  state.currentEpoch = state.greatestEpoch;
}

function readVars(state: ClusterState, words: readonly string[]): void {
  if (words.length % 2 === 0) throw new NodesConfError();
  for (let i = 1; i < words.length; i += 2) {
    const value = Number(words[i + 1]);
    if (words[i] === 'currentEpoch') state.currentEpoch = value;
    else if (words[i] === 'lastVoteEpoch') state.lastVoteEpoch = value;
    else state.log('notice', `Skipping unknown cluster config variable '${words[i]}'`);
  }
}

function readNode(state: ClusterState, words: readonly string[]): ClusterNode {
  const [name = '', address = '', flags = '', primary = '', ping, pong, epoch = '0'] = words;
  if (words.length < 8 || !isName(name)) throw new NodesConfError();
  const node = nodeOf(state, name);
  readAddress(node, address);
  for (const flag of flags.split(',')) {
    const known = flagNames.find(([, text]) => text === flag);
    if (known) node.mark(known[0]);
    else if (flag !== 'noflags') throw new NodesConfError();
  }
  if (node.hasFailed) node.failedAt = state.now;
  if (primary !== '-') {
    if (!isName(primary)) throw new NodesConfError();
    addReplica(nodeOf(state, primary), node);
  }
  // What was awaited then says nothing now.
  if (Number(ping) !== 0) node.pingSentAt = state.now;
  if (Number(pong) !== 0) node.pongAt = state.now;
  node.configEpoch = Number(epoch);
  for (const word of words.slice(8)) readSlots(state, node, word);
  return node;
}

const isName = (text: string): boolean => /^[0-9a-z]{40}$/.test(text);

function nodeOf(state: ClusterState, name: string): ClusterNode {
  const known = state.nodes.get(name);
  if (known) return known;
  const node = state.newNode(name, 0);
  state.add(node);
  return node;
}

/** `ip:port@busPort,hostname,name=value,...`, of which older versions leave out the end. */
function readAddress(node: ClusterNode, text: string): void {
  const [address = '', hostname, ...more] = text.split(',');
  const colon = address.lastIndexOf(':');
  if (colon < 0) throw new NodesConfError();
  const [port = '', busPort] = address.slice(colon + 1).split('@');
  node.ip = address.slice(0, colon);
  node.port = Number.parseInt(port, 10) || 0;
  node.busPort =
    busPort === undefined ? node.port + BUS_PORT_OFFSET : Number.parseInt(busPort, 10) || 0;
  if (hostname !== undefined) node.hostname = hostname;
  for (const field of more) readField(node, field);
}

/** What Redis 7.2 has added; without TLS and names for humans only the shard says something. */
function readField(node: ClusterNode, field: string): void {
  const [, name, value = ''] = /^([^=]*)=(.*)$/.exec(field) ?? [];
  if (name === 'shard-id' && isName(value)) node.shardId = value;
  else if (name === 'tls-port' && Number(value) >= 0 && Number(value) <= 65_535) return;
  else if (name !== 'nodename') throw new NodesConfError();
}

/** `5`, `0-100`, `[5->-id]` or `[5-<-id]`. What is no number is read as 0, as atoi() does. */
function readSlots(state: ClusterState, node: ClusterNode, word: string): void {
  const moving = /^\[(\d+)-([<>])-([^\]]*)\]/.exec(word);
  if (word.startsWith('[')) {
    const [, slotText, , name = ''] = moving ?? [];
    const slot = Number(slotText);
    if (!moving || slot >= SLOT_COUNT || !isName(name)) throw new NodesConfError();
    const other = nodeOf(state, name);
    (moving[2] === '>' ? state.migrating : state.importing).set(slot, other);
    return;
  }
  const [first = '', last = first] = word.split('-');
  const range = [Number.parseInt(first, 10) || 0, Number.parseInt(last, 10) || 0] as const;
  for (const slot of range) if (slot >= SLOT_COUNT) throw new NodesConfError();
  for (let slot = range[0]; slot <= range[1]; slot++) state.assign(slot, node);
}
