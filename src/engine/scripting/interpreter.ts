/**
 * Runs scripts on a `LuaApi`: compiles each once, gives it KEYS and ARGV, counts its instructions,
 * turns what it returns into a reply and what it raises into the error that Redis prints.
 *
 * A script runs as a coroutine, because that is what can be paused: Lua 5.1 lets the hook that counts
 * instructions yield, except below a C function (pcall, a metamethod, an iterator). There the hook
 * looks for the end of that function, one instruction at a time.
 *
 * A killed script is left behind by an exception that Lua does not know, so that no pcall sees it.
 * The Lua it came out of is then unusable, as is one that ran out of memory; the next script gets
 * a new one. Scripts do not notice, since nothing that they can change outlives them.
 */
import { RedisError } from '../errors.ts';
import type { Reply } from '../resp/reply.ts';
import { popReply } from './convert.ts';
import { describeError, errorAt } from './error-report.ts';
import { Lrand48 } from './lrand48.ts';
import { type LuaApi, type LuaState, LuaStatus, OutOfMemory } from './lua-api.ts';
import type { LuaHost, LuaMachine, Outcome, Protocol, Script } from './machine.ts';
import type { Run } from './run.ts';
import { type Given, openSandbox } from './sandbox.ts';

export class Interpreter implements LuaMachine {
  readonly fidelity: LuaMachine['fidelity'];
  readonly #openApi: () => LuaApi;
  readonly #version: string;
  readonly #random = new Lrand48();
  #session: Session | undefined;

  constructor(
    openApi: () => LuaApi,
    about: { readonly version: string; readonly fidelity: LuaMachine['fidelity'] },
  ) {
    this.#openApi = openApi;
    this.#version = about.version;
    this.fidelity = about.fidelity;
  }

  compile(script: Script): string | undefined {
    const session = this.#open();
    try {
      return session.compile(script);
    } catch (thrown) {
      this.#session = undefined;
      if (thrown instanceof OutOfMemory) return thrown.message;
      throw thrown;
    }
  }

  run(script: Script, keys: readonly string[], args: readonly string[], host: LuaHost): Outcome {
    const session = this.#open();
    return this.#advance(session, script, () => session.start(script, keys, args, host));
  }

  flush(): void {
    this.#session = undefined;
  }

  #open(): Session {
    this.#session ??= new Session(this.#openApi(), {
      random: this.#random,
      version: this.#version,
    });
    return this.#session;
  }

  /** Starts or resumes, and says how far the script came. */
  #advance(session: Session, script: Script, step: () => Reply | undefined): Outcome {
    const reply = this.#guarded(session, script, step);
    if (reply !== undefined) return { state: 'done', reply };
    return {
      state: 'suspended',
      resume: () => this.#advance(session, script, () => session.resume()),
    };
  }

  #guarded(session: Session, script: Script, step: () => Reply | undefined): Reply | undefined {
    try {
      const reply = step();
      if (session.isSpent) this.#session = undefined;
      return reply;
    } catch (thrown) {
      this.#session = undefined;
      if (thrown instanceof Killed) return thrown.reply;
      if (thrown instanceof OutOfMemory) return failed(script, thrown.message);
      if (isLimitOfPlatform(thrown)) return failed(script, thrown.message.toLowerCase());
      throw thrown;
    }
  }
}

/** What stops Lua from outside: a pattern too deep for JavaScript's stack, broken compiled code. */
const isLimitOfPlatform = (thrown: unknown): thrown is Error =>
  thrown instanceof Error &&
  (thrown.name === 'RuntimeError' ||
    thrown.name === 'InternalError' ||
    (thrown instanceof RangeError && thrown.message.includes('call stack')));

/** Thrown through Lua to leave a script that must end. */
class Killed extends Error {
  constructor(readonly reply: RedisError) {
    super(reply.message);
  }
}

const failed = (script: Script, message: string): RedisError =>
  new RedisError(`ERR Error running script ${script.name}, ${message}`);

const INSTRUCTIONS_PER_TICK = 100_000;
/** How many single steps to look for a place to pause, before going on until the next tick. */
const STEPS_TO_A_PAUSE = 1000;
/** A script may leave this much behind; after that its Lua is given up to return the memory. */
const KEPT_MEMORY_BYTES = 32 * 1024 * 1024;

/** One Lua with its compiled scripts. */
class Session {
  readonly #api: LuaApi;
  readonly #globals: number;
  readonly #compiled = new Map<string, number>();
  #thread: LuaState;
  #threadRef: number;
  #run: (Run & { readonly script: Script }) | undefined;
  #stepsLeft = 0;
  readonly #hook = (L: LuaState): void => this.#tick(L);

