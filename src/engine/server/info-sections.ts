/**
 * The sections of INFO with their fields, in Redis's order. Where nothing here corresponds to a field
 * it says 0, or what a server would say to which nothing of the kind ever happens.
 * https://redis.io/docs/latest/commands/info/
 */
import { persistenceInfo } from '../persistence/info.ts';
import { replicationInfo } from '../replication/info.ts';
import { sentinelInfo } from '../sentinel/describe.ts';
import { printPercentile } from './config-lists.ts';
import { memoryFields } from './info-memory.ts';
import { keySizes } from './key-sizes.ts';
import type { Server } from './server.ts';
import { REDIS_VERSION } from './version.ts';

export type Field = readonly [name: string, value: string | number];

type Section = (server: Server) => readonly Field[];

const seconds = (ms: number): number => Math.floor(ms / 1000);

const aboutServer: Section = ({
  cluster,
  sentinel,
  settings,
  config,
  configFile,
  runId,
  processId,
  now,
  startedAt,
}) => [
  ['redis_version', REDIS_VERSION],
  ['redis_git_sha1', '00000000'],
  ['redis_git_dirty', 0],
  ['redis_build_id', 'keyspace'],
  ['redis_mode', sentinel ? 'sentinel' : cluster ? 'cluster' : 'standalone'],
  ['os', 'Keyspace'],
  ['arch_bits', 64],
  ['monotonic_clock', 'virtual'],
  ['multiplexing_api', 'virtual'],
  ['atomicvar_api', 'none'],
  ['gcc_version', '0.0.0'],
  ['process_id', processId],
  ['process_supervised', 'no'],
  ['run_id', runId],
  ['tcp_port', config.text('port')],
  ['server_time_usec', Math.floor(now * 1000)],
  ['uptime_in_seconds', seconds(now - startedAt)],
  ['uptime_in_days', Math.floor(seconds(now - startedAt) / 86_400)],
  ['hz', settings.hz],
  ['configured_hz', settings.hz],
  ['lru_clock', seconds(now) % 2 ** 24],
  ['executable', '/usr/local/bin/redis-server'],
  ['config_file', configFile ?? ''],
  ['io_threads_active', 0],
];

const aboutClients: Section = ({ replication, clients, blocking, halts, tracking, ...server }) => [
  ['connected_clients', clients.size - replication.primary.replicas.size],
  ['cluster_connections', server.cluster?.bus.links.size ?? 0],
  ['maxclients', server.settings.maxclients],
  ['client_recent_max_input_buffer', max([...clients.values()].map((each) => each.pendingInput))],
  ['client_recent_max_output_buffer', max([...clients.values()].map((each) => each.pendingOutput))],
  ['blocked_clients', blocking.size + halts.size],
  ['tracking_clients', tracking.counts.clients],
  [
    'clients_in_timeout_table',
    [...clients.values()].filter(({ blocked }) => blocked && blocked.wait.timeoutMs > 0).length,
  ],
];

const max = (numbers: readonly number[]): number => numbers.reduce((a, b) => Math.max(a, b), 0);

const stats: Section = (server) => [
  ...traffic(server),
  ['rejected_connections', server.stats.rejectedConnections],
  ['sync_full', server.replication.primary.fullSyncs],
  ['sync_partial_ok', server.replication.primary.partialSyncs],
  ['sync_partial_err', server.replication.primary.failedPartialSyncs],
  ...lossOfKeys(server),
  ...pubSub(server),
  ['latest_fork_usec', 0],
  ['total_forks', 0],
  ['migrate_cached_sockets', server.migrateSockets.size],
  ['slave_expires_tracked_keys', 0],
  ['active_defrag_hits', 0],
  ['active_defrag_misses', 0],
  ['active_defrag_key_hits', 0],
  ['active_defrag_key_misses', 0],
  ['total_active_defrag_time', 0],
  ['current_active_defrag_time', 0],
  ...cachedByClients(server),
  ['unexpected_error_replies', 0],
  ['total_error_replies', server.stats.errorReplies],
  ['dump_payload_sanitizations', 0],
  ['total_reads_processed', server.stats.reads],
  ['total_writes_processed', server.stats.writes],
  ['io_threaded_reads_processed', 0],
  ['io_threaded_writes_processed', 0],
  ['reply_buffer_shrinks', 0],
  ['reply_buffer_expands', 0],
];

