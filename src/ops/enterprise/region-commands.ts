/** The commands of a region that write: each becomes operations of its data type, and a reply. */
import { parseDouble, parseSafeInteger } from '../../engine/bytes/numbers.ts';
import {
  invalidExpire,
  notAFloat,
  notAnInteger,
  notSimulated,
  overflow,
  syntaxError,
  wrongArity,
  wrongType,
} from '../../engine/errors.ts';
import { ok, type Reply } from '../../engine/resp/reply.ts';
import type { Change, Kind, Region } from './crdt.ts';

/** What a command changes of a key. */
export interface Draft {
  readonly key: string;
  readonly changes: readonly Change[];
}

export interface Written {
  readonly drafts: readonly Draft[];
  readonly reply: Reply;
}

/** Words of the command without its name; the lab's time. Throws what Redis answers to mistakes. */
type Handler = (region: Region, args: readonly string[], now: number, name: string) => Written;

/**
 * Reads a command that writes; undefined for any other. Nothing is changed yet. A key that has
 * expired is gone for it.
 */
export function writeOf(region: Region, argv: readonly string[], now: number): Written | undefined {
  const name = (argv[0] ?? '').toLowerCase();
  const row = handlers.get(name);
  if (!row) return undefined;
  const [least, most, handle] = row;
  if (argv.length - 1 < least || argv.length - 1 > most) throw wrongArity(name);
  return handle(region, argv.slice(1), now, name);
}

const nothing = (reply: Reply): Written => ({ drafts: [], reply });

const set: Handler = (region, [key = '', value = '', ...options], now) => {
  const changes = [...region.removeAll(key).filter(({ kind }) => kind !== 'string')];
  changes.push(region.put(key, 'string', '', value));
  if (options.length > 0) {
    const [unit = '', amount = ''] = options;
    if (options.length !== 2 || !/^(ex|px)$/i.test(unit)) {
      throw notSimulated('SET with other options than EX and PX', 'know more of them');
    }
    const ms = amountOf(amount) * (unit.toLowerCase() === 'ex' ? 1000 : 1);
    if (ms <= 0) throw invalidExpire('set');
    const expiry = region.put(key, 'expiry', '', String(now + ms));
    const others = changes.filter(({ kind }) => kind !== 'expiry');
    return { drafts: [{ key, changes: [...others, expiry] }], reply: ok };
  }
  return { drafts: [{ key, changes }], reply: ok };
};

const count =
  (sign: number): Handler =>
  (region, [key = '', by = '1']) => {
    const old = entries(region, key, 'string').get('') ?? '0';
    const value = parseSafeInteger(old);
    if (value === undefined) throw notAnInteger();
    const change = amountOf(by) * sign;
    if (!Number.isSafeInteger(value + change)) throw overflow();
    const changes = [region.add(key, 'string', '', change)];
    return { drafts: [{ key, changes }], reply: value + change };
  };

/** SADD and SREM, HDEL, ZREM: members one by one, counting those that it makes a difference to. */
const members =
  (kind: Kind, adds: boolean): Handler =>
  (region, [key = '', ...fields]) => {
    const before = entries(region, key, kind);
    const all = [...new Set(fields)];
    const touched = adds ? all : all.filter((field) => before.has(field));
    const changes = touched.map((field) =>
      adds ? region.put(key, kind, field, '') : region.remove(key, kind, field),
    );
    const reply = all.filter((field) => before.has(field) !== adds).length;
    return { drafts: changes.length === 0 ? [] : [{ key, changes }], reply };
  };

const hset: Handler = (region, [key = '', ...pairs]) => {
  if (pairs.length % 2 !== 0) throw wrongArity('hset');
  return puts(region, key, 'hash', pairsOf(pairs));
};

const zadd: Handler = (region, [key = '', ...pairs]) => {
  if (/^(nx|xx|gt|lt|ch|incr)$/i.test(pairs[0] ?? '')) {
    throw notSimulated('ZADD with options', 'know them');
  }
  if (pairs.length % 2 !== 0) throw syntaxError();
  const scored = pairsOf(pairs).map(([score, member]) => [member, printScore(score)] as const);
  return puts(region, key, 'zset', scored);
};

