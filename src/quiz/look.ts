/** The checker's questions to a server, in the forms in which the conditions need them. */
import { utf8Decode, utf8Encode } from '../engine/bytes/bytes.ts';
import { RedisError } from '../engine/errors.ts';
import { isList, type Plain, pairsOf, plain } from './compare.ts';
import { type Executed, executedOf, type Transaction, transactionsOf } from './log.ts';
import type { Message, Vantage, World } from './world.ts';

/** The checker's own question failed: the task can neither be passed nor failed now. */
export class CheckError extends Error {
  override readonly name = 'CheckError';
}

/** Whether a condition holds, and what was there, wanted or not, in words. */
export interface Finding {
  readonly ok: boolean;
  readonly observed: string;
}

export type Evaluator<C> = (condition: C, look: Look) => Promise<Finding>;

/** A world seen by the checker; facts that do not change while it looks are asked for once. */
export class Look {
  readonly executed: readonly Executed[];
  readonly transactions: readonly Transaction[];
  private readonly flags = new Map<string, Promise<readonly string[]>>();

  constructor(private readonly world: World) {
    this.executed = executedOf(world.log());
    this.transactions = transactionsOf(world.log());
  }

  get log() {
    return this.world.log();
  }

  get messages(): readonly Message[] {
    return this.world.messages();
  }

  get output(): string {
    return this.world.output();
  }

  get roundTrips(): number {
    return this.world.roundTrips();
  }

  /** A reply as it comes, an error too. Arguments are text. */
  async try(argv: readonly string[], from?: Vantage): Promise<Plain> {
    return plain(await this.world.execute(argv.map(utf8Encode), from));
  }

  /** A reply that must not be an error. */
  async ask(argv: readonly string[], from?: Vantage): Promise<Plain> {
    const reply = await this.try(argv, from);
    if (reply instanceof RedisError) throw new CheckError(`${argv.join(' ')}: ${reply.message}`);
    return reply;
  }

  async number(argv: readonly string[], from?: Vantage): Promise<number> {
    return Number(await this.ask(argv, from));
  }

  /** A reply that is a list of strings, as text. */
  async strings(argv: readonly string[], from?: Vantage): Promise<string[]> {
    const reply = await this.ask(argv, from);
    return isList(reply) ? reply.map((item) => utf8Decode(String(item))) : [];
  }

  /** The keys that a condition is about: one, or those that fit a glob. */
  async keys(
    { key, every }: { key?: string | undefined; every?: string | undefined },
    from?: Vantage,
  ): Promise<string[]> {
    if (key !== undefined) return [key];
    const found = new Set<string>();
    let cursor = '0';
    do {
      const scan = await this.ask(['SCAN', cursor, 'MATCH', every ?? '*', 'COUNT', '1000'], from);
      const [next, keys] = isList(scan) ? scan : [];
      cursor = String(next ?? '0');
      for (const each of isList(keys ?? null) ? (keys as readonly Plain[]) : []) {
        found.add(utf8Decode(String(each)));
      }
    } while (cursor !== '0');
    return [...found].sort();
  }

  async type(key: string, from?: Vantage): Promise<string> {
    return String(await this.ask(['TYPE', key], from));
  }

  /** What a key holds, and its type; null where there is no key. */
  async value(key: string, from?: Vantage): Promise<{ type: string; value: Plain }> {
    const type = await this.type(key, from);
    const [name, ...rest] = readers[type] ?? [];
    if (name === undefined) return { type, value: null };
    return { type, value: await this.ask([name, key, ...rest], from) };
  }

  /** How many elements (or bytes, of a string) a key holds; 0 where there is no key. */
  async length(key: string, from?: Vantage): Promise<number> {
    const command = lengths[await this.type(key, from)];
    return command === undefined ? 0 : this.number([command, key], from);
  }

  /** Whether a command may write a key (scripts may; the key must be among those it names). */
  async writes({ argv }: Pick<Executed, 'argv'>, key?: string): Promise<boolean> {
    const name = argv[0] ?? '';
    if (!scripts.test(name) && !(await this.flagsOf(name)).includes('write')) return false;
    if (key === undefined) return true;
    const keys = plain(await this.world.execute(['COMMAND', 'GETKEYS', ...argv]));
    // A command without keys that writes (FLUSHALL) writes them all.
    return keys instanceof RedisError || !isList(keys) || keys.includes(utf8Encode(key));
  }

  /** A field of INFO; undefined where there is none. */
  async info(field: string, node?: string): Promise<string | undefined> {
    const text = String(await this.ask(['INFO', 'everything'], { node }));
    const row = text.split(/\r?\n/).find((line) => line.startsWith(`${field}:`));
    return row?.slice(field.length + 1);
  }

  /** A map reply as text. */
  async map(argv: readonly string[], from?: Vantage): Promise<Map<string, string>> {
    const reply = await this.ask(argv, from);
    return new Map(isList(reply) ? pairsOf(reply) : []);
  }

  private flagsOf(name: string): Promise<readonly string[]> {
    const known = this.flags.get(name.toLowerCase());
    const flags = known ?? this.ask(['COMMAND', 'INFO', name]).then(readFlags);
    this.flags.set(name.toLowerCase(), flags);
    return flags;
  }
}

const readers: Readonly<Record<string, readonly string[]>> = {
  string: ['GET'],
  list: ['LRANGE', '0', '-1'],
  set: ['SMEMBERS'],
  hash: ['HGETALL'],
  zset: ['ZRANGE', '0', '-1', 'WITHSCORES'],
  stream: ['XRANGE', '-', '+'],
};

const lengths: Readonly<Record<string, string>> = {
  string: 'STRLEN',
  list: 'LLEN',
  set: 'SCARD',
  hash: 'HLEN',
  zset: 'ZCARD',
  stream: 'XLEN',
};

const scripts = /^(eval|evalsha|fcall)$/i;

function readFlags(info: Plain): readonly string[] {
  const [row] = isList(info) ? info : [];
  const flags = row !== undefined && isList(row) ? row[2] : undefined;
  return flags !== undefined && isList(flags) ? flags.map(String) : [];
}