const traffic: Section = ({ stats: counted, rates }) => [
  ['total_connections_received', counted.connectionsReceived],
  ['total_commands_processed', counted.commandsProcessed],
  ['instantaneous_ops_per_sec', Math.round(rates.perSecond('commands'))],
  ['total_net_input_bytes', counted.netInputBytes],
  ['total_net_output_bytes', counted.netOutputBytes],
  ['total_net_repl_input_bytes', 0],
  ['total_net_repl_output_bytes', 0],
  ['instantaneous_input_kbps', (rates.perSecond('input') / 1024).toFixed(2)],
  ['instantaneous_output_kbps', (rates.perSecond('output') / 1024).toFixed(2)],
  ['instantaneous_input_repl_kbps', '0.00'],
  ['instantaneous_output_repl_kbps', '0.00'],
];

const lossOfKeys: Section = ({ stats: counted }) => [
  ['expired_subkeys', counted.expiredSubkeys],
  ['expired_keys', counted.expiredKeys],
  ['expired_stale_perc', '0.00'],
  ['expired_time_cap_reached_count', 0],
  ['expire_cycle_cpu_milliseconds', 0],
  ['evicted_keys', counted.evictedKeys],
  ['evicted_clients', counted.evictedClients],
  ['total_eviction_exceeded_time', 0],
  ['current_eviction_exceeded_time', 0],
  ['keyspace_hits', counted.keyspaceHits],
  ['keyspace_misses', counted.keyspaceMisses],
];

const pubSub: Section = ({ pubsub }) => [
  ['pubsub_channels', pubsub.channels.size],
  ['pubsub_patterns', pubsub.patterns.size],
  ['pubsubshard_channels', pubsub.shardChannels.size],
];

function cachedByClients({ tracking }: Server): Field[] {
  const { keys, items, prefixes } = tracking.counts;
  return [
    ['tracking_total_keys', keys],
    ['tracking_total_items', items],
    ['tracking_total_prefixes', prefixes],
  ];
}

const cpu: Section = () =>
  ['sys', 'user', 'sys_children', 'user_children', 'sys_main_thread', 'user_main_thread'].map(
    (kind) => [`used_cpu_${kind}`, '0.000000'],
  );

const commandStats: Section = ({ stats: { commands } }) =>
  [...commands].map(([name, { calls, usec, rejected, failed }]) => {
    const each = calls === 0 ? 0 : usec / calls;
    const text = `calls=${calls},usec=${Math.round(usec)},usec_per_call=${each.toFixed(2)}`;
    return [`cmdstat_${name}`, `${text},rejected_calls=${rejected},failed_calls=${failed}`];
  });

const errorStats: Section = ({ stats: { errors } }) =>
  [...errors].sort().map(([code, count]) => [`errorstat_${code}`, `count=${count}`]);

const latencyStats: Section = ({ stats: { commands }, config }) => {
  const percentiles = config.text('latency-tracking-info-percentiles').split(' ').map(Number);
  return [...commands].flatMap(([name, { histogram }]) => {
    if (!histogram) return [];
    const told = percentiles.map(
      (each) => `p${printPercentile(each)}=${histogram.percentile(each).toFixed(3)}`,
    );
    return [[`latency_percentiles_usec_${name}`, told.join(',')] as const];
  });
};

const keyspace: Section = ({ databases, random }) =>
  databases
    .filter(({ size }) => size > 0)
    .map((db) => {
      // Looking must not change what happens: the luck of this sample is not that of the server.
      const ttl = db.averageTtlMs(random.fork('INFO'));
      const keys = `keys=${db.size},expires=${db.expiring},avg_ttl=${ttl}`;
      return [`db${db.index}`, `${keys},subexpiry=${db.expiringHashes}`];
    });

export const sections: Readonly<Record<string, Section>> = {
  Server: aboutServer,
  Clients: aboutClients,
  Memory: memoryFields,
  Persistence: ({ persistence, now }) => persistenceInfo(persistence, now),
  Stats: stats,
  Replication: replicationInfo,
  CPU: cpu,
  Modules: ({ modules }) => modules.info(),
  Commandstats: commandStats,
  Errorstats: errorStats,
  Latencystats: latencyStats,
  Cluster: ({ cluster }) => [['cluster_enabled', cluster ? 1 : 0]],
  Keyspace: keyspace,
  Keysizes: ({ databases }) => keySizes(databases),
};

/** Those of a Sentinel, which holds no data. */
export const sectionsOfSentinel: typeof sections = {
  Server: aboutServer,
  Clients: aboutClients,
  Stats: stats,
  CPU: cpu,
  Sentinel: ({ sentinel }) => (sentinel ? sentinelInfo(sentinel.state) : []),
};
