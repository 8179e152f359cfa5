import type { Metric } from '../prometheus/exposition.ts';

/**
 * What redis_exporter tells of a server, under its names, out of INFO and a few more replies.
 * https://github.com/oliver006/redis_exporter
 */

/** What was read from a server. */
export interface Readings {
  /** INFO ALL. */
  readonly info: string;
  readonly maxClients: number | undefined;
  readonly slowlogLength: number | undefined;
  readonly slowlogLastId: number | undefined;
  /** Of keys that were asked for: how many elements, or bytes, they have. */
  readonly keys: readonly { readonly db: string; readonly key: string; readonly size: number }[];
}

type Kind = Metric['type'];

/** Fields of INFO that are one number: the name here, what it means, counter or gauge. */
const fields: Readonly<Record<string, readonly [name: string, kind: Kind, help: string]>> = {
  uptime_in_seconds: ['uptime_in_seconds', 'gauge', 'How long the server has run.'],
  connected_clients: ['connected_clients', 'gauge', 'Clients that are connected.'],
  blocked_clients: ['blocked_clients', 'gauge', 'Clients that wait in a blocking command.'],
  tracking_clients: ['tracking_clients', 'gauge', 'Clients that have tracking on.'],
  used_memory: ['memory_used_bytes', 'gauge', 'Memory that is in use.'],
  used_memory_rss: ['memory_used_rss_bytes', 'gauge', 'Memory as the system counts it.'],
  used_memory_peak: ['memory_used_peak_bytes', 'gauge', 'The most memory that was ever in use.'],
  used_memory_lua: ['memory_used_lua_bytes', 'gauge', 'Memory of the scripting engine.'],
  used_memory_overhead: ['memory_used_overhead_bytes', 'gauge', 'Memory that is not data.'],
  used_memory_dataset: ['memory_used_dataset_bytes', 'gauge', 'Memory of the data.'],
  maxmemory: ['memory_max_bytes', 'gauge', 'The limit of memory; 0 is none.'],
  mem_fragmentation_ratio: ['mem_fragmentation_ratio', 'gauge', 'RSS divided by what is in use.'],
  rdb_changes_since_last_save: [
    'rdb_changes_since_last_save',
    'gauge',
    'Changes not in a snapshot.',
  ],
  rdb_bgsave_in_progress: ['rdb_bgsave_in_progress', 'gauge', 'Whether a snapshot is being saved.'],
  rdb_last_save_time: ['rdb_last_save_timestamp_seconds', 'gauge', 'When a snapshot was saved.'],
  rdb_last_bgsave_time_sec: ['rdb_last_bgsave_duration_sec', 'gauge', 'How long that took.'],
  aof_enabled: ['aof_enabled', 'gauge', 'Whether the append-only file is on.'],
  aof_rewrite_in_progress: ['aof_rewrite_in_progress', 'gauge', 'Whether it is being rewritten.'],
  aof_current_size: ['aof_current_size_bytes', 'gauge', 'How large it is.'],
  total_connections_received: ['connections_received_total', 'counter', 'Connections accepted.'],
  total_commands_processed: ['commands_processed_total', 'counter', 'Commands carried out.'],
  instantaneous_ops_per_sec: ['instantaneous_ops_per_sec', 'gauge', 'Commands a second now.'],
  total_net_input_bytes: ['net_input_bytes_total', 'counter', 'Bytes received.'],
  total_net_output_bytes: ['net_output_bytes_total', 'counter', 'Bytes sent.'],
  rejected_connections: ['rejected_connections_total', 'counter', 'Refused because of maxclients.'],
  sync_full: ['replica_resyncs_full', 'gauge', 'Full resynchronisations with replicas.'],
  sync_partial_ok: ['replica_partial_resync_accepted', 'gauge', 'Partial ones that were accepted.'],
  sync_partial_err: ['replica_partial_resync_denied', 'gauge', 'Partial ones that were denied.'],
  expired_keys: ['expired_keys_total', 'counter', 'Keys that have expired.'],
  evicted_keys: ['evicted_keys_total', 'counter', 'Keys that were evicted.'],
  keyspace_hits: ['keyspace_hits_total', 'counter', 'Lookups that found a key.'],
  keyspace_misses: ['keyspace_misses_total', 'counter', 'Lookups that found none.'],
  pubsub_channels: ['pubsub_channels', 'gauge', 'Channels with subscribers.'],
  pubsub_patterns: ['pubsub_patterns', 'gauge', 'Patterns with subscribers.'],
  latest_fork_usec: ['latest_fork_usec', 'gauge', 'How long the last fork took.'],
  total_error_replies: ['total_error_replies', 'counter', 'Errors that were answered.'],
  acl_access_denied_auth: ['acl_access_denied_auth_total', 'counter', 'Logins that failed.'],
  connected_slaves: ['connected_slaves', 'gauge', 'Replicas that are connected.'],
  master_repl_offset: ['master_repl_offset', 'gauge', 'The offset of replication.'],
  repl_backlog_size: ['replication_backlog_bytes', 'gauge', 'The size of the backlog.'],
  second_repl_offset: ['second_repl_offset', 'gauge', 'Up to where the second id holds.'],
  master_last_io_seconds_ago: ['master_last_io_seconds_ago', 'gauge', 'Since the primary spoke.'],
  slave_repl_offset: ['slave_repl_offset', 'gauge', "The replica's own offset."],
  used_cpu_sys: ['cpu_sys_seconds_total', 'counter', 'Processor time in the system.'],
  used_cpu_user: ['cpu_user_seconds_total', 'counter', 'Processor time in the program.'],
  cluster_enabled: ['cluster_enabled', 'gauge', 'Whether it is a node of a cluster.'],
  loading: ['loading_dump_file', 'gauge', 'Whether it loads its files.'],
};

