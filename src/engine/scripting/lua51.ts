/** The C API of Lua 5.1 in WebAssembly, as a `LuaApi`. */

import { Interpreter } from './interpreter.ts';
import {
  type LuaApi,
  type LuaFunction,
  type LuaState,
  LuaStatus,
  LuaType,
  type Place,
} from './lua-api.ts';
import { type Lua51Exports, Lua51Wasm } from './lua51-wasm.ts';
import type { LuaMachine, LuaOptions } from './machine.ts';

const DEFAULT_MEMORY_LIMIT_BYTES = 64 * 1024 * 1024;

/**
 * A machine of its own for one server. `module` is `wasmoon-lua5.1/dist/liblua5.1.wasm`, compiled by
 * the host: from the file in Node, with `WebAssembly.compileStreaming(fetch(url))` in a worker.
 */
export function createLua51Machine(module: WebAssembly.Module, options: LuaOptions): LuaMachine {
  const { version, memoryLimitBytes = DEFAULT_MEMORY_LIMIT_BYTES } = options;
  const open = () => new Lua51Api(new Lua51Wasm(module, memoryLimitBytes));
  return new Interpreter(open, { version, fidelity: 'exact' });
}

class Lua51Api implements LuaApi {
  readonly main: LuaState;
  readonly #wasm: Lua51Wasm;
  readonly #c: Lua51Exports;
  readonly #functions: LuaFunction[] = [];
  readonly #dispatcher: number;
  readonly #hookPointer: number;
  readonly #lengthPointer: number;
  readonly #infoPointer: number;
  #hook: (L: LuaState) => void = () => {};
  #onLine: (L: LuaState, line: number) => void = () => {};

  constructor(wasm: Lua51Wasm) {
    this.#wasm = wasm;
    this.#c = wasm.exports;
    this.main = this.#c.luaL_newstate();
    this.#c.luaL_openlibs(this.main);
    this.#lengthPointer = this.#c.malloc(4);
    this.#infoPointer = this.#c.malloc(INFO.size);
    this.#dispatcher = wasm.export('function', (L) => this.#dispatch(L));
    this.#hookPointer = wasm.export('hook', (L, info) => this.#hooked(L, info));
    this.#checkLayout();
  }

  getTop = (L: LuaState) => this.#c.lua_gettop(L);
  setTop = (L: LuaState, top: number) => this.#c.lua_settop(L, top);
  pushValue = (L: LuaState, index: number) => this.#c.lua_pushvalue(L, index);
  insert = (L: LuaState, index: number) => this.#c.lua_insert(L, index);
  remove = (L: LuaState, index: number) => this.#c.lua_remove(L, index);
  replace = (L: LuaState, index: number) => this.#c.lua_replace(L, index);
  checkStack = (L: LuaState, extra: number) => this.#c.lua_checkstack(L, extra) !== 0;

  type = (L: LuaState, index: number) => this.#c.lua_type(L, index);
  toBoolean = (L: LuaState, index: number) => this.#c.lua_toboolean(L, index) !== 0;
  toNumber = (L: LuaState, index: number) => this.#c.lua_tonumber(L, index);
  isNumber = (L: LuaState, index: number) => this.#c.lua_isnumber(L, index) !== 0;
  identity = (L: LuaState, index: number) => this.#c.lua_topointer(L, index);

  pushNil = (L: LuaState) => this.#c.lua_pushnil(L);
  pushBoolean = (L: LuaState, value: boolean) => this.#c.lua_pushboolean(L, value ? 1 : 0);
  pushNumber = (L: LuaState, value: number) => this.#c.lua_pushnumber(L, value);
  pushNull = (L: LuaState) => this.#c.lua_pushlightuserdata(L, 0);
  newTable = (L: LuaState, arraySize: number, hashSize: number) =>
    this.#c.lua_createtable(L, arraySize, hashSize);

