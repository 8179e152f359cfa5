/**
 * The rows of config-rows.ts that concern the data: persistence, replication, cluster, scripts,
 * encodings, and what is recorded about their use.
 */
import { INT_MAX, LONG_MAX, ULONG_MAX } from './config-kinds.ts';
import * as lists from './config-lists.ts';
import { type Directive, directive, number, oneOf, size, text, yesNo } from './directive.ts';

const start = { changes: 'start' } as const;
const used = { used: true } as const;
const usedAtStart = { ...start, ...used } as const;
const port = { max: 65_535n };
const long = { max: LONG_MAX };
const positive = { min: 1n };
const signed = { min: -INT_MAX - 1n };

const persistence: readonly Directive[] = [
  directive('save', '3600 1 300 100 60 10000', lists.savePoints, used),
  yesNo('stop-writes-on-bgsave-error', 'yes', used),
  yesNo('rdbcompression', 'yes', used),
  yesNo('rdbchecksum', 'yes', usedAtStart),
  oneOf('sanitize-dump-payload', 'no', ['no', 'yes', 'clients']),
  directive('dbfilename', 'dump.rdb', lists.plainName('dbfilename', 'filename', true), {
    changes: 'protected',
    ...used,
  }),
  yesNo('rdb-del-sync-files', 'no'),
  yesNo('rdb-save-incremental-fsync', 'yes'),
  number('rdb-key-save-delay', '0', signed, { hidden: true, ...used }),
  number('key-load-delay', '0', signed, { hidden: true }),
  yesNo('appendonly', 'no', { used: true }),
  directive(
    'appendfilename',
    'appendonly.aof',
    lists.plainName('appendfilename', 'filename'),
    usedAtStart,
  ),
  directive(
    'appenddirname',
    'appendonlydir',
    lists.plainName('appenddirname', 'dirname'),
    usedAtStart,
  ),
  oneOf('appendfsync', 'everysec', ['everysec', 'always', 'no'], used),
  yesNo('no-appendfsync-on-rewrite', 'no'),
  number('auto-aof-rewrite-percentage', '100', {}, used),
  size('auto-aof-rewrite-min-size', '67108864', {}, used),
  yesNo('aof-load-truncated', 'yes', used),
  yesNo('aof-use-rdb-preamble', 'yes', used),
  yesNo('aof-timestamp-enabled', 'no', used),
  yesNo('aof-rewrite-incremental-fsync', 'yes'),
  yesNo('aof-disable-auto-gc', 'no'),
];

const replication: readonly Directive[] = [
  // Two words in redis.conf, not one in quotes.
  {
    ...text('replicaof', '', { ...usedAtStart, aliases: ['slaveof'] }),
    write: (address) => address,
  },
  text('masterauth', '', { secret: true, used: true }),
  text('masteruser', '', { secret: true, used: true }),
  yesNo('replica-serve-stale-data', 'yes', {
    aliases: ['slave-serve-stale-data'],
    field: 'replicaServeStaleData',
  }),
  yesNo('replica-read-only', 'yes', {
    aliases: ['slave-read-only'],
    field: 'replicaReadOnly',
  }),
  yesNo('repl-diskless-sync', 'yes', used),
  number('repl-diskless-sync-delay', '5', {}, used),
  number('repl-diskless-sync-max-replicas', '0', {}, used),
  oneOf('repl-diskless-load', 'disabled', ['disabled', 'on-empty-db', 'swapdb']),
  number('repl-ping-replica-period', '10', positive, {
    aliases: ['repl-ping-slave-period'],
    used: true,
  }),
  number('repl-timeout', '60', positive, used),
  yesNo('repl-disable-tcp-nodelay', 'no'),
  size('repl-backlog-size', '1048576', { min: 1n, floor: 16_384n }, used),
  number('repl-backlog-ttl', '3600', long, used),
  number('replica-priority', '100', {}, { aliases: ['slave-priority'], used: true }),
  yesNo('replica-announced', 'yes', used),
  text('replica-announce-ip', '', { aliases: ['slave-announce-ip'], used: true }),
  number('replica-announce-port', '0', port, { aliases: ['slave-announce-port'], used: true }),
  number(
    'min-replicas-to-write',
    '0',
    {},
    {
      aliases: ['min-slaves-to-write'],
      field: 'minReplicasToWrite',
    },
  ),
  number('min-replicas-max-lag', '10', {}, { aliases: ['min-slaves-max-lag'], used: true }),
  oneOf('propagation-error-behavior', 'ignore', ['ignore', 'panic', 'panic-on-replicas']),
  yesNo('replica-ignore-disk-write-errors', 'no'),
];

