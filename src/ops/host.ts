import type { Dial } from '../wire/link.ts';

/** A host of the lab, or a container on one, as the services here need it. Bytes are latin1 strings. */
export interface OpsHost {
  readonly name: string;
  readonly address: string;
  readonly dial: Dial;
  /** The lab's time in ms since 1970. */
  now(): number;
  /** Calls so many ms of the lab's time later; returns how not to. */
  after(ms: number, task: () => void): () => void;
  /** Takes connections at a port. Returns how to stop, or undefined when the port is taken. */
  listen(port: number, accept: Accept): (() => void) | undefined;
  /** A text file of the host, or undefined. */
  read(path: string): string | undefined;
  /** A new host on this one, with a network of its own: it reaches the others by their addresses. */
  container(name: string): OpsHost;
  /** Another host of the lab; undefined for a name that nobody has. */
  peer(name: string): OpsHost | undefined;
  /** Cuts two hosts off from one another, both ways, or mends that. */
  cut(one: string, other: string, isCut: boolean): void;
}

/** Takes the server's end of a connection. */
export type Accept = (connection: { send(bytes: string): void; close(): void }) => {
  onData(bytes: string): void;
  onClose(): void;
};
