import { parseDouble, parseInteger, parseSafeInteger } from '../bytes/numbers.ts';
import { RedisError } from '../errors.ts';
import { ProtocolError } from './decode.ts';
import { quote } from './print.ts';
import {
  Attribute,
  BigNumber,
  Bool,
  Double,
  MapReply,
  nullArray,
  ok,
  Push,
  type Reply,
  SetReply,
  Status,
  Verbatim,
} from './reply.ts';

export interface ReplyLimits {
  /** The longest bulk string. Bytes. */
  readonly maxBulk: number;
  /** The longest line: a simple string, an error, a number. Bytes. */
  readonly maxLine: number;
  /** How deep aggregates may be nested. */
  readonly maxDepth: number;
}

const defaultLimits: ReplyLimits = {
  maxBulk: 512 * 1024 * 1024,
  maxLine: 16 * 1024 * 1024,
  maxDepth: 1000,
};

/**
 * Reads replies from the bytes of a connection as they come, RESP2 and RESP3 alike: the client's
 * side. What was read of an incomplete reply is kept, so that the cost does not depend on how the
 * replies were cut into chunks.
 * https://redis.io/docs/latest/develop/reference/protocol-spec/
 */
export class ReplyDecoder {
  #buffer = '';
  #at = 0;
  /** Chunks that came meanwhile; joined only when there are enough of them to go on. */
  #chunks: string[] = [];
  #chunkBytes = 0;
  /** With fewer unread bytes than this it is no use to try again. */
  #neededBytes = 1;
  /** The aggregates being read, outermost first. */
  readonly #open: Aggregate[] = [];
  readonly #limits: ReplyLimits;

  constructor(limits: Partial<ReplyLimits> = {}) {
    this.#limits = { ...defaultLimits, ...limits };
  }

  push(bytes: string): void {
    if (this.#at === this.#buffer.length && this.#chunkBytes === 0) {
      this.#buffer = bytes;
      this.#at = 0;
      return;
    }
    this.#chunks.push(bytes);
    this.#chunkBytes += bytes.length;
  }

  /**
   * The next reply, or undefined until more bytes come. The nulls of RESP2 stay apart: null stands
   * for a string, NullArray for an array. Throws a ProtocolError on what is no reply; the connection
   * is of no use then.
   */
  next(): Reply | undefined {
    for (;;) {
      const element = this.#readElement();
      if (element === undefined) return undefined;
      const reply = element === opened ? undefined : this.#complete(element);
      if (reply !== undefined) return reply;
    }
  }

