import type { Limits } from '../commands/context.ts';
import { defaultLimits } from '../values/encoding.ts';
import type { BufferLimits } from './config-lists.ts';

/**
 * The configuration as the server reads it on every command: plain fields. The names, types and
 * texts of the directives are rows in config-rows.ts; Config keeps these fields up to date.
 */
export type Settings = { -readonly [K in keyof Limits]: Limits[K] } & {
  databases: number;
  /** Bytes; 0 is no limit. */
  maxmemory: number;
  maxmemoryPolicy: string;
  maxmemorySamples: number;
  /** Calls per second of the background work. */
  hz: number;
  /** The letters of notify-keyspace-events, as CONFIG GET prints them. */
  notifyKeyspaceEvents: string;
  /** Microseconds; negative switches the slow log off. */
  slowlogLogSlowerThan: number;
  slowlogMaxLen: number;
  /** How long a script runs before others are told BUSY, in ms. */
  busyReplyThreshold: number;
  /** Idle clients are closed after this many seconds; 0 never. */
  timeout: number;
  maxclients: number;
  /** Bytes; negative is a share of maxmemory, per cent; 0 is no limit. */
  maxmemoryClients: number;
  /** How much a client may have sent that was not understood yet. Bytes. */
  clientQueryBufferLimit: number;
  /** How much a client may leave unread, by the kind of client. */
  clientOutputBufferLimits: BufferLimits;
  /** DEBUG SET-ACTIVE-EXPIRE. */
  activeExpire: boolean;
  /** DEBUG PAUSE-CRON. */
  pausesCron: boolean;
  /** The signal by which DEBUG SEGFAULT and the like have ended the process; 0 before. */
  crashSignal: number;
  /** DEBUG SET-DISABLE-DENY-SCRIPTS: scripts may run what scripts may not run. */
  allowsAllInScripts: boolean;
  /** DEBUG SET-SKIP-CHECKSUM-VALIDATION: wrong checksums do not matter. */
  skipsChecksums: boolean;
  /** Milliseconds; 0 switches the latency monitor off. */
  latencyMonitorThreshold: number;
  /** Whether the distribution of each command's time is kept. */
  latencyTracking: boolean;
  replicaReadOnly: boolean;
  replicaServeStaleData: boolean;
  minReplicasToWrite: number;
  /** How many keys client-side caching remembers; 0 is no limit. */
  trackingTableMaxKeys: number;
};

export const defaultSettings = (): Settings => ({
  ...defaultLimits,
  protoMaxBulkLen: 512 * 1024 * 1024,
  hllSparseMaxBytes: 3000,
  streamNodeMaxEntries: 100,
  streamNodeMaxBytes: 4096,
  tracksFrequency: false,
  lazyfreeLazyServerDel: false,
  lazyfreeLazyUserDel: false,
  lazyfreeLazyUserFlush: false,
  databases: 16,
  maxmemory: 0,
  maxmemoryPolicy: 'noeviction',
  maxmemorySamples: 5,
  lfuLogFactor: 10,
  lfuDecayTime: 1,
  hz: 10,
  notifyKeyspaceEvents: '',
  slowlogLogSlowerThan: 10_000,
  slowlogMaxLen: 128,
  busyReplyThreshold: 5_000,
  timeout: 0,
  maxclients: 10_000,
  maxmemoryClients: 0,
  clientQueryBufferLimit: 1024 ** 3,
  clientOutputBufferLimits: {
    normal: { hardBytes: 0, softBytes: 0, softSeconds: 0 },
    slave: { hardBytes: 256 * 1024 ** 2, softBytes: 64 * 1024 ** 2, softSeconds: 60 },
    pubsub: { hardBytes: 32 * 1024 ** 2, softBytes: 8 * 1024 ** 2, softSeconds: 60 },
  },
  activeExpire: true,
  pausesCron: false,
  crashSignal: 0,
  allowsAllInScripts: false,
  skipsChecksums: false,
  latencyMonitorThreshold: 0,
  latencyTracking: true,
  replicaReadOnly: true,
  replicaServeStaleData: true,
  minReplicasToWrite: 0,
  trackingTableMaxKeys: 1_000_000,
});
