import wasmUrl from 'wasmoon-lua5.1/dist/liblua5.1.wasm?url';
import { notSimulated } from '../engine/errors.ts';
import type { LuaMachine } from '../engine/scripting/machine.ts';
import { REDIS_VERSION } from '../engine/server/version.ts';

/**
 * The Lua of servers that run in a browser: fetched when a first script comes, or when nothing else
 * is to be done. Until then whoever sends a script has to wait; see `LabHost`.
 */
export interface LuaSource {
  /** Whether `open` can be called. */
  readonly isReady: boolean;
  /** Makes the Lua of one server. Answers as an error where there is none. */
  open(): LuaMachine;
  /** Resolves when Lua is there, or when it is known not to come; it may be asked for again. */
  load(): Promise<void>;
}

type MakeMachine = () => LuaMachine;

/** Fetches the WebAssembly of `wasmoon-lua5.1`, and the code that drives it, once for all servers. */
export function luaFromNetwork(): LuaSource {
  let make: MakeMachine | undefined;
  let loading: Promise<void> | undefined;
  const load = async () => {
    try {
      make = await fetchLua();
    } catch {
      loading = undefined; // offline, perhaps: the next script tries again
    }
  };
  return {
    get isReady() {
      return make !== undefined;
    },
    open() {
      if (make) return make();
      throw notSimulated('a script, Lua could not be loaded', 'run it');
    },
    load() {
      loading ??= load();
      return loading;
    },
  };
}

async function fetchLua(): Promise<MakeMachine> {
  if (typeof WebAssembly === 'undefined') return (await import('./lua-fengari.ts')).loadFengari();
  const [{ createLua51Machine }, compiled] = await Promise.all([
    import('../engine/scripting/lua51.ts'),
    WebAssembly.compileStreaming(fetch(wasmUrl)),
  ]);
  return () => createLua51Machine(compiled, { version: REDIS_VERSION });
}