  rawGet = (L: LuaState, index: number) => this.#c.lua_rawget(L, index);
  rawGetAt = (L: LuaState, index: number, at: number) => this.#c.lua_rawgeti(L, index, at);
  rawSet = (L: LuaState, index: number) => this.#c.lua_rawset(L, index);
  rawSetAt = (L: LuaState, index: number, at: number) => this.#c.lua_rawseti(L, index, at);
  setTable = (L: LuaState, index: number) => this.#c.lua_settable(L, index);
  next = (L: LuaState, index: number) => this.#c.lua_next(L, index) !== 0;
  setMetatable = (L: LuaState, index: number) => this.#c.lua_setmetatable(L, index);

  ref = (L: LuaState) => this.#c.luaL_ref(L, REGISTRY);
  getRef = (L: LuaState, ref: number) => this.#c.lua_rawgeti(L, REGISTRY, ref);
  unref = (L: LuaState, ref: number) => this.#c.luaL_unref(L, REGISTRY, ref);
  pushGlobals = (L: LuaState) => this.#c.lua_pushvalue(L, GLOBALS);
  replaceGlobals = (L: LuaState) => this.#c.lua_replace(L, GLOBALS);

  checkNumber = (L: LuaState, index: number) => this.#c.luaL_checknumber(L, index);
  checkTable = (L: LuaState, index: number) => this.#c.luaL_checktype(L, index, LuaType.table);
  where = (L: LuaState, level: number) => this.#c.luaL_where(L, level);
  newThread = (L: LuaState) => this.#c.lua_newthread(L);
  resume = (L: LuaState, argumentCount: number) => this.#c.lua_resume(L, argumentCount);
  yieldFromHook = (L: LuaState) => {
    this.#c.lua_yield(L, 0);
  };

  typeName(L: LuaState, index: number): string {
    return this.#wasm.readUntilZero(this.#c.lua_typename(L, this.#c.lua_type(L, index)));
  }

  toString(L: LuaState, index: number): string | undefined {
    const pointer = this.#c.lua_tolstring(L, index, this.#lengthPointer);
    return pointer === 0 ? undefined : this.#readString(pointer);
  }

  display(L: LuaState, index: number): string {
    switch (this.type(L, index)) {
      case LuaType.nil:
        return 'nil';
      case LuaType.boolean:
        return String(this.toBoolean(L, index));
      default:
        return (
          this.toString(L, index) ?? `${this.typeName(L, index)}: 0x${this.#pointer(L, index)}`
        );
    }
  }

  checkString(L: LuaState, index: number): string {
    return this.#readString(this.#c.luaL_checklstring(L, index, this.#lengthPointer));
  }

  pushString(L: LuaState, bytes: string): void {
    this.#c.lua_pushlstring(L, this.#wasm.write(bytes), bytes.length);
  }

  pushFunction(L: LuaState, body: LuaFunction): void {
    this.#c.lua_pushnumber(L, this.#functions.push(body) - 1);
    this.#c.lua_pushcclosure(L, this.#dispatcher, 1);
  }

  getField(L: LuaState, index: number, name: string): void {
    this.#c.lua_getfield(L, index, this.#wasm.name(name));
  }

  setField(L: LuaState, index: number, name: string): void {
    this.#c.lua_setfield(L, index, this.#wasm.name(name));
  }

  error(L: LuaState): never {
    this.#c.lua_error(L);
    throw new Error('lua_error() returned');
  }

  argumentError(L: LuaState, index: number, message: string): never {
    this.#c.luaL_argerror(L, index, this.#wasm.write(message));
    throw new Error('luaL_argerror() returned');
  }

  load(L: LuaState, source: string, name: string): number {
    const namePointer = this.#wasm.name(name);
    return this.#c.luaL_loadbuffer(L, this.#wasm.write(source), source.length, namePointer);
  }