  /** Puts an element into the aggregate that waits for it. Returns what is complete by that. */
  #complete(element: Reply): Reply | undefined {
    let reply = element;
    for (;;) {
      const parent = this.#open.at(-1);
      if (!parent) return reply;
      parent.elements.push(reply);
      if (--parent.missing > 0) return undefined;
      this.#open.pop();
      reply = build(parent);
    }
  }

  /** A reply without elements, or `opened` after the head of an aggregate that has some. */
  #readElement(): Reply | typeof opened | undefined {
    const unread = this.#buffer.length - this.#at + this.#chunkBytes;
    if (unread < this.#neededBytes) return undefined;
    if (this.#chunkBytes > 0) this.#join();
    const type = this.#buffer[this.#at] as string;
    if (!TYPES.includes(type)) {
      throw new ProtocolError(`Protocol error, got ${quote(type)} as reply type byte`);
    }
    const end = this.#buffer.indexOf('\r\n', this.#at);
    if (end < 0) {
      if (unread > this.#limits.maxLine) throw new ProtocolError('Too long line in reply');
      this.#neededBytes = unread + 1;
      return undefined;
    }
    const line = this.#buffer.slice(this.#at + 1, end);
    if (BULK_TYPES.includes(type)) return this.#readBulk(type, line, end + 2);
    this.#advance(end + 2);
    return AGGREGATE_TYPES.includes(type) ? this.#begin(type, line) : readLine(type, line);
  }

  /** A bulk string whose bytes begin at `start`, or undefined when they have not all come. */
  #readBulk(type: string, line: string, start: number): Reply | undefined {
    const length = parseSafeInteger(line);
    if (length === undefined) throw new ProtocolError('Bad bulk string length');
    if (length === -1 && type === '$') {
      this.#advance(start);
      return null;
    }
    if (length < 0 || length > this.#limits.maxBulk) {
      throw new ProtocolError('Bulk string length out of range');
    }
    const end = start + length;
    if (this.#buffer.length < end + 2) {
      this.#neededBytes = end + 2 - this.#at;
      return undefined;
    }
    const bytes = this.#buffer.slice(start, end);
    this.#advance(end + 2);
    return type === '$' ? bytes : readText(type, bytes);
  }

  #begin(type: string, line: string): Reply | typeof opened {
    const count = parseSafeInteger(line);
    if (count === undefined) throw new ProtocolError('Bad multi-bulk length');
    if (count === -1 && type === '*') return nullArray;
    if (count < 0 || count > MAX_COUNT) throw new ProtocolError('Multi-bulk length out of range');
    if (this.#open.length >= this.#limits.maxDepth) {
      throw new ProtocolError('Too deeply nested reply');
    }
    const missing = type === '%' ? 2 * count : type === '|' ? 2 * count + 1 : count;
    const aggregate = { type, missing, elements: [] };
    if (missing === 0) return build(aggregate);
    this.#open.push(aggregate);
    return opened;
  }

  #advance(to: number): void {
    this.#at = to;
    this.#neededBytes = 1;
  }

  #join(): void {
    this.#buffer = this.#buffer.slice(this.#at) + this.#chunks.join('');
    this.#at = 0;
    this.#chunks = [];
    this.#chunkBytes = 0;
  }
}

/** An array, set, push, map or attribute of which elements are missing. */
interface Aggregate {
  readonly type: string;
  missing: number;
  readonly elements: Reply[];
}

const opened = Symbol('opened');
const BULK_TYPES = '$=!';
const AGGREGATE_TYPES = '*~>%|';
const TYPES = `+-:_,#(${BULK_TYPES}${AGGREGATE_TYPES}`;
const MAX_COUNT = 2 ** 32 - 1;

function build({ type, elements }: Aggregate): Reply {
  switch (type) {
    case '~':
      return new SetReply(elements);
    case '>':
      return new Push(elements);
    case '%':
      return new MapReply(pairs(elements));
    case '|': {
      // An attribute's last element is the reply that it belongs to.
      const reply = elements.pop() as Reply;
      return new Attribute(pairs(elements), reply);
    }
    default:
      return elements;
  }
}

function pairs(elements: readonly Reply[]): [Reply, Reply][] {
  const entries: [Reply, Reply][] = [];
  for (let i = 0; i < elements.length; i += 2) {
    entries.push([elements[i] as Reply, elements[i + 1] as Reply]);
  }
  return entries;
}

function readText(type: string, bytes: string): Reply {
  if (type === '!') return new RedisError(bytes);
  if (bytes[3] !== ':') throw new ProtocolError('Verbatim string without its format');
  return new Verbatim(bytes.slice(4), bytes.slice(0, 3));
}

function readLine(type: string, line: string): Reply {
  switch (type) {
    case '+':
      return line === ok.text ? ok : new Status(line);
    case '-':
      return new RedisError(line);
    case ':':
      return readInteger(line);
    case ',':
      return new Double(readDouble(line), line);
    case '(':
      if (!/^[+-]?\d+$/.test(line)) throw new ProtocolError('Bad big number value');
      return new BigNumber(line);
    case '#':
      if (line !== 't' && line !== 'f') throw new ProtocolError('Bad bool value');
      return new Bool(line === 't');
    default:
      if (line !== '') throw new ProtocolError('Bad nil value');
      return null;
  }
}

function readInteger(line: string): number | bigint {
  const value = parseSafeInteger(line) ?? parseInteger(line);
  if (value === undefined) throw new ProtocolError('Bad integer value');
  return value;
}

function readDouble(line: string): number {
  if (/^-?nan$/i.test(line)) return NaN;
  const value = parseDouble(line);
  if (value === undefined) throw new ProtocolError('Bad double value');
  return value;
}
