/**
 * Tables that scripts can read and not change, as Redis protects its globals and libraries. Redis
 * patched its Lua for that; here such a table is an empty one that stands before the real one, and
 * the functions that would see the difference (next, rawget, rawset, ...) are replaced.
 */
import { type LuaApi, type LuaFunction, type LuaState, LuaType, raise } from './lua-api.ts';

const REFUSAL = 'Attempt to modify a readonly table';

/** Where the parts of a stand-in are kept, as refs. */
export interface StandIn {
  readonly content: number;
  readonly metatable: number;
}

export class ReadOnlyTables {
  readonly #api: LuaApi;
  /** By the identity of each stand-in. */
  readonly #kept = new Map<unknown, StandIn>();

  constructor(api: LuaApi) {
    this.#api = api;
  }

  /** Replaces the table at the top of the stack by a stand-in. */
  protect(L: LuaState): StandIn {
    const api = this.#api;
    api.newTable(L, 0, 0);
    api.newTable(L, 0, 2);
    api.pushValue(L, -3);
    api.setField(L, -2, '__index');
    api.pushFunction(L, (caller) => raise(api, caller, REFUSAL));
    api.setField(L, -2, '__newindex');
    const standIn = { content: this.#keep(L, -3), metatable: this.#keep(L, -1) };
    this.#kept.set(api.identity(L, -2), standIn);
    api.setMetatable(L, -2);
    api.remove(L, -2);
    return standIn;
  }

  /** Has a stand-in show another table; `content` is where that is kept. */
  show(L: LuaState, { metatable }: StandIn, content: number): void {
    const api = this.#api;
    api.getRef(L, metatable);
    api.getRef(L, content);
    api.setField(L, -2, '__index');
    api.setTop(L, -2);
  }

  /** Replaces the global functions that look behind metatables. */
  replaceFunctions(L: LuaState): void {
    const api = this.#api;
    api.pushGlobals(L);
    api.getField(L, -1, 'next');
    const nativeNext = api.ref(L);
    for (const name of ['next', 'rawget', 'getmetatable']) this.#replace(L, name, this.#reading);
    for (const name of ['rawset', 'setmetatable']) this.#replace(L, name, this.#writing);
    api.getField(L, -1, 'table');
    this.#replace(L, 'foreach', this.#reading);
    this.#replace(L, 'insert', this.#writing);
    api.setTop(L, -2);
    this.#replacePairs(L, nativeNext);
    api.setTop(L, -2);
  }

  /** The function as it is, given the real table in place of a stand-in. */
  #reading = (native: LuaFunction): LuaFunction => {
    return (L) => {
      const content = this.#contentOf(L, 1);
      if (content !== undefined) {
        this.#api.getRef(L, content);
        this.#api.replace(L, 1);
      }
      return native(L);
    };
  };

  /** The function as it is, except that it refuses a stand-in. */
  #writing = (native: LuaFunction): LuaFunction => {
    const api = this.#api;
    return (L) => {
      if (this.#contentOf(L, 1) === undefined) return native(L);
      api.pushString(L, REFUSAL);
      return api.error(L);
    };
  };

  /** Replaces a field of the table at the top of the stack. */
  #replace(L: LuaState, name: string, wrap: (native: LuaFunction) => LuaFunction): void {
    const api = this.#api;
    api.getField(L, -1, name);
    const native = api.native(L, -1);
    api.setTop(L, -2);
    api.pushFunction(L, wrap(native));
    api.setField(L, -2, name);
  }

  /** pairs(t) gives next, t and nil; of a stand-in, the `next` that sees through it. */
  #replacePairs(L: LuaState, nativeNext: number): void {
    const api = this.#api;
    api.getField(L, -1, 'next');
    const seeingNext = api.ref(L);
    api.pushFunction(L, (caller) => {
      api.checkTable(caller, 1);
      api.getRef(caller, this.#contentOf(caller, 1) === undefined ? nativeNext : seeingNext);
      api.pushValue(caller, 1);
      api.pushNil(caller);
      return 3;
    });
    api.setField(L, -2, 'pairs');
  }

  #contentOf(L: LuaState, index: number): number | undefined {
    if (this.#api.type(L, index) !== LuaType.table) return undefined;
    return this.#kept.get(this.#api.identity(L, index))?.content;
  }

  #keep(L: LuaState, index: number): number {
    this.#api.pushValue(L, index);
    return this.#api.ref(L);
  }
}