const cluster: readonly Directive[] = [
  yesNo('cluster-enabled', 'no', { ...start, used: true }),
  text('cluster-config-file', 'nodes.conf', { ...start, used: true }),
  number('cluster-port', '0', port, { ...start, used: true }),
  number('cluster-node-timeout', '15000', long, { used: true }),
  text('cluster-announce-ip', '', { used: true }),
  directive('cluster-announce-hostname', '', lists.hostname, { used: true }),
  number('cluster-announce-port', '0', port, { used: true }),
  number('cluster-announce-tls-port', '0', port),
  number('cluster-announce-bus-port', '0', port, { used: true }),
  oneOf('cluster-preferred-endpoint-type', 'ip', ['ip', 'hostname', 'unknown-endpoint'], {
    used: true,
  }),
  number(
    'cluster-replica-validity-factor',
    '10',
    {},
    { aliases: ['cluster-slave-validity-factor'], used: true },
  ),
  number('cluster-migration-barrier', '1', {}, { used: true }),
  yesNo('cluster-allow-replica-migration', 'yes', { used: true }),
  yesNo('cluster-replica-no-failover', 'no', {
    aliases: ['cluster-slave-no-failover'],
    used: true,
  }),
  yesNo('cluster-require-full-coverage', 'yes', { used: true }),
  yesNo('cluster-allow-reads-when-down', 'no', { used: true }),
  yesNo('cluster-allow-pubsubshard-when-down', 'yes', { used: true }),
  size('cluster-link-sendbuf-limit', '0', { max: ULONG_MAX }, { used: true }),
];

/** Each with the name that it had while small collections were ziplists. */
const encodings: readonly Directive[] = [
  number('hash-max-listpack-entries', '512', long, {
    aliases: ['hash-max-ziplist-entries'],
    field: 'hashMaxListpackEntries',
  }),
  size(
    'hash-max-listpack-value',
    '64',
    {},
    {
      aliases: ['hash-max-ziplist-value'],
      field: 'hashMaxListpackValue',
    },
  ),
  number('list-max-listpack-size', '-2', signed, {
    aliases: ['list-max-ziplist-size'],
    field: 'listMaxListpackSize',
  }),
  number('list-compress-depth', '0', {}, { used: true }),
  number('set-max-intset-entries', '512', long, { field: 'setMaxIntsetEntries' }),
  number('set-max-listpack-entries', '128', long, { field: 'setMaxListpackEntries' }),
  number('set-max-listpack-value', '64', long, { field: 'setMaxListpackValue' }),
  number('zset-max-listpack-entries', '128', long, {
    aliases: ['zset-max-ziplist-entries'],
    field: 'zsetMaxListpackEntries',
  }),
  size(
    'zset-max-listpack-value',
    '64',
    {},
    {
      aliases: ['zset-max-ziplist-value'],
      field: 'zsetMaxListpackValue',
    },
  ),
  size('hll-sparse-max-bytes', '3000', {}, { field: 'hllSparseMaxBytes' }),
  size('stream-node-max-bytes', '4096', {}, { field: 'streamNodeMaxBytes' }),
  number('stream-node-max-entries', '100', long, { field: 'streamNodeMaxEntries' }),
];

const usage: readonly Directive[] = [
  number('busy-reply-threshold', '5000', long, {
    aliases: ['lua-time-limit'],
    field: 'busyReplyThreshold',
  }),
  yesNo('lua-enable-deprecated-api', 'no', { ...start, hidden: true }),
  number(
    'slowlog-log-slower-than',
    '10000',
    { min: -1n, max: LONG_MAX },
    {
      field: 'slowlogLogSlowerThan',
    },
  ),
  number('slowlog-max-len', '128', long, { field: 'slowlogMaxLen' }),
  number('latency-monitor-threshold', '0', long, { field: 'latencyMonitorThreshold' }),
  yesNo('latency-tracking', 'yes', { field: 'latencyTracking' }),
  directive('latency-tracking-info-percentiles', '50 99 99.9', lists.percentiles, { used: true }),
  directive('notify-keyspace-events', '', lists.eventClasses, {
    store: (settings, letters) => {
      settings.notifyKeyspaceEvents = letters;
    },
  }),
  number('tracking-table-max-keys', '1000000', long, { field: 'trackingTableMaxKeys' }),
];

export const dataDirectives: readonly Directive[] = [
  ...persistence,
  ...replication,
  ...cluster,
  ...encodings,
  ...usage,
];