function puts(
  region: Region,
  key: string,
  kind: Kind,
  pairs: readonly (readonly [string, string])[],
): Written {
  const before = entries(region, key, kind);
  const last = new Map(pairs);
  const changes = [...last].map(([field, value]) => region.put(key, kind, field, value));
  const reply = [...last.keys()].filter((field) => !before.has(field)).length;
  return { drafts: [{ key, changes }], reply };
}

const hincrby: Handler = (region, [key = '', field = '', by = '']) => {
  const old = parseSafeInteger(entries(region, key, 'hash').get(field) ?? '0');
  if (old === undefined) throw notAnInteger();
  const change = amountOf(by);
  const changes = [region.add(key, 'hash', field, change)];
  return { drafts: [{ key, changes }], reply: old + change };
};

const zincrby: Handler = (region, [key = '', by = '', member = '']) => {
  const old = Number(entries(region, key, 'zset').get(member) ?? 0);
  const change = Number(printScore(by));
  const changes = [region.add(key, 'zset', member, change)];
  return { drafts: [{ key, changes }], reply: printScore(String(old + change)) };
};

const del: Handler = (region, keys) => {
  const there = [...new Set(keys)].filter((key) => region.view(key) !== undefined);
  const drafts = there.map((key) => ({ key, changes: region.removeAll(key) }));
  return { drafts, reply: there.length };
};

const expire =
  (unitMs: number): Handler =>
  (region, [key = '', amount = '', ...options], now) => {
    if (options.length > 0) throw notSimulated('EXPIRE with options', 'know them');
    const ms = amountOf(amount) * unitMs;
    if (!region.view(key)) return nothing(0);
    if (ms <= 0) return del(region, [key], now, 'del');
    const changes = [region.put(key, 'expiry', '', String(now + ms))];
    return { drafts: [{ key, changes }], reply: 1 };
  };

const persist: Handler = (region, [key = '']) => {
  if (region.view(key)?.expiresAt === undefined) return nothing(0);
  return { drafts: [{ key, changes: [region.remove(key, 'expiry', '')] }], reply: 1 };
};

const ANY = Number.POSITIVE_INFINITY;

/** By name: how many words it takes at least and at most, and what it does. */
const handlers: ReadonlyMap<string, readonly [least: number, most: number, Handler]> = new Map([
  ['set', [2, ANY, set]],
  ['incr', [1, 1, count(1)]],
  ['decr', [1, 1, count(-1)]],
  ['incrby', [2, 2, count(1)]],
  ['decrby', [2, 2, count(-1)]],
  ['sadd', [2, ANY, members('set', true)]],
  ['srem', [2, ANY, members('set', false)]],
  ['hset', [3, ANY, hset]],
  ['hdel', [2, ANY, members('hash', false)]],
  ['hincrby', [3, 3, hincrby]],
  ['zadd', [3, ANY, zadd]],
  ['zincrby', [3, 3, zincrby]],
  ['zrem', [2, ANY, members('zset', false)]],
  ['del', [1, ANY, del]],
  ['unlink', [1, ANY, del]],
  ['expire', [2, ANY, expire(1000)]],
  ['pexpire', [2, ANY, expire(1)]],
  ['persist', [1, 1, persist]],
]);

export const writeNames: readonly string[] = [...handlers.keys()];

function entries(region: Region, key: string, kind: Kind): ReadonlyMap<string, string> {
  const view = region.view(key);
  if (view && view.kind !== kind) throw wrongType();
  return view?.entries ?? new Map();
}

function amountOf(text: string): number {
  const amount = parseSafeInteger(text);
  if (amount === undefined) throw notAnInteger();
  return amount;
}

function printScore(text: string): string {
  const score = parseDouble(text);
  if (score === undefined || !Number.isFinite(score)) throw notAFloat();
  return String(score);
}

const pairsOf = (words: readonly string[]): (readonly [string, string])[] =>
  words.flatMap((word, at) => (at % 2 === 0 ? [[word, words[at + 1] ?? ''] as const] : []));
