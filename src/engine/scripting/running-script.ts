/** One run of a script: what it may do, what it has done, and when it must pause or end. */
import type { Command } from '../commands/command.ts';
import { notSimulated, RedisError, redisError } from '../errors.ts';
import type { Reply } from '../resp/reply.ts';
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
  /** False inside a transaction, where the reply is wanted at once. */
  readonly canPause: boolean;
  readonly startedAt: number;
  log(level: number, message: string): void;
}

/** What a script may take before it is paused, so that short ones do not need time to pass. */
const TICKS_AT_ONCE = 20;
/** What it may take where it cannot be paused: as long as the default busy-reply-threshold. */
const MAX_TICKS_AT_ONCE = 5000;

export class RunningScript implements LuaHost {
  readonly startedAt: number;
  /** SCRIPT KILL was called. */
  killed = false;
  hasWritten = false;
  readonly #caller: ScriptCaller;
  readonly #terms: Terms;
  #ticks = 0;
  #ticksSincePause = 0;

  constructor(caller: ScriptCaller, terms: Terms) {
    this.#caller = caller;
    this.#terms = terms;
    this.startedAt = terms.startedAt;
  }

  call(argv: readonly string[], protocol: Protocol): Reply {
    const command = this.#caller.lookUp(argv);
    if (command instanceof RedisError) return inScript(command);
    const refusal = this.#refuse(command, argv);
    if (refusal) return refusal;
    if (command.isWrite) this.hasWritten = true;
    return this.#caller.call(command, argv, protocol);
  }

  tick(): Tick {
    if (this.killed) return { kill: 'ERR Script killed by user with SCRIPT KILL...' };
    this.#ticks++;
    this.#ticksSincePause++;
    if (this.#ticks < TICKS_AT_ONCE) return 'continue';
    if (this.#ticksSincePause > MAX_TICKS_AT_ONCE) return { kill: tooLong().message };
    return this.#terms.canPause ? 'suspend' : 'continue';
  }

  /** The script goes on after a pause. */
  resumed(): void {
    this.#ticksSincePause = 0;
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

  #refuse(command: Command<never>, argv: readonly string[]): RedisError | undefined {
    if (command.flags.has('noscript')) {
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
    'a script of 5 seconds inside EXEC, pcall, a metamethod or an iterator',
    'go on and answer BUSY to others',
  );
