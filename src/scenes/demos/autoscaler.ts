/** A cluster that grows by rules: load through one endpoint, minute by minute, and shards added. */
import { moveSlots, type Shard, slotsToGive } from '../../ops/enterprise/slot-mover.ts';
import { runShell } from './shell.ts';
import type { DemoClient, Lab } from './stage.ts';

/** When a shard is added: never; when a limit is passed; when the next minute would pass it. */
export type Rule = 'off' | 'limit' | 'forecast';

/** What a shard may have before another one is added. */
export interface Limits {
  readonly keys: number;
  /** Commands a minute. */
  readonly ops: number;
}

export const limits: Limits = { keys: 200, ops: 160 };
export const FIRST_SHARDS = 3;
export const MOST_SHARDS = 6;

/** New keys in the first minute; each minute brings that many more than the one before. */
const KEYS_STEP = 40;
const READS_STEP = 60;
/** While slots move: so many reads, and a pause in which they can. */
const READS_WHILE_MOVING = 20;
const PAUSE_MS = 30;
/** How long a node needs to be known to all others, at most. */
const GOSSIP_MS = 20_000;
const ENDPOINT = '127.0.0.1:12000';

export interface ShardLoad {
  readonly name: string;
  readonly keys: number;
  /** Commands in the last minute. */
  readonly ops: number;
}

export interface Minute {
  readonly number: number;
  readonly shards: readonly ShardLoad[];
  readonly sent: number;
  readonly failed: number;
  /** Why a shard was added, if one was. */
  readonly added: string | undefined;
}

export class Autoscaler {
  readonly #stage: Lab;
  readonly #load: DemoClient;
  readonly #limits: Limits;
  readonly #minutes: Minute[] = [];
  #shards = FIRST_SHARDS;
  #keys = 0;

  private constructor(stage: Lab, load: DemoClient, most: Limits) {
    this.#stage = stage;
    this.#limits = most;
    this.#load = load;
  }

  static async open(stage: Lab, most: Limits = limits): Promise<Autoscaler> {
    const nodes = range(FIRST_SHARDS).map((n) => `${hostOf(n)}:6379`);
    await runShell(stage, `redis-cli --cluster create ${nodes.join(' ')} --cluster-yes`);
    return new Autoscaler(stage, await openEndpoint(stage), most);
  }

  get minutes(): readonly Minute[] {
    return this.#minutes;
  }

