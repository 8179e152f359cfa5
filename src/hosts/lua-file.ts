/** The Lua of servers that run in Node: the WebAssembly of `wasmoon-lua5.1`, read from disk. */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createLua51Machine } from '../engine/scripting/lua51.ts';
import type { LuaMachine } from '../engine/scripting/machine.ts';
import { REDIS_VERSION } from '../engine/server/version.ts';

let compiled: WebAssembly.Module | undefined;

/** Makes the Lua of one server; the code is read and compiled once. */
export function openLua(): LuaMachine {
  compiled ??= new WebAssembly.Module(readFileSync(luaFile()));
  return createLua51Machine(compiled, { version: REDIS_VERSION });
}

/** Beside dist/redis-server.mjs, where bundle.mjs has put it; in the package otherwise. */
function luaFile(): string | URL {
  const beside = new URL('liblua5.1.wasm', import.meta.url);
  if (existsSync(beside)) return beside;
  return createRequire(import.meta.url).resolve('wasmoon-lua5.1/dist/liblua5.1.wasm');
}
