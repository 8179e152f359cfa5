import { RedisError } from '../errors.ts';
import { ProtocolError } from './decode.ts';
import {
  Attribute,
  BigNumber,
  Bool,
  Double,
  MapReply,
  NullArray,
  Push,
  type Reply,
  SetReply,
  Status,
  Verbatim,
} from './reply.ts';

/** Replies nested deeper than this are no replies of a Redis server. */
const MAX_DEPTH = 128;

/**
 * Reads replies from the bytes of a connection as they come, RESP2 and RESP3 alike: the client's
 * side. An incomplete reply is parsed again from its start when more bytes come, except that a long
 * bulk string says how many are missing and is waited for.
 * https://redis.io/docs/latest/develop/reference/protocol-spec/
 */
export class ReplyDecoder {
  #buffer = '';
  #at = 0;
  #chunks: string[] = [];
  #chunkBytes = 0;
  /** Until so many bytes are here it is no use to try again. */
  #needed = 0;

  push(bytes: string): void {
    if (this.#at === this.#buffer.length && this.#chunkBytes === 0) {
      this.#buffer = bytes;
      this.#at = 0;
      return;
    }
    this.#chunks.push(bytes);
    this.#chunkBytes += bytes.length;
  }

  /** The next reply, or undefined until more bytes come. Throws a ProtocolError on what is none. */
  next(): Reply | undefined {
    const available = this.#buffer.length - this.#at + this.#chunkBytes;
    if (available === 0 || available < this.#needed) return undefined;
    if (this.#chunkBytes > 0) this.#join();
    const start = this.#at;
    try {
      const reply = this.#read(0);
      this.#needed = 0;
      return reply;
    } catch (stop) {
      if (stop !== incomplete) throw stop;
      this.#needed = Math.max(this.#needed, this.#buffer.length - start + 1);
      this.#at = start;
      return undefined;
    }
  }

  #join(): void {
    this.#buffer = this.#buffer.slice(this.#at) + this.#chunks.join('');
    this.#at = 0;
    this.#chunks = [];
    this.#chunkBytes = 0;
  }

  #read(depth: number): Reply {
    if (depth > MAX_DEPTH) throw new ProtocolError('too deeply nested reply');
    const start = this.#at;
    const end = this.#buffer.indexOf('\r\n', start);
    if (end < 0) throw incomplete;
    const type = this.#buffer[start];
    const rest = this.#buffer.slice(start + 1, end);
    this.#at = end + 2;
    switch (type) {
      case '$':
        return this.#bulk(rest);
      case ':':
        return readInteger(rest);
      case '+':
        return new Status(rest);
      case '-':
        return new RedisError(rest);
      case '*':
        return rest === '-1' ? new NullArray() : this.#items(rest, depth);
      default:
        return this.#read3(type, rest, depth);
    }
  }

  /** The types that only RESP3 has. */
  #read3(type: string | undefined, rest: string, depth: number): Reply {
    switch (type) {
      case '_':
        return null;
      case ',':
        return new Double(readDouble(rest));
      case '#':
        return new Bool(rest === 't');
      case '(':
        return new BigNumber(rest);
      case '=': {
        const text = this.#bulk(rest) ?? '';
        return new Verbatim(text.slice(4), text.slice(0, 3));
      }
      case '!':
        return new RedisError(this.#bulk(rest) ?? '');
      case '~':
        return new SetReply(this.#items(rest, depth));
      case '>':
        return new Push(this.#items(rest, depth));
      case '%':
        return new MapReply(this.#entries(rest, depth));
      case '|':
        return new Attribute(this.#entries(rest, depth), this.#read(depth));
      default:
        throw new ProtocolError(`Protocol error, got ${JSON.stringify(type)} as reply type byte`);
    }
  }

  #bulk(count: string): string | null {
    if (count === '-1') return null;
    const end = this.#at + readLength(count);
    if (this.#buffer.length < end + 2) {
      this.#needed = end + 2 - this.#at;
      throw incomplete;
    }
    const bytes = this.#buffer.slice(this.#at, end);
    this.#at = end + 2;
    return bytes;
  }

  #items(count: string, depth: number): Reply[] {
    const items: Reply[] = [];
    for (let left = readLength(count); left > 0; left--) items.push(this.#read(depth + 1));
    return items;
  }

  #entries(count: string, depth: number): [Reply, Reply][] {
    const entries: [Reply, Reply][] = [];
    for (let left = readLength(count); left > 0; left--) {
      entries.push([this.#read(depth + 1), this.#read(depth + 1)]);
    }
    return entries;
  }
}

/** Thrown when the bytes end within a reply; caught in `next`. */
const incomplete = new Error('incomplete reply');

function readInteger(text: string): number | bigint {
  if (!/^[+-]?\d{1,19}$/.test(text)) throw new ProtocolError('Bad integer value');
  const small = Number(text);
  return Number.isSafeInteger(small) ? small : BigInt(text);
}

function readLength(text: string): number {
  if (!/^\d{1,10}$/.test(text)) throw new ProtocolError('Bad length');
  return Number(text);
}

function readDouble(text: string): number {
  if (text === 'inf') return Infinity;
  if (text === '-inf') return -Infinity;
  if (text === 'nan' || text === '-nan') return NaN;
  const value = Number(text);
  if (text === '' || Number.isNaN(value)) throw new ProtocolError('Bad double value');
  return value;
}
