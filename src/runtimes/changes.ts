import { sha1Hex } from '../engine/bytes/sha1.ts';
import { RedisError } from '../engine/errors.ts';
import { printReply } from '../engine/resp/print.ts';
import { type Reply, SetReply, Status } from '../engine/resp/reply.ts';
import type { Client } from '../wire/client.ts';

/**
 * "What changed": the keys of a server before and after. The server is asked in Redis, by SCAN and
 * by questions about each key that leave no trace in its idle time or access frequency. Of a large
 * keyspace only a part is looked at, and the comparison says so.
 */

export interface KeyState {
  readonly db: number;
  /** Bytes. */
  readonly key: string;
  readonly type: string;
  readonly encoding: string;
  /** When it expires, in ms since 1970; undefined when it does not. */
  readonly expiresAt: number | undefined;
  /** Bytes of memory, as MEMORY USAGE estimates. Undefined where the server does not say. */
  readonly memory: number | undefined;
  /** Bytes of a string, elements of anything else. */
  readonly size: number;
  /** The whole value as redis-cli prints it, where it is small. */
  readonly value: string | undefined;
  /** Equal for equal values. Undefined where the value was too large to compare. */
  readonly digest: string | undefined;
  /** Where it is, when several servers were looked at. */
  readonly server?: string;
  /** Whose it is, where another server may have another key of this name. */
  readonly owner?: string;
}

export interface Keyspace {
  readonly keys: readonly KeyState[];
  /** Keys that were not looked at. */
  readonly unseen: number;
  /** In a lab of several servers: those that were looked at, and those that did not answer. */
  readonly servers?: readonly string[];
  readonly silent?: readonly string[];
}

/** As much of a client as reading takes. */
export type ReadableClient = Pick<Client, 'call' | 'send' | 'pipeline'>;

export type Aspect = 'type' | 'value' | 'encoding' | 'expiry' | 'memory';

export type Change =
  | { readonly kind: 'created'; readonly after: KeyState }
  | { readonly kind: 'deleted'; readonly before: KeyState }
  | {
      readonly kind: 'changed';
      readonly before: KeyState;
      readonly after: KeyState;
      /** What is different, the most telling first; never empty. */
      readonly aspects: readonly Aspect[];
    };

/** Looking at more keys than this would be felt. */
const MAX_KEYS = 2000;
const KEYS_AT_ONCE = 200;
const MAX_DATABASES = 16;
/** Values up to this size are read whole. */
const SMALL = { bytes: 1024, elements: 64, memory: 8192 };

/**
 * What is different, database by database, keys in order. Nothing is said of keys of a server that did
 * not answer.
 */
export function changesBetween(before: Keyspace, after: Keyspace): Change[] {
  const old = new Map(before.keys.map((state) => [nameOf(state), state]));
  const changes: Change[] = [];
  for (const state of after.keys) {
    const name = nameOf(state);
    const known = old.get(name);
    old.delete(name);
    const aspects = known ? differences(known, state) : [];
    if (known && aspects.length > 0) {
      changes.push({ kind: 'changed', before: known, after: state, aspects });
    } else if (!known && !isOfOne(state, before.silent)) {
      changes.push({ kind: 'created', after: state });
    }
  }
  for (const state of old.values()) {
    if (!isOfOne(state, after.silent)) changes.push({ kind: 'deleted', before: state });
  }
  return changes.sort((a, b) => compareNames(stateOf(a), stateOf(b)));
}

/** The key as it is, or as it was when it is gone. */
export const stateOf = (change: Change): KeyState =>
  change.kind === 'deleted' ? change.before : change.after;

function differences(before: KeyState, after: KeyState): Aspect[] {
  const { digest } = before;
  const sameValue = digest === undefined ? before.size === after.size : digest === after.digest;
  const different: Readonly<Record<Aspect, boolean>> = {
    type: before.type !== after.type,
    value: !sameValue,
    encoding: before.encoding !== after.encoding,
    expiry: before.expiresAt !== after.expiresAt,
    memory: before.memory !== after.memory,
  };
  return (Object.keys(different) as Aspect[]).filter((aspect) => different[aspect]);
}

const isOfOne = ({ server }: KeyState, servers: readonly string[] = []): boolean =>
  server !== undefined && servers.includes(server);

/** Tells keys apart: by database, name, and server where that makes them different ones. */
export const nameOf = ({ owner, db, key }: Pick<KeyState, 'owner' | 'db' | 'key'>): string =>
  `${owner ?? ''} ${db} ${key}`;

const compareNames = (a: KeyState, b: KeyState) =>
  a.db - b.db || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);

/**
 * Looks at the keys of the server that a client is connected to, in its first databases. Rejects with
 * the server's error when it does not let us: it is busy with a script, or wants a password.
 */
export async function readKeyspace(
  client: ReadableClient,
  databases = MAX_DATABASES,
): Promise<Keyspace> {
  const sizes = await databaseSizes(client, databases);
  const keys: KeyState[] = [];
  let total = 0;
  for (const [db, size] of sizes.entries()) {
    total += size;
    if (size === 0 || keys.length >= MAX_KEYS) continue;
    const names = await scan(client, db, MAX_KEYS - keys.length);
    for (let at = 0; at < names.length; at += KEYS_AT_ONCE) {
      keys.push(...(await readKeys(client, db, names.slice(at, at + KEYS_AT_ONCE))));
    }
  }
  await client.send(['SELECT', '0']);
  return { keys, unseen: keys.length < MAX_KEYS ? 0 : Math.max(0, total - keys.length) };
}

