/** The commands of replication: those that people type, and those that servers say to one another. */
import { parseInteger } from '../bytes/numbers.ts';
import type { Args } from '../commands/args.ts';
import { command } from '../commands/command.ts';
import { Wait } from '../commands/wait.ts';
import { notAnInteger, redisError, syntaxError } from '../errors.ts';
import { noReply, ok, type Reply, Status } from '../resp/reply.ts';
import type { ReplicationClient, ReplicationHost } from './host.ts';
import { roleOf } from './info.ts';
import type { Address } from './primary-link.ts';
import type { Replication } from './replication.ts';

interface Needs {
  readonly server: {
    readonly replication: Replication;
    readonly replicationHost: ReplicationHost;
    /** A transaction or a script runs: nobody can be made to wait. */
    readonly isNested: boolean;
  };
  readonly client: ReplicationClient;
}

const adminFlags = ['admin', 'no_async_loading', 'noscript'] as const;
const row = { group: 'server', complexity: 'O(1)' } as const;
const replicating = { ...row, flags: [...adminFlags, 'stale'], run: replicaOf } as const;

export const replicationCommands = [
  command<Needs>('FAILOVER [TO host port:int [FORCE]] [ABORT] [TIMEOUT milliseconds:int]', {
    ...row,
    summary: 'Hands the role of the primary over to a replica.',
    since: '6.2.0',
    flags: ['admin', 'noscript', 'stale'],
    run: failOver,
  }),
  command<Needs>('PSYNC replicationid offset:int', {
    ...row,
    summary: 'Starts or continues a replication stream: what a replica sends.',
    since: '2.8.0',
    complexity: '',
    flags: [...adminFlags, 'no_multi'],
    override: { arity: -3 },
    run: synchronize,
  }),
  command<Needs>('REPLCONF', {
    ...row,
    summary: 'Configures a replication stream: what a replica sends.',
    isInternal: true,
    since: '3.0.0',
    flags: ['admin', 'allow_busy', 'loading', 'noscript', 'stale'],
    override: { arity: -1 },
    run: configure,
  }),
  command<Needs>('REPLICAOF <host port:int | NO ONE>', {
    ...replicating,
    summary: 'Makes the server a replica of another, or a primary.',
    since: '5.0.0',
  }),
  command<Needs>('ROLE', {
    ...row,
    summary: 'Returns whether this is a primary, a replica or a sentinel, and of whom.',
    since: '2.8.12',
    flags: ['fast', 'loading', 'noscript', 'stale'],
    override: { categories: ['admin', 'dangerous'] },
    run: ({ server }) => roleOf(server.replication),
  }),
  command<Needs>('SLAVEOF <host port:int | NO ONE>', {
    ...replicating,
    summary: 'Makes the server a replica of another, or a primary.',
    since: '1.0.0',
    deprecated: { since: '5.0.0', instead: '`REPLICAOF`' },
  }),
  command<Needs>('SYNC', {
    ...row,
    summary: 'Starts a replication stream: what a replica before 2.8 sends.',
    since: '1.0.0',
    complexity: '',
    flags: [...adminFlags, 'no_multi'],
    run: synchronize,
  }),
  command<Needs>('WAIT numreplicas:int timeout:int', {
    summary: "Waits until so many replicas have the connection's writes; returns how many do.",
    since: '3.0.0',
    group: 'generic',
    complexity: 'O(1)',
    flags: ['noscript'],
    override: { categories: ['connection'] },
    tips: ['request_policy:all_shards', 'response_policy:agg_min'],
    run: wait,
  }),
];

function replicaOf({ server, client }: Needs, args: Args): Reply {
  const { replication, replicationHost } = server;
  const [host = '', port = ''] = args.rest();
  if (replication.failover.state !== 'no-failover') {
    throw redisError('ERR REPLICAOF not allowed while failing over.');
  }
  const isNobody = /^no$/i.test(host) && /^one$/i.test(port);
  if (isNobody) {
    if (replication.isReplica) {
      replication.promote();
      const who = replicationHost.describe(client);
      replicationHost.log('notice', `MASTER MODE enabled (user request from '${who}')`);
    }
    return ok;
  }
  if (client.replica?.isReplica) {
    throw redisError('ERR Command is not valid when client is a replica.');
  }
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) throw redisError('ERR Invalid master port');
  const present = replication.link?.address;
  if (present?.host === host && present.port === Number(port)) {
    replicationHost.log(
      'notice',
      'REPLICAOF would result into synchronization with the master we are already connected with. No operation performed.',
    );
    return new Status('OK Already connected to specified master');
  }
  replication.follow(host, Number(port));
  const who = replicationHost.describe(client);
  replicationHost.log('notice', `REPLICAOF ${host}:${port} enabled (user request from '${who}')`);
  return ok;
}