  constructor(api: LuaApi, given: Given) {
    this.#api = api;
    this.#globals = openSandbox(api, given, () => this.#current);
    this.#thread = api.newThread(api.main);
    this.#threadRef = api.ref(api.main);
  }

  /** Whether the next script should get another one. */
  get isSpent(): boolean {
    return this.#api.refusedMemory || this.#api.memoryBytes > KEPT_MEMORY_BYTES;
  }

  compile({ name, body }: Script): string | undefined {
    if (this.#compiled.has(name)) return undefined;
    const api = this.#api;
    const status = api.load(api.main, body, '@user_script');
    if (status === LuaStatus.ok) {
      this.#compiled.set(name, api.ref(api.main));
      return undefined;
    }
    const mistake = api.toString(api.main, -1);
    api.setTop(api.main, 0);
    return mistake ?? '';
  }

  /** Undefined when the script was suspended, from here and from `resume`. */
  start(
    script: Script,
    keys: readonly string[],
    args: readonly string[],
    host: LuaHost,
  ): Reply | undefined {
    const mistake = this.compile(script);
    if (mistake !== undefined) return new RedisError(`ERR ${mistake}`);
    this.#run = { host, protocol: 2, script, thread: this.#thread };
    this.#setGlobalList('KEYS', keys);
    this.#setGlobalList('ARGV', args);
    this.#api.getRef(this.#thread, this.#compiled.get(script.name) ?? 0);
    this.#countInstructions(this.#thread, INSTRUCTIONS_PER_TICK);
    return this.resume();
  }

  resume(): Reply | undefined {
    const status = this.#api.resume(this.#thread, 0);
    if (status === LuaStatus.yield) return undefined;
    const { script, protocol } = this.#current;
    const reply =
      status === LuaStatus.ok
        ? this.#takeResult(protocol)
        : status === LuaStatus.memory
          ? failed(script, 'not enough memory')
          : describeError(this.#api, this.#thread, script.name);
    if (status !== LuaStatus.ok) this.#replaceThread();
    this.#run = undefined;
    return reply;
  }

  get #current(): Run & { readonly script: Script } {
    if (!this.#run) throw new Error('a Lua function of Redis was called outside of a script');
    return this.#run;
  }

  #setGlobalList(name: string, items: readonly string[]): void {
    const api = this.#api;
    const L = api.main;
    api.getRef(L, this.#globals);
    api.newTable(L, items.length, 0);
    for (let i = 0; i < items.length; i++) {
      api.pushString(L, items[i] as string);
      api.rawSetAt(L, -2, i + 1);
    }
    api.setField(L, -2, name);
    api.setTop(L, 0);
  }

  /** Of several results the first counts; none is nil. */
  #takeResult(protocol: Protocol): Reply {
    const api = this.#api;
    if (api.getTop(this.#thread) === 0) return null;
    api.setTop(this.#thread, 1);
    return popReply(api, this.#thread, protocol);
  }

  /** After an error, a coroutine is dead. */
  #replaceThread(): void {
    const api = this.#api;
    api.unref(api.main, this.#threadRef);
    this.#thread = api.newThread(api.main);
    this.#threadRef = api.ref(api.main);
  }

  /** Coroutines inherit the hook of the thread that makes them. */
  #countInstructions(L: LuaState, perTick: number): void {
    this.#api.setHook(L, this.#hook, perTick);
  }

  #tick(L: LuaState): void {
    if (this.#stepsLeft > 0 && L === this.#thread) this.#stepToPause();
    else this.#ask(L);
  }

  #ask(L: LuaState): void {
    // A coroutine made while the script's thread is counted in single steps inherits those.
    if (L !== this.#thread) this.#countInstructions(L, INSTRUCTIONS_PER_TICK);
    const { host, script } = this.#current;
    const decision = host.tick();
    if (decision === 'continue') return;
    if (decision !== 'suspend') {
      throw new Killed(errorAt(decision.kill, script.name, this.#api.place(L, 0)));
    }
    this.#stepsLeft = STEPS_TO_A_PAUSE;
    this.#countInstructions(this.#thread, 1);
    if (L === this.#thread) this.#stepToPause();
  }

  #stepToPause(): void {
    this.#stepsLeft--;
    const canPause = this.#api.canYield(this.#thread);
    if (canPause) this.#stepsLeft = 0;
    if (this.#stepsLeft === 0) this.#countInstructions(this.#thread, INSTRUCTIONS_PER_TICK);
    if (canPause) this.#api.yieldFromHook(this.#thread);
  }
}
