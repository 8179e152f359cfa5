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
  readonly type = 'string';
  /** The bytes as a string; undefined while the buffer has newer ones. */
  #bytes: string | undefined;
  #buffer: Uint8Array | undefined;
  #length: number;
  #origin: Origin;

  constructor(bytes: string, origin: Origin = 'whole') {
    super();
    this.#bytes = bytes;
    this.#length = bytes.length;
    this.#origin = origin;
  }

  get bytes(): string {
    this.#bytes ??= fromUint8(this.view());
    return this.#bytes;
  }

  /** The length in bytes. */
  get length(): number {
    return this.#length;
  }

  /** `int`, `embstr` or `raw`. https://redis.io/docs/latest/commands/object-encoding/ */
  get encoding(): 'int' | 'embstr' | 'raw' {
    if (this.#origin === 'edited') return 'raw';
    if (this.#origin === 'whole' && this.#length <= EMBSTR_MAX && isInteger(this.bytes)) {
      return 'int';
    }
    return this.#length <= EMBSTR_MAX ? 'embstr' : 'raw';
  }

  /** It was changed in place, and has room for more. */
  get isEdited(): boolean {
    return this.#origin === 'edited';
  }

  /** Puts other bytes in the place of all that was there. */
  become(bytes: string): void {
    this.#bytes = bytes;
    this.#buffer = undefined;
    this.#length = bytes.length;
    this.#origin = 'whole';
  }

  /** The bytes to look at. Valid until the next change. */
  view(): Uint8Array {
    this.#buffer ??= toUint8(this.#bytes ?? '');
    return this.#buffer.subarray(0, this.#length);
  }

  /** The bytes to change, at least so many; what is new is zero. Valid until the next change. */
  edit(minLength: number): Uint8Array {
    this.view();
    const length = Math.max(this.#length, minLength);
    const old = this.#buffer as Uint8Array;
    if (length > old.length) {
      // Room for more, so that a string which grows bit by bit is not copied each time.
      this.#buffer = new Uint8Array(Math.min(length * 2, length + 2 ** 20));
      this.#buffer.set(old.subarray(0, this.#length));
    }
    this.#length = length;
    this.#bytes = undefined;
    this.#origin = 'edited';
    return this.view();
  }

  /** A value of its own with the same bytes and encoding. */
  copy(): StringValue {
    return new StringValue(this.bytes, this.#origin);
  }
}
