/**
 * The messages of the cluster bus, byte for byte as redis-server 7.0 sends them, so that its nodes and
 * ours can be of one cluster; and the ids of shards as 7.2 tells them to who knows of such. A header of
 * 2256 bytes tells who speaks and what it serves; what follows depends on the type. Numbers are
 * big-endian.
 * https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/#the-cluster-bus
 */
import { own } from '../bytes/bytes.ts';
import { SLOT_BYTES } from './node.ts';

/** The types, in the order of their numbers on the wire. */
export const messageTypes = [
  'ping',
  'pong',
  'meet',
  'fail',
  'publish',
  'auth-req',
  'auth-ack',
  'update',
  'mfstart',
  'module',
  'publishshard',
] as const;
export type MessageType = (typeof messageTypes)[number];

/** What every message tells of its sender. */
export interface Header {
  readonly sender: string;
  readonly currentEpoch: number;
  /** Of the sender, or of the primary of a replica; so are the slots. */
  readonly configEpoch: number;
  readonly offset: number;
  readonly slots: string;
  /** The name of its primary, or ''. */
  readonly replicaOf: string;
  /** Where it says it is; '' leaves that to the receiver. */
  readonly ip: string;
  readonly port: number;
  readonly busPort: number;
  readonly flags: number;
  readonly isOk: boolean;
  /** Its clients are paused for a manual failover: the offset will not grow. */
  readonly isPaused: boolean;
  /** Vote although the primary is well. */
  readonly forcesVote: boolean;
}

/** What a ping tells of a third node. Instants are seconds since 1970. */
export interface Gossip {
  readonly name: string;
  readonly pingSentAt: number;
  readonly pongAt: number;
  readonly ip: string;
  readonly port: number;
  readonly busPort: number;
  readonly flags: number;
}

/** What a ping tells of its sender beyond the header; '' is what it does not tell. */
export interface Extensions {
  readonly hostname: string;
  /** Redis 7.2 and later. */
  readonly shardId: string;
}

export type Body =
  | {
      readonly type: 'ping' | 'pong' | 'meet';
      readonly gossip: readonly Gossip[];
      /** Undefined when the sender knows of no such thing. */
      readonly extensions: Extensions | undefined;
    }
  | { readonly type: 'fail'; readonly node: string }
  | {
      readonly type: 'publish' | 'publishshard';
      readonly channel: string;
      readonly message: string;
    }
  | { readonly type: 'auth-req' | 'auth-ack' | 'mfstart' }
  | {
      readonly type: 'update';
      readonly node: string;
      readonly configEpoch: number;
      readonly slots: string;
    };

export interface Message {
  readonly header: Header;
  readonly body: Body;
}

const SIGNATURE = 'RCmb';
const VERSION = 1;
const HEADER_BYTES = 2256;
const GOSSIP_BYTES = 104;
const NAME_BYTES = 40;
const IP_BYTES = 46;
const NO_NAME = '\0'.repeat(NAME_BYTES);
/** Bits of the first byte of message flags. */
const PAUSED = 1;
const FORCES_VOTE = 2;
const HAS_EXTENSIONS = 4;

export function encodeMessage({ header, body }: Message): string {
  const extensions = 'gossip' in body ? encodeExtensions(body.extensions) : [];
  const data = encodeBody(body) + extensions.join('');
  const flags =
    (header.isPaused ? PAUSED : 0) |
    (header.forcesVote ? FORCES_VOTE : 0) |
    ('gossip' in body ? HAS_EXTENSIONS : 0);
  return [
    SIGNATURE,
    u32(HEADER_BYTES + data.length),
    u16(VERSION),
    u16(header.port),
    u16(messageTypes.indexOf(body.type)),
    u16('gossip' in body ? body.gossip.length : 0),
    u64(header.currentEpoch),
    u64(header.configEpoch),
    u64(header.offset),
    padded(header.sender, NAME_BYTES),
    header.slots,
    padded(header.replicaOf, NAME_BYTES),
    padded(header.ip, IP_BYTES),
    u16(extensions.length),
    '\0'.repeat(30),
    u16(0),
    u16(header.busPort),
    u16(header.flags),
    String.fromCharCode(header.isOk ? 0 : 1, flags, 0, 0),
    data,
  ].join('');
}

function encodeBody(body: Body): string {
  switch (body.type) {
    case 'fail':
      return padded(body.node, NAME_BYTES);
    case 'publish':
    case 'publishshard': {
      const sizes = u32(body.channel.length) + u32(body.message.length);
      return sizes + (body.channel + body.message).padEnd(8, '\0');
    }
    case 'update':
      return u64(body.configEpoch) + padded(body.node, NAME_BYTES) + body.slots;
    case 'ping':
    case 'pong':
    case 'meet':
      return body.gossip.map(encodeGossip).join('');
    default:
      return '';
  }
}

const encodeGossip = (gossip: Gossip): string =>
  [
    padded(gossip.name, NAME_BYTES),
    u32(gossip.pingSentAt),
    u32(gossip.pongAt),
    padded(gossip.ip, IP_BYTES),
    u16(gossip.port),
    u16(gossip.busPort),
    u16(gossip.flags),
    u16(0),
    u16(0),
  ].join('');

/** The types of extensions. */
const HOSTNAME = 0;
const SHARD_ID = 3;

