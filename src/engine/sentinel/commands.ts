/** The rows of SENTINEL. https://redis.io/docs/latest/operate/oss_and_stack/management/sentinel/ */
import { matches } from '../bytes/glob.ts';
import type { Args } from '../commands/args.ts';
import { type Command, command } from '../commands/command.ts';
import { container } from '../commands/help.ts';
import { RedisError, redisError } from '../errors.ts';
import { mapOf, nullArray, ok, type Reply, Status } from '../resp/reply.ts';
import { changeGlobal, showGlobal } from './config-command.ts';
import { describe } from './describe.ts';
import { bestReplica, start } from './failover.ts';
import type { Primary, ServerInstance } from './instance.ts';
import { periodNames } from './periods.ts';
import { isReachable } from './quorum.ts';
import type { Sentinel } from './sentinel.ts';
import { change } from './set-command.ts';

/** What the rows need of their call. */
export interface Needs {
  /** Undefined where the server is no Sentinel: such a server does not have these rows. */
  readonly sentinel: Sentinel | undefined;
  /** Has an argument hidden from the slow log. */
  redact(index: number): void;
}

const row = {
  group: 'sentinel',
  since: '2.8.4',
  complexity: 'O(1)',
  flags: ['admin'],
  override: { categories: ['dangerous'] },
} as const;

type Task = (sentinel: Sentinel, args: Args, needs: Needs) => Reply;

const on =
  (task: Task) =>
  (needs: Needs, args: Args): Reply => {
    if (!needs.sentinel) throw new Error('this server is no Sentinel');
    return task(needs.sentinel, args, needs);
  };

/** About the primary that the first argument names. */
const onPrimary = (
  task: (primary: Primary, sentinel: Sentinel, args: Args, needs: Needs) => Reply,
) =>
  on((sentinel, args, needs) => {
    const primary = sentinel.state.primaries.get(args.string());
    if (!primary) throw redisError('ERR No such master with that name');
    return task(primary, sentinel, args, needs);
  });

const listReplicas = onPrimary(({ replicas }, { state }) =>
  [...replicas.values()].map((replica) => describe(state, replica)),
);

const looking = [
  command<Needs>('SENTINEL|CKQUORUM master-name', {
    ...row,
    complexity: '',
    summary: 'Tells whether enough Sentinels are up to agree on a failure and to lead a failover.',
    run: onPrimary(checkQuorum),
  }),
  command<Needs>('SENTINEL|GET-MASTER-ADDR-BY-NAME master-name', {
    ...row,
    summary: 'Returns address and port of a primary.',
    run: on(addressByName),
  }),
  command<Needs>('SENTINEL|INFO-CACHE nodename [nodename ...]', {
    ...row,
    since: '3.2.0',
    complexity: 'O(N) where N is the number of instances',
    summary: 'Returns what INFO said last on primaries and their replicas.',
    run: on(cachedInfo),
  }),
  command<Needs>('SENTINEL|IS-MASTER-DOWN-BY-ADDR ip port:int current-epoch:int runid', {
    ...row,
    summary: 'Returns whether a primary is down for this Sentinel; asks for its vote.',
    run: on((sentinel, args) => {
      const ip = args.string();
      const [port, epoch] = [args.index(), args.index()];
      const {
        isDown,
        leader,
        epoch: since,
      } = sentinel.isPrimaryDown(ip, port, epoch, args.string());
      return [isDown ? 1 : 0, leader, since];
    }),
  }),
  command<Needs>('SENTINEL|MASTER master-name', {
    ...row,
    summary: 'Describes a primary.',
    run: onPrimary((primary, { state }) => describe(state, primary)),
  }),
  command<Needs>('SENTINEL|MASTERS', {
    ...row,
    complexity: 'O(N) where N is the number of masters',
    summary: 'Describes all primaries that are monitored.',
    run: on(({ state }) => [...state.primaries.values()].map((each) => describe(state, each))),
  }),
  command<Needs>('SENTINEL|MYID', {
    ...row,
    since: '6.2.0',
    summary: 'Returns the id of this Sentinel.',
    run: on(({ state }) => state.id),
  }),
  command<Needs>('SENTINEL|PENDING-SCRIPTS', {
    ...row,
    complexity: '',
    summary: 'Lists the scripts that wait or run.',
    run: on(() => []),
  }),
  command<Needs>('SENTINEL|REPLICAS master-name', {
    ...row,
    since: '5.0.0',
    complexity: 'O(N) where N is the number of replicas',
    summary: 'Describes the replicas of a primary.',
    run: listReplicas,
  }),
  command<Needs>('SENTINEL|SENTINELS master-name', {
    ...row,
    complexity: 'O(N) where N is the number of Sentinels',
    summary: 'Describes the other Sentinels that watch a primary.',
    run: onPrimary(({ sentinels }, { state }) =>
      [...sentinels.values()].map((each) => describe(state, each)),
    ),
  }),
  command<Needs>('SENTINEL|SLAVES master-name', {
    ...row,
    since: '2.8.0',
    complexity: 'O(N) where N is the number of slaves',
    summary: 'Describes the replicas of a primary.',
    deprecated: { since: '5.0.0', instead: '`SENTINEL REPLICAS`' },
    run: listReplicas,
  }),
];

