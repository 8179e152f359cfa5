/**
 * Everything that crosses between the page and the engine's worker. All of it is plain data: bytes on
 * sockets, and the few things that Redis has no command for.
 */

export type ToWorker =
  /** Opens a connection; `port` then carries `SocketMessage`s both ways, as a socket would. */
  | {
      readonly kind: 'dial';
      /** "host:port" of the server. */
      readonly address: string;
      /** The host that the connection comes from; cuts and latency between hosts apply to it. */
      readonly from: string;
      readonly port: MessagePort;
    }
  | Plug
  | OpenTerminal
  | OpenFiles
  | { readonly kind: 'control'; readonly id: number; readonly control: Control }
  /** Asks for a look at the lab from outside; `since` is how many of its events are known. */
  | { readonly kind: 'look'; readonly id: number; readonly since: number };

/**
 * Joins another worker (Python, Node) to the lab's network: it then opens connections by itself,
 * many of them through one port. See `CableMessage`.
 */
export interface Plug {
  readonly kind: 'plug';
  readonly from: string;
  readonly port: MessagePort;
  /** A message here ends all its connections, when the program can no longer do so. */
  readonly end: MessagePort;
  /** For a program that waits without turning its event loop: it is answered here (`ring.ts`). */
  readonly ring?: SharedArrayBuffer;
  /** Where what its connections carry is told as well: `TapMessage`s. */
  readonly tap?: MessagePort;
}

/** Opens a terminal on a host of the lab; `port` carries `ToTerminal` and `FromTerminal`. */
export interface OpenTerminal {
  readonly kind: 'terminal';
  readonly host: string;
  readonly port: MessagePort;
  /** As that of a `Plug`. */
  readonly tap?: MessagePort;
}

/** What a program's connection of that number said to its server, heard from it, or that it ended. */
export type TapMessage =
  | { readonly id: number; readonly what: 'said' | 'heard'; readonly bytes: Uint8Array }
  | { readonly id: number; readonly what: 'lost' };

/** Asks about the disks of the lab's hosts; `port` carries `ToFiles` and `FromFiles` (files.ts). */
export interface OpenFiles {
  readonly kind: 'files';
  readonly port: MessagePort;
}

export type ToTerminal =
  /** Runs a script of bash, which finds these files, by name, in the folder that it begins in. */
  | {
      readonly kind: 'run';
      readonly text: string;
      readonly files: Readonly<Record<string, string>>;
    }
  /** Starts a redis-server with this redis.conf, or with these users, in the place of all others. */
  | { readonly kind: 'conf' | 'acl'; readonly text: string }
  /** Reads a sentinel.conf as redis-sentinel does when it starts. */
  | { readonly kind: 'sentinel-conf'; readonly text: string }
  /** Runs a Prometheus with this configuration, or checks these rules. */
  | { readonly kind: 'prometheus-conf'; readonly text: string }
  /** Applies manifests to the Kubernetes of the lab, and shows what becomes of them. */
  | { readonly kind: 'yaml'; readonly text: string }
  /** What was typed where a program asked for a line; undefined is Ctrl-D. */
  | { readonly kind: 'typed'; readonly line: string | undefined }
  /** Ctrl-C. */
  | { readonly kind: 'interrupt' };

export type FromTerminal =
  | { readonly kind: 'out' | 'err'; readonly text: string }
  /** A program waits for a line, behind this prompt. */
  | { readonly kind: 'asks'; readonly prompt: string }
  /** What was to be run is over. */
  | { readonly kind: 'ended'; readonly status: number };

/**
 * What a cable carries, both ways: what happened on the connection of that number. The program
 * chooses the numbers, each of them once.
 */
export interface CableMessage {
  readonly id: number;
  readonly message: SocketMessage | DialMessage;
}

/** The first message of a connection: opens it, to "host:port". */
export interface DialMessage {
  readonly kind: 'dial';
  readonly address: string;
}

/** From the program: there is room in the ring again. */
export interface DrainMessage {
  readonly kind: 'drain';
}

export type FromWorker =
  /** A control message was carried out. */
  | { readonly kind: 'done'; readonly id: number; readonly state: WorldState }
  /** It was refused; nothing changed. */
  | { readonly kind: 'failed'; readonly id: number; readonly error: WireError }
  /** What a look has shown; undefined while there is no lab. */
  | { readonly kind: 'view'; readonly id: number; readonly view: LabView | undefined }
  /** The lab's time, a few times a second while it runs and something changed. */
  | { readonly kind: 'tick'; readonly state: WorldState }
  /** The engine itself failed, which is a bug of ours: the lab is gone until the next build. */
  | { readonly kind: 'crashed'; readonly error: WireError };

/** What a socket carries: bytes (transferred, never shared), or what happened to the connection. */
export type SocketMessage = Uint8Array | SocketEvent;