async function databaseSizes(client: ReadableClient, databases: number): Promise<number[]> {
  const questions = Array.from({ length: databases }, (_, db) => [
    ['SELECT', String(db)],
    ['DBSIZE'],
  ]);
  const replies = await client.pipeline([['CLIENT', 'NO-TOUCH', 'ON'], ...questions.flat()]);
  const [, firstSelected] = replies;
  if (firstSelected instanceof RedisError) throw firstSelected;
  return questions.map((_, db) => {
    const [selected, size] = replies.slice(2 * db + 1, 2 * db + 3);
    return selected instanceof RedisError || typeof size !== 'number' ? 0 : size;
  });
}

async function scan(client: ReadableClient, db: number, limit: number): Promise<string[]> {
  await client.call('SELECT', String(db));
  const keys = new Set<string>();
  let cursor = '0';
  do {
    const [next, found] = itemsOf(await client.call('SCAN', cursor, 'COUNT', '500'));
    for (const key of itemsOf(found)) if (typeof key === 'string') keys.add(key);
    cursor = typeof next === 'string' ? next : '0';
  } while (cursor !== '0' && keys.size < limit);
  return [...keys].slice(0, limit);
}

/** A key's state before its value is known. */
type Outline = Omit<KeyState, 'value' | 'digest'>;

async function readKeys(
  client: ReadableClient,
  db: number,
  names: readonly string[],
): Promise<KeyState[]> {
  const outlines = await readOutlines(client, db, names);
  const questions = outlines.map(
    (outline) => (isSmall(outline) && wholeValue(outline)) || ['DUMP', outline.key],
  );
  const values = await client.pipeline(questions);
  return outlines.map((outline, i) => {
    const reply = values[i] as Reply;
    const whole = questions[i]?.[0] !== 'DUMP' && !(reply instanceof RedisError);
    const value = whole ? printReply(inOrder(outline.type, reply)) : undefined;
    const digest = value ?? (typeof reply === 'string' ? sha1Hex(reply) : undefined);
    return { ...outline, value, digest };
  });
}

async function readOutlines(
  client: ReadableClient,
  db: number,
  names: readonly string[],
): Promise<Outline[]> {
  const facts = await client.pipeline(
    names.flatMap((key) => [
      ['TYPE', key],
      ['OBJECT', 'ENCODING', key],
      ['PEXPIRETIME', key],
      ['MEMORY', 'USAGE', key],
    ]),
  );
  const found = names
    .map((key, i) => outlineOf(db, key, facts.slice(4 * i, 4 * i + 4)))
    // It may have expired meanwhile.
    .filter(({ type }) => type !== 'none');
  const sizes = await client.pipeline(
    found.map(({ type, key }) => [sizeCommands[type] ?? 'EXISTS', key]),
  );
  return found.map((outline, i) => ({ ...outline, size: numberOf(sizes[i]) ?? 0 }));
}

function outlineOf(db: number, key: string, facts: readonly Reply[]): Outline {
  const [type, encoding, expiry, memory] = facts;
  const expiresAt = numberOf(expiry) ?? -1;
  return {
    ...{ db, key, type: textOf(type), encoding: textOf(encoding), size: 0 },
    expiresAt: expiresAt < 0 ? undefined : expiresAt,
    memory: numberOf(memory),
  };
}

const sizeCommands: Readonly<Record<string, string>> = {
  string: 'STRLEN',
  list: 'LLEN',
  set: 'SCARD',
  hash: 'HLEN',
  zset: 'ZCARD',
  stream: 'XLEN',
};

const isSmall = ({ type, size, memory = 0 }: Outline): boolean =>
  type === 'string' ? size <= SMALL.bytes : size <= SMALL.elements && memory <= SMALL.memory;

/** How to read all of a value. */
function wholeValue({ type, key }: Outline): string[] | undefined {
  const [name, ...rest] = wholeCommands[type] ?? [];
  return name === undefined ? undefined : [name, key, ...rest];
}

const wholeCommands: Readonly<Record<string, readonly string[]>> = {
  string: ['GET'],
  list: ['LRANGE', '0', '-1'],
  set: ['SMEMBERS'],
  hash: ['HGETALL'],
  zset: ['ZRANGE', '0', '-1', 'WITHSCORES'],
  stream: ['XRANGE', '-', '+'],
  'ReJSON-RL': ['JSON.GET'],
};

/** A set has no order, and a server may list equal ones differently. */
function inOrder(type: string, reply: Reply): Reply {
  return type === 'set' ? [...itemsOf(reply)].sort() : reply;
}

function itemsOf(reply: Reply | undefined): readonly Reply[] {
  if (reply instanceof SetReply) return reply.items;
  return Array.isArray(reply) ? reply : [];
}

function textOf(reply: Reply | undefined): string {
  if (reply instanceof Status) return reply.text;
  return typeof reply === 'string' ? reply : '';
}

const numberOf = (reply: Reply | undefined): number | undefined =>
  typeof reply === 'number' ? reply : undefined;