/** Each is a length, a type, and its data in multiples of 8 bytes: a hostname ends with NUL. */
function encodeExtensions({ hostname = '', shardId = '' }: Partial<Extensions> = {}): string[] {
  const encoded: string[] = [];
  const add = (type: number, data: string, size: number): void => {
    if (data !== '') encoded.push(u32(size + 8) + u16(type) + u16(0) + padded(data, size));
  };
  add(HOSTNAME, hostname, Math.ceil((hostname.length + 1) / 8) * 8);
  add(SHARD_ID, shardId, NAME_BYTES);
  return encoded;
}

/** How many bytes a message has, once its first eight are there; undefined if this is none. */
export function messageLength(bytes: string): number | undefined {
  if (!bytes.startsWith(SIGNATURE)) return undefined;
  const length = new Reader(bytes.slice(4, 8)).u32();
  return length < 16 ? undefined : length;
}

/** A whole message; undefined when it is cut or of a kind that we do not know. */
export function decodeMessage(bytes: string): Message | undefined {
  if (bytes.length < HEADER_BYTES) return undefined;
  const reader = new Reader(bytes, 8);
  if (reader.u16() !== VERSION) return undefined;
  const port = reader.u16();
  const type = messageTypes[reader.u16()];
  const count = reader.u16();
  const head = {
    currentEpoch: reader.u64(),
    configEpoch: reader.u64(),
    offset: reader.u64(),
    sender: reader.text(NAME_BYTES),
    slots: reader.bytes(SLOT_BYTES),
  };
  const replicaOf = reader.bytes(NAME_BYTES);
  const ip = reader.cString(IP_BYTES);
  const extensions = reader.u16();
  reader.skip(32);
  const busPort = reader.u16();
  const flags = reader.u16();
  const isOk = reader.u8() === 0;
  const marks = reader.u8();
  reader.skip(2);
  const body = type && decodeBody(type, reader, count, (marks & HAS_EXTENSIONS) !== 0, extensions);
  if (!body) return undefined;
  const from = {
    replicaOf: replicaOf === NO_NAME ? '' : replicaOf,
    ip,
    port,
    busPort,
    flags,
    isOk,
  };
  const isPaused = (marks & PAUSED) !== 0;
  const forcesVote = (marks & FORCES_VOTE) !== 0;
  return { header: { ...head, ...from, isPaused, forcesVote }, body };
}

function decodeBody(
  type: MessageType,
  reader: Reader,
  count: number,
  canExtend: boolean,
  extensions: number,
): Body | undefined {
  switch (type) {
    case 'ping':
    case 'pong':
    case 'meet': {
      if (reader.left < count * GOSSIP_BYTES) return undefined;
      const gossip = Array.from({ length: count }, () => decodeGossip(reader));
      return {
        type,
        gossip,
        extensions: canExtend ? readExtensions(reader, extensions) : undefined,
      };
    }
    case 'fail':
      return reader.left < NAME_BYTES ? undefined : { type, node: reader.text(NAME_BYTES) };
    case 'publish':
    case 'publishshard': {
      if (reader.left < 8) return undefined;
      const [channel, message] = [reader.u32(), reader.u32()];
      if (reader.left < channel + message) return undefined;
      return { type, channel: reader.bytes(channel), message: reader.bytes(message) };
    }
    case 'update': {
      if (reader.left < 8 + NAME_BYTES + SLOT_BYTES) return undefined;
      const configEpoch = reader.u64();
      return { type, configEpoch, node: reader.text(NAME_BYTES), slots: reader.bytes(SLOT_BYTES) };
    }
    case 'module':
      return undefined;
    default:
      return { type };
  }
}

function decodeGossip(reader: Reader): Gossip {
  const gossip = {
    name: reader.text(NAME_BYTES),
    pingSentAt: reader.u32(),
    pongAt: reader.u32(),
    ip: reader.cString(IP_BYTES),
    port: reader.u16(),
    busPort: reader.u16(),
    flags: reader.u16(),
  };
  reader.skip(4);
  return gossip;
}

/** Those that we know; others are passed over. */
function readExtensions(reader: Reader, count: number): Extensions {
  let [hostname, shardId] = ['', ''];
  for (let i = 0; i < count && reader.left >= 8; i++) {
    const size = reader.u32();
    const type = reader.u16();
    reader.skip(2);
    if (size < 8 || reader.left < size - 8) break;
    const data = own(reader.cString(size - 8));
    if (type === HOSTNAME) hostname = data;
    else if (type === SHARD_ID) shardId = data;
  }
  return { hostname, shardId };
}

/** Reads fields one after the other. */
class Reader {
  readonly #bytes: string;
  #at: number;

  constructor(bytes: string, at = 0) {
    this.#bytes = bytes;
    this.#at = at;
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  skip(count: number): void {
    this.#at += count;
  }

  u8(): number {
    return this.#bytes.charCodeAt(this.#at++);
  }

  u16(): number {
    return this.u8() * 256 + this.u8();
  }

  u32(): number {
    return this.u16() * 65_536 + this.u16();
  }

  u64(): number {
    return this.u32() * 2 ** 32 + this.u32();
  }

  bytes(count: number): string {
    this.#at += count;
    return this.#bytes.slice(this.#at - count, this.#at);
  }

  /** The same as a string of its own that does not hold on to the message. */
  text(count: number): string {
    return own(this.bytes(count));
  }

  cString(count: number): string {
    return this.bytes(count).split('\0', 1)[0] as string;
  }
}

const padded = (text: string, size: number): string => text.slice(0, size).padEnd(size, '\0');
const u16 = (value: number): string => String.fromCharCode((value >> 8) & 0xff, value & 0xff);
const u32 = (value: number): string => u16(value >>> 16) + u16(value & 0xffff);
const u64 = (value: number): string => u32(Math.floor(value / 2 ** 32)) + u32(value >>> 0);
