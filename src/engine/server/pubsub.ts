import { matches } from '../bytes/glob.ts';
import type { Args } from '../commands/args.ts';
import { command } from '../commands/command.ts';
import { container, wrongSubcommand } from '../commands/help.ts';
import { redisError } from '../errors.ts';
import { Many, Push, type Reply } from '../resp/reply.ts';
import type { Client } from './client.ts';
import type { Output } from './output.ts';
import { type Propagation, Target } from './propagation.ts';

/**
 * Who listens to what. A message goes to the channel's subscribers and then to every pattern that
 * matches; nothing is kept for those who are not there. Who publishes to itself, which RESP3 allows,
 * gets the reply first: so since 7.2.
 * https://redis.io/docs/latest/develop/pubsub/
 */
export class PubSub {
  constructor(private readonly output: Pick<Output, 'deliver'>) {}

  readonly channels = new Map<string, Set<Client>>();
  readonly patterns = new Map<string, Set<Client>>();
  readonly shardChannels = new Map<string, Set<Client>>();

  /** Sends a message to all who listen. Returns how many receptions that were. */
  publish(channel: string, message: string): number {
    let receivers = this.#send(this.channels.get(channel), ['message', channel, message]);
    for (const [pattern, clients] of this.patterns) {
      if (!matches(pattern, channel)) continue;
      receivers += this.#send(clients, ['pmessage', pattern, channel, message]);
    }
    return receivers;
  }

  publishToShard(channel: string, message: string): number {
    return this.#send(this.shardChannels.get(channel), ['smessage', channel, message]);
  }

  /** Forgets a client that has gone, or that RESETs. */
  forget(client: Client): void {
    for (const kind of kinds) {
      for (const name of kind.ofClient(client)) leave(kind.ofServer(this), name, client);
      kind.ofClient(client).clear();
    }
  }

  #send(clients: ReadonlySet<Client> | undefined, message: readonly string[]): number {
    if (!clients) return 0;
    const push = new Push(message);
    for (const client of clients) this.output.deliver(client, push);
    return clients.size;
  }
}

/** The three ways to subscribe differ in where the names are kept and how the replies are called. */
interface Kind {
  readonly subscribe: string;
  readonly unsubscribe: string;
  ofClient(client: Client): Set<string>;
  ofServer(pubsub: PubSub): Map<string, Set<Client>>;
  /** The number that confirmations end with. */
  count(client: Client): number;
}

const channel: Kind = {
  subscribe: 'subscribe',
  unsubscribe: 'unsubscribe',
  ofClient: (client) => client.channels,
  ofServer: (pubsub) => pubsub.channels,
  count: (client) => client.subscriptions,
};
const pattern: Kind = {
  subscribe: 'psubscribe',
  unsubscribe: 'punsubscribe',
  ofClient: (client) => client.patterns,
  ofServer: (pubsub) => pubsub.patterns,
  count: (client) => client.subscriptions,
};
const shardChannel: Kind = {
  subscribe: 'ssubscribe',
  unsubscribe: 'sunsubscribe',
  ofClient: (client) => client.shardChannels,
  ofServer: (pubsub) => pubsub.shardChannels,
  count: (client) => client.shardChannels.size,
};
const kinds = [channel, pattern, shardChannel];

function join(names: Map<string, Set<Client>>, name: string, client: Client): void {
  const clients = names.get(name);
  if (clients) clients.add(client);
  else names.set(name, new Set([client]));
}

function leave(names: Map<string, Set<Client>>, name: string, client: Client): void {
  const clients = names.get(name);
  clients?.delete(client);
  if (clients?.size === 0) names.delete(name);
}

function subscribe({ pubsub, client }: Needs, names: readonly string[], kind: Kind): Reply {
  return new Many(
    names.map((name) => {
      kind.ofClient(client).add(name);
      join(kind.ofServer(pubsub), name, client);
      return new Push([kind.subscribe, name, kind.count(client)]);
    }),
  );
}