  /** A minute of load; slots move while it goes on, where the rule says so. */
  async minute(rule: Rule): Promise<void> {
    const number = this.#minutes.length + 1;
    const reason = this.#reason(rule);
    const before = await this.#commands();
    let isGrowing = reason !== undefined;
    const grown = isGrowing ? this.#grow() : Promise.resolve();
    const ended = () => {
      isGrowing = false;
    };
    // What it has failed with is thrown below.
    grown.then(ended, ended);
    const total = { sent: 0, failed: 0 };
    await this.#send(number, total);
    // Slots take their time: requests go on as long as they move.
    while (isGrowing) {
      await this.#read(READS_WHILE_MOVING, total);
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
    await grown;
    const after = await this.#commands();
    const shards = await this.#survey(before, after);
    this.#minutes.push({ number, shards, ...total, added: reason });
  }

  close(): void {
    this.#load.close();
  }

  #reason(rule: Rule): string | undefined {
    const now = this.#minutes.at(-1)?.shards;
    if (rule === 'off' || !now || this.#shards === MOST_SHARDS) return undefined;
    const passed = tooMuch(now, this.#limits);
    if (passed !== undefined) return passed;
    const next = nextMinute(this.#minutes);
    const ahead = rule === 'forecast' && next ? tooMuch(next, this.#limits) : undefined;
    return ahead === undefined ? undefined : `in the next minute, by the forecast, ${ahead}`;
  }

  async #grow(): Promise<void> {
    const [first, fresh] = [hostOf(0), hostOf(this.#shards)];
    this.#shards++;
    const where = `${first}:6379`;
    await runShell(this.#stage, `redis-cli --cluster add-node ${fresh}:6379 ${where}`);
    // Until everybody has heard of it.
    await this.#stage.advance(GOSSIP_MS);
    const all = range(this.#shards).map((n) => this.#stage.client(`${hostOf(n)}:6379`));
    const shards = await Promise.all(all.map(shardOf));
    const target = shards.at(-1) as Shard;
    const owned = await Promise.all(shards.slice(0, -1).map(slotsOf));
    for (const [at, slots] of slotsToGive(owned).entries()) {
      await moveSlots(shards[at] as Shard, target, slots);
    }
    for (const client of all) client.close();
  }

  async #send(number: number, total: { sent: number; failed: number }): Promise<void> {
    const fresh = range(KEYS_STEP * number).map((n) => `SET user:${this.#keys + n} ${n}`);
    this.#keys += fresh.length;
    await this.#batch(fresh, total);
    await this.#read(READS_STEP * number, total);
    await this.#stage.advance(60_000 / 10);
  }

  #read(count: number, total: { sent: number; failed: number }): Promise<void> {
    const reads = range(count).map((n) => `GET user:${(n * 7919) % Math.max(1, this.#keys)}`);
    return this.#batch(reads, total);
  }

  async #batch(lines: readonly string[], total: { sent: number; failed: number }): Promise<void> {
    const replies = await this.#load.batch(lines);
    total.sent += replies.length;
    total.failed += replies.filter((reply) => reply.startsWith('(error)')).length;
  }

  async #survey(before: readonly number[], after: readonly number[]): Promise<ShardLoad[]> {
    return Promise.all(
      range(this.#shards).map(async (n) => {
        const client = this.#stage.client(`${hostOf(n)}:6379`);
        const keys = await client.number('DBSIZE');
        client.close();
        return { name: `node${n + 1}`, keys, ops: (after[n] ?? 0) - (before[n] ?? 0) };
      }),
    );
  }

  /** Reads and writes of users so far, by node. */
  #commands(): Promise<number[]> {
    return Promise.all(
      range(MOST_SHARDS).map(async (n) => {
        const client = this.#stage.client(`${hostOf(n)}:6379`);
        const info = await client.info('commandstats');
        client.close();
        return callsOf(info.get('cmdstat_get')) + callsOf(info.get('cmdstat_set'));
      }),
    );
  }
}

/** What a shard has too much of, in words. */
export function tooMuch(shards: readonly ShardLoad[], most: Limits): string | undefined {
  const [keys, ops] = [highest(shards, 'keys'), highest(shards, 'ops')];
  if (keys > most.keys) return `${Math.round(keys)} keys on a shard`;
  return ops > most.ops ? `${Math.round(ops)} commands a minute on a shard` : undefined;
}

/** Each shard a minute later, if what the last two minutes have brought comes once more. */
export function nextMinute(minutes: readonly Minute[]): readonly ShardLoad[] | undefined {
  const [before, now] = minutes.slice(-2);
  if (!before || !now || before.shards.length !== now.shards.length) return undefined;
  return now.shards.map((shard, at) => {
    const old = before.shards[at] ?? shard;
    return {
      name: shard.name,
      keys: shard.keys + (shard.keys - old.keys),
      ops: shard.ops + (shard.ops - old.ops),
    };
  });
}

const highest = (shards: readonly ShardLoad[], what: 'keys' | 'ops') =>
  Math.max(0, ...shards.map((shard) => shard[what]));

/** Starts a proxy before the cluster of the first host; a connection to it. */
export async function openEndpoint(stage: Lab): Promise<DemoClient> {
  await runShell(stage, `proxy ${hostOf(0)}`);
  return stage.client(ENDPOINT);
}

/** A node as slots are moved to and from it; hosts are counted from 0. */
export async function shardOf({ connection }: DemoClient, index: number): Promise<Shard> {
  const id = String(await connection.call('CLUSTER', 'MYID'));
  return { client: connection, id, host: hostOf(index), port: 6379 };
}

/** The slots that a node has, by its own word. */
async function slotsOf({ client, id }: Shard): Promise<number[]> {
  const ranges = await client.call('CLUSTER', 'SLOTS');
  if (!Array.isArray(ranges)) return [];
  return ranges.flatMap((entry) => {
    const [first, last, [, , owner]] = entry as [number, number, [string, number, string]];
    return owner === id ? range(last - first + 1).map((n) => first + n) : [];
  });
}

const callsOf = (row: string | undefined) => Number(/calls=(\d+)/.exec(row ?? '')?.[1] ?? 0);

const hostOf = (index: number) => `10.0.0.${index + 1}`;

const range = (count: number) => Array.from({ length: count }, (_, index) => index);
