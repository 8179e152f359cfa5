/**
 * The one script or function of a server that may be running.
 *
 * It runs to its end inside its command, and time stands still meanwhile, as for any command. One
 * that takes longer than a moment is paused, and goes on slice by slice as the lab's time moves,
 * about as far in each as Redis would come. Until it is over nobody else's commands run; after
 * busy-reply-threshold they are answered with BUSY, and SCRIPT KILL or FUNCTION KILL ends it.
 * https://redis.io/docs/latest/develop/interact/programmability/#maximum-execution-time
 */
import { Wait } from '../commands/wait.ts';
import { type RedisError, redisError } from '../errors.ts';
import type { Reply } from '../resp/reply.ts';
import type { Clock } from '../time/clock.ts';
import type { Debugger, DebugPort } from './debugger.ts';
import type { LuaHost, LuaMachine, Outcome, Suspended } from './machine.ts';
import { RunningScript, type ScriptCaller } from './running-script.ts';
import type { ScriptFlag } from './shebang.ts';

/** What scripts need of their server. `Client` is the server's own type. */
export interface ScriptServer<Client> {
  readonly clock: Clock;
  readonly settings: { readonly busyReplyThreshold: number; readonly allowsAllInScripts: boolean };
  /** The instant that commands see, in ms since 1970; a script keeps the one it started at. */
  now: number;
  /** Whether the running command was called by another one, EXEC, and so cannot wait. */
  readonly isNested: boolean;
  /** A Lua of its own, or undefined where the host has given none. */
  openLua(): LuaMachine | undefined;
  /** Why a script with these flags may not run now: too little memory, a stale replica, ... */
  refuseScript(flags: ReadonlySet<ScriptFlag> | undefined): RedisError | undefined;
  /** Whoever runs the script's commands on behalf of `client`, with its database and user. */
  callerFor(client: Client, flags: ReadonlySet<ScriptFlag> | undefined): ScriptCaller;
  /** Microseconds of real time, or always 0; a slice never counts as shorter than it was. */
  stopwatch(): number;
  /** Answers a client whose command returned a Wait; `usec` is how long it took. */
  finish(client: Client, reply: Reply, usec: number): void;
  /** Runs what clients have sent while nothing could run. */
  resumeClients(): void;
  /** Writes a line to the server's log; levels are those of redis.log(). */
  log(level: number, message: string): void;
  /** Replies are waiting to be sent to a client, or it is in a transaction. */
  isInPipeline(client: Client): boolean;
  /** What the client sends goes to `receive` from now on, and `lost` hears when it is gone. */
  debugPort(client: Client, listener: Pick<Debugger, 'receive' | 'lost'>): DebugPort;
  /** Whether a copy of the server does as it does: it has no primary, replicas, or cluster. */
  readonly canFork: boolean;
  /** Has a copy of the server, made as fork() does, debug the client's command; it keeps the client. */
  forkFor(client: Client, argv: readonly string[]): void;
}

export type ScriptKind = 'SCRIPT' | 'FUNCTION';

export interface Job {
  readonly kind: ScriptKind;
  /** The SHA1 of a script, the name of a function. */
  readonly name: string;
  /** The command that runs it. */
  readonly argv: readonly string[];
  readonly flags: ReadonlySet<ScriptFlag> | undefined;
  /** EVAL_RO, EVALSHA_RO, FCALL_RO. */
  readonly readOnly: boolean;
  readonly debugger?: Debugger | undefined;
  start(host: LuaHost): Outcome;
}

/** A script from its first instruction to its last. */
interface Current {
  readonly job: Job;
  readonly running: RunningScript;
}

/** A script between two slices. */
interface Paused<Client> extends Current {
  readonly client: Client;
  readonly suspended: Suspended;
  readonly cancelNextSlice: () => void;
}

const WARNING = 3;
/** The debugger wants a limit, also where busy-reply-threshold is none. */
const DEFAULT_BUSY_MS = 5000;

export class ScriptRunner<Client> {
  readonly #server: ScriptServer<Client>;
  #current: Current | undefined;
  #paused: Paused<Client> | undefined;
  #isBusy = false;

  constructor(server: ScriptServer<Client>) {
    this.#server = server;
  }

  /** A script has started and not ended: the data may be half changed. */
  get isRunning(): boolean {
    return this.#current !== undefined;
  }

