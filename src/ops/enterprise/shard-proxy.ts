/**
 * One endpoint before the shards of a cluster, as the product's proxy is: clients need not know of
 * slots. A command goes to the shard of its key; MGET and the like are divided by slot, and the
 * replies put together (each part by itself is atomic, the whole is not). While a slot moves or a
 * shard fails over, the command is tried again.
 * https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/
 */
import { slotOf } from '../../engine/bytes/crc16.ts';
import { notSimulated, RedisError, redisError } from '../../engine/errors.ts';
import { ok, type Reply } from '../../engine/resp/reply.ts';
import { Client } from '../../wire/client.ts';
import type { Dial } from '../../wire/link.ts';

export interface ProxyOptions {
  readonly dial: Dial;
  /** Calls so many ms of the lab's time later. */
  after(ms: number, task: () => void): unknown;
  /** Nodes of the cluster that know the others, "host:port". */
  readonly seeds: readonly string[];
}

const WAIT_MS = 100;
/** How long a shard may be away: a failover takes fewer seconds. */
const MOST_TRIES = 150;

/** What comes by itself to an end: the command is sent again. */
const passing = new Set(['TRYAGAIN', 'CLUSTERDOWN', 'LOADING', 'READONLY', 'MASTERDOWN']);

export class ShardProxy {
  readonly #options: ProxyOptions;
  readonly #clients = new Map<string, Client>();
  readonly #firstKeys = new Map<string, Promise<number>>();
  #owners: (string | undefined)[] = [];

  constructor(options: ProxyOptions) {
    this.#options = options;
  }

  /** Answers a command. */
  readonly handle = async (argv: readonly string[]): Promise<Reply> => {
    const name = (argv[0] ?? '').toLowerCase();
    if (isOfConnection(name, argv)) {
      throw notSimulated(
        `${name.toUpperCase()} through a proxy`,
        'keep a connection to a shard for it',
      );
    }
    const divided = dividing.get(name);
    if (divided && argv.length > 1) return this.#divide(argv, divided);
    if (name === 'dbsize') return sum(await this.#everywhere(argv));
    if (name === 'flushall' || name === 'flushdb') {
      const replies = await this.#everywhere(argv);
      return replies.find((reply) => reply instanceof RedisError) ?? ok;
    }
    const key = await this.#keyOf(argv);
    return this.#send(key === undefined ? undefined : slotOf(key), argv);
  };

  stop(): void {
    for (const client of this.#clients.values()) client.close();
    this.#clients.clear();
  }

  async #divide(argv: readonly string[], { step, merge }: Dividing): Promise<Reply> {
    if ((argv.length - 1) % step !== 0) return this.#send(undefined, argv);
    const parts = new Map<number, { at: number[]; words: string[] }>();
    for (let at = 1; at < argv.length; at += step) {
      const slot = slotOf(argv[at] ?? '');
      const part = parts.get(slot) ?? { at: [], words: [argv[0] ?? ''] };
      part.at.push((at - 1) / step);
      part.words.push(...argv.slice(at, at + step));
      parts.set(slot, part);
    }
    const replies = await Promise.all(
      [...parts].map(async ([slot, { at, words }]) => ({
        at,
        reply: await this.#send(slot, words),
      })),
    );
    const error = replies.find(({ reply }) => reply instanceof RedisError);
    return error ? error.reply : merge(replies);
  }

  async #everywhere(argv: readonly string[]): Promise<readonly Reply[]> {
    await this.#learn();
    const primaries = new Set(this.#owners.filter((owner) => owner !== undefined));
    return Promise.all([...primaries].map((address) => this.#client(address).send(argv)));
  }

  /** The key that says where a command belongs, if it has one. */
  async #keyOf(argv: readonly string[]): Promise<string | undefined> {
    const name = (argv[0] ?? '').toLowerCase();
    const known = this.#firstKeys.get(name) ?? this.#askFirstKey(name);
    this.#firstKeys.set(name, known);
    const first = await known;
    if (first > 0) return argv[first];
    const keys = await this.#send(undefined, ['COMMAND', 'GETKEYS', ...argv]);
    return Array.isArray(keys) && typeof keys[0] === 'string' ? keys[0] : undefined;
  }

  async #askFirstKey(name: string): Promise<number> {
    const reply = await this.#send(undefined, ['COMMAND', 'INFO', name]);
    const row = Array.isArray(reply) ? reply[0] : undefined;
    return Array.isArray(row) ? Number(row[3]) : 0;
  }

  async #send(slot: number | undefined, argv: readonly string[]): Promise<Reply> {
    let last: Reply = redisError('ERR no shard answers');
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const owner = this.#ownerOf(slot);
      const reply =
        owner &&
        (await this.#client(owner)
          .send(argv)
          .catch(() => undefined));
      if (reply instanceof RedisError) last = reply;
      if (reply !== undefined && !isRetried(reply)) return reply;
      const moved = reply instanceof RedisError ? redirection(reply) : undefined;
      if (moved?.isAsk) return this.#ask(moved.address, argv);
      if (moved && slot !== undefined) this.#owners[slot] = moved.address;
      else {
        if (tries > 0) await this.#wait();
        await this.#learn();
      }
    }
    return last;
  }

  /** The slot is on its way: its key is asked for where it goes. */
  async #ask(address: string, argv: readonly string[]): Promise<Reply> {
    for (let tries = 0; ; tries++) {
      const [, reply] = await this.#client(address).pipeline([['ASKING'], argv]);
      const isDone = !(reply instanceof RedisError && passing.has(reply.code));
      if (isDone || tries === MOST_TRIES) return reply as Reply;
      await this.#wait();
    }
  }

  #ownerOf(slot: number | undefined): string | undefined {
    return slot === undefined ? this.#owners.find((owner) => owner) : this.#owners[slot];
  }

  /** Asks for the map of slots, at the first node that answers. */
  async #learn(): Promise<void> {
    const known = new Set([...this.#owners.filter((owner) => owner !== undefined)]);
    for (const address of [...known, ...this.#options.seeds]) {
      const asked = this.#client(address).send(['CLUSTER', 'SLOTS']);
      const reply = await asked.catch(() => undefined);
      if (!Array.isArray(reply) || reply.length === 0) continue;
      this.#owners = ownersIn(reply);
      return;
    }
  }

  #client(address: string): Client {
    const client = this.#clients.get(address) ?? new Client(this.#options.dial, address);
    this.#clients.set(address, client);
    return client;
  }

  #wait(): Promise<void> {
    return new Promise((resolve) => this.#options.after(WAIT_MS, resolve));
  }
}

