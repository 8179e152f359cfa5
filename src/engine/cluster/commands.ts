/** The rows of CLUSTER, ASKING, READONLY and READWRITE. */
import type { Args } from '../commands/args.ts';
import { type Command, command, type Flag } from '../commands/command.ts';
import { container } from '../commands/help.ts';
import { notSimulated, redisError } from '../errors.ts';
import { ok, type Reply, Verbatim } from '../resp/reply.ts';
import type { Cluster } from './cluster.ts';
import { describeInfo, describeLinks, describeShards, describeSlots } from './describe.ts';
import { clusterOf, type Needs } from './needs.ts';
import * as nodes from './node-commands.ts';
import { printNodes } from './nodes-conf.ts';
import * as slots from './slot-commands.ts';
import { slotStats } from './slot-stats.ts';

const row = { group: 'cluster', complexity: 'O(1)', since: '3.0.0' } as const;
const changing: readonly Flag[] = ['admin', 'no_async_loading', 'stale'];
const looking: readonly Flag[] = ['stale'];
const adminLooking: readonly Flag[] = ['admin', 'stale'];
const tips = ['nondeterministic_output'];

/** How a row runs: on the cluster, and what it has changed takes effect at once. */
const run =
  (task: (cluster: Cluster, args: Args) => Reply) =>
  (needs: Needs, args: Args): Reply => {
    const cluster = clusterOf(needs);
    const reply = task(cluster, args);
    cluster.settle();
    return reply;
  };

const RANGES = 'start-slot:int end-slot:int [start-slot:int end-slot:int ...]';

const ofSlots = [
  command<Needs>('CLUSTER|ADDSLOTS slot:int [slot:int ...]', {
    ...row,
    flags: changing,
    summary: 'Takes slots over.',
    complexity: 'O(N) where N is the number of slots.',
    run: run((cluster, args) => slots.changeSlots(cluster, args, 'add')),
  }),
  command<Needs>(`CLUSTER|ADDSLOTSRANGE ${RANGES}`, {
    ...row,
    since: '7.0.0',
    flags: changing,
    summary: 'Takes ranges of slots over.',
    complexity: 'O(N) where N is the number of slots.',
    run: run((cluster, args) => slots.changeRanges(cluster, args, 'add')),
  }),
  command<Needs>('CLUSTER|DELSLOTS slot:int [slot:int ...]', {
    ...row,
    flags: changing,
    summary: 'Gives slots up.',
    complexity: 'O(N) where N is the number of slots.',
    run: run((cluster, args) => slots.changeSlots(cluster, args, 'delete')),
  }),
  command<Needs>(`CLUSTER|DELSLOTSRANGE ${RANGES}`, {
    ...row,
    since: '7.0.0',
    flags: changing,
    summary: 'Gives ranges of slots up.',
    complexity: 'O(N) where N is the number of slots.',
    run: run((cluster, args) => slots.changeRanges(cluster, args, 'delete')),
  }),
  command<Needs>('CLUSTER|FLUSHSLOTS', {
    ...row,
    flags: changing,
    summary: 'Gives all slots up.',
    run: run(slots.flushSlots),
  }),
  command<Needs>(
    `CLUSTER|SETSLOT slot:int
     <IMPORTING node-id | MIGRATING node-id | NODE node-id | STABLE>`,
    {
      ...row,
      flags: changing,
      summary: 'Marks a slot as moving, or gives it to a node.',
      run: run(slots.setSlot),
    },
  ),
  command<Needs>('CLUSTER|KEYSLOT key:string', {
    ...row,
    flags: looking,
    summary: 'Returns the slot of a key.',
    complexity: 'O(N) where N is the length of the key.',
    run: run((_, args) => slots.keySlot(args)),
  }),
  command<Needs>('CLUSTER|COUNTKEYSINSLOT slot:int', {
    ...row,
    flags: looking,
    summary: 'Counts the keys of a slot.',
    run: run(slots.countKeys),
  }),
  command<Needs>('CLUSTER|GETKEYSINSLOT slot:int count:int', {
    ...row,
    flags: looking,
    summary: 'Returns keys of a slot.',
    complexity: 'O(N) where N is the number of keys.',
    tips,
    run: run(slots.getKeys),
  }),
  command<Needs>(
    `CLUSTER|SLOT-STATS
     <SLOTSRANGE start-slot:int end-slot:int | ORDERBY metric [LIMIT limit:int] [ASC | DESC]>`,
    {
      ...row,
      since: '8.2.0',
      flags: ['loading', 'stale'],
      summary: 'Returns how much each slot is used.',
      complexity: 'O(N) for SLOTSRANGE and O(N log N) for ORDERBY, of N slots.',
      tips: ['nondeterministic_output', 'request_policy:all_shards'],
      run: run(slotStats),
    },
  ),
  command<Needs>(
    `CLUSTER|MIGRATION <IMPORT start-slot:int end-slot:int [start-slot:int end-slot:int ...] |
     CANCEL <ID task-id | ALL> | STATUS [ID task-id] [ALL]>`,
    {
      ...row,
      since: '8.4.0',
      flags: changing,
      summary: 'Moves slots as a whole.',
      override: { arity: -4 },
      run: run(() => {
        throw notSimulated('moving slots as a whole', 'move them; see CLUSTER SETSLOT and MIGRATE');
      }),
    },
  ),
];

