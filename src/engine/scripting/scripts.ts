/**
 * The scripting of one server: the cache that EVAL fills and EVALSHA reads, the function libraries,
 * the Lua of both, and what is running.
 * https://redis.io/docs/latest/develop/interact/programmability/eval-intro/
 */
import { own } from '../bytes/bytes.ts';
import { sha1Hex } from '../bytes/sha1.ts';
import type { Wait } from '../commands/wait.ts';
import { notSimulated, type RedisError, redisError } from '../errors.ts';
import type { Reply } from '../resp/reply.ts';
import { Debugger } from './debugger.ts';
import { FunctionLibraries } from './function-libraries.ts';
import type { LuaMachine, Script } from './machine.ts';
import { ScriptRunner, type ScriptServer } from './script-runner.ts';
import { readShebang, type ScriptFlag } from './shebang.ts';

export interface CachedScript extends Script {
  readonly flags: ReadonlySet<ScriptFlag> | undefined;
}

export interface ScriptCall {
  readonly script: CachedScript;
  readonly keys: readonly string[];
  readonly args: readonly string[];
  /** EVAL_RO and EVALSHA_RO. */
  readonly readOnly: boolean;
  readonly argv: readonly string[];
  readonly debugger?: Debugger | undefined;
}

/** SCRIPT DEBUG: in a copy of the server, whose changes nobody sees, or in the server itself. */
export type DebugMode = 'fork' | 'sync';

export class Scripts<Client> {
  readonly functions: FunctionLibraries<Client>;
  readonly runner: ScriptRunner<Client>;
  readonly #server: ScriptServer<Client>;
  readonly #cache = new Map<string, CachedScript>();
  /** The same scripts by their text, so that EVAL need not hash it each time. */
  readonly #byText = new Map<string, CachedScript>();
  /** The clients whose next EVAL is debugged. */
  readonly #debugging = new Map<Client, DebugMode>();
  #machine: LuaMachine | undefined;

  constructor(server: ScriptServer<Client>) {
    this.#server = server;
    this.runner = new ScriptRunner(server);
    const log = (level: number, message: string) => server.log(level, message);
    this.functions = new FunctionLibraries(this.runner, () => this.#lua(), log);
  }

  /** How many scripts are cached. */
  get size(): number {
    return this.#cache.size;
  }

  /** A script has started and not ended: the data may be half changed. */
  get isRunning(): boolean {
    return this.runner.isRunning;
  }

  /** Nobody's commands may run, nor be answered with BUSY yet. */
  get holdsCommands(): boolean {
    return this.runner.holdsCommands;
  }

  /** What commands are answered that do not have the flag allow_busy; undefined when they may run. */
  get busyError(): RedisError | undefined {
    return this.runner.busyError;
  }

  /** The script with this SHA1, in any case. */
  find(sha: string): CachedScript | undefined {
    return this.#cache.get(sha.toLowerCase());
  }

  /** Whether EVAL, EVALSHA or FCALL would run what says of itself that it does not write. */
  saysNoWrites([name = '', what = '']: readonly string[]): boolean {
    switch (name.toLowerCase()) {
      case 'eval':
        return /^#![^\n]*\bno-writes\b/.test(what);
      case 'evalsha':
        return this.find(what)?.flags?.has('no-writes') === true;
      case 'fcall':
        return this.functions.flagsOf(what)?.has('no-writes') === true;
      default:
        return false;
    }
  }

  /** Caches a script; throws when it does not compile. */
  load(text: string): CachedScript {
    const known = this.#byText.get(text);
    if (known) return known;
    const script = { name: sha1Hex(text), ...readShebang(own(text)) };
    const mistake = this.#lua().compile(script);
    if (mistake !== undefined) {
      throw redisError(`ERR Error compiling script (new function): ${mistake}`);
    }
    this.#cache.set(script.name, script);
    this.#byText.set(own(text), script);
    return script;
  }

  flush(): void {
    this.#cache.clear();
    this.#byText.clear();
    this.#machine?.flush();
  }

  /** SCRIPT DEBUG: how the scripts of a client are debugged from now on, if they are. */
  setDebugMode(client: Client, mode: DebugMode | undefined): void {
    if (mode === undefined) this.#debugging.delete(client);
    else if (this.#server.isInPipeline(client)) throw mustBeAlone();
    else if (this.#lua().fidelity !== 'exact') throw noDebugger();
    else this.#debugging.set(client, mode);
  }

  debugModeOf(client: Client): DebugMode | undefined {
    return this.#debugging.get(client);
  }

  /** A connection has ended. */
  forget(client: Client): void {
    this.#debugging.delete(client);
  }

  /** A debugger for the script that a client runs next; its session has begun. */
  debug(client: Client, script: string): Debugger {
    if (this.#server.isNested) throw noDebuggerInExec();
    this.forget(client);
    this.#server.log(WARNING, 'Redis synchronous debugging eval session started');
    const listener = {
      receive: (bytes: string) => session.receive(bytes),
      lost: () => session.lost(),
    };
    const port = this.#server.debugPort(client, listener);
    const release = () => {
      port.release();
      this.#server.log(WARNING, 'Redis synchronous debugging eval session ended');
    };
    const session = new Debugger(script, { ...port, release });
    return session;
  }

  /** Has a copy of the server debug the client's command, and keep the client. */
  debugInFork(client: Client, argv: readonly string[]): void {
    if (this.#server.isNested) throw noDebuggerInExec();
    if (!this.#server.canFork) throw noDebuggerInCopy();
    this.#server.log(WARNING, 'Redis forked for debugging eval');
    this.#server.forkFor(client, argv);
  }

  /** Runs a script for a client. A Wait means that it was paused, and that `finish` will be called. */
  run(client: Client, call: ScriptCall): Reply | Wait {
    const { script, keys, args, readOnly, argv } = call;
    const machine = this.#lua();
    return this.runner.run(client, {
      debugger: call.debugger,
      kind: 'SCRIPT',
      name: script.name,
      argv,
      flags: script.flags,
      readOnly,
      start: (host) => machine.run(script, keys, args, host),
    });
  }

  /** To be called after each command: ends a script that was killed. */
  settle(): void {
    this.runner.settle();
  }

  #lua(): LuaMachine {
    this.#machine ??= this.#server.openLua();
    if (this.#machine) return this.#machine;
    throw notSimulated('a script without a Lua', 'run it');
  }
}

const WARNING = 3;

const mustBeAlone = () => redisError('ERR SCRIPT DEBUG must be called outside a pipeline');

const noDebugger = () =>
  notSimulated('The Lua debugger without WebAssembly', 'stop the next script at its first line');

const noDebuggerInExec = () =>
  notSimulated('The Lua debugger inside EXEC', 'stop the script at its first line');

const noDebuggerInCopy = () =>
  notSimulated(
    'The Lua debugger in a copy of a server that others belong to',
    'stop the script at its first line, as this one does after SCRIPT DEBUG SYNC',
  );
