/**
 * Starts the WebAssembly module of `wasmoon-lua5.1`: plain Lua 5.1, compiled by Emscripten, reached
 * through its C API. This file is what Emscripten's own loader would be, cut down to what Lua needs
 * without files, clock or console: memory, setjmp/longjmp, and functions of ours that C can call.
 */
import { type LuaState, OutOfMemory } from './lua-api.ts';

/** The part of the module's exports that is used. Pointers are numbers. */
export interface Lua51Exports {
  readonly memory: WebAssembly.Memory;
  readonly __indirect_function_table: WebAssembly.Table;
  __wasm_call_ctors(): void;
  stackSave(): number;
  stackRestore(pointer: number): void;
  setThrew(threw: number, value: number): void;
  malloc(size: number): number;
  free(pointer: number): void;

  luaL_newstate(): LuaState;
  luaL_openlibs(L: LuaState): void;
  luaL_loadbuffer(L: LuaState, source: number, size: number, name: number): number;
  luaL_ref(L: LuaState, table: number): number;
  luaL_unref(L: LuaState, table: number, ref: number): void;
  luaL_argerror(L: LuaState, index: number, message: number): number;
  luaL_checknumber(L: LuaState, index: number): number;
  luaL_checklstring(L: LuaState, index: number, length: number): number;
  luaL_checktype(L: LuaState, index: number, type: number): void;
  luaL_where(L: LuaState, level: number): void;

  lua_gettop(L: LuaState): number;
  lua_settop(L: LuaState, top: number): void;
  lua_pushvalue(L: LuaState, index: number): void;
  lua_insert(L: LuaState, index: number): void;
  lua_remove(L: LuaState, index: number): void;
  lua_replace(L: LuaState, index: number): void;
  lua_checkstack(L: LuaState, extra: number): number;
  lua_type(L: LuaState, index: number): number;
  lua_typename(L: LuaState, type: number): number;
  lua_toboolean(L: LuaState, index: number): number;
  lua_tonumber(L: LuaState, index: number): number;
  lua_isnumber(L: LuaState, index: number): number;
  lua_tolstring(L: LuaState, index: number, length: number): number;
  lua_tocfunction(L: LuaState, index: number): number;
  lua_topointer(L: LuaState, index: number): number;
  lua_pushnil(L: LuaState): void;
  lua_pushboolean(L: LuaState, value: number): void;
  lua_pushnumber(L: LuaState, value: number): void;
  lua_pushlstring(L: LuaState, bytes: number, length: number): void;
  lua_pushlightuserdata(L: LuaState, pointer: number): void;
  lua_pushcclosure(L: LuaState, body: number, upvalues: number): void;
  lua_createtable(L: LuaState, arraySize: number, hashSize: number): void;
  lua_getfield(L: LuaState, index: number, name: number): void;
  lua_setfield(L: LuaState, index: number, name: number): void;
  lua_rawget(L: LuaState, index: number): void;
  lua_rawgeti(L: LuaState, index: number, position: number): void;
  lua_rawset(L: LuaState, index: number): void;
  lua_rawseti(L: LuaState, index: number, position: number): void;
  lua_settable(L: LuaState, index: number): void;
  lua_next(L: LuaState, index: number): number;
  lua_setmetatable(L: LuaState, index: number): void;
  lua_error(L: LuaState): number;
  lua_newthread(L: LuaState): LuaState;
  lua_resume(L: LuaState, argumentCount: number): number;
  lua_status(L: LuaState): number;
  lua_yield(L: LuaState, resultCount: number): number;
  lua_getstack(L: LuaState, level: number, info: number): number;
  lua_getinfo(L: LuaState, what: number, info: number): number;
  lua_getlocal(L: LuaState, info: number, number: number): number;
  lua_sethook(L: LuaState, hook: number, mask: number, count: number): void;
}

