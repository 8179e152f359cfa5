import type { Dial } from '../wire/link.ts';

/**
 * A program of the shell: `redis-cli`, `redis-benchmark`, `ps`. It is called with words, prints, and
 * ends with an exit status, 0 for success. All text is bytes (latin1 strings), as it is in a pipe.
 */
export type Program = (call: Call) => Promise<number>;

/** One call of a program: what it was told, and all that it may touch. */
export interface Call {
  /** The words after the program's name. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** What is piped in, or undefined: it reads from a terminal. */
  readonly stdin: string | undefined;
  /** Whether people read what it prints: not so behind a pipe, or into a file. */
  readonly isTerminal: boolean;
  readonly machine: Machine;
  /** Writes to standard output. */
  print(text: string): void;
  /** Writes to standard error. */
  complain(text: string): void;
  /** Ctrl-C. */
  readonly signal: AbortSignal;
}

/** The host on which a program runs. */
export interface Machine {
  readonly dial: Dial;
  readonly files: Files;
  /** The lab's time in ms since 1970, with fractions where the host has them. */
  now(): number;
  /** Resolves so many ms of the lab's time later; rejects with `Interrupted` on Ctrl-C. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** Files as programs use them; the path is relative to where the program was called. */
export interface Files {
  /** The bytes of a file, or why not ("No such file or directory"). */
  read(path: string): Promise<string | FileProblem>;
  write(path: string, bytes: string): Promise<FileProblem | undefined>;
}

/** Why a file could not be used, in the words of the operating system. */
export class FileProblem {
  constructor(readonly reason: string) {}
}

/** Ctrl-C has ended a program: its status is 130. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

export const INTERRUPTED_STATUS = 130;

/** Rejects with `Interrupted` once the signal comes. */
export function untilInterrupted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const interrupt = () => reject(new Interrupted());
    if (signal.aborted) interrupt();
    else signal.addEventListener('abort', interrupt, { once: true });
  });
}