  /** What is running, and for how long. */
  get report(): { readonly job: Job; readonly durationMs: number } | undefined {
    const current = this.#current;
    if (!current) return undefined;
    return { job: current.job, durationMs: this.#server.clock.now - current.running.startedAt };
  }

  /** A script has been paused, but not for long enough to answer others with BUSY. */
  get holdsCommands(): boolean {
    return this.#current !== undefined && !this.#isBusy;
  }

  /** What commands are answered that do not have the flag allow_busy; undefined when they may run. */
  get busyError(): RedisError | undefined {
    return this.#isBusy && this.#current ? busy(this.#current.job.kind) : undefined;
  }

  /** Runs a script for a client. A Wait means that it was paused, and that `finish` will be called. */
  run(client: Client, job: Job): Reply | Wait {
    const server = this.#server;
    const { flags, readOnly } = job;
    const refusal = server.refuseScript(flags);
    if (refusal) throw refusal;
    if (readOnly && flags && !flags.has('no-writes')) throw notReadOnly();
    const running = new RunningScript(server.callerFor(client, flags), {
      readOnly: readOnly || flags?.has('no-writes') === true,
      allowsAll: server.settings.allowsAllInScripts,
      canPause: !server.isNested,
      startedAt: server.now,
      debugger: job.debugger,
      log: (level, message) => server.log(level, message),
    });
    const current = { job, running };
    const outcome = this.#step(current, () => job.start(running));
    if (outcome.state === 'done') {
      job.debugger?.end();
      return outcome.reply;
    }
    this.#pause(client, current, outcome);
    return new Wait({ keys: [], timeoutMs: 0, onTimeout: null });
  }

  /** Has the running script ended by `settle`, unless it has written. */
  kill(kind: ScriptKind): void {
    const current = this.#current;
    if (!current) throw redisError('NOTBUSY No scripts in execution right now.');
    if (current.running.hasWritten) throw unkillable();
    if (current.job.kind !== kind) throw busy(current.job.kind);
    current.running.killed = true;
  }

  /** The process is gone: a paused script does not go on. */
  drop(): void {
    this.#paused?.cancelNextSlice();
    this.#paused = undefined;
  }

  /** To be called after each command: ends a script that was killed. */
  settle(): void {
    const paused = this.#paused;
    if (!paused?.running.killed) return;
    paused.cancelNextSlice();
    this.#continue(paused);
  }

  /** Starts or resumes; `#current` is set for as long as the script is not over. */
  #step(current: Current, step: () => Outcome): Outcome {
    const started = this.#server.stopwatch();
    this.#current = current;
    let isPaused = false;
    try {
      const outcome = step();
      current.running.tookAtLeast(this.#server.stopwatch() - started);
      isPaused = outcome.state === 'suspended';
      return outcome;
    } finally {
      if (!isPaused) this.#current = undefined;
    }
  }

  #pause(client: Client, { job, running }: Current, suspended: Suspended): void {
    if (job.debugger?.isStopped) {
      this.#stand(client, { job, running }, suspended);
      return;
    }
    const { clock, settings } = this.#server;
    const busyInMs = running.runsSince + settings.busyReplyThreshold - clock.now;
    const tookMs = running.takeUsec() / 1000;
    // A slice begins at the very instant from which others are answered with BUSY.
    const delayMs = busyInMs > 0 ? Math.min(tookMs, busyInMs) : tookMs;
    const cancelNextSlice = clock.schedule(delayMs, () => this.#continue(paused));
    const paused = { client, job, running, suspended, cancelNextSlice };
    this.#paused = paused;
  }

  /** The script goes on when its debugger says so; time is not counted meanwhile. */
  #stand(client: Client, { job, running }: Current, suspended: Suspended): void {
    const paused = { client, job, running, suspended, cancelNextSlice: () => {} };
    this.#paused = paused;
    if (!job.debugger) return;
    job.debugger.onGo = () => {
      running.runsSince = this.#server.clock.now;
      running.takeUsec();
      this.#continue(paused);
    };
  }

  #continue(paused: Paused<Client>): void {
    const { client, job, running, suspended } = paused;
    const server = this.#server;
    server.now = running.startedAt;
    this.#paused = undefined;
    const runsMs = server.clock.now - running.runsSince;
    if (runsMs >= (server.settings.busyReplyThreshold || DEFAULT_BUSY_MS)) {
      job.debugger?.ranTooLong();
    }
    const outcome = this.#step(paused, () => suspended.resume());
    const elapsedMs = server.clock.now - running.startedAt;
    if (outcome.state === 'done') {
      this.#isBusy = false;
      job.debugger?.end();
      server.finish(client, outcome.reply, elapsedMs * 1000);
      server.resumeClients();
      return;
    }
    this.#pause(client, paused, outcome);
    if (job.debugger) return;
    if (!this.#isBusy && elapsedMs >= server.settings.busyReplyThreshold) {
      this.#isBusy = true;
      server.log(WARNING, slowScript(job.name, elapsedMs));
      server.resumeClients();
    }
  }
}

const busy = (kind: ScriptKind): RedisError =>
  redisError(
    `BUSY Redis is busy running a script. You can only call ${kind} KILL or SHUTDOWN NOSAVE.`,
  );

const unkillable = () =>
  redisError(
    'UNKILLABLE Sorry the script already executed write commands against the dataset. You can either wait the script termination or kill the server in a hard way using the SHUTDOWN NOSAVE command.',
  );

const notReadOnly = () =>
  redisError('ERR Can not execute a script with write flag using *_ro command.');

const slowScript = (name: string, elapsedMs: number): string =>
  `Slow script detected: still in execution after ${elapsedMs} milliseconds. ` +
  `You can try killing the script using the SCRIPT KILL command. Script name is: ${name}.`;
