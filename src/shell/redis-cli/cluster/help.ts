/** What each subcommand of --cluster takes, and the flags that are its own. */
const subcommands: readonly (readonly [name: string, takes: string, ...flags: string[]])[] = [
  ['create', 'host1:port1 ... hostN:portN', '--cluster-replicas <arg>'],
  [
    'check',
    '<host:port> or <host> <port> - separated by either colon or space',
    '--cluster-search-multiple-owners',
  ],
  ['info', '<host:port> or <host> <port> - separated by either colon or space'],
  [
    'fix',
    '<host:port> or <host> <port> - separated by either colon or space',
    '--cluster-search-multiple-owners',
    '--cluster-fix-with-unreachable-masters',
  ],
  [
    'reshard',
    '<host:port> or <host> <port> - separated by either colon or space',
    ...['--cluster-from <arg>', '--cluster-to <arg>', '--cluster-slots <arg>', '--cluster-yes'],
    ...['--cluster-timeout <arg>', '--cluster-pipeline <arg>', '--cluster-replace'],
  ],
  [
    'rebalance',
    '<host:port> or <host> <port> - separated by either colon or space',
    ...['--cluster-weight <node1=w1...nodeN=wN>', '--cluster-use-empty-masters'],
    ...['--cluster-timeout <arg>', '--cluster-simulate', '--cluster-pipeline <arg>'],
    ...['--cluster-threshold <arg>', '--cluster-replace'],
  ],
  [
    'add-node',
    'new_host:new_port existing_host:existing_port',
    ...['--cluster-slave', '--cluster-master-id <arg>'],
  ],
  ['del-node', 'host:port node_id'],
  [
    'call',
    'host:port command arg arg .. arg',
    ...['--cluster-only-masters', '--cluster-only-replicas'],
  ],
  ['set-timeout', 'host:port milliseconds'],
  [
    'import',
    'host:port',
    ...['--cluster-from <arg>', '--cluster-from-user <arg>', '--cluster-from-pass <arg>'],
    ...['--cluster-from-askpass', '--cluster-copy', '--cluster-replace'],
  ],
  ['backup', 'host:port backup_directory'],
  ['help', ''],
];

const WIDTH = 15;

/** --cluster help. */
export const clusterHelp = `Cluster Manager Commands:
${subcommands
  .map(([name, ...lines]) =>
    lines
      .map((line, index) => `  ${(index === 0 ? name : '').padEnd(WIDTH - 1)} ${line}\n`)
      .join(''),
  )
  .join('')}
For check, fix, reshard, del-node, set-timeout, info, rebalance, call, import, backup you can specify the host and port of any working node in the cluster.

Cluster Manager Options:
  --cluster-yes  Automatic yes to cluster commands prompts

`;