/** All metrics of a server that answered. */
export function metricsOf({ info, ...more }: Readings): Metric[] {
  const found = readInfo(info);
  const numbers = Object.entries(fields).flatMap(([field, [name, type, help]]) => {
    const value = Number(found.get(field) ?? Number.NaN);
    return Number.isNaN(value) ? [] : [{ name: `redis_${name}`, type, help, samples: [{ value }] }];
  });
  return [...numbers, ...others(found, more)];
}

function readInfo(info: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const line of info.split('\r\n')) {
    const colon = line.indexOf(':');
    if (colon > 0 && !line.startsWith('#')) found.set(line.slice(0, colon), line.slice(colon + 1));
  }
  return found;
}

const gauge = (name: string, help: string, samples: Metric['samples']): Metric => ({
  ...{ name: `redis_${name}`, type: 'gauge', help, samples },
});

const maybe = (value: number | undefined): Metric['samples'] =>
  value === undefined ? [] : [{ value }];

function others(info: ReadonlyMap<string, string>, more: Omit<Readings, 'info'>): Metric[] {
  const text = (field: string) => info.get(field) ?? '';
  const isReplica = text('role') === 'slave';
  const about = { role: text('role'), redis_version: text('redis_version') };
  const labels = { ...about, redis_mode: text('redis_mode'), os: text('os') };
  return [
    gauge('instance_info', 'What the server is.', [{ labels, value: 1 }]),
    gauge('rdb_last_bgsave_status', 'Whether the last snapshot was saved.', [
      { value: Number(text('rdb_last_bgsave_status') === 'ok') },
    ]),
    gauge('aof_last_write_status', 'Whether the last write to the file succeeded.', [
      { value: Number(text('aof_last_write_status') === 'ok') },
    ]),
    gauge(
      'master_link_up',
      'Whether the link to the primary is up.',
      isReplica ? [{ value: Number(text('master_link_status') === 'up') }] : [],
    ),
    gauge('config_maxclients', 'How many clients there may be.', maybe(more.maxClients)),
    gauge('slowlog_length', 'Entries of the slow log.', maybe(more.slowlogLength)),
    gauge('slowlog_last_id', 'The newest entry of the slow log.', maybe(more.slowlogLastId)),
    ...databases(info),
    ...replicas(info),
    ...commands(info),
    gauge(
      'key_size',
      'How large a key is that was asked for.',
      more.keys.map(({ db, key, size }) => ({ labels: { db, key }, value: size })),
    ),
  ];
}

/** `name=value,name=value`. */
const pairsOf = (text: string): ReadonlyMap<string, string> =>
  new Map(text.split(',').map((pair) => pair.split('=', 2) as [string, string]));

function matching(info: ReadonlyMap<string, string>, pattern: RegExp) {
  return [...info].flatMap(([field, value]) => {
    const name = pattern.exec(field)?.[1];
    return name === undefined ? [] : [{ name, pairs: pairsOf(value) }];
  });
}

function databases(info: ReadonlyMap<string, string>): Metric[] {
  const all = matching(info, /^(db\d+)$/);
  const of = (field: string, scale = 1) =>
    all.map(({ name, pairs }) => ({
      labels: { db: name },
      value: Number(pairs.get(field) ?? 0) / scale,
    }));
  return [
    gauge('db_keys', 'Keys of a database.', of('keys')),
    gauge('db_keys_expiring', 'Keys that will expire.', of('expires')),
    gauge('db_avg_ttl_seconds', 'How long they live on average.', of('avg_ttl', 1000)),
  ];
}

function replicas(info: ReadonlyMap<string, string>): Metric[] {
  const all = matching(info, /^(slave\d+)$/);
  const of = (field: string) =>
    all.map(({ pairs }) => ({
      labels: {
        slave_ip: pairs.get('ip') ?? '',
        slave_port: pairs.get('port') ?? '',
        slave_state: pairs.get('state') ?? '',
      },
      value: Number(pairs.get(field) ?? 0),
    }));
  return [
    gauge('connected_slave_lag_seconds', 'Since when a replica has been silent.', of('lag')),
    gauge('connected_slave_offset_bytes', 'How far a replica is.', of('offset')),
  ];
}

function commands(info: ReadonlyMap<string, string>): Metric[] {
  const all = matching(info, /^cmdstat_(.+)$/);
  const of = (name: string, field: string, help: string, scale = 1): Metric => ({
    ...{ name: `redis_${name}`, type: 'counter', help },
    samples: all.map(({ name: cmd, pairs }) => ({
      labels: { cmd },
      value: Number(pairs.get(field) ?? 0) / scale,
    })),
  });
  return [
    of('commands_total', 'calls', 'Calls of each command.'),
    of('commands_duration_seconds_total', 'usec', 'Time that each command took.', 1e6),
    of('commands_failed_calls_total', 'failed_calls', 'Calls that failed.'),
    of('commands_rejected_calls_total', 'rejected_calls', 'Calls that were rejected.'),
  ];
}