export type SocketEvent =
  /** To the page: somebody listens at the address. */
  | { readonly kind: 'open' }
  /** Either way: nothing more will come. */
  | { readonly kind: 'close'; readonly reason: CloseReason }
  /**
   * From the page, and sent back by the worker when all that came before it has been carried out
   * and all that was answered has been posted: how the page knows that a silent client waits.
   */
  | { readonly kind: 'mark'; readonly id: number };

/**
 * `refused`: nobody listens there. `closed`: the other side hung up. `reset`: the world it led to was
 * replaced or stopped. `timeout`: nobody ever answered. `unknown-host`: nobody has that name.
 */
export type CloseReason = 'refused' | 'closed' | 'reset' | 'timeout' | 'unknown-host';

/** What Redis has no command for: building a data centre, its time and its accidents. */
export type Control =
  /** Replaces the lab. The one before it is kept, standing still, until the next build. */
  | {
      readonly do: 'build';
      readonly topology: Topology;
      readonly seed: number;
      /** When the lab's time starts, in ms since 1970. */
      readonly startMs: number;
      /** Directives that its servers start with, beside their defaults. */
      readonly config?: Readonly<Record<string, string>>;
    }
  /** Brings the kept lab back, as it was; the present one becomes the kept one. */
  | { readonly do: 'undo' }
  /** Moves time forward at once. */
  | { readonly do: 'advance'; readonly ms: number }
  /** Moves time forward to the next event of the lab's log, by a minute at most. */
  | { readonly do: 'step' }
  /** Lab seconds per real second: 1 as a clock, 0 pauses. */
  | { readonly do: 'pace'; readonly rate: number }
  /** Cuts two nodes off from one another, or mends that: both ways, unless said. */
  | {
      readonly do: 'cut' | 'heal';
      readonly from: string;
      readonly to: string;
      readonly oneWay?: boolean;
    }
  /** One-way delay, in one direction. */
  | { readonly do: 'latency'; readonly from: string; readonly to: string; readonly ms: number }
  /** How much goes through in one direction, in kilobytes a second; 0 is everything. */
  | {
      readonly do: 'bandwidth';
      readonly from: string;
      readonly to: string;
      readonly kilobytes: number;
    }
  /** Gives a name the address of a node, as DNS would. */
  | { readonly do: 'name'; readonly name: string; readonly node: string }
  /** The share of packets that are lost in one direction and sent again, 0 to 1. */
  | { readonly do: 'loss'; readonly from: string; readonly to: string; readonly share: number }
  /**
   * Ends a process, takes its machine's power, lets it stand still or go on; `revive` lets one that
   * is paused go on, and starts one that has ended from its files.
   */
  | {
      readonly do: 'kill' | 'unplug' | 'pause' | 'resume' | 'revive';
      readonly node: string;
    };

export type Topology =
  | { readonly kind: 'standalone' }
  /** Servers that do not know one another. */
  | { readonly kind: 'servers'; readonly servers: number }
  /** The same with cluster support. */
  | { readonly kind: 'nodes'; readonly nodes: number }
  | { readonly kind: 'replicated'; readonly replicas: number }
  | { readonly kind: 'sentinel'; readonly replicas: number; readonly sentinels: number }
  | { readonly kind: 'cluster'; readonly shards: number; readonly replicasPerShard: number };

/** What every control message answers, and every tick says. */
export interface WorldState {
  /** The lab's time in ms since 1970. */
  readonly nowMs: number;
  readonly rate: number;
  /** Whether `undo` would bring a lab back. */
  readonly canUndo: boolean;
}

/** A lab as seen from outside: what no server in it could tell. */
export interface LabView {
  /** Which lab it is: each build makes another one. */
  readonly lab: number;
  /** Ms since 1970. */
  readonly nowMs: number;
  readonly nodes: readonly NodeView[];
  /** One direction between two hosts each. */
  readonly links: readonly LinkView[];
  /** What has happened that was not known, oldest first. */
  readonly events: readonly EventView[];
  /** How many events there have been in all. */
  readonly told: number;
}

export interface NodeView {
  readonly name: string;
  /** Of its host. */
  readonly host: string;
  readonly port: number;
  readonly state: 'running' | 'paused' | 'ended';
}

export interface LinkView {
  /** Addresses of hosts. */
  readonly from: string;
  readonly to: string;
  readonly isCut: boolean;
  readonly latencyMs: number;
  /** The share of packets that are lost and sent again, 0 to 1. */
  readonly loss: number;
  /** Bytes that were sent over it so far. */
  readonly carried: number;
}

export interface EventView {
  /** Ms since 1970. */
  readonly at: number;
  /** The name of a node. */
  readonly node: string;
  readonly text: string;
  /** How loud the node's own log says it; undefined for what befell the node. */
  readonly level: 'debug' | 'verbose' | 'notice' | 'warning' | undefined;
}

/** An error as data: what kind, a sentence for people, and whatever else helps (a stack, a name). */
export interface WireError {
  readonly code: 'not-built' | 'nothing-to-undo' | 'bad-control' | 'not-simulated' | 'engine-bug';
  readonly message: string;
  readonly details?: Readonly<Record<string, string>>;
}
