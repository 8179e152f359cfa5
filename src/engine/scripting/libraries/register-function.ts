/**
 * redis.register_function(), as a library calls it while it is loaded.
 * https://redis.io/docs/latest/develop/interact/programmability/lua-api/#redis.register_function
 */
import { pushError } from '../convert.ts';
import { type LuaApi, type LuaState, LuaType } from '../lua-api.ts';
import type { LibraryFunction } from '../machine.ts';
import { type ScriptFlag, scriptFlags } from '../shebang.ts';

/** What a library has registered so far. */
export interface Registrations {
  readonly functions: LibraryFunction[];
  /** Where the callbacks are kept. */
  readonly callbacks: Map<string, number>;
}

/** Registers what the arguments say, or raises Redis's error about them. */
export function readRegistration(api: LuaApi, L: LuaState, registrations: Registrations): void {
  const count = api.getTop(L);
  if (count < 1 || count > 2) {
    fail(api, L, 'wrong number of arguments to redis.register_function');
  }
  const registration = count === 2 ? readPositional(api, L) : readNamed(api, L);
  const { name } = registration;
  if (!isName(name)) fail(api, L, BAD_NAME);
  if (registrations.callbacks.has(name)) fail(api, L, 'Function already exists in the library');
  registrations.functions.push(registration);
  registrations.callbacks.set(name, api.ref(L));
}

/** What a function is told that keeps redis.register_function() and calls it later. */
export const refuseRegistration = (api: LuaApi, L: LuaState): never =>
  fail(api, L, 'redis.register_function can only be called on FUNCTION LOAD command');

export const BAD_NAME =
  'Library names can only contain letters, numbers, or underscores(_) and must be at least one character long';

/** Whether a library or a function may be called so. */
export const isName = (name: string): boolean => /^[A-Za-z0-9_]+$/.test(name);

function fail(api: LuaApi, L: LuaState, message: string): never {
  pushError(api, L, `ERR ${message}`);
  return api.error(L);
}

/** (name, callback). Leaves the callback at the top of the stack. */
function readPositional(api: LuaApi, L: LuaState): LibraryFunction {
  const name = text(api, L, 1);
  if (name === undefined) {
    return fail(api, L, 'first argument to redis.register_function must be a string');
  }
  if (api.type(L, 2) !== LuaType.function) {
    fail(api, L, 'second argument to redis.register_function must be a function');
  }
  return { name, description: undefined, flags: new Set() };
}

const NOT_NAMED =
  'calling redis.register_function with a single argument is only applicable to Lua table (representing named arguments).';

/** {function_name = ..., callback = ..., ...}. Leaves the callback at the top of the stack. */
function readNamed(api: LuaApi, L: LuaState): LibraryFunction {
  if (api.type(L, 1) !== LuaType.table) fail(api, L, NOT_NAMED);
  api.pushNil(L);
  while (api.next(L, 1)) {
    const key = api.type(L, -2) === LuaType.string ? api.toString(L, -2) : undefined;
    if (!['function_name', 'description', 'callback', 'flags'].includes(key ?? '')) {
      fail(api, L, 'unknown argument given to redis.register_function');
    }
    api.setTop(L, -2);
  }
  const name = namedText(api, L, 'function_name', 'function_name');
  const description = namedText(api, L, 'description', 'description');
  const flags = readFlags(api, L);
  if (name === undefined) {
    return fail(api, L, 'redis.register_function must get a function name argument');
  }
  pushCallback(api, L);
  return { name, description, flags };
}

function namedText(api: LuaApi, L: LuaState, field: string, what: string): string | undefined {
  api.getField(L, 1, field);
  const type = api.type(L, -1);
  const value = type === LuaType.nil ? undefined : text(api, L, -1);
  if (type !== LuaType.nil && value === undefined) {
    fail(api, L, `${what} argument given to redis.register_function must be a string`);
  }
  api.setTop(L, -2);
  return value;
}

function pushCallback(api: LuaApi, L: LuaState): void {
  api.getField(L, 1, 'callback');
  const type = api.type(L, -1);
  if (type === LuaType.nil) {
    fail(api, L, 'redis.register_function must get a callback argument');
  }
  if (type !== LuaType.function) {
    fail(api, L, 'callback argument given to redis.register_function must be a function');
  }
}

function readFlags(api: LuaApi, L: LuaState): ReadonlySet<ScriptFlag> {
  api.getField(L, 1, 'flags');
  const type = api.type(L, -1);
  if (type !== LuaType.nil && type !== LuaType.table) {
    fail(
      api,
      L,
      'flags argument to redis.register_function must be a table representing function flags',
    );
  }
  const flags = new Set<ScriptFlag>();
  for (let i = 1; type === LuaType.table; i++) {
    api.rawGetAt(L, -1, i);
    if (api.type(L, -1) === LuaType.nil) break;
    const name = text(api, L, -1);
    flags.add(scriptFlags.find((known) => known === name) ?? fail(api, L, 'unknown flag given'));
    api.setTop(L, -2);
  }
  return flags;
}

/** A string, or a number as one. */
function text(api: LuaApi, L: LuaState, index: number): string | undefined {
  const type = api.type(L, index);
  return type === LuaType.string || type === LuaType.number ? api.toString(L, index) : undefined;
}
