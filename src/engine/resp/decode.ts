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
  /** Chunks that came while a command was incomplete; joined only when they may complete it. */
  #chunks: string[] = [];
  #chunkBytes = 0;
  /** The command of which arguments are missing. */
  #argv: string[] | undefined;
  /** How many arguments the command has, and how many of them are in `#argv`. */
  #count = 0;
  #read = 0;
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
      const argv = this.#argv ?? this.#begin();
      if (argv === undefined) return undefined;
      if (!this.#readArguments(argv)) {
        this.#argv = argv;
        return undefined;
      }
      if (this.#argv !== undefined) this.#argv = undefined;
      if (argv.length > 0) return argv;
    }
  }

  /** Reads the head of a command. Returns room for its arguments; undefined needs more bytes. */
  #begin(): string[] | undefined {
    if (this.#at >= this.#buffer.length && !this.#join()) return undefined;
    if (this.#buffer.charCodeAt(this.#at) !== STAR) return this.#readInline();
    const count = this.#readCount('too big mbulk count string');
    if (count === undefined) return undefined;
    if (!(count <= MAX_ARGUMENTS)) throw new ProtocolError('invalid multibulk length');
    if (count > UNAUTHENTICATED.arguments && !this.limits().authenticated) {
      throw new ProtocolError('unauthenticated multibulk length');
    }
    this.#read = 0;
    this.#count = Math.max(count, 0);
    // An array that grows takes room for more than most commands have.
    return this.#count <= USUAL_ARGUMENTS ? new Array<string>(this.#count) : [];
  }

  /** Reads an inline command as a whole. */
  #readInline(): string[] | undefined {
    const end = this.#find('\n', 'too big inline request');
    if (end < 0) return undefined;
    const stop = this.#buffer[end - 1] === '\r' && end > this.#at ? end - 1 : end;
    const argv = splitArgs(this.#buffer.slice(this.#at, stop));
    if (!argv) throw new ProtocolError('unbalanced quotes in request');
    this.#at = end + 1;
    this.#count = 0;
    this.#read = 0;
    return argv;
  }

  /** Reads bulk strings until the command is complete. False when more bytes are needed. */
  #readArguments(argv: string[]): boolean {
    while (this.#read < this.#count) {
      if (this.#bulk < 0 && !this.#readBulkLength()) return false;
      const end = this.#at + this.#bulk;
      if (this.#buffer.length < end + 2) {
        if (this.pending < this.#bulk + 2 || !this.#join()) return false;
        continue;
      }
      argv[this.#read++] = this.#keep(this.#buffer.slice(this.#at, end));
      this.#at = end + 2;
      this.#bulk = -1;
    }
    return true;
  }

  #readBulkLength(): boolean {
    if (this.#at >= this.#buffer.length && !this.#join()) return false;
    const start = this.#at;
    const first = this.#buffer.charCodeAt(start);
    // Redis looks for the end of the line first, and only then at how it begins.
    const length = this.#readCount('too big bulk count string');
    if (length === undefined) return false;
    if (first !== DOLLAR) {
      throw new ProtocolError(`expected '$', got '${String.fromCharCode(first)}'`);
    }
    // What is short enough for anybody needs no look at the limits.
    if (length >= 0 && length <= UNAUTHENTICATED.bytes) {
      this.#bulk = length;
      return true;
    }
    const { maxBulk, authenticated } = this.limits();
    if (!(length >= 0 && length <= maxBulk)) throw new ProtocolError('invalid bulk length');
    if (!authenticated) throw new ProtocolError('unauthenticated bulk length');
    this.#bulk = length;
    return true;
  }

  /**
   * Reads a line such as `$12` and returns its number, NaN when it is none, or undefined when the
   * line has not all come.
   */
  #readCount(tooLong: string): number | undefined {
    // Nearly every line is a digit or a few and ends where it should.
    const buffer = this.#buffer;
    let at = this.#at + 1;
    let count = buffer.charCodeAt(at) - ZERO;
    if (count > 0 && count <= 9 && buffer.charCodeAt(this.#at) !== NUL) {
      for (at++; at < this.#at + MAX_EASY_DIGITS; at++) {
        const digit = buffer.charCodeAt(at) - ZERO;
        if (!(digit >= 0 && digit <= 9)) break;
        count = count * 10 + digit;
      }
      if (buffer.charCodeAt(at) === CR && at + 1 < buffer.length) {
        this.#at = at + 2;
        return count;
      }
    }
    const end = this.#find('\r', tooLong);
    if (end < 0 || end + 1 >= this.#buffer.length) return undefined;
    const text = this.#buffer.slice(this.#at + 1, end);
    this.#at = end + 2;
    return parseCount(text);
  }

  /** Where the line ends that starts here, or -1. As in C, nothing is found beyond a NUL byte. */
  #find(mark: '\r' | '\n', tooLong: string): number {
    this.#join();
    const end = this.#buffer.indexOf(mark, this.#at);
    const nul = this.#buffer.indexOf('\0', this.#at);
    if (end >= 0 && (nul < 0 || nul > end)) return end;
    if (this.#buffer.length - this.#at > MAX_LINE) throw new ProtocolError(tooLong);
    return -1;
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

const NUL = 0;
/** Room for so many arguments is made at once. */
const USUAL_ARGUMENTS = 64;
const STAR = 42;
const DOLLAR = 36;
const ZERO = 48;
const CR = 13;
/** The type byte and this many digits less one are read by hand. */
const MAX_EASY_DIGITS = 10;

const MAX_INT64 = 2n ** 63n - 1n;

/** A 64-bit integer in its only spelling, or NaN. Beyond 2^53 it is only about as large. */
function parseCount(text: string): number {
  if (!/^(0|-?[1-9]\d{0,18})$/.test(text)) return Number.NaN;
  const value = BigInt(text);
  return value > MAX_INT64 || value < -MAX_INT64 - 1n ? Number.NaN : Number(value);
}
