/** The Lua of servers that run where there is no WebAssembly: slower, and only an approximation. */
import { createFengariMachine } from '../engine/scripting/fengari.ts';
import type { LuaMachine } from '../engine/scripting/machine.ts';
import { REDIS_VERSION } from '../engine/server/version.ts';

/** Loads `fengari-web`; resolves to what makes the Lua of one server. */
export async function loadFengari(): Promise<() => LuaMachine> {
  // The package asks for a window, and needs no more of it than that it is there.
  if (!('window' in globalThis)) Object.assign(globalThis, { window: globalThis });
  const { default: fengari } = await import('fengari-web');
  return () => createFengariMachine(fengari, { version: REDIS_VERSION });
}