/** PSYNC and SYNC. */
function synchronize({ server, client }: Needs, args: Args): Reply {
  const { replication } = server;
  if (client.replica?.isReplica) return noReply;
  const [name = '', id = '', offset = '', option = ''] = args.argv;
  const isPsync = name.toLowerCase() === 'psync';
  if (isPsync && option.toLowerCase() === 'failover') yieldTo(server, client, id);
  if (replication.failover.state !== 'no-failover') {
    throw redisError("NOMASTERLINK Can't SYNC while failing over");
  }
  if (replication.isReplica && !replication.isLinkUp) {
    throw redisError("NOMASTERLINK Can't SYNC while not connected with my master");
  }
  if (client.pendingOutput > 0) {
    throw redisError('ERR SYNC and PSYNC are invalid with pending output');
  }
  if (!isPsync) replication.primary.synchronizeOld(client);
  else {
    const from = parseInteger(offset);
    if (from === undefined) throw notAnInteger();
    replication.primary.synchronize(client, id, Number(from));
  }
  replication.followed();
  return noReply;
}

/** Our primary hands its role over to us. */
function yieldTo(
  { replication, replicationHost }: Needs['server'],
  client: ReplicationClient,
  id: string,
) {
  replicationHost.log('warning', `Failover request received for replid ${id}.`);
  if (!replication.isReplica) throw redisError("ERR PSYNC FAILOVER can't be sent to a master.");
  if (id.toLowerCase() !== replication.history.id) {
    throw redisError('ERR PSYNC FAILOVER replid must match my replid.');
  }
  replication.promote();
  const who = replicationHost.describe(client);
  replicationHost.log('notice', `MASTER MODE enabled (failover request from '${who}')`);
}

/** `more` are the words after the value. */
type Option = (needs: Needs, value: string, more: readonly string[]) => Reply;

/** What REPLCONF configures, option by option. ACK and GETACK end it: they are answered nothing. */
const options: Readonly<Record<string, Option>> = {
  'listening-port': ({ server, client }, value) => {
    server.replication.primary.replicaOf(client).listeningPort = readNumber(value);
    return ok;
  },
  'ip-address': ({ server, client }, value) => {
    if (value.length >= 256) {
      throw redisError(
        `ERR REPLCONF ip-address provided by replica instance is too long: ${value.length} bytes`,
      );
    }
    server.replication.primary.replicaOf(client).address = value;
    return ok;
  },
  capa: ({ server, client }, value) => {
    const replica = server.replication.primary.replicaOf(client);
    if (value.toLowerCase() === 'eof') replica.readsEof = true;
    else if (value.toLowerCase() === 'psync2') replica.knowsPsync2 = true;
    return ok;
  },
  ack: ({ server, client }, value, [name = '', fileOffset = '']) => {
    const offset = parseInteger(value);
    const { replica } = client;
    if (!replica?.isReplica || offset === undefined) return noReply;
    // FACK came with Redis 7.2: how much of it is safe in the replica's append-only file.
    const inFile = name.toLowerCase() === 'fack' ? parseInteger(fileOffset) : undefined;
    server.replication.primary.acknowledge(replica, Number(offset), Number(inFile ?? -1));
    return noReply;
  },
  getack: ({ server }) => {
    server.replication.link?.acknowledge();
    return noReply;
  },
  'rdb-only': ({ server, client }, value) => {
    const number = readNumber(value);
    if (number < 0 || number > 1) {
      throw redisError('ERR value is out of range, value must between 0 and 1');
    }
    server.replication.primary.replicaOf(client).wantsOnlyRdb = number === 1;
    return ok;
  },
  'rdb-filter-only': ({ server, client }, value) => {
    const filters = value.split(' ').filter(Boolean);
    const unknown = filters.find((filter) => filter !== 'functions');
    if (unknown !== undefined) {
      throw redisError(`ERR Unsupported rdb-filter-only option: ${unknown}`);
    }
    server.replication.primary.replicaOf(client).wantsOnlyFunctions = filters.length > 0;
    return ok;
  },
};