const ofNodes = [
  command<Needs>('CLUSTER|BUMPEPOCH', {
    ...row,
    flags: changing,
    summary: "Advances the cluster's epoch.",
    tips,
    run: run(nodes.bumpEpoch),
  }),
  command<Needs>('CLUSTER|COUNT-FAILURE-REPORTS node-id', {
    ...row,
    flags: adminLooking,
    summary: 'Counts the nodes that report a node as failing.',
    complexity: 'O(N) where N is the number of reports.',
    tips,
    run: run(nodes.countReports),
  }),
  command<Needs>('CLUSTER|FAILOVER [FORCE | TAKEOVER]', {
    ...row,
    flags: changing,
    summary: 'Makes a replica the primary.',
    run: run(nodes.failover),
  }),
  command<Needs>('CLUSTER|FORGET node-id', {
    ...row,
    flags: changing,
    summary: 'Removes a node from the nodes that are known.',
    run: run(nodes.forget),
  }),
  command<Needs>('CLUSTER|MEET ip port:int [cluster_bus_port:int]', {
    ...row,
    flags: changing,
    summary: 'Introduces another node.',
    history: [['4.0.0', 'The port of the cluster bus can be given.']],
    run: run(nodes.meet),
  }),
  command<Needs>('CLUSTER|REPLICAS node-id', {
    ...row,
    since: '5.0.0',
    flags: adminLooking,
    summary: 'Lists the replicas of a node.',
    complexity: 'O(N) where N is the number of replicas.',
    tips,
    run: run(nodes.listReplicas),
  }),
  command<Needs>('CLUSTER|REPLICATE node-id', {
    ...row,
    flags: changing,
    summary: 'Makes the node a replica of another.',
    run: run(nodes.replicate),
  }),
  command<Needs>('CLUSTER|RESET [HARD | SOFT]', {
    ...row,
    flags: ['admin', 'noscript', 'stale'],
    summary: 'Makes the node forget the cluster.',
    complexity: 'O(N) where N is the number of nodes that are known.',
    run: run(nodes.reset),
  }),
  command<Needs>('CLUSTER|SAVECONFIG', {
    ...row,
    flags: changing,
    summary: "Writes the node's view of the cluster to its file.",
    run: run(saveConfig),
  }),
  command<Needs>('CLUSTER|SET-CONFIG-EPOCH config-epoch:int', {
    ...row,
    flags: changing,
    summary: 'Sets the epoch of the node.',
    run: run(nodes.setConfigEpoch),
  }),
  command<Needs>('CLUSTER|SLAVES node-id', {
    ...row,
    flags: adminLooking,
    summary: 'Lists the replicas of a node.',
    complexity: 'O(N) where N is the number of replicas.',
    tips,
    deprecated: { since: '5.0.0', instead: '`CLUSTER REPLICAS`' },
    run: run(nodes.listReplicas),
  }),
];