/** Without names, everything of the kind; each one is confirmed, and nothing with a single nil. */
function unsubscribe({ pubsub, client }: Needs, names: readonly string[], kind: Kind): Reply {
  const mine = kind.ofClient(client);
  const all = names.length > 0 ? names : [...mine];
  if (all.length === 0) return new Many([new Push([kind.unsubscribe, null, kind.count(client)])]);
  return new Many(
    all.map((name) => {
      if (mine.delete(name)) leave(kind.ofServer(pubsub), name, client);
      return new Push([kind.unsubscribe, name, kind.count(client)]);
    }),
  );
}

/** Tells those who listen here and at replicas, or at the other nodes of a cluster. */
function publish(
  { pubsub, cluster, server, client }: Needs,
  args: Args,
  kind: 'channel' | 'shard channel',
): Reply {
  const [channel, message] = [args.string(), args.string()];
  if (cluster) cluster.publish(kind, channel, message);
  else server.propagation.add(client.db, args.argv, Target.replicas);
  return kind === 'channel'
    ? pubsub.publish(channel, message)
    : pubsub.publishToShard(channel, message);
}

interface Needs {
  readonly pubsub: PubSub;
  /** The rest of the cluster, if the server is part of one. */
  readonly cluster:
    | { publish(kind: 'channel' | 'shard channel', channel: string, message: string): void }
    | undefined;
  readonly server: { readonly propagation: Propagation };
  readonly client: Client;
}

const subscribing = {
  group: 'pubsub',
  flags: ['pubsub', 'noscript', 'loading', 'stale'],
} as const;

const pubsubContainer = {
  group: 'pubsub',
  flags: ['pubsub', 'loading', 'stale'],
} as const;

