/**
 * The global `cmsgpack`: Lua values as MessagePack and back.
 * https://redis.io/docs/latest/develop/interact/programmability/lua-api/#cmsgpack-library
 * https://github.com/msgpack/msgpack/blob/master/spec.md
 */
import { checkInteger, type LuaApi, type LuaState, LuaType, raise, register } from '../lua-api.ts';

export function openCmsgpack(api: LuaApi, L: LuaState): void {
  api.pushGlobals(L);
  api.newTable(L, 0, 8);
  register(api, L, {
    pack: (L) => pack(api, L),
    unpack: (L) => unpack(api, L, { limit: 0, offset: 0 }),
    unpack_one: (L) => unpack(api, L, { limit: 1, offset: optionalInteger(api, L, 2) }),
    unpack_limit: (L) => {
      const limit = checkInteger(api, L, 2);
      return unpack(api, L, { limit, offset: optionalInteger(api, L, 3) });
    },
  });
  const about = {
    _NAME: 'cmsgpack',
    _VERSION: 'lua-cmsgpack 0.4.0',
    _COPYRIGHT: 'Copyright (C) 2012, Salvatore Sanfilippo',
    _DESCRIPTION: 'MessagePack C implementation for Lua',
  };
  for (const [name, text] of Object.entries(about)) {
    api.pushString(L, text);
    api.setField(L, -2, name);
  }
  api.setField(L, -2, 'cmsgpack');
  api.setTop(L, -2);
}

const optionalInteger = (api: LuaApi, L: LuaState, index: number): number =>
  api.type(L, index) <= LuaType.nil ? 0 : checkInteger(api, L, index);

function pack(api: LuaApi, L: LuaState): number {
  const count = api.getTop(L);
  if (count === 0) api.argumentError(L, 0, 'MessagePack pack needs input.');
  if (!api.checkStack(L, 4)) api.argumentError(L, 0, 'Too many arguments for MessagePack pack.');
  let packed = '';
  for (let i = 1; i <= count; i++) {
    api.pushValue(L, i);
    packed += popPacked(api, L, 0);
  }
  api.pushString(L, packed);
  return 1;
}

/** Deeper tables become nil. */
const MAX_NESTING = 16;
const NIL = '\xc0';

/** Packs the value at the top of the stack, and takes it off. */
function popPacked(api: LuaApi, L: LuaState, depth: number): string {
  const packed = packTop(api, L, depth);
  api.setTop(L, -2);
  return packed;
}

function packTop(api: LuaApi, L: LuaState, depth: number): string {
  switch (api.type(L, -1)) {
    case LuaType.string:
      return packString(api.toString(L, -1) ?? '');
    case LuaType.boolean:
      return api.toBoolean(L, -1) ? '\xc3' : '\xc2';
    case LuaType.number:
      return packNumber(api.toNumber(L, -1));
    case LuaType.table:
      return depth === MAX_NESTING ? NIL : packTable(api, L, depth);
    default:
      return NIL;
  }
}

function packString(bytes: string): string {
  const { length } = bytes;
  if (length < 32) return String.fromCharCode(0xa0 | length) + bytes;
  if (length <= 0xff) return `\xd9${unsigned(length, 1)}${bytes}`;
  if (length <= 0xffff) return `\xda${unsigned(length, 2)}${bytes}`;
  return `\xdb${unsigned(length, 4)}${bytes}`;
}

function packNumber(value: number): string {
  const isInteger = Number.isInteger(value) && value >= -(2 ** 63) && value < 2 ** 63;
  if (!isInteger) return packFloat(value);
  if (value >= 0) return packUnsigned(value);
  if (value >= -32) return unsigned(value, 1);
  if (value >= -(2 ** 7)) return `\xd0${unsigned(value, 1)}`;
  if (value >= -(2 ** 15)) return `\xd1${unsigned(value, 2)}`;
  if (value >= -(2 ** 31)) return `\xd2${unsigned(value, 4)}`;
  return `\xd3${unsigned(value, 8)}`;
}