  place(L: LuaState, level: number): Place | undefined {
    const info = this.#infoPointer;
    if (this.#c.lua_getstack(L, level, info) === 0) return undefined;
    this.#whereItStands(L, () => this.#c.lua_getinfo(L, this.#wasm.name('nSl'), info));
    const words = this.#wasm.words;
    const name = words.getUint32(info + INFO.name, true);
    return {
      isLua: this.#wasm.readUntilZero(words.getUint32(info + INFO.what, true)) !== 'C',
      source: this.#wasm.readUntilZero(words.getUint32(info + INFO.source, true)),
      line: words.getInt32(info + INFO.line, true),
      functionName: name === 0 ? undefined : this.#wasm.readUntilZero(name),
    };
  }

  native(L: LuaState, index: number): LuaFunction {
    const pointer = this.#c.lua_tocfunction(L, index);
    return this.#c.__indirect_function_table.get(pointer) as LuaFunction;
  }

  setHook(
    L: LuaState,
    hook: (L: LuaState) => void,
    count: number,
    onLine?: (L: LuaState, line: number) => void,
  ): void {
    this.#hook = hook;
    if (onLine) this.#onLine = onLine;
    const mask = onLine ? MASK_COUNT | MASK_LINE : MASK_COUNT;
    this.#c.lua_sethook(L, this.#hookPointer, mask, count);
  }

  getLocal(L: LuaState, level: number, number: number): string | undefined {
    const info = this.#infoPointer;
    if (this.#c.lua_getstack(L, level, info) === 0) return undefined;
    const name = this.#whereItStands(L, () => this.#c.lua_getlocal(L, info, number));
    return name === 0 ? undefined : this.#wasm.readUntilZero(name);
  }

  /** A thread that a hook has paused is one instruction behind the line that it stands before. */
  #whereItStands<Result>(L: LuaState, look: () => Result): Result {
    const at = (L as unknown as number) + THREAD.nextInstruction;
    if (this.#c.lua_status(L) !== LuaStatus.yield) return look();
    const next = this.#wasm.words.getUint32(at, true);
    this.#wasm.words.setUint32(at, next + INSTRUCTION_BYTES, true);
    try {
      return look();
    } finally {
      this.#wasm.words.setUint32(at, next, true);
    }
  }

  /**
   * Lua 5.1 cannot yield below a C function, and says so only by raising an error. It compares two
   * fields of its thread; so do we.
   */
  canYield(L: LuaState): boolean {
    const thread = L as unknown as number;
    const { words } = this.#wasm;
    return (
      words.getUint16(thread + THREAD.callDepth, true) <=
      words.getUint16(thread + THREAD.callDepthOfResume, true)
    );
  }

  get memoryBytes(): number {
    return this.#c.memory.buffer.byteLength;
  }

  get refusedMemory(): boolean {
    return this.#wasm.refusedMemory;
  }

  #pointer(L: LuaState, index: number): string {
    return this.#c.lua_topointer(L, index).toString(16);
  }

  #readString(pointer: number): string {
    return this.#wasm.read(pointer, this.#wasm.words.getUint32(this.#lengthPointer, true));
  }

  #dispatch(L: LuaState): number {
    const body = this.#functions[this.#c.lua_tonumber(L, FIRST_UPVALUE)] as LuaFunction;
    return body(L);
  }

  #hooked(L: LuaState, info: number): void {
    const { words } = this.#wasm;
    if (words.getInt32(info + INFO.event, true) !== LINE_EVENT) this.#hook(L);
    else this.#onLine(L, words.getInt32(info + INFO.line, true));
  }

  /** A module with other offsets would fail strangely; better at once and by name. */
  #checkLayout(): void {
    const words = this.#wasm.words;
    const thread = this.main as unknown as number;
    this.#c.lua_sethook(this.main, this.#hookPointer, MASK_COUNT, PROBE);
    const found = words.getInt32(thread + THREAD.hookCount, true);
    this.#c.lua_sethook(this.main, 0, 0, 0);
    if (found !== PROBE) throw new Error('liblua5.1.wasm is not the build this was written for');
  }
}

const REGISTRY = -10000;
const GLOBALS = -10002;
const FIRST_UPVALUE = -10003;
const MASK_LINE = 4;
const MASK_COUNT = 8;
const LINE_EVENT = 2;
const PROBE = 12345;
const INSTRUCTION_BYTES = 4;

/** Offsets in lua_Debug. */
const INFO = { event: 0, name: 4, what: 12, source: 16, line: 20, size: 100 };
/** Offsets in lua_State: savedpc, nCcalls, baseCcalls, basehookcount. */
const THREAD = { nextInstruction: 24, callDepth: 52, callDepthOfResume: 54, hookCount: 60 };
