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
}

export class Scripts<Client> {
  readonly functions: FunctionLibraries<Client>;
  readonly runner: ScriptRunner<Client>;
  readonly #server: ScriptServer<Client>;
  readonly #cache = new Map<string, CachedScript>();
  /** The same scripts by their text, so that EVAL need not hash it each time. */
  readonly #byText = new Map<string, CachedScript>();
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

  /** Runs a script for a client. A Wait means that it was paused, and that `finish` will be called. */
  run(client: Client, { script, keys, args, readOnly, argv }: ScriptCall): Reply | Wait {
    const machine = this.#lua();
    return this.runner.run(client, {
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