function packUnsigned(value: number): string {
  if (value < 2 ** 7) return unsigned(value, 1);
  if (value < 2 ** 8) return `\xcc${unsigned(value, 1)}`;
  if (value < 2 ** 16) return `\xcd${unsigned(value, 2)}`;
  if (value < 2 ** 32) return `\xce${unsigned(value, 4)}`;
  return `\xcf${unsigned(value, 8)}`;
}

const view = new DataView(new ArrayBuffer(8));

/** The low `size` bytes of an integer, the highest first. */
function unsigned(value: number, size: number): string {
  view.setBigInt64(0, BigInt(value));
  return viewBytes(8 - size, 8);
}

function packFloat(value: number): string {
  if (Math.fround(value) === value) {
    view.setFloat32(0, value);
    return `\xca${viewBytes(0, 4)}`;
  }
  view.setFloat64(0, value);
  return `\xcb${viewBytes(0, 8)}`;
}

const viewBytes = (start: number, end: number): string =>
  String.fromCharCode(...new Uint8Array(view.buffer, start, end - start));

function packTable(api: LuaApi, L: LuaState, depth: number): string {
  if (!api.checkStack(L, 4)) raise(api, L, 'stack overflow (in function mp_encode_lua_table)');
  const length = arrayLength(api, L);
  return length === undefined ? packMap(api, L, depth) : packArray(api, L, length, depth);
}

/** Undefined for a table with other keys than 1 to n. */
function arrayLength(api: LuaApi, L: LuaState): number | undefined {
  let count = 0;
  let max = 0;
  api.pushNil(L);
  while (api.next(L, -2)) {
    api.setTop(L, -2);
    const key = api.type(L, -1) === LuaType.number ? api.toNumber(L, -1) : 0;
    if (!(key > 0 && Number.isInteger(key))) {
      api.setTop(L, -2);
      return undefined;
    }
    count++;
    max = Math.max(max, key);
  }
  return max === count ? count : undefined;
}

function packArray(api: LuaApi, L: LuaState, length: number, depth: number): string {
  let packed = collectionHeader(length, 0x90, '\xdc', '\xdd');
  for (let i = 1; i <= length; i++) {
    api.rawGetAt(L, -1, i);
    packed += popPacked(api, L, depth + 1);
  }
  return packed;
}

function packMap(api: LuaApi, L: LuaState, depth: number): string {
  let entries = '';
  let length = 0;
  api.pushNil(L);
  while (api.next(L, -2)) {
    const value = popPacked(api, L, depth + 1);
    api.pushValue(L, -1);
    entries += popPacked(api, L, depth + 1) + value;
    length++;
  }
  return collectionHeader(length, 0x80, '\xde', '\xdf') + entries;
}

function collectionHeader(length: number, short: number, medium: string, long: string): string {
  if (length < 16) return String.fromCharCode(short | length);
  return length <= 0xffff ? medium + unsigned(length, 2) : long + unsigned(length, 4);
}

interface Range {
  /** How many values to unpack; 0 means all, where the offset is 0 too. */
  readonly limit: number;
  readonly offset: number;
}

function unpack(api: LuaApi, L: LuaState, { limit, offset }: Range): number {
  const data = api.checkString(L, 1);
  const { length } = data;
  if (offset < 0 || limit < 0) {
    const request = `offset of ${offset} and limit of ${length}`;
    raise(api, L, `Invalid request to unpack with ${request}.`);
  }
  if (offset > length) {
    raise(api, L, `Start offset ${offset} greater than input length ${length}.`);
  }
  const takesAll = limit === 0 && offset === 0;
  api.setTop(L, 1);
  const input = new Input(data, offset);
  let count = 0;
  for (; !input.isEmpty && (takesAll || count < limit); count++) pushNext(api, L, input);
  if (takesAll) return count;
  api.pushNumber(L, input.isEmpty ? -1 : input.at);
  api.insert(L, 2);
  return count + 1;
}

class Input {
  depth = 0;

  constructor(
    readonly data: string,
    public at: number,
  ) {}

  get isEmpty(): boolean {
    return this.at >= this.data.length;
  }
}

