/**
 * Every directive that CONFIG GET and CONFIG SET know, one row each, in the order of redis.conf's
 * chapters. A directive with a field (or `store`, or `used`) is one that the server acts upon; every
 * other is kept and printed, and changes nothing here.
 * https://redis.io/docs/latest/operate/oss_and_stack/management/config-file/
 */
import { choice, LONG_MAX, memoryOrPercent, octal, string, ULONG_MAX } from './config-kinds.ts';
import * as lists from './config-lists.ts';
import { dataDirectives } from './config-rows-data.ts';
import { newerDirectives } from './config-rows-newer.ts';
import { type Directive, directive, number, oneOf, size, text, yesNo } from './directive.ts';

const start = { changes: 'start' } as const;
const port = { max: 65_535n };
const long = { max: LONG_MAX };
const positive = { min: 1n };
const protection = ['no', 'yes', 'local'];

const general: readonly Directive[] = [
  yesNo('daemonize', 'no', start),
  text('pidfile', '', start),
  directive('dir', '/data', string(), { changes: 'protected', used: true }),
  text('logfile', '', { ...start, keepsEmpty: true }),
  oneOf('loglevel', 'notice', ['debug', 'verbose', 'notice', 'warning'], { used: true }),
  yesNo('syslog-enabled', 'no', start),
  text('syslog-ident', 'redis', start),
  oneOf(
    'syslog-facility',
    'local0',
    ['user', 'local0', 'local1', 'local2', 'local3', 'local4', 'local5', 'local6', 'local7'],
    start,
  ),
  yesNo('crash-log-enabled', 'yes'),
  yesNo('crash-memcheck-enabled', 'yes'),
  yesNo('use-exit-on-panic', 'no', { hidden: true }),
  number('databases', '16', positive, { ...start, field: 'databases' }),
  yesNo('always-show-logo', 'no', { ...start, used: true }),
  yesNo('set-proc-title', 'yes', start),
  directive('proc-title-template', '{title} {listen-addr} {server-mode}', lists.titleTemplate),
  oneOf('supervised', 'no', ['upstart', 'systemd', 'auto', 'no'], start),
  oneOf('enable-debug-command', 'no', protection, { ...start, used: true }),
  oneOf('enable-module-command', 'no', protection, start),
  oneOf('enable-protected-configs', 'no', protection, { ...start, used: true }),
  text('ignore-warnings', '', { keepsEmpty: true }),
  number('hz', '10', { floor: 1n, ceiling: 500n }, { field: 'hz' }),
  yesNo('dynamic-hz', 'yes'),
  yesNo('activerehashing', 'yes'),
  number('shutdown-timeout', '10'),
  directive('shutdown-on-sigint', 'default', lists.shutdownOptions, { used: true }),
  directive('shutdown-on-sigterm', 'default', lists.shutdownOptions, { used: true }),
  number('io-threads', '1', { min: 1n, max: 128n }, start),
  yesNo('io-threads-do-reads', 'no'),
  text('server_cpulist', '', start),
  text('bio_cpulist', '', start),
  text('aof_rewrite_cpulist', '', start),
  text('bgsave_cpulist', '', start),
  yesNo('disable-thp', 'yes', start),
  directive(
    'oom-score-adj',
    'no',
    choice(['no', 'yes', 'relative', 'absolute'], { relative: 'yes' }),
  ),
  directive('oom-score-adj-values', '0 200 800', lists.oomScores),
];