function configure(needs: Needs, args: Args): Reply {
  const words = args.rest();
  if (words.length % 2 !== 0) throw syntaxError();
  for (let i = 0; i < words.length; i += 2) {
    const [name = '', value = ''] = [words[i], words[i + 1]];
    const known = name.toLowerCase();
    const option = Object.hasOwn(options, known) ? options[known] : undefined;
    if (!option) throw redisError(`ERR Unrecognized REPLCONF option: ${name}`);
    const reply = option(needs, value, words.slice(i + 2));
    if (reply !== ok) return reply;
  }
  return ok;
}

function readNumber(text: string): number {
  const number = parseInteger(text);
  if (number === undefined) throw notAnInteger();
  return Number(number);
}

/** Waits for replicas; in a transaction or a script it answers how many there are by now. */
function wait({ server, client }: Needs, args: Args): Reply | Wait {
  const { replication } = server;
  if (replication.isReplica) {
    throw redisError(
      'ERR WAIT cannot be used with replica instances. Please also note that since Redis 4.0 if a replica is configured to be writable (which is not the default) writes to replicas are just local and are not propagated.',
    );
  }
  const [count = '', timeout = ''] = args.rest();
  const timeoutMs = parseInteger(timeout);
  const wanted = parseInteger(count);
  if (wanted === undefined) throw notAnInteger();
  if (timeoutMs === undefined) throw redisError('ERR timeout is not an integer or out of range');
  if (timeoutMs < 0n) throw redisError('ERR timeout is negative');
  const { waiters } = replication;
  const { writeOffset } = client;
  const now = waiters.count(writeOffset);
  if (now >= wanted || server.isNested) return now;
  const waiting = new Wait({
    keys: [],
    timeoutMs: Number(timeoutMs),
    onTimeout: () => waiters.count(writeOffset),
  });
  waiters.add(client, waiting, () => {
    const count = waiters.count(writeOffset);
    return count >= wanted ? count : undefined;
  });
  replication.requestAcks();
  return waiting;
}

function failOver({ server }: Needs, args: Args): Reply {
  const { failover, isReplica, primary } = server.replication;
  const order = readFailover(args);
  if (failover.state !== 'no-failover') {
    if (!order.isAborted) throw redisError('ERR FAILOVER already in progress.');
    failover.abort('Failover manually aborted');
    return ok;
  }
  if (order.isAborted) throw redisError('ERR No failover in progress.');
  if (isReplica) throw redisError('ERR FAILOVER is not valid when server is a replica.');
  if (primary.replicas.size === 0) throw redisError('ERR FAILOVER requires connected replicas.');
  if (order.isForced && (order.timeoutMs === undefined || !order.to)) {
    throw redisError(
      'ERR FAILOVER with force option requires both a timeout and target HOST and IP.',
    );
  }
  const target = order.to && failover.find(order.to);
  if (order.to && !target) throw redisError('ERR FAILOVER target HOST and PORT is not a replica.');
  if (target && target.state !== 'online') {
    throw redisError('ERR FAILOVER target replica is not online.');
  }
  failover.start(order);
  return ok;
}

function readFailover(args: Args) {
  let to: Address | undefined;
  let timeoutMs: number | undefined;
  let isForced = false;
  let isAborted = false;
  while (!args.done) {
    if (!to && args.left >= 3 && args.token('TO')) {
      to = { host: args.string(), port: Number(args.int()) };
    } else if (timeoutMs === undefined && args.left >= 2 && args.token('TIMEOUT')) {
      timeoutMs = Number(args.int());
      if (timeoutMs <= 0) throw redisError('ERR FAILOVER timeout must be greater than 0');
    } else if (args.argv.length === 2 && args.token('ABORT')) isAborted = true;
    else if (isForced || !args.token('FORCE')) throw syntaxError();
    else isForced = true;
  }
  return { to, timeoutMs, isForced, isAborted };
}
