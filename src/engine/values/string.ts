import { fromUint8, toUint8 } from '../bytes/bytes.ts';
import { isInteger } from '../bytes/numbers.ts';
import { Used } from './used.ts';

/** Up to this length a string and its header share one allocation. Bytes. */
const EMBSTR_MAX = 44;

/**
 * How a string came to be, which decides how Redis keeps it: `whole` was stored as one value, and is
 * a number if it looks like one; `float` was computed by INCRBYFLOAT, and is never kept as a number;
 * `edited` was changed in place by APPEND, SETRANGE or SETBIT, and is `raw` from then on.
 */
export type Origin = 'whole' | 'float' | 'edited';

/**
 * A string value: bytes, and how Redis would keep them. Bits and parts are changed in a buffer, so
 * that a large bitmap is not copied for each of them.
 */
export class StringValue extends Used {
  /**
   * The bytes in the form that was last asked for. As a `Uint8Array` they are the beginning of a buffer
   * that may be longer; a counter stays a number as long as it is only counted.
   */
  #content: string | Uint8Array | number;
  #origin: Origin;

  /** `content` is the bytes, or a safe integer in their place. */
  constructor(content: string | number, origin: Origin = 'whole') {
    super();
    this.#content = content;
    this.#origin = origin;
  }

  /** No field, as those of other values: there may be millions of strings. */
  get type(): 'string' {
    return 'string';
  }

  get bytes(): string {
    const content = this.#content;
    if (typeof content === 'string') return content;
    const bytes = typeof content === 'number' ? String(content) : fromUint8(content);
    this.#content = bytes;
    return bytes;
  }

  /** The integer that was put here and that nobody has asked the bytes of since, or undefined. */
  get counted(): number | undefined {
    return typeof this.#content === 'number' ? this.#content : undefined;
  }

  /** The length in bytes. */
  get length(): number {
    return typeof this.#content === 'number' ? this.bytes.length : this.#content.length;
  }

  /** `int`, `embstr` or `raw`. https://redis.io/docs/latest/commands/object-encoding/ */
  get encoding(): 'int' | 'embstr' | 'raw' {
    if (this.#origin === 'edited' || this.length > EMBSTR_MAX) return 'raw';
    return this.#origin === 'whole' && isInteger(this.bytes) ? 'int' : 'embstr';
  }

  /** It was changed in place, and has room for more. */
  get isEdited(): boolean {
    return this.#origin === 'edited';
  }

  /** Puts other bytes, or those of a safe integer, in the place of all that was there. */
  become(content: string | number): void {
    this.#content = content;
    this.#origin = 'whole';
  }

  /** The bytes to look at. Valid until the next change. */
  view(): Uint8Array {
    if (this.#content instanceof Uint8Array) return this.#content;
    const view = toUint8(this.bytes);
    this.#content = view;
    return view;
  }

  /** The bytes to change, at least so many; what is new is zero. Valid until the next change. */
  edit(minLength: number): Uint8Array {
    const old = this.view();
    const length = Math.max(old.length, minLength);
    let { buffer } = old;
    if (length > buffer.byteLength) {
      // Room for more, so that a string which grows bit by bit is not copied each time.
      buffer = new ArrayBuffer(Math.min(length * 2, length + 2 ** 20));
      new Uint8Array(buffer).set(old);
    }
    const view = length === old.length ? old : new Uint8Array(buffer, 0, length);
    this.#content = view;
    this.#origin = 'edited';
    return view;
  }

  /** A value of its own with the same bytes and encoding. */
  copy(): StringValue {
    return new StringValue(this.bytes, this.#origin);
  }
}
