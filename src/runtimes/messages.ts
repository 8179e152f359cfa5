/** What crosses between the page and the worker that a program runs in. */
import type { Reading } from './clock.ts';
import type { Fault } from './faults.ts';
import type { DiskChanges } from './host-files.ts';
import type { Chunk } from './screen.ts';

export interface Program {
  readonly language:
    | 'python'
    | 'node'
    | 'shell'
    | 'conf'
    | 'acl'
    | 'sentinel-conf'
    | 'prometheus-conf'
    | 'yaml';
  readonly code: string;
  /** Files that it may read, by name. */
  readonly files?: Readonly<Record<string, string>>;
}

/** How a program ended. */
export interface End {
  /** 0 when all went well, as a process says it. */
  readonly code: number;
  /** It does not even parse: the line at fault, from 1. */
  readonly syntaxErrorAt?: number;
}

/** To the worker. */
export type Order =
  | {
      readonly do: 'run';
      readonly program: Program;
      /** The program's end of a cable into the lab. */
      readonly port: MessagePort;
      /** Addresses of the hosts that the lab has, by name. */
      readonly hosts: Readonly<Record<string, string>>;
      readonly clock: Reading;
      readonly shared?: SharedParts;
      /** The files of the host that it runs on, bytes by path. */
      readonly disk?: Readonly<Record<string, string>>;
    }
  /** Says of a program where it does not parse: only to a Python that is there already. */
  | { readonly do: 'check'; readonly id: number; readonly code: string }
  /** The lab's time has been changed, or its pace. Not for a worker that shares memory. */
  | { readonly do: 'clock'; readonly clock: Reading };

/** What a program that blocks shares with the page and the lab. */
export interface SharedParts {
  /** From the lab: see `wire/ring.ts`. */
  readonly ring: SharedArrayBuffer;
  /** Not zero: stop. */
  readonly interrupt: Uint8Array;
  readonly clock: SharedArrayBuffer;
}

/** From the worker. */
export type Report =
  | { readonly kind: 'loading'; readonly loaded: number; readonly total: number }
  | { readonly kind: 'started' }
  | { readonly kind: 'printed'; readonly chunks: readonly Chunk[] }
  | {
      readonly kind: 'ended';
      readonly end: End;
      /** Of no further use. */
      readonly worn: boolean;
      /** What it has done to the files of its host. */
      readonly files?: DiskChanges;
    }
  | { readonly kind: 'checked'; readonly id: number; readonly faults: readonly Fault[] }
  /** The runtime itself failed. */
  | { readonly kind: 'broken'; readonly message: string };
