/**
 * The Lua that function libraries share. A library's code runs once, when it is loaded, and sees
 * little more than redis.register_function(); what it registers is called later, by name, with the
 * keys and arguments as parameters, and sees what scripts see.
 * https://redis.io/docs/latest/develop/interact/programmability/functions-intro/
 */
import { RedisError } from '../errors.ts';
import type { Reply } from '../resp/reply.ts';
import { errorMessage } from './error-report.ts';
import { readRegistration, refuseRegistration } from './libraries/register-function.ts';
import { type LuaApi, LuaStatus } from './lua-api.ts';
import type { FunctionCall, LibraryFunction, LuaHost, Script } from './machine.ts';
import { type Given, type LoadingGlobals, openFunctionSandbox } from './sandbox.ts';
import { Session, type Start } from './session.ts';

/** Half a second, in ticks. */
const MAX_LOADING_TICKS = 500;

/** Where the callbacks of a library are kept, by function name. */
type Callbacks = Map<string, number>;

export class FunctionWorld {
  readonly session: Session;
  readonly #globals: LoadingGlobals;
  readonly #libraries = new Map<Script, Callbacks>();
  #loading: { readonly functions: LibraryFunction[]; readonly callbacks: Callbacks } | undefined;

  constructor(api: LuaApi, given: Given) {
    // First the globals: a thread has those that there are when it is made.
    this.#globals = openFunctionSandbox(
      api,
      given,
      () => this.session.run,
      (L) => {
        if (!this.#loading) return refuseRegistration(api, L);
        readRegistration(api, L, this.#loading);
        return 0;
      },
    );
    this.session = new Session(api);
  }

  /** Runs a library's code: the functions that it registers, or what is wrong. */
  load(library: Script, log: LuaHost['log']): readonly LibraryFunction[] | string {
    const { api, thread } = this.session;
    if (api.load(thread, library.body, '@user_function') !== LuaStatus.ok) {
      const mistake = api.toString(thread, -1);
      api.setTop(thread, 0);
      return `Error compiling function: ${mistake}`;
    }
    this.#loading = { functions: [], callbacks: new Map() };
    const { functions, callbacks } = this.#loading;
    const mistake = this.#runCode(library, log);
    this.#loading = undefined;
    if (mistake === undefined) this.#libraries.set(library, callbacks);
    else this.#forget(callbacks);
    return mistake === undefined ? functions : `Error registering functions: ${mistake}`;
  }

  unload(library: Script): void {
    this.#forget(this.#libraries.get(library) ?? new Map());
    this.#libraries.delete(library);
  }

  /** Undefined when the function was suspended. */
  start({ library, name, keys, args }: FunctionCall, host: LuaHost): Reply | undefined {
    const callback = this.#callbacksOf(library, host).get(name);
    if (callback === undefined) return new RedisError('ERR Function not found');
    const { api, thread } = this.session;
    api.getRef(thread, callback);
    this.session.pushList(thread, keys);
    this.session.pushList(thread, args);
    return this.session.begin({ name, host, argumentCount: 2 });
  }

  /** Loaded again where its Lua had to be given up. */
  #callbacksOf(library: Script, { log }: LuaHost): Callbacks {
    if (!this.#libraries.has(library)) this.load(library, log);
    return this.#libraries.get(library) ?? new Map();
  }

  #runCode({ name }: Script, log: LuaHost['log']): string | undefined {
    let mistake: string | undefined;
    const describe: Start['describe'] = (api, L) => {
      mistake = errorMessage(api, L);
      return new RedisError(mistake);
    };
    this.#globals.enter();
    this.session.begin({ name, host: loadingHost(log), argumentCount: 0, describe });
    this.#globals.leave();
    return mistake;
  }

  #forget(callbacks: Callbacks): void {
    const { api } = this.session;
    for (const ref of callbacks.values()) api.unref(api.main, ref);
  }
}

/** While a library is loaded it can log, and nothing else; and it must not take long. */
function loadingHost(log: LuaHost['log']): LuaHost {
  let ticks = 0;
  return {
    log,
    tick: () => (++ticks > MAX_LOADING_TICKS ? { kill: 'ERR FUNCTION LOAD timeout' } : 'continue'),
    spend() {},
    setReplication() {},
    isPermitted: () => undefined,
    call() {
      throw new Error('redis.call() was reached while a library was loaded');
    },
  };
}
