import { own } from '../bytes/bytes.ts';
import { splitArgs } from './split.ts';

/** What a client sent is not RESP. The server answers this and closes the connection. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
}

/** The longest line, and so the longest inline command, that a server reads. Bytes. */
const MAX_LINE = 64 * 1024;
const MAX_ARGUMENTS = 2 ** 31 - 1;
/** A client that has not authenticated may send no more than this. */
const UNAUTHENTICATED = { arguments: 10, bytes: 16_384 };

export interface DecoderLimits {
  /** proto-max-bulk-len, in bytes. */
  readonly maxBulk: number;
  readonly authenticated: boolean;
}

/**
 * Reads commands from the bytes of a connection as they come: arrays of bulk strings, or inline
 * lines. https://redis.io/docs/latest/develop/reference/protocol-spec/#sending-commands-to-a-redis-server
 */
export class RequestDecoder {
  #buffer = '';
  #at = 0;
  /** Chunks that came while a long bulk string was incomplete; joined only when it is all there. */
  #chunks: string[] = [];
  #chunkBytes = 0;
  #argv: string[] | undefined;
  #missing = 0;
  #bulk = -1;

  constructor(private readonly limits: () => DecoderLimits) {}

  /** Bytes received and not yet understood. */
  get pending(): number {
    return this.#buffer.length - this.#at + this.#chunkBytes;
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

  /** The next command, or undefined until more bytes come. An empty line or array is skipped. */
  next(): string[] | undefined {
    for (;;) {
      if (this.#argv === undefined && !this.#begin()) return undefined;
      const argv = this.#argv as string[] | undefined;
      if (argv === undefined) continue;
      if (!this.#readArguments(argv)) return undefined;
      this.#argv = undefined;
      if (argv.length > 0) return argv;
    }
  }

  /** Reads the head of a command. False when more bytes are needed. */
  #begin(): boolean {
    if (this.#at >= this.#buffer.length) this.#join();
    if (this.#at >= this.#buffer.length) return false;
    if (this.#buffer.charCodeAt(this.#at) !== STAR) return this.#readInline();
    const line = this.#line('too big mbulk count string');
    if (line === undefined) return false;
    const count = readCount(line);
    if (count === undefined || count > MAX_ARGUMENTS) {
      throw new ProtocolError('invalid multibulk length');
    }
    if (count > UNAUTHENTICATED.arguments && !this.limits().authenticated) {
      throw new ProtocolError('unauthenticated multibulk length');
    }
    if (count <= 0) return true;
    this.#argv = [];
    this.#missing = count;
    return true;
  }

  #readInline(): boolean {
    let end = this.#buffer.indexOf('\n', this.#at);
    if (end < 0 && this.#join()) end = this.#buffer.indexOf('\n', this.#at);
    if (end < 0) {
      if (this.pending > MAX_LINE) throw new ProtocolError('too big inline request');
      return false;
    }
    const stop = this.#buffer[end - 1] === '\r' && end > this.#at ? end - 1 : end;
    const argv = splitArgs(this.#buffer.slice(this.#at, stop));
    if (!argv) throw new ProtocolError('unbalanced quotes in request');
    this.#at = end + 1;
    if (argv.length === 0) return true;
    this.#argv = argv;
    this.#missing = 0;
    return true;
  }

  /** Reads bulk strings until the command is complete. False when more bytes are needed. */
  #readArguments(argv: string[]): boolean {
    while (this.#missing > 0) {
      if (this.#bulk < 0 && !this.#readBulkLength()) return false;
      const end = this.#at + this.#bulk;
      if (this.#buffer.length < end + 2) {
        if (this.pending < this.#bulk + 2 || !this.#join()) return false;
        continue;
      }
      argv.push(this.#keep(this.#buffer.slice(this.#at, end)));
      this.#at = end + 2;
      this.#bulk = -1;
      this.#missing--;
    }
    return true;
  }

  #readBulkLength(): boolean {
    if (this.#at >= this.#buffer.length && !this.#join()) return false;
    const first = this.#buffer[this.#at];
    // Redis looks for the end of the line first, and only then at how it begins.
    const line = this.#line('too big bulk count string');
    if (line === undefined) return false;
    if (first !== '$') throw new ProtocolError(`expected '$', got '${first}'`);
    const length = readCount(line);
    const { maxBulk, authenticated } = this.limits();
    if (length === undefined || length < 0 || length > maxBulk) {
      throw new ProtocolError('invalid bulk length');
    }
    if (length > UNAUTHENTICATED.bytes && !authenticated) {
      throw new ProtocolError('unauthenticated bulk length');
    }
    this.#bulk = length;
    return true;
  }

  /** The text after the type byte up to CRLF, or undefined when it has not all come. */
  #line(tooLong: string): string | undefined {
    let end = this.#buffer.indexOf('\r', this.#at);
    if ((end < 0 || end + 1 >= this.#buffer.length) && this.#join()) {
      end = this.#buffer.indexOf('\r', this.#at);
    }
    if (end < 0) {
      if (this.#buffer.length - this.#at > MAX_LINE) throw new ProtocolError(tooLong);
      return undefined;
    }
    if (end + 1 >= this.#buffer.length) return undefined;
    const text = this.#buffer.slice(this.#at + 1, end);
    this.#at = end + 2;
    return text;
  }

  #join(): boolean {
    if (this.#chunkBytes === 0) return false;
    this.#buffer = this.#buffer.slice(this.#at) + this.#chunks.join('');
    this.#at = 0;
    this.#chunks = [];
    this.#chunkBytes = 0;
    return true;
  }

  /** A slice keeps its whole chunk alive; an argument that may be stored from a big one is copied. */
  #keep(arg: string): string {
    const shared = this.#buffer.length > 1024 && arg.length > 12;
    return shared && arg.length < this.#buffer.length / 2 ? own(arg) : arg;
  }
}

const STAR = 42;

function readCount(text: string): number | undefined {
  // The common case by hand: one or two digits.
  if (text.length === 1) {
    const digit = text.charCodeAt(0) - 48;
    return digit >= 0 && digit <= 9 ? digit : undefined;
  }
  return /^(-?[1-9]\d{0,17})$/.test(text) ? Number(text) : undefined;
}
