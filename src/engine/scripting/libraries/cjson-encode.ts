/** Lua values as JSON text, with lua-cjson's rules and error messages. */
import { printGeneral } from '../format.ts';
import { type LuaApi, type LuaState, LuaType, raise } from '../lua-api.ts';
import { type CjsonSettings, MAX_DEPTH } from './cjson-settings.ts';

/** The value at the top of the stack as JSON. */
export function encodeTop(api: LuaApi, L: LuaState, settings: CjsonSettings): string {
  return new Encoder(api, L, settings).encode(0);
}

const NUMBERS_AS_NULL = 2;
/** The precision of Lua's own tostring(). */
const LUA_PRECISION = 14;

class Encoder {
  readonly #api: LuaApi;
  readonly #L: LuaState;
  readonly #settings: CjsonSettings;

  constructor(api: LuaApi, L: LuaState, settings: CjsonSettings) {
    this.#api = api;
    this.#L = L;
    this.#settings = settings;
  }

  encode(depth: number): string {
    const api = this.#api;
    const L = this.#L;
    switch (api.type(L, -1)) {
      case LuaType.string:
        return quote(api.toString(L, -1) ?? '');
      case LuaType.number:
        return this.#number();
      case LuaType.boolean:
        return String(api.toBoolean(L, -1));
      case LuaType.table:
        return this.#table(depth + 1);
      case LuaType.nil:
      case LuaType.lightUserdata:
        return 'null';
      default:
        return this.#refuse('type not supported');
    }
  }

  #refuse(reason: string): never {
    const type = this.#api.typeName(this.#L, -1);
    return raise(this.#api, this.#L, `Cannot serialise ${type}: ${reason}`);
  }

  #number(): string {
    const value = this.#api.toNumber(this.#L, -1);
    if (!Number.isFinite(value)) {
      const { encodeInvalidNumbers } = this.#settings;
      if (encodeInvalidNumbers === 0) return this.#refuse('must not be NaN or Inf');
      if (encodeInvalidNumbers === NUMBERS_AS_NULL) return 'null';
    }
    return this.#print(value);
  }

  #print(value: number): string {
    const { encodeNumberPrecision } = this.#settings;
    const isShort = Number.isInteger(value) && Math.abs(value) < 10 ** encodeNumberPrecision;
    if (isShort) return Object.is(value, -0) ? '-0' : String(value);
    if (encodeNumberPrecision !== LUA_PRECISION || !Number.isFinite(value)) {
      return printGeneral(value, encodeNumberPrecision);
    }
    this.#api.pushNumber(this.#L, value);
    const text = this.#api.toString(this.#L, -1) ?? '';
    this.#api.setTop(this.#L, -2);
    return text;
  }

  #table(depth: number): string {
    const maxDepth = Math.min(this.#settings.encodeMaxDepth, MAX_DEPTH);
    if (depth > maxDepth || !this.#api.checkStack(this.#L, 4)) {
      raise(this.#api, this.#L, `Cannot serialise, excessive nesting (${depth})`);
    }
    const length = this.#arrayLength();
    return length > 0 ? this.#array(length, depth) : this.#object(depth);
  }

  /** 0 or less when the table is to be an object. */
  #arrayLength(): number {
    const api = this.#api;
    const L = this.#L;
    let max = 0;
    let count = 0;
    api.pushNil(L);
    while (api.next(L, -2)) {
      api.setTop(L, -2);
      const key = api.type(L, -1) === LuaType.number ? api.toNumber(L, -1) : 0;
      if (!(key >= 1 && Number.isInteger(key))) {
        api.setTop(L, -2);
        return 0;
      }
      if (key > max) max = toInt32(key);
      count++;
    }
    return this.#isTooSparse(max, count) ? 0 : max;
  }

  #isTooSparse(max: number, count: number): boolean {
    const { sparseRatio, sparseSafe, sparseConvert } = this.#settings;
    if (sparseRatio === 0 || max <= count * sparseRatio || max <= sparseSafe) return false;
    if (sparseConvert === 0) this.#refuse('excessively sparse array');
    return true;
  }

  #array(length: number, depth: number): string {
    const api = this.#api;
    const L = this.#L;
    const items: string[] = [];
    for (let i = 1; i <= length; i++) {
      api.rawGetAt(L, -1, i);
      items.push(this.encode(depth));
      api.setTop(L, -2);
    }
    return `[${items.join(',')}]`;
  }

  #object(depth: number): string {
    const api = this.#api;
    const L = this.#L;
    const entries: string[] = [];
    api.pushNil(L);
    while (api.next(L, -2)) {
      const value = this.encode(depth);
      api.setTop(L, -2);
      entries.push(`${this.#key()}:${value}`);
    }
    return `{${entries.join(',')}}`;
  }

  #key(): string {
    const api = this.#api;
    const type = api.type(this.#L, -1);
    if (type === LuaType.string) return quote(api.toString(this.#L, -1) ?? '');
    if (type === LuaType.number) return `"${this.#number()}"`;
    return this.#refuse('table key must be a number or string');
  }
}

/** As C casts to int: what does not fit is the smallest one, so the table becomes an object. */
const toInt32 = (value: number): number => (value < 2 ** 31 ? value : -(2 ** 31));

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '/': '\\/',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\f': '\\f',
  '\r': '\\r',
};

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what JSON escapes.
const ESCAPED = /["\\/\x00-\x1f\x7f]/g;

const quote = (bytes: string): string => `"${bytes.replace(ESCAPED, escapeByte)}"`;

const escapeByte = (byte: string): string =>
  ESCAPES[byte] ?? `\\u${byte.charCodeAt(0).toString(16).padStart(4, '0')}`;
