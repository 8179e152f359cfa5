/**
 * One Lua and its thread for scripts: starts a function there, counts its instructions, pauses and
 * resumes it, and turns what it returns or raises into a reply.
 *
 * The thread is a coroutine, because that is what can be paused: Lua 5.1 lets the hook that counts
 * instructions yield, except below a C function (pcall, a metamethod, an iterator). There the hook
 * looks for the end of that function, one instruction at a time.
 */
import { RedisError } from '../errors.ts';
import type { Reply } from '../resp/reply.ts';
import { popReply, pushError } from './convert.ts';
import { StoppedScript } from './debug-view.ts';
import { describeError, errorAt } from './error-report.ts';
import { type LuaApi, type LuaState, LuaStatus } from './lua-api.ts';
import type { LuaHost, Protocol } from './machine.ts';
import type { Run } from './run.ts';

/** Thrown through Lua to leave a script that must end; Lua's pcall() does not know it. */
export class Killed extends Error {
  constructor(
    /** Why, without the place. */
    readonly reason: string,
    readonly reply: RedisError,
  ) {
    super(reason);
  }
}

/** What to run: the function on the thread, below its arguments. */
export interface Start {
  /** What error replies call it. */
  readonly name: string;
  readonly host: LuaHost;
  readonly argumentCount: number;
  /** Makes a reply of the error at the top of the thread; by default with the place it came from. */
  readonly describe?: (api: LuaApi, L: LuaState, name: string) => RedisError;
}

/** The reply of a script that Lua itself gave up. */
export const failed = (name: string, reason: string): RedisError =>
  new RedisError(`ERR Error running script ${name}, ${reason}`);

const INSTRUCTIONS_PER_TICK = 100_000;
/** How many single steps to look for a place to pause, before going on until the next tick. */
const STEPS_TO_A_PAUSE = 1000;
/** Of the code that runs, what a debugger sees. */
const DEBUGGED = '@user_script';
/** A script may leave this much behind; after that its Lua is given up to return the memory. */
const KEPT_MEMORY_BYTES = 32 * 1024 * 1024;

export class Session {
  readonly api: LuaApi;
  #thread: LuaState;
  #threadRef: number;
  #start: Start | undefined;
  #run: Run | undefined;
  #stepsLeft = 0;
  /** The line before which the script stood is not to be told again. */
  #goesOn = false;
  readonly #hook = (L: LuaState): void => this.#tick(L);
  readonly #onLine = (L: LuaState, line: number): void => this.#reach(L, line);

  constructor(api: LuaApi) {
    this.api = api;
    this.#thread = api.newThread(api.main);
    this.#threadRef = api.ref(api.main);
  }

  /** Whether the next script should get another one. */
  get isSpent(): boolean {
    return this.api.refusedMemory || this.api.memoryBytes > KEPT_MEMORY_BYTES;
  }

  /** Where the function to run and its arguments are to be pushed. */
  get thread(): LuaState {
    return this.#thread;
  }

  /** The running script; there must be one. */
  get run(): Run {
    if (!this.#run) throw new Error('a Lua function of Redis was called outside of a script');
    return this.#run;
  }

  /** Runs a function. Answers undefined when it was suspended, here and from `resume`. */
  begin(start: Start): Reply | undefined {
    this.#start = start;
    this.#run = { host: start.host, protocol: 2, thread: this.#thread };
    this.#stepsLeft = 0;
    this.#goesOn = false;
    this.#countInstructions(this.#thread, INSTRUCTIONS_PER_TICK);
    return this.#resume(start.argumentCount);
  }

  resume(): Reply | undefined {
    this.#goesOn = this.run.host.debugger !== undefined;
    if (this.#goesOn) this.api.setHook(this.#thread, this.#hook, 1);
    return this.#resume(0);
  }

  #resume(argumentCount: number): Reply | undefined {
    const status = this.api.resume(this.#thread, argumentCount);
    if (status === LuaStatus.yield) return undefined;
    const reply = this.#conclude(status);
    if (status !== LuaStatus.ok) this.#replaceThread();
    this.#run = undefined;
    return reply;
  }

  /** Pushes a table of strings. */
  pushList(L: LuaState, items: readonly string[]): void {
    this.api.newTable(L, items.length, 0);
    for (let i = 0; i < items.length; i++) {
      this.api.pushString(L, items[i] as string);
      this.api.rawSetAt(L, -2, i + 1);
    }
  }

  #conclude(status: number): Reply {
    if (status === LuaStatus.ok) return this.#takeResult(this.run.protocol);
    const { name, describe = describeError } = this.#start as Start;
    if (status === LuaStatus.memory) return failed(name, 'not enough memory');
    return describe(this.api, this.#thread, name);
  }

  /** Of several results the first counts; none is nil. */
  #takeResult(protocol: Protocol): Reply {
    const { api } = this;
    if (api.getTop(this.#thread) === 0) return null;
    api.setTop(this.#thread, 1);
    return popReply(api, this.#thread, protocol);
  }

  /** After an error, a coroutine is dead. */
  #replaceThread(): void {
    const { api } = this;
    api.unref(api.main, this.#threadRef);
    this.#thread = api.newThread(api.main);
    this.#threadRef = api.ref(api.main);
  }

  /** Coroutines inherit the hook of the thread that makes them. */
  #countInstructions(L: LuaState, perTick: number): void {
    const onLine = this.run.host.debugger && this.#onLine;
    this.api.setHook(L, this.#hook, perTick, onLine);
  }

  #tick(L: LuaState): void {
    if (this.#goesOn) this.#goOn(L);
    else if (this.#stepsLeft > 0 && L === this.#thread) this.#stepToPause();
    else this.#ask(L);
  }

  /** The first instruction after a pause of a script that is debugged. */
  #goOn(L: LuaState): void {
    this.#goesOn = false;
    this.#countInstructions(L, this.#stepsLeft > 0 ? 1 : INSTRUCTIONS_PER_TICK);
    const reason = this.run.host.debugger?.abortsWith;
    if (reason === undefined) return;
    pushError(this.api, L, `ERR ${reason}`);
    this.api.error(L);
  }

  /** Tells the debugger that a line of the script is next. */
  #reach(L: LuaState, line: number): void {
    const { api, run } = this;
    const { host } = run;
    if (!host.debugger?.wants(line) || api.place(L, 0)?.source !== DEBUGGED) return;
    const canPause = L === this.#thread && api.canYield(L);
    const view = canPause ? new StoppedScript(api, run) : undefined;
    if (host.debugger.reaches(line, view, host)) api.yieldFromHook(L);
  }

  #ask(L: LuaState): void {
    // A coroutine made while the script's thread is counted in single steps inherits those.
    if (L !== this.#thread) this.#countInstructions(L, INSTRUCTIONS_PER_TICK);
    const decision = this.run.host.tick();
    if (decision === 'continue') return;
    if (decision !== 'suspend') {
      const { kill } = decision;
      throw new Killed(kill, errorAt(kill, this.#start?.name ?? '', this.api.place(L, 0)));
    }
    this.#stepsLeft = STEPS_TO_A_PAUSE;
    this.#countInstructions(this.#thread, 1);
    if (L === this.#thread) this.#stepToPause();
  }

  #stepToPause(): void {
    this.#stepsLeft--;
    const canPause = this.api.canYield(this.#thread);
    if (canPause) this.#stepsLeft = 0;
    if (this.#stepsLeft === 0) this.#countInstructions(this.#thread, INSTRUCTIONS_PER_TICK);
    if (canPause) this.api.yieldFromHook(this.#thread);
  }
}
