/** What a node of a cluster asks of a command before it runs: is it for this node, is it for any? */
import { parseSafeInteger } from '../bytes/numbers.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { judge, mayRedirect, type Refusal } from '../cluster/redirect.ts';
import type { Command } from '../commands/command.ts';
import { type RedisError, redisError } from '../errors.ts';
import type { Client } from './client.ts';

interface Attempt {
  readonly command: Command<never>;
  readonly argv: readonly string[];
  readonly client: Client;
}

/** Why this node does not run a command of a client: where its keys are, or why nobody has them. */
export function redirect(cluster: Cluster, attempt: Attempt): RedisError | undefined {
  const { command, argv, client } = attempt;
  if (!mayRedirect(command)) return undefined;
  const calls = command.name === 'exec' ? client.transaction?.queue : [{ command, argv }];
  if (!calls) return undefined;
  return judge(cluster.state, { calls, client }).error?.error;
}

/** What scripts are told of a command that is not for this node. */
const scriptTexts: Partial<Record<Refusal['kind'], string>> = {
  'read only':
    'ERR Script attempted to execute a write command while the cluster is down and readonly',
  down: 'ERR Script attempted to execute a command while the cluster is down',
};

/**
 * The same for a command that a script calls in the name of `client`. `allowed` is the slot that the
 * script may use, if it is bound to one.
 */
export function redirectInScript(
  cluster: Cluster,
  { command, argv, client }: Attempt,
  bound: { slot: number | undefined } | undefined,
): RedisError | undefined {
  if (!mayRedirect(command)) return undefined;
  const { slot, error } = judge(cluster.state, { calls: [{ command, argv }], client });
  if (error) {
    const text = scriptTexts[error.kind];
    return redisError(text ?? 'ERR Script attempted to access a non local key in a cluster node');
  }
  if (!bound || slot === undefined) return undefined;
  bound.slot ??= slot;
  if (bound.slot === slot) return undefined;
  return redisError('ERR Script attempted to access keys that do not hash to the same slot');
}

type Rule = (argv: readonly string[]) => RedisError | undefined;

const never =
  (text: string): Rule =>
  () =>
    redisError(`ERR ${text}`);

const sortRule: Rule = (argv) => {
  for (let i = 2; i + 1 < argv.length; i++) {
    const word = argv[i]?.toUpperCase();
    const pattern = argv[i + 1] as string;
    if (word === 'LIMIT') i += 2;
    else if (word === 'BY' && pattern.includes('*')) {
      return redisError('ERR BY option of SORT denied in Cluster mode.');
    } else if (word === 'GET') {
      return redisError('ERR GET option of SORT denied in Cluster mode.');
    } else if (word === 'BY' || word === 'STORE') i++;
  }
  return undefined;
};

/** Whether it is the number of a database, and not of the only one that there is. */
function isOtherDb(text = ''): boolean {
  const index = parseSafeInteger(text);
  return index !== undefined && index !== 0 && Math.abs(index) < 2 ** 31;
}

/** What a cluster does not do at all: it has one database, and chooses its primaries itself. */
const rules: Readonly<Record<string, Rule>> = {
  select: (argv) =>
    isOtherDb(argv[1]) ? redisError('ERR SELECT is not allowed in cluster mode') : undefined,
  move: never('MOVE is not allowed in cluster mode'),
  swapdb: never('SWAPDB is not allowed in cluster mode'),
  copy: (argv) =>
    argv.some((word, i) => i > 2 && word.toUpperCase() === 'DB' && isOtherDb(argv[i + 1]))
      ? redisError('ERR Copying to another database is not allowed in cluster mode')
      : undefined,
  sort: sortRule,
  sort_ro: sortRule,
  replicaof: never('REPLICAOF not allowed in cluster mode.'),
  slaveof: never('REPLICAOF not allowed in cluster mode.'),
  failover: never('FAILOVER not allowed in cluster mode. Use CLUSTER FAILOVER command instead.'),
};

/** Why a command is not for a cluster at all. */
export const refuseInCluster = (
  command: Command<never>,
  argv: readonly string[],
): RedisError | undefined => rules[command.name]?.(argv);
