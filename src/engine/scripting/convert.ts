/**
 * Replies to Lua values and back, as the manual's tables say; the exceptions are measured on 7.0.
 * https://redis.io/docs/latest/develop/interact/programmability/lua-api/#data-type-conversion
 */
import { RedisError } from '../errors.ts';
import {
  Attribute,
  BigNumber,
  Bool,
  Double,
  MapReply,
  NullArray,
  Pairs,
  Push,
  type Reply,
  SetReply,
  Status,
  Verbatim,
} from '../resp/reply.ts';
import { type LuaApi, type LuaState, LuaType } from './lua-api.ts';
import type { Protocol } from './machine.ts';

/**
 * Pushes a reply as redis.call() returns it: with protocol 2, what the reply looks like to a RESP2
 * client; with 3, doubles, maps, sets and the like as tables of one field.
 */
export function pushReply(api: LuaApi, L: LuaState, reply: Reply, protocol: Protocol): void {
  if (typeof reply === 'string') api.pushString(L, reply);
  else if (typeof reply === 'number') api.pushNumber(L, reply);
  else if (typeof reply === 'bigint') api.pushNumber(L, Number(reply));
  else if (isNull(reply)) pushNullReply(api, L, protocol);
  else if (reply instanceof Status) pushField(api, L, 'ok', reply.text);
  else if (reply instanceof RedisError) pushError(api, L, reply.message);
  else if (reply instanceof Attribute) pushReply(api, L, reply.reply, protocol);
  else if (reply instanceof Push) pushArray(api, L, reply.items, protocol);
  else if (Array.isArray(reply)) pushArray(api, L, reply, protocol);
  else if (protocol === 3) pushTyped(api, L, reply);
  else pushReply(api, L, plain(reply), protocol);
}

/** Pushes an error as redis.pcall() returns it and redis.call() raises it. */
export function pushError(api: LuaApi, L: LuaState, message: string): void {
  pushField(api, L, 'err', message);
  api.pushBoolean(L, true);
  api.setField(L, -2, 'ignore_error_stats_update');
}

/** A table with one field, a string. */
export function pushField(api: LuaApi, L: LuaState, name: string, bytes: string): void {
  api.newTable(L, 0, 1);
  api.pushString(L, bytes);
  api.setField(L, -2, name);
}

/** The value at the top of the stack as a script's reply; takes it off. */
export function popReply(api: LuaApi, L: LuaState, protocol: Protocol, depth = 0): Reply {
  const reply = toReply(api, L, protocol, depth);
  api.setTop(L, -2);
  return reply;
}

/** Error and status replies are one line. */
export const oneLine = (text: string): string => text.replace(/[\r\n]/g, ' ');

function pushNullReply(api: LuaApi, L: LuaState, protocol: Protocol): void {
  if (protocol === 3) api.pushNil(L);
  else api.pushBoolean(L, false);
}

function pushArray(api: LuaApi, L: LuaState, items: readonly Reply[], protocol: Protocol): void {
  reserve(api, L);
  api.newTable(L, items.length, 0);
  let position = 1;
  for (const item of items) {
    pushReply(api, L, item, protocol);
    api.rawSetAt(L, -2, position++);
  }
}

/** Not a type guard: NullArray has no fields, so TypeScript would take every object for one. */
const isNull = (reply: Reply): boolean => reply === null || reply instanceof NullArray;

/** What RESP2 shows of a type that only RESP3 has. */
function plain(reply: Reply): Reply {
  if (reply instanceof Double) return reply.text;
  if (reply instanceof Bool) return reply.value ? 1 : 0;
  if (reply instanceof BigNumber) return reply.digits;
  if (reply instanceof Verbatim) return reply.text;
  if (reply instanceof MapReply || reply instanceof Pairs) return reply.entries.flat();
  if (reply instanceof SetReply) return reply.items;
  throw new Error('a reply without a value reached a script');
}

function pushTyped(api: LuaApi, L: LuaState, reply: Reply): void {
  if (reply instanceof Bool) api.pushBoolean(L, reply.value);
  else if (reply instanceof Pairs) pushArray(api, L, reply.entries, 3);
  else if (reply instanceof BigNumber) pushField(api, L, 'big_number', reply.digits);
  else pushWrapped(api, L, reply);
}

function pushWrapped(api: LuaApi, L: LuaState, reply: Reply): void {
  reserve(api, L);
  api.newTable(L, 0, 1);
  if (reply instanceof Double) {
    api.pushNumber(L, reply.value);
    api.setField(L, -2, 'double');
  } else if (reply instanceof Verbatim) {
    pushField(api, L, 'string', reply.text);
    api.pushString(L, reply.format);
    api.setField(L, -2, 'format');
    api.setField(L, -2, 'verbatim_string');
  } else if (reply instanceof MapReply) {
    pushEntries(api, L, reply.entries);
    api.setField(L, -2, 'map');
  } else if (reply instanceof SetReply) {
    pushEntries(
      api,
      L,
      reply.items.map((item) => [item, new Bool(true)] as const),
    );
    api.setField(L, -2, 'set');
  } else throw new Error('a reply without a value reached a script');
}

