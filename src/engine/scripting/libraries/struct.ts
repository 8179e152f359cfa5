/**
 * The global `struct`: packs values into C structures and back, by a format string.
 * https://redis.io/docs/latest/develop/interact/programmability/lua-api/#struct-library
 */
import { type LuaApi, type LuaState, LuaType, raise, register } from '../lua-api.ts';

export function openStruct(api: LuaApi, L: LuaState): void {
  api.pushGlobals(L);
  api.newTable(L, 0, 3);
  register(api, L, {
    pack: (L) => {
      api.pushString(L, pack(api, L));
      return 1;
    },
    unpack: (L) => unpack(api, L),
    size: (L) => {
      api.pushNumber(L, sizeOf(api, L));
      return 1;
    },
  });
  api.setField(L, -2, 'struct');
  api.setTop(L, -2);
}

function pack(api: LuaApi, L: LuaState): string {
  const format = new Format(api, L);
  // A nil after the last argument, so that a missing one is reported as nil.
  api.pushNil(L);
  let argument = 2;
  let packed = '';
  for (let item = format.next(); item; item = format.next()) {
    packed += '\0'.repeat(item.padding(packed.length));
    if (item.isControl) format.control(item.option);
    else if (item.option === 'x') packed += '\0';
    else packed += packValue(api, L, argument++, item);
  }
  return packed;
}

function packValue(api: LuaApi, L: LuaState, index: number, item: Item): string {
  const { option, size, littleEndian } = item;
  if (option === 's' || option === 'c') {
    const bytes = api.checkString(L, index);
    const length = size === 0 ? bytes.length : size;
    if (bytes.length < length) api.argumentError(L, index + 1, 'string too short');
    return bytes.slice(0, length) + (option === 's' ? '\0' : '');
  }
  const value = api.checkNumber(L, index);
  if (option === 'f' || option === 'd') return packFloat(value, size, littleEndian);
  return packInteger(value, size, littleEndian);
}

function unpack(api: LuaApi, L: LuaState): number {
  const format = new Format(api, L);
  const data = api.checkString(L, 2);
  const start = api.type(L, 3) <= LuaType.nil ? 1 : Math.trunc(api.checkNumber(L, 3));
  if (start === 0) api.argumentError(L, 3, 'offset must be 1 or greater');
  const first = api.getTop(L);
  let at = start - 1;
  for (let item = format.next(); item; item = format.next()) {
    at += item.padding(at);
    if (at < 0 || at + item.size > data.length) tooShort(api, L);
    if (!api.checkStack(L, 2)) raise(api, L, 'stack overflow (too many results)');
    at += unpackValue(api, L, format, item, { data, at, first });
  }
  api.pushNumber(L, at + 1);
  return api.getTop(L) - first;
}

interface Source {
  readonly data: string;
  readonly at: number;
  /** The height of the stack below the first result. */
  readonly first: number;
}

/** Pushes one value; answers how many bytes it took. */
function unpackValue(api: LuaApi, L: LuaState, format: Format, item: Item, source: Source): number {
  const { option, size, littleEndian } = item;
  const { data, at } = source;
  if (item.isControl) format.control(option);
  if (item.isControl || option === 'x') return size;
  if (option === 's') return unpackZeroTerminated(api, L, source);
  if (option === 'c') return unpackCounted(api, L, size, source);
  const bytes = data.slice(at, at + size);
  const value =
    option === 'f' || option === 'd'
      ? unpackFloat(bytes, littleEndian)
      : unpackInteger(bytes, littleEndian, option === option.toUpperCase());
  api.pushNumber(L, value);
  return size;
}

function unpackZeroTerminated(api: LuaApi, L: LuaState, { data, at }: Source): number {
  const end = data.indexOf('\0', at);
  if (end < 0) raise(api, L, 'unfinished string in data');
  api.pushString(L, data.slice(at, end));
  return end - at + 1;
}

/** "c0" takes its length from the value unpacked just before, and takes that off the results. */
function unpackCounted(api: LuaApi, L: LuaState, size: number, source: Source): number {
  const { data, at, first } = source;
  let length = size;
  if (length === 0) {
    if (api.getTop(L) === first || !api.isNumber(L, -1)) {
      raise(api, L, "format 'c0' needs a previous size");
    }
    length = Math.trunc(api.toNumber(L, -1));
    api.setTop(L, -2);
    if (length < 0 || at + length > data.length) tooShort(api, L);
  }
  api.pushString(L, data.slice(at, at + length));
  return length;
}

const tooShort = (api: LuaApi, L: LuaState): never =>
  api.argumentError(L, 2, 'data string too short');

function sizeOf(api: LuaApi, L: LuaState): number {
  const format = new Format(api, L);
  let size = 0;
  for (let item = format.next(); item; item = format.next()) {
    size += item.padding(size);
    if (item.option === 's' || (item.option === 'c' && item.size === 0)) {
      const name = item.option === 's' ? 's' : 'c0';
      api.argumentError(L, 1, `option '${name}' has no fixed size`);
    }
    // Unknown letters pass here, and only here.
    if (item.isControl && !/[a-z0-9]/i.test(item.option)) format.control(item.option);
    size += item.size;
  }
  return size;
}

