/**
 * Runs scripts and functions on Luas of its own making, one world for each.
 *
 * A killed script is left behind by an exception that Lua does not know, so that no pcall sees it.
 * The Lua it came out of is then unusable, as is one that ran out of memory; the next script gets
 * a new one. Scripts do not notice, since nothing that they can change outlives them; function
 * libraries are loaded again when next called, and lose what they kept in local variables.
 */
import type { RedisError } from '../errors.ts';
import type { Reply } from '../resp/reply.ts';
import { FunctionWorld } from './function-world.ts';
import { Lrand48 } from './lrand48.ts';
import { type LuaApi, OutOfMemory } from './lua-api.ts';
import type {
  FunctionCall,
  LibraryFunction,
  LuaHost,
  LuaMachine,
  Outcome,
  Script,
} from './machine.ts';
import type { Given } from './sandbox.ts';
import { ScriptWorld } from './script-world.ts';
import { failed, Killed, type Session } from './session.ts';

interface About {
  readonly version: string;
  readonly fidelity: LuaMachine['fidelity'];
}

export class Interpreter implements LuaMachine {
  readonly fidelity: LuaMachine['fidelity'];
  readonly #openApi: () => LuaApi;
  readonly #given: Given;
  #scripts: ScriptWorld | undefined;
  #functions: FunctionWorld | undefined;

  constructor(openApi: () => LuaApi, { version, fidelity }: About) {
    this.fidelity = fidelity;
    this.#openApi = openApi;
    this.#given = { version, random: new Lrand48() };
  }

  compile(script: Script): string | undefined {
    const world = this.#scriptWorld();
    return orWhy(
      () => world.compile(script),
      () => this.flush(),
    );
  }

  run(script: Script, keys: readonly string[], args: readonly string[], host: LuaHost): Outcome {
    const world = this.#scriptWorld();
    return advance({ name: script.name, session: world.session, discard: () => this.flush() }, () =>
      world.start(script, keys, args, host),
    );
  }

  flush(): void {
    this.#scripts = undefined;
  }

  loadLibrary(library: Script, log: LuaHost['log']): readonly LibraryFunction[] | string {
    const world = this.#functionWorld();
    return orWhy(
      () => world.load(library, log),
      () => this.flushLibraries(),
    );
  }

  unloadLibrary(library: Script): void {
    this.#functions?.unload(library);
  }

  runFunction(call: FunctionCall, host: LuaHost): Outcome {
    const world = this.#functionWorld();
    return advance(
      { name: call.name, session: world.session, discard: () => this.flushLibraries() },
      () => world.start(call, host),
    );
  }

  flushLibraries(): void {
    this.#functions = undefined;
  }

  #scriptWorld(): ScriptWorld {
    this.#scripts ??= new ScriptWorld(this.#openApi(), this.#given);
    return this.#scripts;
  }

  #functionWorld(): FunctionWorld {
    this.#functions ??= new FunctionWorld(this.#openApi(), this.#given);
    return this.#functions;
  }
}

interface Running {
  readonly name: string;
  readonly session: Session;
  /** Gives up the Lua that it runs on. */
  discard(): void;
}

/** Starts or resumes, and says how far the script came. */
function advance(running: Running, step: () => Reply | undefined): Outcome {
  const reply = guarded(running, step);
  if (reply !== undefined) return { state: 'done', reply };
  return {
    state: 'suspended',
    resume: () => advance(running, () => running.session.resume()),
  };
}

function guarded({ name, session, discard }: Running, step: () => Reply | undefined) {
  try {
    const reply = step();
    if (session.isSpent) discard();
    return reply;
  } catch (thrown) {
    discard();
    return replyTo(thrown, name);
  }
}

function replyTo(thrown: unknown, name: string): RedisError {
  if (thrown instanceof Killed) return thrown.reply;
  if (isLimit(thrown)) return failed(name, thrown.message.toLowerCase());
  throw thrown;
}

/** Compiles; where Lua gives up, says so in its place. */
function orWhy<Result>(compile: () => Result, discard: () => void): Result | string {
  try {
    return compile();
  } catch (thrown) {
    discard();
    if (thrown instanceof Killed) return `Error registering functions: ${thrown.reason}`;
    if (isLimit(thrown)) return thrown.message.toLowerCase();
    throw thrown;
  }
}

/** What stops Lua from outside: no memory, a pattern too deep for JavaScript's stack, broken code. */
const isLimit = (thrown: unknown): thrown is Error =>
  thrown instanceof OutOfMemory ||
  (thrown instanceof Error &&
    (thrown.name === 'RuntimeError' ||
      thrown.name === 'InternalError' ||
      (thrown instanceof RangeError && thrown.message.includes('call stack'))));
