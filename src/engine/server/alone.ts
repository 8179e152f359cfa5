/**
 * Commands of replication, cluster, persistence and modules, as a server answers them that stands
 * alone and has none of these. Each group moves to its own folder when it is simulated.
 */
import { parseInteger } from '../bytes/numbers.ts';
import type { Args } from '../commands/args.ts';
import { type Command, command, type Flag } from '../commands/command.ts';
import { Wait } from '../commands/wait.ts';
import { notAnInteger, notSimulated, redisError, syntaxError } from '../errors.ts';
import { ok, type Reply } from '../resp/reply.ts';

const adminFlags = ['admin', 'no_async_loading', 'noscript'] as const;
const row = { group: 'server', complexity: 'O(1)' } as const;

const replicating = { ...row, flags: [...adminFlags, 'stale'] } as const;

const replication = [
  command('FAILOVER [TO host port:int [FORCE]] [ABORT] [TIMEOUT milliseconds:int]', {
    ...row,
    summary: 'Hands the role of the primary over to a replica.',
    since: '6.2.0',
    flags: ['admin', 'noscript', 'stale'],
    run: failover,
  }),
  command('PSYNC replicationid offset:int', {
    ...row,
    summary: 'Starts or continues a replication stream: what a replica sends.',
    since: '2.8.0',
    complexity: '',
    flags: [...adminFlags, 'no_multi'],
    override: { arity: -3 },
    run: () => replicationMissing(),
  }),
  command('REPLCONF', {
    ...row,
    summary: 'Configures a replication stream: what a replica sends.',
    isInternal: true,
    since: '3.0.0',
    flags: ['admin', 'allow_busy', 'loading', 'noscript', 'stale'],
    override: { arity: -1 },
    run: () => replicationMissing(),
  }),
  command('REPLICAOF <host port:int | NO ONE>', {
    ...replicating,
    summary: 'Makes the server a replica of another, or a primary.',
    since: '5.0.0',
    run: (_, args) => replicaOf(args),
  }),
  command('SLAVEOF <host port:int | NO ONE>', {
    ...replicating,
    summary: 'Makes the server a replica of another, or a primary.',
    since: '1.0.0',
    deprecated: { since: '5.0.0', instead: '`REPLICAOF`' },
    run: (_, args) => replicaOf(args),
  }),
  command('SYNC', {
    ...row,
    summary: 'Starts a replication stream: what a replica before 2.8 sends.',
    since: '1.0.0',
    complexity: '',
    flags: [...adminFlags, 'no_multi'],
    run: () => replicationMissing(),
  }),
  command('WAIT numreplicas:int timeout:int', {
    summary: "Waits until so many replicas have the connection's writes; returns how many do.",
    since: '3.0.0',
    group: 'generic',
    complexity: 'O(1)',
    flags: ['noscript'],
    override: { categories: ['connection'] },
    tips: ['request_policy:all_shards', 'response_policy:agg_min'],
    run: (_, args) => waitForReplicas(args),
  }),
];

/** There are no replicas: nothing but the timeout ends the wait, unless none were asked for. */
function waitForReplicas(args: Args): Reply | Wait {
  const [count = '', timeout = ''] = args.rest();
  const timeoutMs = parseInteger(timeout);
  const wanted = parseInteger(count);
  if (wanted === undefined) throw notAnInteger();
  if (timeoutMs === undefined) throw redisError('ERR timeout is not an integer or out of range');
  if (timeoutMs < 0n) throw redisError('ERR timeout is negative');
  return wanted <= 0n ? 0 : new Wait({ keys: [], timeoutMs: Number(timeoutMs), onTimeout: 0 });
}

function replicationMissing(): never {
  throw notSimulated('replication', 'send its data set and then every write');
}

function replicaOf(args: Args): Reply {
  const [host = '', port = ''] = args.rest();
  if (/^no$/i.test(host) && /^one$/i.test(port)) return ok;
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) throw redisError('ERR Invalid master port');
  return replicationMissing();
}

function failover(_: unknown, args: Args): Reply {
  let abort = false;
  while (!args.done) {
    if (args.left >= 3 && args.token('TO')) args.take(2);
    else if (args.left >= 2 && args.token('TIMEOUT')) {
      if (args.int() <= 0n) throw redisError('ERR FAILOVER timeout must be greater than 0');
    } else if (args.token('ABORT')) abort = true;
    else if (!args.token('FORCE')) throw syntaxError();
  }
  if (abort && args.argv.length > 2) throw syntaxError();
  if (abort) throw redisError('ERR No failover in progress.');
  throw redisError('ERR FAILOVER requires connected replicas.');
}

const clusterMissing = (): never => {
  throw redisError('ERR This instance has cluster support disabled');
};

const clusterRow = { group: 'cluster', complexity: 'O(1)', run: clusterMissing } as const;
const changing: readonly Flag[] = ['admin', 'no_async_loading', 'stale'];
const looking: readonly Flag[] = ['stale'];
const adminLooking: readonly Flag[] = ['admin', 'stale'];
const varying = ['nondeterministic_output'];

/** A subcommand of CLUSTER: syntax, version, flags, summary, tips. */
const subcommand = (
  syntax: string,
  since: string,
  flags: readonly Flag[],
  summary: string,
  tips: readonly string[] = [],
) => command(`CLUSTER|${syntax}`, { ...clusterRow, since, flags, summary, tips });

