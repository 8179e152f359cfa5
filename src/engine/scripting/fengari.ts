/**
 * Lua 5.3 in JavaScript, dressed as 5.1: the fallback where there is no WebAssembly. It is an
 * approximation and says so. Integers have 32 bits and wrap, a quotient prints as 2.0, messages and
 * the order of pairs() differ, memory has no limit; `fengari.test.ts` lists how it is known to differ.
 */
import { fromUint8, toUint8 } from '../bytes/bytes.ts';
import { COMPATIBILITY } from './fengari-prelude.ts';
import type { Fengari } from './fengari-types.ts';
import { printGeneral } from './format.ts';
import { Interpreter } from './interpreter.ts';
import {
  type LuaApi,
  type LuaFunction,
  type LuaState,
  LuaStatus,
  LuaType,
  type Place,
  raise,
} from './lua-api.ts';
import type { LuaMachine, LuaOptions } from './machine.ts';

/** A machine of its own for one server. `fengari` is the package `fengari-web`. */
export const createFengariMachine = (fengari: Fengari, { version }: LuaOptions): LuaMachine =>
  new Interpreter(() => new FengariApi(fengari), { version, fidelity: 'approximate' });

const MASK_COUNT = 8;
const MULTIPLE_RESULTS = -1;

class FengariApi implements LuaApi {
  readonly main: LuaState;
  readonly memoryBytes = 0;
  readonly refusedMemory = false;
  readonly #lua: Fengari['lua'];
  readonly #aux: Fengari['lauxlib'];
  readonly #registry: number;
  /** What must leave Lua although its pcall() catches everything: see `#escape`. */
  #escaping: unknown;
  readonly #hooked = new Set<LuaState>();

  constructor({ lua, lauxlib, lualib }: Fengari) {
    this.#lua = lua;
    this.#aux = lauxlib;
    this.#registry = lua.LUA_REGISTRYINDEX;
    this.main = lauxlib.luaL_newstate();
    lualib.luaL_openlibs(this.main);
    this.load(this.main, COMPATIBILITY, '=prelude');
    lua.lua_call(this.main, 0, 0);
    this.#replaceToString();
  }

  getTop = (L: LuaState) => this.#lua.lua_gettop(L);
  setTop = (L: LuaState, top: number) => this.#lua.lua_settop(L, top);
  pushValue = (L: LuaState, index: number) => this.#lua.lua_pushvalue(L, index);
  insert = (L: LuaState, index: number) => this.#lua.lua_insert(L, index);
  remove = (L: LuaState, index: number) => this.#lua.lua_remove(L, index);
  replace = (L: LuaState, index: number) => this.#lua.lua_replace(L, index);
  checkStack = (L: LuaState, extra: number) => this.#lua.lua_checkstack(L, extra);

