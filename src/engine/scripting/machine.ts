/**
 * A Lua as Redis embeds it: runs one script at a time against a host, sandboxed, deterministic.
 * Two exist with this interface: Lua 5.1 in WebAssembly (`lua51.ts`), which is what Redis runs, and
 * fengari (`fengari.ts`), an approximation for browsers without WebAssembly.
 * https://redis.io/docs/latest/develop/interact/programmability/lua-api/
 */
import type { Reply } from '../resp/reply.ts';
import type { ScriptFlag } from './shebang.ts';

export interface LuaMachine {
  /** Whether this is the Lua that Redis runs, or something close to it. */
  readonly fidelity: 'exact' | 'approximate';
  /** Undefined when `script` compiles, else what Lua says about it, without any code before it. */
  compile(script: Script): string | undefined;
  /**
   * Runs a script to its end, to the host's `kill`, or to its `suspend`. Compiles it first where
   * that was not done yet; an error of the script is a reply like any other.
   */
  run(script: Script, keys: readonly string[], args: readonly string[], host: LuaHost): Outcome;
  /** Forgets all scripts and whatever they left behind, as SCRIPT FLUSH does. */
  flush(): void;

  /** Runs the code of a function library: what it registers, or what is wrong with it. */
  loadLibrary(library: Script, log: LuaHost['log']): readonly LibraryFunction[] | string;
  /** Calls a function of a library that was loaded; outcomes are those of `run`. */
  runFunction(call: FunctionCall, host: LuaHost): Outcome;
  unloadLibrary(library: Script): void;
  flushLibraries(): void;
}

export interface LuaOptions {
  /** redis.REDIS_VERSION. */
  readonly version: string;
  /** What a script may use; Redis sets no limit, but the memory of a browser tab does. */
  readonly memoryLimitBytes?: number;
}

export interface Script {
  /** What identifies it: the SHA1 of a script, the name of a library. */
  readonly name: string;
  /** The Lua code, a shebang line replaced by an empty one. */
  readonly body: string;
}

/** What redis.register_function() was told. */
export interface LibraryFunction {
  readonly name: string;
  readonly description: string | undefined;
  readonly flags: ReadonlySet<ScriptFlag>;
}

export interface FunctionCall {
  readonly library: Script;
  readonly name: string;
  readonly keys: readonly string[];
  readonly args: readonly string[];
}

export type Outcome = { readonly state: 'done'; readonly reply: Reply } | Suspended;

/** A script that stopped between two instructions, and goes on when told to. */
export interface Suspended {
  readonly state: 'suspended';
  resume(): Outcome;
}

/** What a script can reach outside of Lua. Every function is called while the script runs. */
export interface LuaHost {
  /**
   * redis.call() and redis.pcall(): executes a command, at least one word long. Errors are answered,
   * not thrown. `protocol` is what the script chose with redis.setresp().
   */
  call(argv: readonly string[], protocol: Protocol): Reply;
  /**
   * Called after every 100 000 instructions, as in Redis. `suspend` asks for a pause at once or, where
   * Lua cannot pause (inside pcall, a coroutine, a metamethod, an iterator), as soon as it can.
   */
  tick(): Tick;
  /**
   * Tells of work that instructions do not show, in microseconds: an error that pcall() catches
   * costs as much as hundreds of them.
   */
  spend(usec: number): void;
  /** redis.log(), `level` being one of redis.LOG_*. */
  log(level: number, message: string): void;
  /** redis.set_repl(), `flags` being one of redis.REPL_*. */
  setReplication(flags: number): void;
  /** redis.acl_check_cmd(): undefined when there is no such command. */
  isPermitted(argv: readonly string[]): boolean | undefined;
  /** Who watches this run line by line; only a machine that is exact has it watched. */
  readonly debugger?: LuaDebugger | undefined;
}

/** A debugger as the machine sees it. */
export interface LuaDebugger {
  /** Whether it would stop before a line. */
  wants(line: number): boolean;
  /**
   * A line of the script that it wants is next. True stops the script there, as `suspend` does; `view` shows it
   * until it goes on, and is undefined where Lua cannot pause.
   */
  reaches(line: number, view: DebugView | undefined, host: LuaHost): boolean;
  /** What a script that goes on ends with at once; pcall() can catch it. */
  readonly abortsWith: string | undefined;
  /** redis.debug() was called in a line, with these values. */
  shows(line: number, values: readonly string[]): void;
  /** redis.breakpoint() was called. */
  breaks(): void;
}

/** A script that stands still, as its debugger looks at it; values are text. */
export interface DebugView {
  /** What redis.setresp() has chosen. */
  readonly protocol: Protocol;
  /** The functions of the script that have been called and not ended, the innermost first. */
  readonly frames: readonly Frame[];
  /** The local variables of the innermost function, in their order. */
  readonly locals: readonly (readonly [name: string, value: string])[];
  /** The variable of this name in the innermost function that has one; KEYS and ARGV as well. */
  find(name: string): string | undefined;
  /** Runs code that sees what is global; its value, or what is wrong with it. */
  evaluate(code: string): { readonly value: string } | { readonly error: string };
}

/** A function of the script on its call stack. */
export interface Frame {
  /** Undefined for the script itself. */
  readonly name: string | undefined;
  readonly line: number;
}

export type Protocol = 2 | 3;

/** `kill` holds the error that the script ends with; no pcall() of the script can catch it. */
export type Tick = 'continue' | 'suspend' | { readonly kill: string };
