import { isInteger } from '../bytes/numbers.ts';
import { Used } from './used.ts';

/** Up to this length a string and its header share one allocation. Bytes. */
const EMBSTR_MAX = 44;

/** A string value: bytes, and how Redis would keep them. */
export class StringValue extends Used {
  readonly type = 'string';
  /** Changed in place by APPEND, SETRANGE, SETBIT: kept `raw` from then on. */
  readonly #edited: boolean;

  constructor(
    readonly bytes: string,
    edited = false,
  ) {
    super();
    this.#edited = edited;
  }

  /** `int`, `embstr` or `raw`. https://redis.io/docs/latest/commands/object-encoding/ */
  get encoding(): 'int' | 'embstr' | 'raw' {
    if (this.#edited) return 'raw';
    if (isInteger(this.bytes)) return 'int';
    return this.bytes.length <= EMBSTR_MAX ? 'embstr' : 'raw';
  }
}
