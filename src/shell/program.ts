import type { Dial } from '../wire/link.ts';

/**
 * A program of the shell: `redis-cli`, `redis-server`, `ps`. It is called with words, prints, and
 * ends with an exit status, 0 for success. All text is bytes (latin1 strings), as it is in a pipe.
 */
export type Program = (call: Call) => Promise<number>;

/** One call of a program: what it was told, and all that it may touch. */
export interface Call {
  /** The words after the program's name. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** The folder in which it was called. */
  readonly folder: string;
  /** What is piped in, or undefined: it reads from a terminal. */
  readonly stdin: string | undefined;
  /** Shows a prompt and waits for a line; undefined at the end. Missing where nobody can type. */
  readonly ask?: Ask | undefined;
  /** Whether people read what it prints: not so behind a pipe, or into a file. */
  readonly isTerminal: boolean;
  /** Tells which process of the host it is, of a job that runs beside others. */
  readonly becomes?: ((pid: number) => void) | undefined;
  readonly machine: Machine;
  /** Writes to standard output. */
  print(text: string): void;
  /** Writes to standard error. */
  complain(text: string): void;
  /** Ctrl-C. */
  readonly signal: AbortSignal;
}

/** Resolves with the line that was typed, without its end; with undefined where there is none. */
export type Ask = (prompt: string) => Promise<string | undefined>;

/** The lines of what is piped in, as if they were typed. */
export function asking(text: string): Ask {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return async () => lines.shift();
}

/** The host on which a program runs. */
export interface Machine {
  readonly dial: Dial;
  readonly files: Files;
  /** The lab's time in ms since 1970. */
  now(): number;
  /** Resolves so many ms of the lab's time later; rejects with `Interrupted` on Ctrl-C. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** Lets others work: who goes on for long calls it now and then, or Ctrl-C would not be heard. */
  breathe(): Promise<void>;
  readonly processes: Processes;
  /** Reads a snapshot to its end, or to what is wrong with it. */
  checkSnapshot(bytes: string): SnapshotCheck;
  readonly host: HostFacts;
}

/** What redis-check-rdb finds in a snapshot. */
export interface SnapshotCheck {
  readonly remarks: readonly { readonly offset: number; readonly text: string }[];
  readonly problem: SnapshotProblem | undefined;
  readonly keys: number;
  readonly expires: number;
  readonly expired: number;
  /** Where the snapshot ends in the bytes. */
  readonly end: number;
}

export interface SnapshotProblem {
  readonly offset: number;
  readonly text: string;
  readonly doing: string;
  readonly key: string | undefined;
  readonly type: number | undefined;
}

/** What a host is, and what it knows of others. What is modelled says so where it is printed. */
export interface HostFacts {
  readonly name: string;
  readonly address: string;
  /** When it was started, in ms of the lab's time. */
  readonly startedAt: number;
  /** What each of its servers has used so far. */
  usage(): readonly ProcessUsage[];
  /** What its disk has done so far. */
  disk(): DiskTraffic;
  /** The way to another host and back; undefined for a name that nobody has. */
  route(host: string): Route | undefined;
  /** Another host as one who is logged in there sees it. */
  peer(host: string): Machine | undefined;
}

export interface ProcessUsage {
  readonly pid: number;
  readonly bytes: number;
  readonly commands: number;
}

export interface DiskTraffic {
  readonly writes: number;
  readonly bytesWritten: number;
  readonly syncs: number;
}

export interface Route {
  readonly address: string;
  /** There and back, in ms; undefined: nothing comes back. */
  readonly roundTripMs: number | undefined;
  /** How many bytes a ms the way there takes. */
  readonly bytesPerMs: number;
}

/** The files of a host, by absolute paths; folders are there when something is in them. */
export interface Files {
  readonly paths: readonly string[];
  /** The bytes of a file, or undefined when there is none. */
  read(path: string): string | undefined;
  write(path: string, bytes: string): void;
  remove(path: string): void;
  /** Whether a file may be made in a folder; everywhere, where nobody knows. */
  hasFolder?(path: string): boolean;
}

/** What runs on a host. */
export interface Processes {
  /** What `redis-server --version` says. */
  readonly version: string;
  list(): readonly ProcessInfo[];
  /** Starts redis-server with these words; what it prints, and its process if it runs. */
  launch(
    args: readonly string[],
    folder: string,
  ): { readonly output: string; readonly process: ProcessInfo | undefined };
  /** False when there is no such process. */
  signal(pid: number, signal: ProcessSignal): boolean;
  /**
   * Starts a server of the host that has ended, as it was. False when it does not start, undefined
   * when none has ended that listened at the port.
   */
  resume(port: number): boolean | undefined;
  /** What has become of the servers at a port, and what they have logged, oldest first. */
  journal(port: number): readonly JournalLine[];
}

/** A line of a log, or what became of a process. */
export interface JournalLine {
  /** Ms since 1970. */
  readonly at: number;
  readonly pid: number;
  readonly text: string;
  /** Whether the system says it of the process. */
  readonly isOfSystem: boolean;
}

export interface ProcessInfo {
  readonly pid: number;
  readonly title: string;
  readonly isDaemon: boolean;
  /** T is stopped by a signal. */
  readonly state: 'S' | 'T';
}

export type ProcessSignal = 'TERM' | 'KILL' | 'STOP' | 'CONT' | 'INT';

/** Ctrl-C has ended a program: its status is 130. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

export const INTERRUPTED_STATUS = 130;

/** What a terminal shows, as text for people. */
export interface TerminalOutput {
  out(text: string): void;
  err(text: string): void;
  /** Whether people read it as it comes; not so of a job of cron, which is mailed. */
  readonly isTerminal?: boolean;
}

/** The folder in which a terminal begins. */
export const HOME = '/root';