/** The running module, with its memory as bytes and words. */
export class Lua51Wasm {
  readonly exports: Lua51Exports;
  /** Whether memory was ever asked for beyond the limit. */
  refusedMemory = false;
  #bytes = new Uint8Array();
  #words = new DataView(new ArrayBuffer(0));
  readonly #names = new Map<string, number>();
  #scratch = 0;
  #scratchSize = 0;

  constructor(module: WebAssembly.Module, memoryLimitBytes: number) {
    const instance = new WebAssembly.Instance(module, {
      env: { ...this.#control(memoryLimitBytes), ...absentSystem },
      wasi_snapshot_preview1: absentFiles,
    });
    this.exports = instance.exports as unknown as Lua51Exports;
    this.exports.__wasm_call_ctors();
  }

  /** Memory moves when it grows; the views follow. */
  get bytes(): Uint8Array {
    const { buffer } = this.exports.memory;
    if (this.#bytes.buffer !== buffer) this.#bytes = new Uint8Array(buffer);
    return this.#bytes;
  }

  get words(): DataView {
    const { buffer } = this.exports.memory;
    if (this.#words.buffer !== buffer) this.#words = new DataView(buffer);
    return this.#words;
  }

  read(pointer: number, length: number): string {
    const { bytes } = this;
    if (length > SHORT) return readLong(bytes, pointer, length);
    let text = '';
    for (let i = pointer; i < pointer + length; i++)
      text += String.fromCharCode(bytes[i] as number);
    return text;
  }

  readUntilZero(pointer: number): string {
    const { bytes } = this;
    return this.read(pointer, bytes.indexOf(0, pointer) - pointer);
  }

  /** Copies bytes and a final zero to a place that the next call uses again. */
  write(text: string): number {
    if (text.length >= this.#scratchSize) this.#growScratch(text.length + 1);
    this.#copy(text, this.#scratch);
    return this.#scratch;
  }

  /** A C string that stays, for field names and the like. */
  name(text: string): number {
    let pointer = this.#names.get(text);
    if (pointer === undefined) {
      pointer = this.#allocate(text.length + 1);
      this.#copy(text, pointer);
      this.#names.set(text, pointer);
    }
    return pointer;
  }

  /** Makes a function of ours callable from C; answers the pointer. */
  export(kind: keyof typeof SIGNATURES, body: (L: LuaState, info: number) => unknown): number {
    const wrapper = new WebAssembly.Instance(wrapperModule(kind), { e: { f: body } });
    const table = this.exports.__indirect_function_table;
    const index = table.grow(1);
    table.set(index, (wrapper.exports as { f: unknown }).f);
    return index;
  }

  #growScratch(size: number): void {
    this.exports.free(this.#scratch);
    this.#scratchSize = 0;
    this.#scratch = this.#allocate(Math.max(size * 2, FIRST_SCRATCH_BYTES));
    this.#scratchSize = Math.max(size * 2, FIRST_SCRATCH_BYTES);
  }

  #allocate(size: number): number {
    const pointer = this.exports.malloc(size);
    if (pointer === 0) throw new OutOfMemory();
    return pointer;
  }

  #copy(text: string, pointer: number): void {
    const { bytes } = this;
    for (let i = 0; i < text.length; i++) bytes[pointer + i] = text.charCodeAt(i);
    bytes[pointer + text.length] = 0;
  }

  /** longjmp() is an exception that unwinds to the innermost invoke_vii(), which is setjmp(). */
  #control(memoryLimitBytes: number) {
    const invoke = (index: number, first: number, second: number): void => {
      const stack = this.exports.stackSave();
      const body = this.exports.__indirect_function_table.get(index) as Invoked;
      try {
        body(first, second);
      } catch (thrown) {
        this.exports.stackRestore(stack);
        if (thrown !== LONG_JUMP) throw thrown;
        this.exports.setThrew(1, 0);
      }
    };
    return {
      invoke_vii: invoke,
      _emscripten_throw_longjmp: () => {
        throw LONG_JUMP;
      },
      exit: () => {
        throw new OutOfMemory();
      },
      emscripten_memcpy_js: (to: number, from: number, size: number) => {
        this.bytes.copyWithin(to, from, from + size);
      },
      emscripten_resize_heap: (size: number) => this.#resize(size >>> 0, memoryLimitBytes),
    };
  }

  #resize(wantedBytes: number, memoryLimitBytes: number): number {
    const { memory } = this.exports;
    const target = Math.min(
      memoryLimitBytes,
      Math.max(wantedBytes, memory.buffer.byteLength * 1.5),
    );
    if (wantedBytes > memoryLimitBytes || !grow(memory, target)) {
      this.refusedMemory = true;
      return 0;
    }
    return 1;
  }
}