interface Dividing {
  /** How many words there are to a key, with itself. */
  readonly step: number;
  merge(parts: readonly { readonly at: readonly number[]; readonly reply: Reply }[]): Reply;
}

const adding: Dividing = { step: 1, merge: (parts) => sum(parts.map(({ reply }) => reply)) };

/** The commands that are divided by slot. */
const dividing: ReadonlyMap<string, Dividing> = new Map([
  ['del', adding],
  ['unlink', adding],
  ['exists', adding],
  ['touch', adding],
  ['mset', { step: 2, merge: () => ok }],
  [
    'mget',
    {
      step: 1,
      merge(parts) {
        const values: Reply[] = [];
        for (const { at, reply } of parts) {
          for (const [index, place] of at.entries())
            values[place] = (reply as Reply[])[index] ?? null;
        }
        return values;
      },
    },
  ],
]);

/** Changes the connection that it comes by, or waits in it: all clients here share one to a shard. */
const ofConnection: ReadonlySet<string> = new Set([
  ...['multi', 'exec', 'discard', 'watch', 'unwatch', 'auth', 'reset', 'monitor'],
  ...['subscribe', 'unsubscribe', 'psubscribe', 'punsubscribe', 'ssubscribe', 'sunsubscribe'],
  ...['blpop', 'brpop', 'brpoplpush', 'blmove', 'blmpop', 'bzpopmin', 'bzpopmax', 'bzmpop'],
  ...['wait', 'waitaof', 'asking', 'readonly', 'readwrite', 'sync', 'psync', 'replconf'],
]);

const isOfConnection = (name: string, argv: readonly string[]): boolean =>
  ofConnection.has(name) ||
  (/^xread(group)?$/.test(name) && argv.some((word) => /^block$/i.test(word)));

const sum = (replies: readonly Reply[]): number =>
  replies.reduce<number>((total, reply) => total + Number(reply), 0);

const isRetried = (reply: Reply) =>
  reply instanceof RedisError && (passing.has(reply.code) || redirection(reply) !== undefined);

function redirection({ message }: RedisError): { address: string; isAsk: boolean } | undefined {
  const [, kind, address] = /^(MOVED|ASK) \d+ (\S+:\d+)$/.exec(message) ?? [];
  return address === undefined ? undefined : { address, isAsk: kind === 'ASK' };
}

/** By slot, from the reply of CLUSTER SLOTS. */
function ownersIn(reply: readonly Reply[]): string[] {
  const owners: string[] = [];
  for (const range of reply) {
    if (!Array.isArray(range) || !Array.isArray(range[2])) continue;
    const [first, last, [host, port]] = range as [number, number, [string, number]];
    for (let slot = Number(first); slot <= Number(last); slot++) owners[slot] = `${host}:${port}`;
  }
  return owners;
}
