/**
 * What the two Luas offer alike: the stack machine of Lua's C API, with byte strings. The libraries,
 * the sandbox and the conversions are written once, against this.
 * Names and meanings are those of the manual, without the prefix `lua_`: https://www.lua.org/manual/5.1/manual.html#3
 */

/** A Lua thread. Only the Lua that made it knows what it is. */
export type LuaState = { readonly __lua: unique symbol };

/** A function that Lua can call: takes its arguments from the stack, answers how many it left there. */
export type LuaFunction = (L: LuaState) => number;

export const LuaType = {
  none: -1,
  nil: 0,
  boolean: 1,
  lightUserdata: 2,
  number: 3,
  string: 4,
  table: 5,
  function: 6,
  userdata: 7,
  thread: 8,
} as const;

export const LuaStatus = { ok: 0, yield: 1, run: 2, syntax: 3, memory: 4, handler: 5 } as const;

/** Where a function of the call stack is: `line` is -1 in functions that are not Lua. */
export interface Place {
  readonly isLua: boolean;
  readonly source: string;
  readonly line: number;
  /** As what it was called, where that is known. */
  readonly functionName?: string | undefined;
}

export interface LuaApi {
  /** The first thread; others are made with `newThread`. */
  readonly main: LuaState;

  getTop(L: LuaState): number;
  setTop(L: LuaState, top: number): void;
  pushValue(L: LuaState, index: number): void;
  insert(L: LuaState, index: number): void;
  remove(L: LuaState, index: number): void;
  replace(L: LuaState, index: number): void;
  /** Makes room for `extra` more values; false when the stack would grow too large. */
  checkStack(L: LuaState, extra: number): boolean;

  type(L: LuaState, index: number): number;
  typeName(L: LuaState, index: number): string;
  toBoolean(L: LuaState, index: number): boolean;
  /** 0 when the value is neither a number nor a string that reads as one. */
  toNumber(L: LuaState, index: number): number;
  isNumber(L: LuaState, index: number): boolean;
  /** A string, or a number turned into one in place; undefined for anything else. */
  toString(L: LuaState, index: number): string | undefined;
  /** What tells one table from another for as long as both live. */
  identity(L: LuaState, index: number): unknown;
  /** A value as tostring() prints it, metatables left aside. */
  display(L: LuaState, index: number): string;

  pushNil(L: LuaState): void;
  pushBoolean(L: LuaState, value: boolean): void;
  pushNumber(L: LuaState, value: number): void;
  pushString(L: LuaState, bytes: string): void;
  /** The light userdata that is a null pointer, known to scripts as `cjson.null`. */
  pushNull(L: LuaState): void;
  pushFunction(L: LuaState, body: LuaFunction): void;
  newTable(L: LuaState, arraySize: number, hashSize: number): void;

  getField(L: LuaState, index: number, name: string): void;
  setField(L: LuaState, index: number, name: string): void;
  rawGet(L: LuaState, index: number): void;
  rawGetAt(L: LuaState, index: number, position: number): void;
  rawSet(L: LuaState, index: number): void;
  rawSetAt(L: LuaState, index: number, position: number): void;
  /** `t[k] = v` with metamethods and the error for a nil key. */
  setTable(L: LuaState, index: number): void;
  next(L: LuaState, index: number): boolean;
  setMetatable(L: LuaState, index: number): void;

  /** Keeps the value at the top, and takes it off the stack. `getRef` pushes it again. */
  ref(L: LuaState): number;
  getRef(L: LuaState, ref: number): void;
  unref(L: LuaState, ref: number): void;
  /** Pushes the table of globals; or, taking it off the stack, puts another in its place. */
  pushGlobals(L: LuaState): void;
  replaceGlobals(L: LuaState): void;

  /** Raises the value at the top. */
  error(L: LuaState): never;
  /** "bad argument #1 to 'f' (message)". */
  argumentError(L: LuaState, index: number, message: string): never;
  checkNumber(L: LuaState, index: number): number;
  checkString(L: LuaState, index: number): string;
  checkTable(L: LuaState, index: number): void;
  /** Pushes "chunk:line: " of the running function at `level`, or an empty string. */
  where(L: LuaState, level: number): void;

  /** Compiles; pushes the function, or the message when the status is not `ok`. */
  load(L: LuaState, source: string, name: string): number;
  newThread(L: LuaState): LuaState;
  resume(L: LuaState, argumentCount: number): number;
  place(L: LuaState, level: number): Place | undefined;

  /**
   * The function at `index` as something that a `LuaFunction` can run in its own place: same
   * arguments, same name in error messages. The function must have no upvalues.
   */
  native(L: LuaState, index: number): LuaFunction;
  /**
   * Calls `hook` on every thread each `count` instructions, from the next change of thread on; and
   * `onLine` before each line, where the Lua can (it has `getLocal`, then, too).
   */
  setHook(
    L: LuaState,
    hook: (L: LuaState) => void,
    count: number,
    onLine?: (L: LuaState, line: number) => void,
  ): void;
  /** Pushes local variable `number`, counted from 1, of the function at `level`: its name. */
  getLocal?(L: LuaState, level: number, number: number): string | undefined;
  /** Whether `yieldFromHook` works here: no C function or metamethod lies in between. */
  canYield(L: LuaState): boolean;
  yieldFromHook(L: LuaState): void;

  /** Bytes of memory held, free or not. */
  readonly memoryBytes: number;
  /** Whether memory was ever asked for and refused. */
  readonly refusedMemory: boolean;
}

/** Thrown where memory ends outside of any protected call. That Lua cannot go on. */
export class OutOfMemory extends Error {
  override readonly message = 'not enough memory';
}

/** A number argument cut to 32 bits, as C does with one that a long can hold. */
export function checkInteger(api: LuaApi, L: LuaState, index: number): number {
  const value = api.checkNumber(L, index);
  return Math.abs(value) < 2 ** 63 ? value | 0 : 0;
}

/** Raises a message with the place of the caller before it, as luaL_error() does. */
export function raise(api: LuaApi, L: LuaState, message: string): never {
  const top = api.getTop(L);
  api.where(L, 1);
  const place = api.toString(L, -1) ?? '';
  api.setTop(L, top);
  api.pushString(L, place + message);
  return api.error(L);
}

/** Adds functions to the table at the top of the stack. */
export function register(
  api: LuaApi,
  L: LuaState,
  functions: Readonly<Record<string, LuaFunction>>,
): void {
  for (const [name, body] of Object.entries(functions)) {
    api.pushFunction(L, body);
    api.setField(L, -2, name);
  }
}