type Invoked = (first: number, second: number) => void;

const LONG_JUMP = Number.POSITIVE_INFINITY;
const PAGE_BYTES = 65536;
const FIRST_SCRATCH_BYTES = 4096;
const SHORT = 24;
const CHUNK = 8192;

function grow(memory: WebAssembly.Memory, size: number): boolean {
  try {
    memory.grow(Math.ceil((size - memory.buffer.byteLength) / PAGE_BYTES));
    return true;
  } catch {
    return false;
  }
}

function readLong(bytes: Uint8Array, pointer: number, length: number): string {
  let text = '';
  for (let at = pointer; at < pointer + length; at += CHUNK) {
    const end = Math.min(at + CHUNK, pointer + length);
    text += String.fromCharCode.apply(null, bytes.subarray(at, end) as unknown as number[]);
  }
  return text;
}

const I32 = 0x7f;
const SIGNATURES = {
  /** lua_CFunction: int f(lua_State *L) */
  function: { parameters: [I32], results: [I32] },
  /** lua_Hook: void f(lua_State *L, lua_Debug *info) */
  hook: { parameters: [I32, I32], results: [] },
} as const;

const wrapperModules = new Map<string, WebAssembly.Module>();

/**
 * A module that imports "e.f" and exports it again as "f": the only way to put a JavaScript function
 * into a function table that works in every browser.
 */
function wrapperModule(kind: keyof typeof SIGNATURES): WebAssembly.Module {
  let module = wrapperModules.get(kind);
  if (!module) {
    const { parameters, results } = SIGNATURES[kind];
    const type = [0x60, parameters.length, ...parameters, results.length, ...results];
    const header = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
    const types = [1, type.length + 1, 1, ...type];
    const imports = [2, 7, 1, 1, 0x65, 1, 0x66, 0, 0];
    const exported = [7, 5, 1, 1, 0x66, 0, 0];
    module = new WebAssembly.Module(new Uint8Array([...header, ...types, ...imports, ...exported]));
    wrapperModules.set(kind, module);
  }
  return module;
}

const NO_SUCH_CALL = -52;
const NO_SUCH_FILE = 52;
const noSuchCall = () => NO_SUCH_CALL;
const nothing = () => 0;

/** Files, processes and the calendar: scripts cannot reach what would use them. */
const absentSystem = {
  strftime: nothing,
  emscripten_date_now: nothing,
  _emscripten_get_now_is_monotonic: nothing,
  _emscripten_system: () => -1,
  _tzset_js: nothing,
  _mktime_js: nothing,
  _localtime_js: nothing,
  _gmtime_js: nothing,
  __syscall_openat: noSuchCall,
  __syscall_fcntl64: noSuchCall,
  __syscall_ioctl: noSuchCall,
  __syscall_dup3: noSuchCall,
  __syscall_unlinkat: noSuchCall,
  __syscall_rmdir: noSuchCall,
  __syscall_renameat: noSuchCall,
  __syscall_readlinkat: noSuchCall,
};

const absentFiles = {
  fd_write: () => NO_SUCH_FILE,
  fd_read: () => NO_SUCH_FILE,
  fd_close: nothing,
  fd_seek: () => NO_SUCH_FILE,
  environ_sizes_get: nothing,
  environ_get: nothing,
};
