import { RedisError } from '../../../engine/errors.ts';
import type { Call } from '../../program.ts';
import { usage } from '../help.ts';
import type { Options } from '../options.ts';
import { backup } from './backup.ts';
import { check, showInfo } from './check.ts';
import { Cluster } from './cluster.ts';
import { create } from './create.ts';
import { callEverywhere, checkTimeout, setTimeoutEverywhere } from './everywhere.ts';
import { clusterHelp } from './help.ts';
import { importFrom } from './import.ts';
import { addNode, deleteNode } from './membership.ts';
import { rebalance } from './rebalance.ts';
import { reshard } from './reshard.ts';
import { ClusterFailure } from './screen.ts';

/**
 * redis-cli --cluster: makes clusters and changes them, by plain commands to their nodes.
 * https://redis.io/docs/latest/operate/oss_and_stack/management/scaling/
 */
export async function manageCluster(call: Call, options: Options): Promise<number> {
  const [name = '', ...args] = options.words;
  const subcommand = Object.hasOwn(subcommands, name) ? subcommands[name] : undefined;
  if (name === 'help') {
    call.print(clusterHelp);
    return 1;
  }
  if (name === '') {
    call.complain(usage);
    return 1;
  }
  if (!subcommand) {
    call.complain('Unknown --cluster subcommand\n');
    return 1;
  }
  if (args.length < subcommand.words || (subcommand.isExact && args.length > subcommand.words)) {
    call.complain('[ERR] Wrong number of arguments for specified --cluster sub command\n');
    return 1;
  }
  try {
    await subcommand.run(new Cluster(call, options), args);
    return 0;
  } catch (error) {
    if (error instanceof RedisError) call.print(`${error.message}\n`);
    else if (!(error instanceof ClusterFailure)) throw error;
    else if (error.message !== '') call.complain(`${error.message}\n`);
    return 1;
  }
}

interface Subcommand {
  /** How many words it needs. */
  readonly words: number;
  /** And not more. */
  readonly isExact?: true;
  run(cluster: Cluster, args: readonly string[]): Promise<void>;
}

/** A subcommand on any node of a cluster, named as host:port or as two words. */
const onNode = (run: (cluster: Cluster) => Promise<void>): Subcommand => ({
  words: 1,
  async run(cluster, args) {
    await cluster.load(addressIn(args));
    await run(cluster);
  },
});

function addressIn([first = '', second]: readonly string[]): string {
  if (/:\d+$/.test(first)) return first;
  if (second !== undefined && /^\d+$/.test(second)) return `${first}:${second}`;
  throw new ClusterFailure(
    '[ERR] Invalid arguments: you need to pass either a valid address (ie. 120.0.0.1:7000) or space separated IP and port (ie. 120.0.0.1 7000)',
  );
}

const subcommands: Readonly<Record<string, Subcommand>> = {
  create: { words: 2, run: create },
  check: onNode(async (cluster) => {
    await showInfo(cluster);
    if (!(await check(cluster))) throw new ClusterFailure();
  }),
  info: onNode(showInfo),
  fix: onNode(async (cluster) => {
    await showInfo(cluster);
    if (!(await check(cluster, { isFixing: true }))) throw new ClusterFailure();
  }),
  reshard: onNode(reshard),
  rebalance: onNode(rebalance),
  'add-node': {
    words: 2,
    isExact: true,
    run: (cluster, [fresh = '', existing = '']) => addNode(cluster, fresh, existing),
  },
  'del-node': {
    words: 2,
    isExact: true,
    run: (cluster, [address = '', id = '']) => deleteNode(cluster, address, id),
  },
  call: {
    words: 2,
    async run(cluster, [address = '', ...argv]) {
      await cluster.load(address);
      await callEverywhere(cluster, argv);
    },
  },
  'set-timeout': {
    words: 2,
    isExact: true,
    async run(cluster, [address = '', ms = '']) {
      checkTimeout(ms);
      await cluster.load(address);
      await setTimeoutEverywhere(cluster, ms);
    },
  },
  import: { words: 1, run: (cluster, args) => importFrom(cluster, addressIn(args)) },
  backup: {
    words: 2,
    isExact: true,
    async run(cluster, [address = '', folder = '']) {
      await cluster.load(address);
      await backup(cluster, folder.replace(/(.)\/$/, '$1'));
    },
  },
};
