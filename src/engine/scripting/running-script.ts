/** One run of a script: what it may do, what it has done, and when it must pause or end. */
import type { Command } from '../commands/command.ts';
import { notSimulated, RedisError, redisError } from '../errors.ts';
import type { Reply } from '../resp/reply.ts';
import type { Debugger } from './debugger.ts';
import type { LuaHost, Protocol, Tick } from './machine.ts';

/** A client of the server's own, in whose name a script runs commands. */
export interface ScriptCaller {
  /** The command that an argv names, or the error that a client would get. */
  lookUp(argv: readonly string[]): Command<never> | RedisError;
  /**
   * Why the server does not let a script run this command now, beyond what the script itself may do:
   * permissions, memory, a read-only replica, keys of another node.
   */
  refuse(command: Command<never>, argv: readonly string[]): RedisError | undefined;
  /** Runs a command; one that would wait answers as if its time were up. */
  call(command: Command<never>, argv: readonly string[], protocol: Protocol): Reply;
  /** Whether the user may run this command; undefined when there is no such. */
  isPermitted(argv: readonly string[]): boolean | undefined;
  /** redis.set_repl(): what of the following commands goes to the AOF and to replicas. */
  setReplication(flags: number): void;
}

interface Terms {
  readonly readOnly: boolean;
  /** DEBUG SET-DISABLE-DENY-SCRIPTS. */
  readonly allowsAll: boolean;
  /** False inside a transaction, where the reply is wanted at once. */
  readonly canPause: boolean;
  readonly startedAt: number;
  readonly debugger?: Debugger | undefined;
  log(level: number, message: string): void;
}

/** 100 000 instructions, about what Redis manages in this time. */
const TICK_USEC = 1000;
const CALL_USEC = 1;
/** What a script may take before it is paused, so that short ones do not need time to pass. */
const MAX_AT_ONCE_USEC = 20_000;
/** What it may take where it cannot be paused, and nobody else can do anything. */
const MAX_UNPAUSED_USEC = 2_000_000;

export class RunningScript implements LuaHost {
  readonly startedAt: number;
  /** SCRIPT KILL was called. */
  killed = false;
  hasWritten = false;
  /** When it started, or went on after its debugger had it stand still. */
  runsSince: number;
  readonly #caller: ScriptCaller;
  readonly #terms: Terms;
  #usec = 0;
  #usecSincePause = 0;

  constructor(caller: ScriptCaller, terms: Terms) {
    this.#caller = caller;
    this.#terms = terms;
    this.startedAt = terms.startedAt;
    this.runsSince = terms.startedAt;
  }

  get debugger(): Debugger | undefined {
    return this.#terms.debugger;
  }

  call(argv: readonly string[], protocol: Protocol): Reply {
    this.debugger?.calls(argv);
    const command = this.#admit(argv);
    if (command instanceof RedisError) {
      this.debugger?.isRefused(command);
      return command;
    }
    if (command.isWrite) this.hasWritten = true;
    this.spend(CALL_USEC);
    const reply = this.#caller.call(command, argv, protocol);
    this.debugger?.isAnswered(reply, protocol);
    return reply;
  }

  tick(): Tick {
    if (this.killed) return { kill: 'ERR Script killed by user with SCRIPT KILL...' };
    this.spend(TICK_USEC);
    if (this.#usec < MAX_AT_ONCE_USEC) return 'continue';
    if (this.#usecSincePause > MAX_UNPAUSED_USEC) return { kill: tooLong().message };
    return this.#terms.canPause ? 'suspend' : 'continue';
  }

  spend(usec: number): void {
    this.#usec += usec;
    this.#usecSincePause += usec;
  }

  /** Where counting what was done gives less than the time it took, time counts. */
  tookAtLeast(usec: number): void {
    this.#usecSincePause = Math.max(this.#usecSincePause, usec);
  }

  /** How long the script has taken since the last pause; starts to count again. */
  takeUsec(): number {
    const usec = this.#usecSincePause;
    this.#usecSincePause = 0;
    return usec;
  }

  log(level: number, message: string): void {
    this.#terms.log(level, message);
  }

  setReplication(flags: number): void {
    this.#caller.setReplication(flags);
  }

  isPermitted(argv: readonly string[]): boolean | undefined {
    return this.#caller.isPermitted(argv);
  }

  /** The command that an argv names, or why it may not run. */
  #admit(argv: readonly string[]): Command<never> | RedisError {
    const command = this.#caller.lookUp(argv);
    if (command instanceof RedisError) return inScript(command);
    return this.#refuse(command, argv) ?? command;
  }

  #refuse(command: Command<never>, argv: readonly string[]): RedisError | undefined {
    if (command.flags.has('noscript') && !this.#terms.allowsAll) {
      return redisError('ERR This Redis command is not allowed from script');
    }
    if (this.#terms.readOnly && (command.isWrite || command.flags.has('may_replicate'))) {
      return redisError('ERR Write commands are not allowed from read-only scripts.');
    }
    return this.#caller.refuse(command, argv);
  }
}

/** Scripts have their own words for the two errors of looking a command up. */
function inScript({ message }: RedisError): RedisError {
  return redisError(
    message.startsWith('ERR wrong number of arguments')
      ? 'ERR Wrong number of args calling Redis command from script'
      : 'ERR Unknown Redis command called from script',
  );
}

const tooLong = () =>
  notSimulated(
    'a script of 2 seconds inside EXEC, pcall, a metamethod or an iterator',
    'go on and answer BUSY to others',
  );