/** One letter of a format, with its size in bytes. */
interface Item {
  readonly option: string;
  readonly size: number;
  readonly littleEndian: boolean;
  /** Whether it changes how others are read instead of standing for a value. */
  readonly isControl: boolean;
  /** Zeros needed before it when `length` bytes come first. */
  padding(length: number): number;
}

const NATIVE_ALIGNMENT = 8;
const INT_BYTES = 4;
const MAX_INTEGER_BYTES = 32;
const MAX_INT = 2 ** 31 - 1;
const FIXED_SIZES: Readonly<Record<string, number>> = {
  b: 1,
  B: 1,
  h: 2,
  H: 2,
  l: 8,
  L: 8,
  T: 8,
  f: 4,
  d: 8,
  x: 1,
  s: 0,
};

/** Reads the first argument as a format, letter by letter. */
class Format {
  readonly #api: LuaApi;
  readonly #L: LuaState;
  readonly #text: string;
  #at = 0;
  #littleEndian = true;
  #alignment = 1;

  constructor(api: LuaApi, L: LuaState) {
    this.#api = api;
    this.#L = L;
    // As in C, the format ends at the first zero.
    this.#text = api.checkString(L, 1).split('\0', 1)[0] as string;
  }

  next(): Item | undefined {
    const option = this.#text[this.#at++];
    if (option === undefined) return undefined;
    const size = this.#sizeOf(option);
    const alignment = option === 'c' ? 0 : Math.min(size ?? 0, this.#alignment);
    return {
      option,
      size: size ?? 0,
      littleEndian: this.#littleEndian,
      isControl: size === undefined,
      padding: (length) =>
        alignment > 1 ? (alignment - (length & (alignment - 1))) & (alignment - 1) : 0,
    };
  }

  control(option: string): void {
    if (option === '>' || option === '<') this.#littleEndian = option === '<';
    else if (option === '!') this.#alignment = this.#readAlignment();
    else if (option !== ' ') {
      this.#api.argumentError(this.#L, 1, `invalid format option '${option}'`);
    }
  }

  #sizeOf(option: string): number | undefined {
    if (option === 'c') return this.#number(1);
    if (option === 'i' || option === 'I') return this.#integerSize();
    return FIXED_SIZES[option];
  }

  #integerSize(): number {
    const size = this.#number(INT_BYTES);
    if (size > MAX_INTEGER_BYTES) {
      const limit = `larger than limit of ${MAX_INTEGER_BYTES}`;
      raise(this.#api, this.#L, `integral size ${size} is ${limit}`);
    }
    return size;
  }

  #readAlignment(): number {
    const alignment = this.#number(NATIVE_ALIGNMENT);
    if (alignment === 0 || (alignment & (alignment - 1)) !== 0) {
      raise(this.#api, this.#L, `alignment ${alignment} is not a power of 2`);
    }
    return alignment;
  }

  #number(whenAbsent: number): number {
    const [digits = ''] = /^\d*/.exec(this.#text.slice(this.#at)) ?? [];
    this.#at += digits.length;
    if (Number(digits) > MAX_INT) raise(this.#api, this.#L, 'integral size overflow');
    return digits === '' ? whenAbsent : Number(digits);
  }
}

const inOrder = (bytes: number[], littleEndian: boolean): string =>
  String.fromCharCode(...(littleEndian ? bytes : bytes.reverse()));

function packInteger(value: number, size: number, littleEndian: boolean): string {
  let bits = toUint64(value);
  const bytes: number[] = [];
  for (let i = 0; i < size; i++) {
    bytes.push(Number(bits & 0xffn));
    bits >>= 8n;
  }
  return inOrder(bytes, littleEndian);
}

/** Cast as x86-64 does it: what no 64 bits can hold is zero, or the smallest negative integer. */
function toUint64(value: number): bigint {
  if (Number.isNaN(value) || value < -(2 ** 63)) return 2n ** 63n;
  return value >= 2 ** 64 ? 0n : BigInt.asUintN(64, BigInt(Math.trunc(value)));
}

function unpackInteger(text: string, littleEndian: boolean, isUnsigned: boolean): number {
  const bytes = Array.from(text, (byte) => byte.charCodeAt(0));
  if (littleEndian) bytes.reverse();
  let bits = 0n;
  for (const byte of bytes) bits = (bits << 8n) | BigInt(byte);
  const width = Math.min(bytes.length * 8, 64);
  return Number(isUnsigned ? BigInt.asUintN(64, bits) : BigInt.asIntN(width, bits));
}

function packFloat(value: number, size: number, littleEndian: boolean): string {
  const view = new DataView(new ArrayBuffer(size));
  if (size === 4) view.setFloat32(0, value, true);
  else view.setFloat64(0, value, true);
  return inOrder([...new Uint8Array(view.buffer)], littleEndian);
}

function unpackFloat(text: string, littleEndian: boolean): number {
  const view = new DataView(new ArrayBuffer(text.length));
  for (let i = 0; i < text.length; i++) view.setUint8(i, text.charCodeAt(i));
  return text.length === 4 ? view.getFloat32(0, littleEndian) : view.getFloat64(0, littleEndian);
}
