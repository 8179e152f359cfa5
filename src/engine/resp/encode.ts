import { RedisError } from '../errors.ts';
import {
  Attribute,
  BigNumber,
  Bool,
  Double,
  Many,
  MapReply,
  type NoReply,
  NullArray,
  Pairs,
  Push,
  type Reply,
  SetReply,
  Status,
  Verbatim,
} from './reply.ts';

export type Protocol = 2 | 3;

/**
 * A reply as the bytes of RESP2 or RESP3.
 * https://redis.io/docs/latest/develop/reference/protocol-spec/
 */
export function encodeReply(reply: Reply, protocol: Protocol): string {
  if (typeof reply === 'string') return bulk(reply);
  if (typeof reply === 'number') return integer(reply);
  if (typeof reply === 'bigint') return `:${reply}\r\n`;
  if (reply === null) return protocol === 3 ? '_\r\n' : '$-1\r\n';
  if (reply instanceof Status) return reply.encoded;
  if (reply instanceof RedisError) return `-${oneLine(reply.message)}\r\n`;
  if (isArray(reply)) return `*${reply.length}\r\n${all(reply, protocol)}`;
  return protocol === 3 ? encode3(reply) : encode2(reply);
}

type Special = Exclude<
  Reply,
  string | number | bigint | null | Status | RedisError | readonly Reply[]
>;

/** What RESP3 has a form of its own for. */
function encode3(reply: Special): string {
  if (reply instanceof MapReply) return `%${reply.entries.length}\r\n${flat(reply.entries, 3)}`;
  if (reply instanceof SetReply) return `~${reply.items.length}\r\n${all(reply.items, 3)}`;
  if (reply instanceof Pairs) return `*${reply.entries.length}\r\n${all(reply.entries, 3)}`;
  if (reply instanceof Push) return `>${reply.items.length}\r\n${all(reply.items, 3)}`;
  if (reply instanceof Double) return `,${reply.text}\r\n`;
  if (reply instanceof Bool) return reply.value ? '#t\r\n' : '#f\r\n';
  if (reply instanceof BigNumber) return `(${reply.digits}\r\n`;
  if (reply instanceof Verbatim) {
    return `=${reply.text.length + 4}\r\n${reply.format}:${reply.text}\r\n`;
  }
  if (reply instanceof NullArray) return '_\r\n';
  if (reply instanceof Attribute) {
    const head = `|${reply.entries.length}\r\n${flat(reply.entries, 3)}`;
    return head + encodeReply(reply.reply, 3);
  }
  return plain(reply, 3);
}

/** The same in RESP2, which knows only strings, integers, errors and arrays. */
function encode2(reply: Special): string {
  if (reply instanceof MapReply || reply instanceof Pairs) {
    return `*${reply.entries.length * 2}\r\n${flat(reply.entries, 2)}`;
  }
  if (reply instanceof SetReply || reply instanceof Push) {
    return `*${reply.items.length}\r\n${all(reply.items, 2)}`;
  }
  if (reply instanceof Double) return bulk(reply.text);
  if (reply instanceof Bool) return reply.value ? ':1\r\n' : ':0\r\n';
  if (reply instanceof BigNumber) return bulk(reply.digits);
  if (reply instanceof Verbatim) return bulk(reply.text);
  if (reply instanceof NullArray) return '*-1\r\n';
  if (reply instanceof Attribute) return encodeReply(reply.reply, 2);
  return plain(reply, 2);
}

function plain(reply: Many | NoReply, protocol: Protocol): string {
  return reply instanceof Many ? all(reply.replies, protocol) : '';
}

/** A command as a client sends it: an array of bulk strings. */
export function encodeCommand(argv: readonly string[]): string {
  let out = `*${argv.length}\r\n`;
  for (const arg of argv) out += `$${arg.length}\r\n${arg}\r\n`;
  return out;
}

const bulk = (bytes: string) =>
  `${bytes.length < SMALL ? bulkHeads[bytes.length] : `$${bytes.length}\r\n`}${bytes}\r\n`;

/**
 * An integer of up to six digits is put together from what has been printed before: V8 would print it
 * anew, and remember that.
 */
const integer = (value: number): string => {
  if (!(value >= 0 && value < SMALL * SMALL)) return `:${value}\r\n`;
  if (value < SMALL) return integers[value] as string;
  return `${thousands[Math.floor(value / SMALL)]}${lastDigits[value % SMALL]}`;
};

const SMALL = 1000;
const small = Array.from({ length: SMALL }, (_, value) => String(value));
const bulkHeads = small.map((length) => `$${length}\r\n`);
const integers = small.map((value) => `:${value}\r\n`);
const thousands = small.map((value) => `:${value}`);
const lastDigits = small.map((value) => `${value.padStart(3, '0')}\r\n`);

function all(replies: readonly Reply[], protocol: Protocol): string {
  let out = '';
  for (const reply of replies) out += encodeReply(reply, protocol);
  return out;
}

function flat(entries: readonly (readonly [Reply, Reply])[], protocol: Protocol): string {
  let out = '';
  for (const [key, value] of entries) {
    out += encodeReply(key, protocol) + encodeReply(value, protocol);
  }
  return out;
}

/** An error is one line: a line end in what it quotes becomes a space, and is cut off at its end. */
const oneLine = (text: string) =>
  /[\r\n]/.test(text) ? text.replace(/[\r\n]+$/, '').replace(/[\r\n]/g, ' ') : text;

const isArray = (reply: Reply): reply is readonly Reply[] => Array.isArray(reply);
