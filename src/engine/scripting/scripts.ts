/**
 * The scripts of one server: the cache that EVAL fills and EVALSHA reads, and the one script that
 * may be running.
 *
 * A script runs to its end inside its command, and time stands still meanwhile, as for any command.
 * One that takes longer than a moment is paused, and goes on slice by slice as the lab's time moves,
 * about as far in each as Redis would come. Until it is over nobody else's commands run; after
 * busy-reply-threshold they are answered with BUSY, and SCRIPT KILL ends it.
 * https://redis.io/docs/latest/develop/interact/programmability/eval-intro/
 */
import { own } from '../bytes/bytes.ts';
import { sha1Hex } from '../bytes/sha1.ts';
import { Wait } from '../commands/wait.ts';
import { notSimulated, type RedisError, redisError } from '../errors.ts';
import type { Reply } from '../resp/reply.ts';
import type { Clock } from '../time/clock.ts';
import type { LuaMachine, Outcome, Script, Suspended } from './machine.ts';
import { RunningScript, type ScriptCaller } from './running-script.ts';
import { readShebang, type ScriptFlag } from './shebang.ts';

/** What scripts need of their server. `Client` is the server's own type. */
export interface ScriptServer<Client> {
  readonly clock: Clock;
  readonly settings: { readonly busyReplyThreshold: number };
  /** The instant that commands see, in ms since 1970; a script keeps the one it started at. */
  now: number;
  /** Whether commands without the flag allow_busy are refused with BUSY. */
  busy: boolean;
  /** Whether the running command was called by another one, EXEC, and so cannot wait. */
  readonly isNested: boolean;
  /** A Lua of its own, or undefined where the host has given none. */
  openLua(): LuaMachine | undefined;
  /** Why a script with these flags may not run now: too little memory, a stale replica, ... */
  refuseScript(flags: ReadonlySet<ScriptFlag> | undefined): RedisError | undefined;
  /** Whoever runs the script's commands on behalf of `client`, with its database and user. */
  callerFor(client: Client): ScriptCaller;
  /** Microseconds of real time, or always 0; a slice never counts as shorter than it was. */
  stopwatch(): number;
  /** Answers a client whose command returned a Wait; `usec` is how long it took. */
  finish(client: Client, reply: Reply, usec: number): void;
  /** Runs what clients have sent while nothing could run. */
  resumeClients(): void;
  /** Writes a line to the server's log; levels are those of redis.log(). */
  log(level: number, message: string): void;
}

export interface CachedScript extends Script {
  readonly flags: ReadonlySet<ScriptFlag> | undefined;
}

export interface ScriptCall {
  readonly script: CachedScript;
  readonly keys: readonly string[];
  readonly args: readonly string[];
  /** EVAL_RO and EVALSHA_RO. */
  readonly readOnly: boolean;
}

/** A script between two slices. */
interface Paused<Client> {
  readonly client: Client;
  readonly script: Script;
  readonly running: RunningScript;
  readonly suspended: Suspended;
  readonly cancelNextSlice: () => void;
}

const WARNING = 3;

export class Scripts<Client> {
  readonly #server: ScriptServer<Client>;
  readonly #cache = new Map<string, CachedScript>();
  /** The same scripts by their text, so that EVAL need not hash it each time. */
  readonly #byText = new Map<string, CachedScript>();
  #machine: LuaMachine | undefined;
  #running: RunningScript | undefined;
  #paused: Paused<Client> | undefined;

  constructor(server: ScriptServer<Client>) {
    this.#server = server;
  }

  /** How many scripts are cached. */
  get size(): number {
    return this.#cache.size;
  }

  /** A script has started and not ended: the data may be half changed. */
  get isRunning(): boolean {
    return this.#running !== undefined;
  }

  /** A script has been paused, but not for long enough to answer others with BUSY. */
  get holdsCommands(): boolean {
    return this.#running !== undefined && !this.#server.busy;
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

  /** SCRIPT KILL: has the running script ended by `settle`, unless it has written. */
  kill(): void {
    const running = this.#running;
    if (!running) throw redisError('NOTBUSY No scripts in execution right now.');
    if (running.hasWritten) throw unkillable();
    running.killed = true;
  }

  /** Runs a script for a client. A Wait means that it was paused, and that `finish` will be called. */
  run(client: Client, { script, keys, args, readOnly }: ScriptCall): Reply | Wait {
    const server = this.#server;
    const { flags } = script;
    if (readOnly && flags && !flags.has('no-writes')) throw notReadOnly();
    const refusal = server.refuseScript(flags);
    if (refusal) throw refusal;
    const running = new RunningScript(server.callerFor(client), {
      readOnly: readOnly || flags?.has('no-writes') === true,
      canPause: !server.isNested,
      startedAt: server.now,
      log: (level, message) => server.log(level, message),
    });
    const machine = this.#lua();
    const outcome = this.#step(running, () => machine.run(script, keys, args, running));
    if (outcome.state === 'done') return outcome.reply;
    this.#pause(client, script, running, outcome);
    return new Wait({ keys: [], timeoutMs: 0, onTimeout: null });
  }

  /** To be called after each command: ends a script that was killed. */
  settle(): void {
    const paused = this.#paused;
    if (!paused?.running.killed) return;
    paused.cancelNextSlice();
    this.#continue(paused);
  }

  #lua(): LuaMachine {
    this.#machine ??= this.#server.openLua();
    if (this.#machine) return this.#machine;
    throw notSimulated('a script without a Lua', 'run it');
  }

  /** Starts or resumes; `#running` is set for as long as the script is not over. */
  #step(running: RunningScript, step: () => Outcome): Outcome {
    const started = this.#server.stopwatch();
    this.#running = running;
    let isPaused = false;
    try {
      const outcome = step();
      running.tookAtLeast(this.#server.stopwatch() - started);
      isPaused = outcome.state === 'suspended';
      return outcome;
    } finally {
      if (!isPaused) this.#running = undefined;
    }
  }

  #pause(client: Client, script: Script, running: RunningScript, suspended: Suspended): void {
    const delayMs = running.takeUsec() / 1000;
    const cancelNextSlice = this.#server.clock.schedule(delayMs, () => this.#continue(paused));
    const paused = { client, script, running, suspended, cancelNextSlice };
    this.#paused = paused;
  }

  #continue({ client, script, running, suspended }: Paused<Client>): void {
    const server = this.#server;
    server.now = running.startedAt;
    this.#paused = undefined;
    const outcome = this.#step(running, () => suspended.resume());
    const elapsedMs = server.clock.now - running.startedAt;
    if (outcome.state === 'done') {
      server.busy = false;
      server.finish(client, outcome.reply, elapsedMs * 1000);
      server.resumeClients();
      return;
    }
    this.#pause(client, script, running, outcome);
    if (!server.busy && elapsedMs >= server.settings.busyReplyThreshold) {
      server.busy = true;
      server.log(WARNING, slowScript(script.name, elapsedMs));
      server.resumeClients();
    }
  }
}

const unkillable = () =>
  redisError(
    'UNKILLABLE Sorry the script already executed write commands against the dataset. You can either wait the script termination or kill the server in a hard way using the SHUTDOWN NOSAVE command.',
  );

const notReadOnly = () =>
  redisError('ERR Can not execute a script with write flag using *_ro command.');

const slowScript = (name: string, elapsedMs: number): string =>
  `Slow script detected: still in execution after ${elapsedMs} milliseconds. ` +
  `You can try killing the script using the SCRIPT KILL command. Script name is: ${name}.`;
