/**
 * What the cluster needs of the lab. Bytes are latin1 strings. All of it but `enter` and `outside`
 * is called within the lab: in a task of its clock, or inside `enter`.
 */
import type { Machine } from '../../shell/program.ts';

export interface Infrastructure {
  /** The lab's time in ms since 1970. */
  now(): number;
  /** Runs a task in the lab, so many ms of its time later. Returns how not to. */
  after(ms: number, task: () => void): () => void;
  /** Does something in the lab, for somebody outside of it. */
  enter<T>(task: () => T): T;
  /** A new disk; what is on it stays as long as somebody has it. */
  openDisk(): PodDisk;
  /** A new host in the lab's network, with disks of their own in some places. */
  openHost(name: string, address: string, mounts: readonly Mount[]): PodHost;
  /** Connects from a host, as a process there would. Returns how to hang up. */
  connect(address: string, from: string, listener: ConnectListener): () => void;
  /** Who answers for the names and the addresses that no host has. */
  setRoutes(routes: Routes): void;
}

/** The files of a volume, by paths within it. */
export interface PodDisk {
  read(path: string): string | undefined;
  write(path: string, bytes: string): void;
  remove(path: string): void;
  /** The machine that it is mounted on loses power: what was not synced is gone. */
  losePower(): void;
}

/** Where a disk is seen, and which part of it: all of it, a folder or a file. */
export interface Mount {
  readonly path: string;
  readonly disk: PodDisk;
  /** "" or "/folder". */
  readonly part: string;
}

export interface ConnectListener {
  onOpen(send: (bytes: string) => void): void;
  onData(bytes: string): void;
  onClose(): void;
  onFail(reason: string): void;
}

export interface Routes {
  /** The address of a name as a host knows it; undefined for names that are not of the cluster. */
  resolve(name: string, from: string): string | undefined;
  /** Where a connection to `address:port` leads; undefined when it is dropped on its way. */
  lead(to: string, from: string): string | undefined;
}

/** A host of a pod. It has one address as long as the pod lives, whatever its containers do. */
export interface PodHost {
  readonly address: string;
  /** Starts a redis-server; undefined when it has ended at once. What it prints is heard either way. */
  launch(args: readonly string[], hear: ProcessListener): PodProcess | undefined;
  /** The host as programs of a shell see it; for outside of the lab. */
  machine(): Machine;
  /** The files outside of all volumes are gone: a container starts anew. */
  clear(): void;
  /** Takes a file from, or puts one on, the host. */
  read(path: string): string | undefined;
  write(path: string, bytes: string): void;
  /** What its servers hold in memory, in bytes. */
  usedBytes(): number;
  /** Ends what still runs there. With `isPowerLoss` nothing is saved. */
  close(isPowerLoss: boolean): void;
}

export interface ProcessListener {
  onLog(text: string): void;
  /** 128 and the number of the signal that has ended it: 137 is a SIGKILL. */
  onEnd(exitCode: number): void;
}

export interface PodProcess {
  signal(signal: 'TERM' | 'KILL'): void;
}
