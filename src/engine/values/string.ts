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
   * The bytes in the form that was last asked for. As numbers they are the beginning of a buffer that
   * may be longer.
   */
  #content: string | Uint8Array;
  #origin: Origin;

  constructor(bytes: string, origin: Origin = 'whole') {
    super();
    this.#content = bytes;
    this.#origin = origin;
  }

  /** No field, as those of other values: there may be millions of strings. */
  get type(): 'string' {
    return 'string';
  }

  get bytes(): string {
    if (typeof this.#content !== 'string') this.#content = fromUint8(this.#content);
    return this.#content;
  }

  /** The length in bytes. */
  get length(): number {
    return this.#content.length;
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

  /** Puts other bytes in the place of all that was there. */
  become(bytes: string): void {
    this.#content = bytes;
    this.#origin = 'whole';
  }

  /** The bytes to look at. Valid until the next change. */
  view(): Uint8Array {
    if (typeof this.#content === 'string') this.#content = toUint8(this.#content);
    return this.#content;
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
