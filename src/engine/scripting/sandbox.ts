/**
 * The globals of a Redis script: what is left of Lua's own library, Redis's libraries, and nothing
 * that a script could change for the next one.
 * https://redis.io/docs/latest/develop/interact/programmability/lua-api/#runtime-libraries
 */
import { replaceBaseFunctions } from './base-functions.ts';
import { openBit } from './libraries/bit.ts';
import { openCjson } from './libraries/cjson.ts';
import { openCmsgpack } from './libraries/cmsgpack.ts';
import { addScriptFunctions, openRedis, pushLoadingRedis } from './libraries/redis.ts';
import { openStruct } from './libraries/struct.ts';
import type { Lrand48 } from './lrand48.ts';
import { type LuaApi, type LuaFunction, type LuaState, LuaType, raise } from './lua-api.ts';
import { ReadOnlyTables, type StandIn } from './read-only.ts';
import type { Run } from './run.ts';

/** What Redis 7.0 leaves of Lua's own globals. */
const KEPT = new Set(
  (
    '_G _VERSION assert collectgarbage coroutine error gcinfo getmetatable ipairs load loadstring ' +
    'math next pairs pcall rawequal rawget rawset select setmetatable string table tonumber ' +
    'tostring type unpack xpcall'
  ).split(' '),
);

const PROTECTED = 'bit cjson cmsgpack coroutine math redis string struct table'.split(' ');

/** What the server gives to all its scripts. */
export interface Given {
  readonly random: Lrand48;
  readonly version: string;
}

/**
 * Prepares a new Lua for scripts. `run` answers the one that is running. Returns where the table of
 * globals is kept, into which KEYS and ARGV go.
 */
export function openSandbox(api: LuaApi, given: Given, run: () => Run): StandIn {
  const L = api.main;
  openCommon(api, L, given, run);
  addScriptFunctions(api, L, run);
  return protectGlobals(api, L, new ReadOnlyTables(api));
}

/** Switches between what a library sees while it is loaded and what its functions see. */
export interface LoadingGlobals {
  enter(): void;
  leave(): void;
}

/** Prepares a new Lua for function libraries; `register` is redis.register_function(). */
export function openFunctionSandbox(
  api: LuaApi,
  given: Given,
  run: () => Run,
  register: LuaFunction,
): LoadingGlobals {
  const L = api.main;
  openCommon(api, L, given, run);
  const tables = new ReadOnlyTables(api);
  const globals = protectGlobals(api, L, tables);
  const { version } = given;
  pushLoadingRedis(api, L, { version, run, registerFunction: register });
  const loading = keepLoadingGlobals(api, L, tables);
  return {
    enter: () => tables.show(L, globals, loading),
    leave: () => tables.show(L, globals, globals.content),
  };
}

function openCommon(api: LuaApi, L: LuaState, { random, version }: Given, run: () => Run): void {
  removeGlobals(api, L);
  for (const open of [openBit, openCjson, openCmsgpack, openStruct]) open(api, L);
  openRedis(api, L, version, run);
  replaceBaseFunctions(api, L, random, run);
}

/** Makes globals with nothing but the `redis` at the top of the stack; answers where they are kept. */
function keepLoadingGlobals(api: LuaApi, L: LuaState, tables: ReadOnlyTables): number {
  refuseUnknownGlobals(api, L, tables);
  tables.protect(L);
  api.newTable(L, 0, 1);
  api.insert(L, -2);
  api.setField(L, -2, 'redis');
  refuseUnknownGlobals(api, L, tables);
  return api.ref(L);
}

function removeGlobals(api: LuaApi, L: LuaState): void {
  api.pushGlobals(L);
  const names: string[] = [];
  api.pushNil(L);
  while (api.next(L, -2)) {
    api.setTop(L, -2);
    names.push(api.toString(L, -1) ?? '');
  }
  for (const name of names.filter((name) => !KEPT.has(name))) {
    api.pushNil(L);
    api.setField(L, -2, name);
  }
  api.setTop(L, -2);
}

function protectGlobals(api: LuaApi, L: LuaState, tables: ReadOnlyTables): StandIn {
  tables.replaceFunctions(L);
  api.pushGlobals(L);
  for (const name of PROTECTED) {
    api.getField(L, -1, name);
    tables.protect(L);
    api.setField(L, -2, name);
  }
  protectStringMethods(api, L, tables);
  refuseUnknownGlobals(api, L, tables);
  const globals = tables.protect(L);
  api.getRef(L, globals.content);
  api.pushValue(L, -2);
  api.setField(L, -2, '_G');
  api.setTop(L, -2);
  api.replaceGlobals(L);
  return globals;
}

/** ("x"):len() finds its function in the same `string` that scripts see. Globals are at the top. */
function protectStringMethods(api: LuaApi, L: LuaState, tables: ReadOnlyTables): void {
  api.pushString(L, '');
  api.getField(L, -2, 'string');
  makeMetatable(api, L, tables);
  api.setMetatable(L, -2);
  api.setTop(L, -2);
}

/** Reading a global that does not exist is an error, also through `_G`. Globals are at the top. */
function refuseUnknownGlobals(api: LuaApi, L: LuaState, tables: ReadOnlyTables): void {
  pushUnknownGlobal(api, L);
  makeMetatable(api, L, tables);
  api.setMetatable(L, -2);
}

/** Turns the value at the top into a metatable with it as `__index`, which getmetatable() can only read. */
function makeMetatable(api: LuaApi, L: LuaState, tables: ReadOnlyTables): void {
  api.newTable(L, 0, 2);
  api.newTable(L, 0, 1);
  for (const table of [-3, -2]) {
    api.pushValue(L, -3);
    api.setField(L, table, '__index');
  }
  tables.protect(L);
  api.setField(L, -2, '__metatable');
  api.remove(L, -2);
}

function pushUnknownGlobal(api: LuaApi, L: LuaState): void {
  api.pushFunction(L, (caller) => {
    const type = api.type(caller, 2);
    if (type !== LuaType.string && type !== LuaType.number) {
      raise(api, caller, 'Second argument to luaProtectedTableError must be a string or number');
    }
    const name = api.toString(caller, 2);
    return raise(api, caller, `Script attempted to access nonexistent global variable '${name}'`);
  });
}