const views = [
  command<Needs>('CLUSTER|INFO', {
    ...row,
    flags: looking,
    summary: 'Returns the state of the cluster.',
    tips,
    run: run(({ state, bus }) => new Verbatim(describeInfo(state, bus))),
  }),
  command<Needs>('CLUSTER|LINKS', {
    ...row,
    since: '7.0.0',
    flags: looking,
    summary: 'Lists the connections between nodes.',
    complexity: 'O(N) where N is the number of nodes.',
    tips,
    run: run(({ state }) => describeLinks(state)),
  }),
  command<Needs>('CLUSTER|MYID', {
    ...row,
    flags: looking,
    summary: 'Returns the id of the node.',
    run: run(({ state }) => state.myself.name),
  }),
  command<Needs>('CLUSTER|MYSHARDID', {
    ...row,
    since: '7.2.0',
    flags: ['loading', 'stale'],
    summary: 'Returns the id of the shard of the node.',
    tips,
    run: run(({ state }) => state.myself.shardId),
  }),
  command<Needs>('CLUSTER|NODES', {
    ...row,
    flags: looking,
    summary: 'Lists the nodes with their slots.',
    complexity: 'O(N) where N is the number of nodes.',
    tips,
    run: run(({ state }) => new Verbatim(printNodes(state))),
  }),
  command<Needs>('CLUSTER|SHARDS', {
    ...row,
    since: '7.0.0',
    flags: looking,
    summary: 'Lists the shards with their slots and nodes.',
    complexity: 'O(N) where N is the number of nodes.',
    tips,
    run: run(({ state }) => describeShards(state)),
  }),
  command<Needs>('CLUSTER|SLOTS', {
    ...row,
    flags: looking,
    summary: 'Lists ranges of slots with their nodes.',
    complexity: 'O(N) where N is the number of nodes.',
    tips,
    deprecated: { since: '7.0.0', instead: '`CLUSTER SHARDS`' },
    history: [
      ['4.0.0', 'Tells the ids of the nodes.'],
      ['7.0.0', 'Tells more of how to reach the nodes.'],
    ],
    run: run(({ state }) => describeSlots(state)),
  }),
];

function saveConfig(cluster: Cluster): Reply {
  try {
    cluster.save();
    return ok;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw redisError(`ERR error saving the cluster node config: ${error.message}`);
  }
}

const connectionRow = { ...row, override: { categories: ['connection'] } } as const;
const fast: readonly Flag[] = ['fast', 'loading', 'stale'];

const ofConnections = [
  command<Needs>('ASKING', {
    ...connectionRow,
    flags: ['fast'],
    summary: 'Lets the next command use a slot that is moving here.',
    run(needs) {
      clusterOf(needs);
      needs.client.isAsking = true;
      return ok;
    },
  }),
  command<Needs>('READONLY', {
    ...connectionRow,
    flags: fast,
    summary: 'Lets the connection read from a replica of the cluster.',
    run(needs) {
      clusterOf(needs);
      needs.client.isReadOnly = true;
      return ok;
    },
  }),
  command<Needs>('READWRITE', {
    ...connectionRow,
    flags: fast,
    summary: 'Takes READONLY back.',
    run(needs) {
      clusterOf(needs);
      needs.client.isReadOnly = false;
      return ok;
    },
  }),
];

const subcommands = [...ofSlots, ...ofNodes, ...views].sort((one, other) =>
  one.name < other.name ? -1 : 1,
);

const cluster = container<Needs>(
  'CLUSTER',
  { since: '3.0.0', group: 'cluster', summary: 'A container for Redis Cluster commands.' },
  subcommands,
);

/** Without a cluster not even HELP helps. */
const withHelp = cluster.map((each): Command<Needs> => {
  const help = each.name === 'cluster|help' ? each.run : undefined;
  if (!help) return each;
  return {
    ...each,
    run(ctx, args) {
      clusterOf(ctx);
      return help(ctx, args);
    },
  };
});

export const clusterCommands: readonly Command<Needs>[] = [...withHelp, ...ofConnections];