const network: readonly Directive[] = [
  directive('bind', '* -::*', lists.bindAddresses, { used: true }),
  text('bind-source-addr', ''),
  yesNo('protected-mode', 'yes', { used: true }),
  number('port', '6379', port, { used: true }),
  number('tcp-backlog', '511', {}, start),
  number('tcp-keepalive', '300'),
  text('unixsocket', '', start),
  directive('unixsocketperm', '0', octal, start),
  number('socket-mark-id', '0', { max: 2n ** 32n - 1n }, start),
  number('timeout', '0', {}, { field: 'timeout' }),
  number('maxclients', '10000', { min: 1n, max: 2n ** 32n - 1n }, { field: 'maxclients' }),
  directive(
    'client-output-buffer-limit',
    'normal 0 0 0 slave 268435456 67108864 60 pubsub 33554432 8388608 60',
    lists.bufferLimits,
    {
      store: (settings, limits) => {
        settings.clientOutputBufferLimits = limits;
      },
    },
  ),
  size(
    'client-query-buffer-limit',
    '1073741824',
    { min: 2n ** 20n },
    { field: 'clientQueryBufferLimit' },
  ),
  size('proto-max-bulk-len', '536870912', { min: 2n ** 20n }, { field: 'protoMaxBulkLen' }),
  directive('maxmemory-clients', '0', memoryOrPercent, {
    store: (settings, limit) => {
      settings.maxmemoryClients = Number(limit);
    },
  }),
  number('tls-port', '0', port, { used: true }),
  ...['tls-cert-file', 'tls-key-file'].map((name) => text(name, '', { used: true })),
  ...['tls-client-cert-file', 'tls-client-key-file'].map((name) => text(name, '')),
  text('tls-key-file-pass', '', { secret: true, used: true }),
  text('tls-client-key-file-pass', '', { secret: true }),
  text('tls-ca-cert-file', '', { used: true }),
  ...['tls-dh-params-file', 'tls-ca-cert-dir'].map((name) => text(name, '')),
  oneOf('tls-auth-clients', 'yes', ['no', 'yes', 'optional'], { used: true }),
  yesNo('tls-replication', 'no', { used: true }),
  yesNo('tls-cluster', 'no', { used: true }),
  ...['tls-protocols', 'tls-ciphers'].map((name) => text(name, '', { used: true })),
  text('tls-ciphersuites', ''),
  yesNo('tls-prefer-server-ciphers', 'no'),
  yesNo('tls-session-caching', 'yes'),
  number('tls-session-cache-size', '20480'),
  number('tls-session-cache-timeout', '300'),
];

const security: readonly Directive[] = [
  text('requirepass', '', { secret: true, used: true }),
  text('aclfile', '', { ...start, keepsEmpty: true, used: true }),
  number('acllog-max-len', '128', long, { used: true }),
  oneOf('acl-pubsub-default', 'resetchannels', ['allchannels', 'resetchannels'], { used: true }),
];

const memoryUse: readonly Directive[] = [
  size('maxmemory', '0', { max: ULONG_MAX }, { field: 'maxmemory' }),
  directive('maxmemory-policy', 'noeviction', lists.evictionPolicy, {
    store: (settings, policy) => {
      settings.maxmemoryPolicy = policy;
      settings.tracksFrequency = policy.endsWith('-lfu');
    },
  }),
  number('maxmemory-samples', '5', positive, { field: 'maxmemorySamples' }),
  number('maxmemory-eviction-tenacity', '10', { max: 100n }),
  number('lfu-log-factor', '10', {}, { field: 'lfuLogFactor' }),
  number('lfu-decay-time', '1', {}, { field: 'lfuDecayTime' }),
  yesNo('replica-ignore-maxmemory', 'yes', {
    aliases: ['slave-ignore-maxmemory'],
    used: true,
  }),
  number('active-expire-effort', '1', { min: 1n, max: 10n }),
  yesNo('lazyfree-lazy-eviction', 'no'),
  yesNo('lazyfree-lazy-expire', 'no'),
  yesNo('lazyfree-lazy-server-del', 'no', { field: 'lazyfreeLazyServerDel' }),
  yesNo('replica-lazy-flush', 'no', { aliases: ['slave-lazy-flush'] }),
  yesNo('lazyfree-lazy-user-del', 'no', { field: 'lazyfreeLazyUserDel' }),
  yesNo('lazyfree-lazy-user-flush', 'no', { field: 'lazyfreeLazyUserFlush' }),
  yesNo('jemalloc-bg-thread', 'yes'),
  yesNo('activedefrag', 'no', { used: true }),
  size('active-defrag-ignore-bytes', '104857600', positive),
  number('active-defrag-threshold-lower', '10', { max: 1000n }),
  number('active-defrag-threshold-upper', '100', { max: 1000n }),
  number('active-defrag-cycle-min', '1', { min: 1n, max: 99n }),
  number('active-defrag-cycle-max', '25', { min: 1n, max: 99n }),
  number('active-defrag-max-scan-fields', '1000', { min: 1n, max: LONG_MAX }),
];

/** All of them. */
export const directives: readonly Directive[] = [
  ...general,
  ...network,
  ...security,
  ...memoryUse,
  ...dataDirectives,
  ...newerDirectives,
];