function pushEntries(
  api: LuaApi,
  L: LuaState,
  entries: readonly (readonly [Reply, Reply])[],
): void {
  api.newTable(L, 0, 0);
  for (const [key, value] of entries) {
    pushReply(api, L, key, 3);
    pushReply(api, L, value, 3);
    api.rawSet(L, -3);
  }
}

function reserve(api: LuaApi, L: LuaState): void {
  if (!api.checkStack(L, SLOTS)) throw new Error('a reply is nested deeper than Lua can hold');
}

const SLOTS = 8;
/** Redis stops at about 8000; JavaScript's own stack would end before. */
const MAX_DEPTH = 1000;

function toReply(api: LuaApi, L: LuaState, protocol: Protocol, depth: number): Reply {
  switch (api.type(L, -1)) {
    case LuaType.string:
      return api.toString(L, -1) ?? null;
    case LuaType.number:
      return toInteger(api.toNumber(L, -1));
    case LuaType.boolean:
      return toBoolean(api.toBoolean(L, -1), protocol);
    case LuaType.table:
      return tableReply(api, L, protocol, depth);
    default:
      return null;
  }
}

const MIN_INT64 = -(2n ** 63n);

/** Cut to 64 bits as C does it: what does not fit becomes the smallest integer. */
function toInteger(value: number): number | bigint {
  const whole = Math.trunc(value);
  if (Number.isSafeInteger(whole)) return whole + 0;
  return Math.abs(whole) < 2 ** 63 ? BigInt(whole) : MIN_INT64;
}

function toBoolean(value: boolean, protocol: Protocol): Reply {
  if (protocol === 3) return new Bool(value);
  return value ? 1 : null;
}

function tableReply(api: LuaApi, L: LuaState, protocol: Protocol, depth: number): Reply {
  if (depth > MAX_DEPTH || !api.checkStack(L, SLOTS)) {
    return new RedisError('ERR reached lua stack limit');
  }
  for (const [name, read] of typedTables) {
    api.pushString(L, name);
    api.rawGet(L, -2);
    const reply = read(api, L, protocol, depth);
    api.setTop(L, -2);
    if (reply !== undefined) return reply;
  }
  return arrayReply(api, L, protocol, depth);
}

type ReadField = (api: LuaApi, L: LuaState, protocol: Protocol, depth: number) => Reply | undefined;

/** A table with one of these fields, of the right type, is not an array. The first one counts. */
const typedTables: readonly (readonly [string, ReadField])[] = [
  ['err', ifString((text) => new RedisError(oneLine(text.replace(/[\r\n]+$/, ''))))],
  ['ok', ifString((text) => new Status(oneLine(text)))],
  [
    'double',
    (api, L) => (api.type(L, -1) === LuaType.number ? new Double(api.toNumber(L, -1)) : undefined),
  ],
  ['big_number', ifString((digits) => new BigNumber(oneLine(digits)))],
  ['verbatim_string', verbatimField],
  ['map', ifTable((entries) => new MapReply(entries))],
  ['set', ifTable((entries) => new SetReply(entries.map(([key]) => key)))],
];

function ifString(make: (bytes: string) => Reply): ReadField {
  return (api, L) =>
    api.type(L, -1) === LuaType.string ? make(api.toString(L, -1) ?? '') : undefined;
}

function ifTable(make: (entries: readonly (readonly [Reply, Reply])[]) => Reply): ReadField {
  return (api, L, protocol, depth) => {
    if (api.type(L, -1) !== LuaType.table) return undefined;
    const entries: (readonly [Reply, Reply])[] = [];
    api.pushNil(L);
    while (api.next(L, -2)) {
      const value = popReply(api, L, protocol, depth + 1);
      // A copy, because reading a number as a string would change the key and lose the place.
      api.pushValue(L, -1);
      entries.push([popReply(api, L, protocol, depth + 1), value]);
    }
    return make(entries);
  };
}

const FORMAT_LENGTH = 3;

function verbatimField(api: LuaApi, L: LuaState): Reply | undefined {
  if (api.type(L, -1) !== LuaType.table) return undefined;
  const format = stringField(api, L, 'format');
  const text = stringField(api, L, 'string');
  if (format === undefined || text === undefined) return undefined;
  return new Verbatim(text, format.slice(0, FORMAT_LENGTH).padEnd(FORMAT_LENGTH));
}

function stringField(api: LuaApi, L: LuaState, name: string): string | undefined {
  api.pushString(L, name);
  api.rawGet(L, -2);
  const value = api.type(L, -1) === LuaType.string ? api.toString(L, -1) : undefined;
  api.setTop(L, -2);
  return value;
}

/** Elements 1, 2, 3 and so on up to the first nil. */
function arrayReply(api: LuaApi, L: LuaState, protocol: Protocol, depth: number): Reply {
  const items: Reply[] = [];
  for (;;) {
    api.rawGetAt(L, -1, items.length + 1);
    if (api.type(L, -1) === LuaType.nil) break;
    items.push(popReply(api, L, protocol, depth + 1));
  }
  api.setTop(L, -2);
  return items;
}