const changing = [
  command<Needs>('SENTINEL|CONFIG <SET parameter value | GET parameter>', {
    ...row,
    since: '6.2.0',
    summary: 'Shows or changes what concerns Sentinel as a whole.',
    override: { ...row.override, arity: -3 },
    run: on(({ state }, args, { redact }) => {
      const isSet = args.token('SET');
      const fits = isSet ? args.left === 2 : args.token('GET') && args.left === 1;
      if (fits) return isSet ? changeGlobal(state, args, redact) : showGlobal(state, args);
      const forms = 'SENTINEL CONFIG GET <option> / SET <option> <value>';
      throw redisError(`ERR Only ${forms} are supported.`);
    }),
  }),
  command<Needs>('SENTINEL|DEBUG [parameter value [parameter value ...]]', {
    ...row,
    since: '7.0.0',
    complexity: 'O(N) where N is the number of configurable parameters',
    summary: 'Shows or changes periods and time limits, in milliseconds.',
    run: on(debug),
  }),
  command<Needs>('SENTINEL|FAILOVER master-name', {
    ...row,
    complexity: '',
    summary: 'Makes a replica the primary without asking other Sentinels.',
    run: onPrimary(failOver),
  }),
  command<Needs>('SENTINEL|FLUSHCONFIG', {
    ...row,
    summary: 'Writes the configuration and the state into the file.',
    run: on(({ state }) => saved(state.save())),
  }),
  command<Needs>('SENTINEL|MONITOR name ip port:int quorum:int', {
    ...row,
    summary: 'Begins to monitor a primary.',
    run: on(monitor),
  }),
  command<Needs>('SENTINEL|REMOVE master-name', {
    ...row,
    summary: 'Stops monitoring a primary.',
    run: onPrimary((primary, sentinel) => {
      sentinel.remove(primary);
      return ok;
    }),
  }),
  command<Needs>('SENTINEL|RESET pattern:pattern', {
    ...row,
    complexity: 'O(N) where N is the number of monitored masters',
    summary: 'Forgets replicas, other Sentinels and failovers of primaries; finds them anew.',
    run: on(({ state }, args) => {
      const pattern = args.string();
      const found = [...state.primaries.values()].filter(({ name }) => matches(pattern, name));
      for (const primary of found) state.forget(primary);
      return found.length;
    }),
  }),
  command<Needs>('SENTINEL|SET master-name option value [option value ...]', {
    ...row,
    summary: 'Changes how a primary is monitored.',
    run: onPrimary((primary, { state }, args, { redact }) => {
      change(state, primary, args, redact);
      return saved(state.save());
    }),
  }),
  command<Needs>(
    `SENTINEL|SIMULATE-FAILURE [<CRASH-AFTER-ELECTION | CRASH-AFTER-PROMOTION | HELP>
     [<CRASH-AFTER-ELECTION | CRASH-AFTER-PROMOTION | HELP> ...]]`,
    {
      ...row,
      since: '3.2.0',
      complexity: '',
      summary: 'Makes this Sentinel crash in the middle of a failover.',
      override: { ...row.override, arity: -3 },
      run: on(simulateFailure),
    },
  ),
];

function checkQuorum({ sentinels, conf }: Primary): Reply {
  const { usable, quorum, majority } = isReachable(sentinels.values(), conf.quorum);
  if (quorum && majority) {
    return new Status(
      `OK ${usable} usable Sentinels. Quorum and failover authorization can be reached`,
    );
  }
  const problems = [
    ...(quorum
      ? []
      : ['Not enough available Sentinels to reach the specified quorum for this master']),
    ...(majority
      ? []
      : ['Not enough available Sentinels to reach the majority and authorize a failover']),
  ];
  throw new RedisError(`NOQUORUM ${usable} usable Sentinels. ${problems.join('. ')}`);
}

