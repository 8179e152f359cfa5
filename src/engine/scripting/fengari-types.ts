/** The part of `fengari-web` that is used; it comes without types. Strings are arrays of bytes. */
import type { LuaState } from './lua-api.ts';

export interface Fengari {
  readonly lua: FengariLua;
  readonly lauxlib: FengariAuxiliary;
  readonly lualib: { luaL_openlibs(L: LuaState): void };
}

export interface FengariDebug {
  readonly what: Uint8Array;
  readonly source: Uint8Array;
  readonly currentline: number;
}

interface FengariLua {
  readonly LUA_REGISTRYINDEX: number;
  readonly LUA_RIDX_GLOBALS: number;
  readonly lua_Debug: new () => FengariDebug;
  lua_gettop(L: LuaState): number;
  lua_settop(L: LuaState, top: number): void;
  lua_pushvalue(L: LuaState, index: number): void;
  lua_insert(L: LuaState, index: number): void;
  lua_remove(L: LuaState, index: number): void;
  lua_replace(L: LuaState, index: number): void;
  lua_checkstack(L: LuaState, extra: number): boolean;
  lua_type(L: LuaState, index: number): number;
  lua_typename(L: LuaState, type: number): Uint8Array;
  lua_toboolean(L: LuaState, index: number): boolean;
  lua_tonumber(L: LuaState, index: number): number | false;
  lua_isnumber(L: LuaState, index: number): boolean;
  lua_tolstring(L: LuaState, index: number): Uint8Array | null;
  lua_tocfunction(L: LuaState, index: number): ((L: LuaState) => number) | null;
  lua_topointer(L: LuaState, index: number): unknown;
  lua_rawlen(L: LuaState, index: number): number;
  lua_pushnil(L: LuaState): void;
  lua_pushboolean(L: LuaState, value: boolean): void;
  lua_pushinteger(L: LuaState, value: number): void;
  lua_pushnumber(L: LuaState, value: number): void;
  lua_pushlstring(L: LuaState, bytes: Uint8Array, length: number): void;
  lua_pushlightuserdata(L: LuaState, pointer: unknown): void;
  lua_pushcfunction(L: LuaState, body: (L: LuaState) => number): void;
  lua_createtable(L: LuaState, arraySize: number, hashSize: number): void;
  lua_getfield(L: LuaState, index: number, name: Uint8Array): number;
  lua_setfield(L: LuaState, index: number, name: Uint8Array): void;
  lua_rawget(L: LuaState, index: number): number;
  lua_rawgeti(L: LuaState, index: number, position: number): number;
  lua_rawset(L: LuaState, index: number): void;
  lua_rawseti(L: LuaState, index: number, position: number): void;
  lua_settable(L: LuaState, index: number): void;
  lua_next(L: LuaState, index: number): number;
  lua_setmetatable(L: LuaState, index: number): void;
  lua_error(L: LuaState): never;
  lua_call(L: LuaState, argumentCount: number, resultCount: number): void;
  lua_newthread(L: LuaState): LuaState;
  lua_resume(L: LuaState, from: LuaState | null, argumentCount: number): number;
  lua_yield(L: LuaState, resultCount: number): void;
  lua_isyieldable(L: LuaState): boolean;
  lua_getstack(L: LuaState, level: number, info: FengariDebug): number;
  lua_getinfo(L: LuaState, what: Uint8Array, info: FengariDebug): number;
  lua_sethook(L: LuaState, hook: ((L: LuaState) => void) | null, mask: number, count: number): void;
}

interface FengariAuxiliary {
  luaL_newstate(): LuaState;
  luaL_loadbuffer(L: LuaState, source: Uint8Array, size: number, name: Uint8Array): number;
  luaL_ref(L: LuaState, table: number): number;
  luaL_unref(L: LuaState, table: number, ref: number): void;
  luaL_argerror(L: LuaState, index: number, message: Uint8Array): never;
  luaL_checknumber(L: LuaState, index: number): number;
  luaL_checkstring(L: LuaState, index: number): Uint8Array;
  luaL_checktype(L: LuaState, index: number, type: number): void;
  luaL_where(L: LuaState, level: number): void;
}