const RANGES = 'start-slot:int end-slot:int [start-slot:int end-slot:int ...]';

const clusterSubcommands = [
  subcommand('ADDSLOTS slot:int [slot:int ...]', '3.0.0', changing, 'Takes slots over.'),
  subcommand(`ADDSLOTSRANGE ${RANGES}`, '7.0.0', changing, 'Takes ranges of slots over.'),
  subcommand('BUMPEPOCH', '3.0.0', changing, "Advances the cluster's epoch.", varying),
  subcommand(
    'COUNT-FAILURE-REPORTS node-id',
    '3.0.0',
    adminLooking,
    'Counts the nodes that report a node as failing.',
    varying,
  ),
  subcommand('COUNTKEYSINSLOT slot:int', '3.0.0', looking, 'Counts the keys of a slot.'),
  subcommand('DELSLOTS slot:int [slot:int ...]', '3.0.0', changing, 'Gives slots up.'),
  subcommand(`DELSLOTSRANGE ${RANGES}`, '7.0.0', changing, 'Gives ranges of slots up.'),
  subcommand('FAILOVER [FORCE | TAKEOVER]', '3.0.0', changing, 'Makes a replica the primary.'),
  subcommand('FLUSHSLOTS', '3.0.0', changing, 'Gives all slots up.'),
  subcommand('FORGET node-id', '3.0.0', changing, 'Removes a node from the nodes that are known.'),
  subcommand(
    'GETKEYSINSLOT slot:int count:int',
    '3.0.0',
    looking,
    'Returns keys of a slot.',
    varying,
  ),
  subcommand('INFO', '3.0.0', looking, 'Returns the state of the cluster.', varying),
  subcommand('KEYSLOT key:string', '3.0.0', looking, 'Returns the slot of a key.'),
  subcommand('LINKS', '7.0.0', looking, 'Lists the connections between nodes.', varying),
  command('CLUSTER|MEET ip port:int [cluster_bus_port:int]', {
    ...clusterRow,
    since: '3.0.0',
    flags: changing,
    summary: 'Introduces another node.',
    history: [['4.0.0', 'The port of the cluster bus can be given.']],
  }),
  subcommand('MYID', '3.0.0', looking, 'Returns the id of the node.'),
  subcommand('NODES', '3.0.0', looking, 'Lists the nodes with their slots.', varying),
  subcommand('REPLICAS node-id', '5.0.0', adminLooking, 'Lists the replicas of a node.', varying),
  subcommand('REPLICATE node-id', '3.0.0', changing, 'Makes the node a replica of another.'),
  subcommand(
    'RESET [HARD | SOFT]',
    '3.0.0',
    ['admin', 'noscript', 'stale'],
    'Makes the node forget the cluster.',
  ),
  subcommand('SAVECONFIG', '3.0.0', changing, "Writes the node's view of the cluster to its file."),
  subcommand('SET-CONFIG-EPOCH config-epoch:int', '3.0.0', changing, 'Sets the epoch of the node.'),
  subcommand(
    'SETSLOT slot:int <IMPORTING node-id | MIGRATING node-id | NODE node-id | STABLE>',
    '3.0.0',
    changing,
    'Marks a slot as moving, or gives it to a node.',
  ),
  subcommand('SHARDS', '7.0.0', looking, 'Lists the shards with their slots and nodes.', varying),
  command('CLUSTER|SLAVES node-id', {
    ...clusterRow,
    since: '3.0.0',
    flags: adminLooking,
    summary: 'Lists the replicas of a node.',
    tips: varying,
    deprecated: { since: '5.0.0', instead: '`CLUSTER REPLICAS`' },
  }),
  command('CLUSTER|SLOTS', {
    ...clusterRow,
    since: '3.0.0',
    flags: looking,
    summary: 'Lists ranges of slots with their nodes.',
    tips: varying,
    deprecated: { since: '7.0.0', instead: '`CLUSTER SHARDS`' },
    history: [
      ['4.0.0', 'Tells the ids of the nodes.'],
      ['7.0.0', 'Tells more of how to reach the nodes.'],
    ],
  }),
];

const fast: readonly Flag[] = ['fast', 'loading', 'stale'];
const connectionRow = {
  ...clusterRow,
  since: '3.0.0',
  override: { categories: ['connection'] },
} as const;

const cluster = [
  command('CLUSTER', {
    summary: 'A container for Redis Cluster commands.',
    since: '3.0.0',
    group: 'cluster',
    complexity: 'Depends on subcommand.',
    flags: [],
  }),
  ...clusterSubcommands,
  subcommand('HELP', '5.0.0', ['loading', 'stale'], 'Returns what the subcommands do.'),
  command('ASKING', {
    ...connectionRow,
    flags: ['fast'],
    summary: 'Lets the next command use a slot that is moving here.',
  }),
  command('READONLY', {
    ...connectionRow,
    flags: fast,
    summary: 'Lets the connection read from a replica of the cluster.',
  }),
  command('READWRITE', {
    ...connectionRow,
    flags: fast,
    summary: 'Takes READONLY back.',
  }),
];

export const aloneCommands: readonly Command<unknown>[] = [...replication, ...cluster];