function addressByName({ state }: Sentinel, args: Args): Reply {
  const primary = state.primaries.get(args.string());
  if (!primary) return nullArray;
  const { currentPlace } = primary;
  return [state.shown(currentPlace), String(currentPlace.port)];
}

function cachedInfo({ state }: Sentinel, args: Args): Reply {
  const names = args.rest();
  const chosen = [...state.primaries.values()].filter(({ name }) => names.includes(name));
  const cached = ({ infoAt, infoText }: ServerInstance): Reply => [
    infoAt === undefined ? 0 : state.now - infoAt,
    infoText ?? null,
  ];
  return chosen.flatMap((primary) => [
    primary.name,
    [primary, ...primary.replicas.values()].map(cached),
  ]);
}

function debug({ state }: Sentinel, args: Args): Reply {
  const { periods } = state;
  if (args.done) {
    return mapOf(
      Object.fromEntries([...periodNames].map(([name, key]) => [name, String(periods[key])])),
    );
  }
  while (!args.done) {
    const option = args.string();
    const key = periodNames.get(option.toUpperCase());
    if (key === undefined || args.done) {
      throw redisError(`ERR Unknown option or number of arguments for SENTINEL DEBUG '${option}'`);
    }
    const value = args.string();
    const ms = /^[1-9]\d{0,15}$/.test(value) ? Number(value) : 0;
    if (ms <= 0) throw redisError(`ERR Invalid argument '${value}' for SENTINEL DEBUG '${option}'`);
    periods[key] = ms;
  }
  return ok;
}

function failOver(primary: Primary, { state }: Sentinel): Reply {
  if (primary.isFailingOver) throw new RedisError('INPROG Failover already in progress');
  if (!bestReplica(state, primary)) {
    throw new RedisError('NOGOODSLAVE No suitable replica to promote');
  }
  state.host.log('warning', `Executing user requested FAILOVER of '${primary.name}'`);
  start(state, primary);
  primary.isForced = true;
  return ok;
}

function monitor(sentinel: Sentinel, args: Args): Reply {
  const { state } = sentinel;
  const [name = '', host = '', port = '', votes = ''] = args.rest();
  const quorum = readNumber(votes, 'Invalid quorum');
  const at = readNumber(port, 'Invalid port');
  if (quorum <= 0) throw redisError('ERR Quorum must be 1 or greater.');
  const isPort = at >= 0 && at <= 65_535;
  const address = state.addressOf(host, isPort ? at : 0);
  if (!address || address.ip === '')
    throw redisError('ERR Invalid IP address or hostname specified');
  if (!isPort) throw redisError('ERR Invalid port number.');
  if (state.primaries.has(name)) throw redisError('ERR Duplicate master name.');
  sentinel.monitor(name, address, quorum);
  return ok;
}

function readNumber(text: string, problem: string): number {
  if (!/^-?\d{1,15}$/.test(text)) throw redisError(`ERR ${problem}`);
  return Number(text);
}

function simulateFailure({ state }: Sentinel, args: Args): Reply {
  const words = args.rest().map((word) => word.toLowerCase());
  for (const word of words) {
    if (word === 'crash-after-election') state.crashes.add('election');
    else if (word === 'crash-after-promotion') state.crashes.add('promotion');
    else if (word === 'help') return ['crash-after-election', 'crash-after-promotion'];
    else throw redisError('ERR Unknown failure simulation specified');
  }
  return ok;
}

function saved(problem: string | undefined): Reply {
  if (problem !== undefined) throw redisError(`ERR Failed to save config file: ${problem}`);
  return ok;
}

const about = {
  since: '2.8.4',
  group: 'sentinel',
  summary: 'A container for the commands of Redis Sentinel.',
} as const;

const subcommands = container<Needs>(
  'SENTINEL',
  { ...about, helpSince: '6.2.0' },
  [...looking, ...changing].sort((a, b) => (a.name < b.name ? -1 : 1)),
).filter(({ isContainer }) => !isContainer);

export const sentinelCommands: readonly Command<Needs>[] = [
  command<Needs>('SENTINEL', { ...row, ...about, complexity: 'Depends on subcommand.' }),
  ...subcommands,
];