/** Pushes the value that starts with the next byte. */
function pushNext(api: LuaApi, L: LuaState, input: Input): void {
  const byte = takeBytes(api, L, input, 1).charCodeAt(0);
  if (byte < 0x80) api.pushNumber(L, byte);
  else if (byte < 0x90) pushMap(api, L, input, byte & 0xf);
  else if (byte < 0xa0) pushArray(api, L, input, byte & 0xf);
  else if (byte < 0xc0) api.pushString(L, takeBytes(api, L, input, byte & 0x1f));
  else if (byte >= 0xe0) api.pushNumber(L, byte - 0x100);
  else pushMarked(api, L, input, byte);
}

type Reader = (api: LuaApi, L: LuaState, input: Input) => void;

const numberOf =
  (size: number, read: () => number): Reader =>
  (api, L, input) => {
    load(takeBytes(api, L, input, size));
    api.pushNumber(L, read());
  };

const sized =
  (size: number, push: (api: LuaApi, L: LuaState, input: Input, length: number) => void): Reader =>
  (api, L, input) => {
    load(takeBytes(api, L, input, size));
    push(api, L, input, view.getUint32(0) >>> (32 - 8 * size));
  };

const pushBytes = (api: LuaApi, L: LuaState, input: Input, length: number): void =>
  api.pushString(L, takeBytes(api, L, input, length));

/** By first byte. Binary and extension types are not among them. */
const readers: Readonly<Record<number, Reader>> = {
  192: (api, L) => api.pushNil(L),
  194: (api, L) => api.pushBoolean(L, false),
  195: (api, L) => api.pushBoolean(L, true),
  202: numberOf(4, () => view.getFloat32(0)),
  203: numberOf(8, () => view.getFloat64(0)),
  204: numberOf(1, () => view.getUint8(0)),
  205: numberOf(2, () => view.getUint16(0)),
  206: numberOf(4, () => view.getUint32(0)),
  207: numberOf(8, () => Number(view.getBigInt64(0))),
  208: numberOf(1, () => view.getInt8(0)),
  209: numberOf(2, () => view.getInt16(0)),
  210: numberOf(4, () => view.getInt32(0)),
  211: numberOf(8, () => Number(view.getBigInt64(0))),
  217: sized(1, pushBytes),
  218: sized(2, pushBytes),
  219: sized(4, pushBytes),
  220: sized(2, pushArray),
  221: sized(4, pushArray),
  222: sized(2, pushMap),
  223: sized(4, pushMap),
};

function pushMarked(api: LuaApi, L: LuaState, input: Input, byte: number): void {
  const read = readers[byte];
  if (!read) raise(api, L, 'Bad data format in input.');
  else read(api, L, input);
}

function pushArray(api: LuaApi, L: LuaState, input: Input, length: number): void {
  descend(api, L, input, 'mp_decode_to_lua_array');
  api.newTable(L, 0, 0);
  for (let i = 1; i <= length; i++) {
    api.pushNumber(L, i);
    pushNext(api, L, input);
    api.setTable(L, -3);
  }
  input.depth--;
}

function pushMap(api: LuaApi, L: LuaState, input: Input, length: number): void {
  descend(api, L, input, 'mp_decode_to_lua_hash');
  api.newTable(L, 0, 0);
  for (let i = 0; i < length; i++) {
    pushNext(api, L, input);
    pushNext(api, L, input);
    api.setTable(L, -3);
  }
  input.depth--;
}

/** Redis goes as deep as Lua's stack allows, which is more than JavaScript's can be trusted with. */
const MAX_DEPTH = 1000;

function descend(api: LuaApi, L: LuaState, input: Input, name: string): void {
  if (++input.depth > MAX_DEPTH || !api.checkStack(L, 3)) {
    raise(api, L, `stack overflow (in function ${name})`);
  }
}

function takeBytes(api: LuaApi, L: LuaState, input: Input, count: number): string {
  const end = input.at + count;
  if (end > input.data.length) raise(api, L, 'Missing bytes in input.');
  const bytes = input.data.slice(input.at, end);
  input.at = end;
  return bytes;
}

function load(bytes: string): void {
  for (let i = 0; i < bytes.length; i++) view.setUint8(i, bytes.charCodeAt(i));
}