export const pubsubCommands = [
  command<Needs>('SUBSCRIBE channel [channel ...]', {
    ...subscribing,
    summary: 'Listens for messages published to channels.',
    since: '2.0.0',
    complexity: 'O(N) where N is the number of channels to subscribe to.',
    run: (ctx, args) => subscribe(ctx, args.rest(), channel),
  }),
  command<Needs>('UNSUBSCRIBE [channel [channel ...]]', {
    ...subscribing,
    summary: 'Stops listening to messages posted to channels.',
    since: '2.0.0',
    complexity: 'O(N) where N is the number of channels to unsubscribe.',
    run: (ctx, args) => unsubscribe(ctx, args.rest(), channel),
  }),
  command<Needs>('PSUBSCRIBE pattern:pattern [pattern:pattern ...]', {
    ...subscribing,
    summary: 'Listens for messages published to channels whose names match patterns.',
    since: '2.0.0',
    complexity: 'O(N) where N is the number of patterns to subscribe to.',
    run: (ctx, args) => subscribe(ctx, args.rest(), pattern),
  }),
  command<Needs>('PUNSUBSCRIBE [pattern:pattern [pattern:pattern ...]]', {
    ...subscribing,
    summary: 'Stops listening to messages of channels that match patterns.',
    since: '2.0.0',
    complexity: 'O(N) where N is the number of patterns to unsubscribe.',
    run: (ctx, args) => unsubscribe(ctx, args.rest(), pattern),
  }),
  command<Needs>('SSUBSCRIBE shardchannel [shardchannel ...]', {
    ...subscribing,
    summary: 'Listens for messages published to shard channels.',
    since: '7.0.0',
    complexity: 'O(N) where N is the number of shard channels to subscribe to.',
    override: { keys: [{ begin: { index: 1 }, find: { lastKey: -1, step: 1, limit: 0 } }] },
    keyUse: ['not_key'],
    run(ctx, args) {
      if (ctx.client.transaction) {
        throw redisError("ERR SSUBSCRIBE isn't allowed for a DENY BLOCKING client");
      }
      return subscribe(ctx, args.rest(), shardChannel);
    },
  }),
  command<Needs>('SUNSUBSCRIBE [shardchannel [shardchannel ...]]', {
    ...subscribing,
    summary: 'Stops listening to messages posted to shard channels.',
    since: '7.0.0',
    complexity: 'O(N) where N is the number of shard channels to unsubscribe.',
    override: { keys: [{ begin: { index: 1 }, find: { lastKey: -1, step: 1, limit: 0 } }] },
    keyUse: ['not_key'],
    run: (ctx, args) => unsubscribe(ctx, args.rest(), shardChannel),
  }),
  command<Needs>('PUBLISH channel message', {
    summary: 'Posts a message to a channel.',
    since: '2.0.0',
    group: 'pubsub',
    complexity:
      'O(N+M) where N is the number of subscribers of the channel and M that of all patterns.',
    flags: ['pubsub', 'loading', 'stale', 'fast', 'may_replicate'],
    run: (ctx, args) => publish(ctx, args, 'channel'),
  }),
  command<Needs>('SPUBLISH shardchannel message', {
    summary: 'Posts a message to a shard channel.',
    since: '7.0.0',
    group: 'pubsub',
    complexity: 'O(N) where N is the number of subscribers of the shard channel.',
    flags: ['pubsub', 'loading', 'stale', 'fast', 'may_replicate'],
    override: { keys: [{ begin: { index: 1 }, find: { lastKey: 0, step: 1, limit: 0 } }] },
    keyUse: ['not_key'],
    run: (ctx, args) => publish(ctx, args, 'shard channel'),
  }),
  ...container<Needs>(
    'PUBSUB',
    {
      since: '2.8.0',
      helpSince: '6.2.0',
      group: 'pubsub',
      summary: 'A container for Pub/Sub commands.',
    },
    [
      command<Needs>('PUBSUB|CHANNELS [pattern:pattern]', {
        ...pubsubContainer,
        summary: 'Lists the channels that have subscribers.',
        since: '2.8.0',
        complexity: 'O(N) where N is the number of active channels.',
        run: ({ pubsub }, args) => namesOf(pubsub.channels, readPattern(args)),
      }),
      command<Needs>('PUBSUB|NUMSUB [channel [channel ...]]', {
        ...pubsubContainer,
        summary: 'Counts the subscribers of channels.',
        since: '2.8.0',
        complexity: 'O(N) where N is the number of requested channels.',
        run: ({ pubsub }, args) => subscriberCounts(pubsub.channels, args.rest()),
      }),
      command<Needs>('PUBSUB|NUMPAT', {
        ...pubsubContainer,
        summary: 'Counts the patterns that clients are subscribed to.',
        since: '2.8.0',
        complexity: 'O(1)',
        run: ({ pubsub }) => pubsub.patterns.size,
      }),
      command<Needs>('PUBSUB|SHARDCHANNELS [pattern:pattern]', {
        ...pubsubContainer,
        summary: 'Lists the shard channels that have subscribers.',
        since: '7.0.0',
        complexity: 'O(N) where N is the number of active shard channels.',
        run: ({ pubsub }, args) => namesOf(pubsub.shardChannels, readPattern(args)),
      }),
      command<Needs>('PUBSUB|SHARDNUMSUB [shardchannel [shardchannel ...]]', {
        ...pubsubContainer,
        summary: 'Counts the subscribers of shard channels.',
        since: '7.0.0',
        complexity: 'O(N) where N is the number of requested shard channels.',
        run: ({ pubsub }, args) => subscriberCounts(pubsub.shardChannels, args.rest()),
      }),
    ],
  ),
];

function namesOf(names: ReadonlyMap<string, unknown>, glob: string | undefined): string[] {
  const all = [...names.keys()];
  return glob === undefined ? all : all.filter((name) => matches(glob, name));
}

function subscriberCounts(
  names: ReadonlyMap<string, ReadonlySet<Client>>,
  wanted: readonly string[],
): Reply {
  return wanted.flatMap((name) => [name, names.get(name)?.size ?? 0]);
}

function readPattern(args: Args): string | undefined {
  if (args.left <= 1) return args.peek();
  throw wrongSubcommand('PUBSUB', args);
}