  type = (L: LuaState, index: number) => this.#lua.lua_type(L, index);
  toBoolean = (L: LuaState, index: number) => this.#lua.lua_toboolean(L, index);
  toNumber = (L: LuaState, index: number) => Number(this.#lua.lua_tonumber(L, index));
  isNumber = (L: LuaState, index: number) => this.#lua.lua_isnumber(L, index);
  identity = (L: LuaState, index: number) => this.#lua.lua_topointer(L, index);

  pushNil = (L: LuaState) => this.#lua.lua_pushnil(L);
  pushBoolean = (L: LuaState, value: boolean) => this.#lua.lua_pushboolean(L, value);
  pushNull = (L: LuaState) => this.#lua.lua_pushlightuserdata(L, null);
  pushFunction = (L: LuaState, body: LuaFunction) =>
    this.#lua.lua_pushcfunction(L, (caller) => this.#guarded(() => body(caller)));
  newTable = (L: LuaState, arraySize: number, hashSize: number) =>
    this.#lua.lua_createtable(L, arraySize, hashSize);

  rawGet = (L: LuaState, index: number) => void this.#lua.lua_rawget(L, index);
  rawGetAt = (L: LuaState, index: number, at: number) => void this.#lua.lua_rawgeti(L, index, at);
  rawSet = (L: LuaState, index: number) => this.#lua.lua_rawset(L, index);
  rawSetAt = (L: LuaState, index: number, at: number) => this.#lua.lua_rawseti(L, index, at);
  setTable = (L: LuaState, index: number) => this.#lua.lua_settable(L, index);
  next = (L: LuaState, index: number) => this.#lua.lua_next(L, index) !== 0;
  setMetatable = (L: LuaState, index: number) => this.#lua.lua_setmetatable(L, index);

  ref = (L: LuaState) => this.#aux.luaL_ref(L, this.#registry);
  getRef = (L: LuaState, ref: number) => void this.#lua.lua_rawgeti(L, this.#registry, ref);
  unref = (L: LuaState, ref: number) => this.#aux.luaL_unref(L, this.#registry, ref);
  pushGlobals = (L: LuaState) =>
    void this.#lua.lua_rawgeti(L, this.#registry, this.#lua.LUA_RIDX_GLOBALS);
  replaceGlobals = (L: LuaState) =>
    this.#lua.lua_rawseti(L, this.#registry, this.#lua.LUA_RIDX_GLOBALS);

  checkNumber = (L: LuaState, index: number) => this.#aux.luaL_checknumber(L, index);
  checkTable = (L: LuaState, index: number) => this.#aux.luaL_checktype(L, index, LuaType.table);
  where = (L: LuaState, level: number) => this.#aux.luaL_where(L, level);
  newThread = (L: LuaState) => this.#lua.lua_newthread(L);
  canYield = (L: LuaState) => this.#lua.lua_isyieldable(L);
  yieldFromHook = (L: LuaState) => this.#lua.lua_yield(L, 0);
  error = (L: LuaState): never => this.#lua.lua_error(L);

  typeName(L: LuaState, index: number): string {
    return fromUint8(this.#lua.lua_typename(L, this.#lua.lua_type(L, index)));
  }

  toString(L: LuaState, index: number): string | undefined {
    if (this.type(L, index) === LuaType.number) return printGeneral(this.toNumber(L, index), 14);
    const bytes = this.#lua.lua_tolstring(L, index);
    return bytes === null ? undefined : fromUint8(bytes);
  }

  display(L: LuaState, index: number): string {
    const type = this.type(L, index);
    if (type === LuaType.nil) return 'nil';
    if (type === LuaType.boolean) return String(this.toBoolean(L, index));
    return this.toString(L, index) ?? this.typeName(L, index);
  }

  checkString(L: LuaState, index: number): string {
    return fromUint8(this.#aux.luaL_checkstring(L, index));
  }

  /** A whole number becomes an integer, which prints without ".0". */
  pushNumber(L: LuaState, value: number): void {
    if ((value | 0) === value) this.#lua.lua_pushinteger(L, value);
    else this.#lua.lua_pushnumber(L, value);
  }

  pushString(L: LuaState, bytes: string): void {
    this.#lua.lua_pushlstring(L, toUint8(bytes), bytes.length);
  }

  getField(L: LuaState, index: number, name: string): void {
    this.#lua.lua_getfield(L, index, toUint8(name));
  }

  setField(L: LuaState, index: number, name: string): void {
    this.#lua.lua_setfield(L, index, toUint8(name));
  }

  argumentError(L: LuaState, index: number, message: string): never {
    return this.#aux.luaL_argerror(L, index, toUint8(message));
  }

  load(L: LuaState, source: string, name: string): number {
    return this.#aux.luaL_loadbuffer(L, toUint8(source), source.length, toUint8(name));
  }

  resume(L: LuaState, argumentCount: number): number {
    const status = this.#lua.lua_resume(L, null, argumentCount);
    if (this.#escaping !== undefined) throw this.#escaping;
    // An exception of JavaScript's own: no memory, or no stack.
    return status < LuaStatus.ok ? LuaStatus.memory : status;
  }

  place(L: LuaState, level: number): Place | undefined {
    const info = new this.#lua.lua_Debug();
    if (!this.#lua.lua_getstack(L, level, info)) return undefined;
    this.#lua.lua_getinfo(L, toUint8('Sl'), info);
    return {
      isLua: fromUint8(info.source) !== '=[JS]',
      source: fromUint8(info.source),
      line: info.currentline,
    };
  }

  /** Functions of the prelude are Lua; those are called, in a frame of their own. */
  native(L: LuaState, index: number): LuaFunction {
    const body = this.#lua.lua_tocfunction(L, index);
    if (body) return this.#tamed(body);
    this.pushValue(L, index);
    const ref = this.ref(L);
    return (caller) => {
      this.getRef(caller, ref);
      this.insert(caller, 1);
      this.#lua.lua_call(caller, this.getTop(caller) - 1, MULTIPLE_RESULTS);
      return this.getTop(caller);
    };
  }

  /** A function of fengari's own, whose exceptions (of sprintf, of memory) become errors of Lua. */
  #tamed(body: LuaFunction): LuaFunction {
    return (L) => {
      try {
        return body(L);
      } catch (thrown) {
        if (!(thrown instanceof Error) || thrown === this.#escaping) throw thrown;
        return raise(this, L, thrown.message);
      }
    };
  }

  setHook(L: LuaState, hook: (L: LuaState) => void, count: number): void {
    const guarded = (caller: LuaState): void => {
      if (this.#escaping !== undefined) throw this.#escaping;
      this.#guarded(() => hook(caller));
    };
    this.#hooked.add(L);
    this.#lua.lua_sethook(L, guarded, MASK_COUNT, count);
  }

  /** Numbers print as in C; only the operator .. keeps JavaScript's way. */
  #replaceToString(): void {
    const L = this.main;
    this.pushGlobals(L);
    this.getField(L, -1, 'tostring');
    const native = this.native(L, -1);
    this.setTop(L, -2);
    this.pushFunction(L, (caller) => {
      if (this.type(caller, 1) !== LuaType.number) return native(caller);
      this.pushString(caller, this.toString(caller, 1) ?? '');
      return 1;
    });
    this.setField(L, -2, 'tostring');
    this.setTop(L, -2);
  }

  #guarded<Result>(body: () => Result): Result {
    try {
      return body();
    } catch (thrown) {
      if (thrown instanceof Error) this.#escape(thrown);
      throw thrown;
    }
  }

  /** pcall() catches what is thrown through it, so it is thrown again at every instruction. */
  #escape(thrown: Error): void {
    this.#escaping = thrown;
    const rethrow = () => {
      throw thrown;
    };
    for (const thread of this.#hooked) this.#lua.lua_sethook(thread, rethrow, MASK_COUNT, 1);
  }
}
