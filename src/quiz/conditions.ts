/**
 * Evaluates the palette of condition.ts: one entry per kind, each looking at the server or at the
 * log as it is now, and saying what it saw. Harmless extra steps of the learner's never fail one.
 */
import { utf8Decode, utf8Encode } from '../engine/bytes/bytes.ts';
import { matches } from '../engine/bytes/glob.ts';
import { RedisError } from '../engine/errors.ts';
import { splitArgs } from '../engine/resp/split.ts';
import { isBetween, isList, meets, type Plain, pairsOf } from './compare.ts';
import type { Condition, ConditionOf, Expectation, Kind } from './condition.ts';
import { evaluateDone } from './done.ts';
import { CheckError, type Evaluator, type Finding, type Look } from './look.ts';
import { listing, show, showMap } from './show.ts';
import { evaluateStreams } from './streams.ts';
import type { Vantage } from './world.ts';

export function evaluate(condition: Condition, look: Look): Promise<Finding> {
  // The table has an entry of the right type for every kind.
  const evaluator = evaluators[condition.check] as Evaluator<Condition>;
  return evaluator(condition, look);
}

type Evaluators = { readonly [K in Kind]: Evaluator<ConditionOf<K>> };

const evaluators: Evaluators = {
  reply: async (it, look) => {
    const reply = await look.try(argvOf(it.command), vantage(it));
    return { ok: meets(it, reply), observed: show(reply) };
  },
  value: (it, look) => evaluateValue(it, look),
  exists: async ({ keys, ...from }, look) => {
    const absent = await without(keys, async (key) => isPresent(look, key, vantage(from)));
    return { ok: absent.length === 0, observed: keysAre(absent, keys, 'missing', 'there') };
  },
  missing: async ({ keys, ...from }, look) => {
    const present = await without(
      keys,
      async (key) => !(await isPresent(look, key, vantage(from))),
    );
    return { ok: present.length === 0, observed: keysAre(present, keys, 'there', 'missing') };
  },
  onlyKeys: async ({ keys, ...from }, look) => {
    const found = await look.keys({ every: '*' }, vantage(from));
    const same = found.length === keys.length && keys.every((key) => found.includes(key));
    return { ok: same, observed: found.length === 0 ? 'no key at all' : listing(found) };
  },
  type: (it, look) => everyKey(it, look, it.is, (key) => look.type(key, vantage(it))),
  encoding: (it, look) =>
    everyKey(it, look, it.is, async (key) => {
      if (!(await isPresent(look, key, vantage(it)))) return 'no key';
      return String(await look.ask(['OBJECT', 'ENCODING', key], vantage(it)));
    }),
  ttl: (it, look) => evaluateTtl(it, look),
  length: async (it, look) => {
    const length = await look.length(it.key, vantage(it));
    return { ok: isBetween(it.between, String(length)), observed: String(length) };
  },
  memory: async (it, look) => {
    const bytes = await memoryOf(it, look);
    return { ok: bytes <= it.atMost, observed: `${bytes} bytes` };
  },
  sum: async ({ keys, is, ...from }, look) => {
    const values = await Promise.all(keys.map((key) => look.ask(['GET', key], vantage(from))));
    const sum = values.reduce((total: number, value) => total + Number(value ?? 0), 0);
    return { ok: String(sum) === is, observed: `${values.map(show).join(' + ')} = ${sum}` };
  },
  config: async ({ name, is, node }, look) => {
    const value = (await look.map(['CONFIG', 'GET', name], { node })).get(name);
    return { ok: value === is, observed: value === undefined ? 'no such directive' : `"${value}"` };
  },
  info: async (it, look) => {
    const value = await look.info(it.field, it.node);
    return { ok: meets(it, value ?? null), observed: value ?? 'no such field' };
  },
  subscribers: async ({ channel, is }, look) => {
    const [, number] = await look.strings(['PUBSUB', 'NUMSUB', channel]);
    return { ok: Number(number) === is, observed: `${number} subscribed` };
  },
  patterns: async ({ is }, look) => {
    const number = await look.number(['PUBSUB', 'NUMPAT']);
    return { ok: number === is, observed: String(number) };
  },
  acl: (it, look) => evaluateAcl(it, look),
  group: (it, look) => evaluateGroup(it, look),
  ...evaluateDone,
  ...evaluateStreams,
};

/** The words of a command line in a condition; a quote left open there is a mistake of the lesson. */
export function argvOf(line: string): string[] {
  const argv = splitArgs(utf8Encode(line));
  if (!argv || argv.length === 0) throw new CheckError(`cannot read the command ${line}`);
  return argv.map(utf8Decode);
}

const vantage = ({ node, db, user, password }: Vantage): Vantage => ({ node, db, user, password });

async function isPresent(look: Look, key: string, from: Vantage): Promise<boolean> {
  return (await look.number(['EXISTS', key], from)) === 1;
}

async function without<T>(items: readonly T[], has: (item: T) => Promise<boolean>): Promise<T[]> {
  const kept = await Promise.all(items.map(has));
  return items.filter((_, index) => !kept[index]);
}

function keysAre(wrong: string[], all: readonly string[], bad: string, good: string): string {
  return wrong.length > 0 ? `${listing(wrong)} ${bad}` : `${listing(all)} ${good}`;
}

/** Holds when there is a key and `read` gives the same for each. */
async function everyKey(
  it: { key?: string | undefined; every?: string | undefined } & Vantage,
  look: Look,
  is: string,
  read: (key: string) => Promise<string>,
): Promise<Finding> {
  const keys = await look.keys(it, vantage(it));
  const seen = await Promise.all(keys.map(async (key) => [key, await read(key)] as const));
  const wrong = seen.filter(([, value]) => value !== is);
  const shown = (wrong.length > 0 ? wrong : seen).slice(0, 3);
  const observed = shown.map(([key, value]) => (it.every ? `${key}: ${value}` : value));
  return {
    ok: keys.length > 0 && wrong.length === 0,
    observed: keys.length === 0 ? 'no such key' : observed.join(', '),
  };
}

async function evaluateValue(it: ConditionOf<'value'>, look: Look): Promise<Finding> {
  const { type, value } = await look.value(it.key, vantage(it));
  return {
    ok: meets(byType(type, it), forType(type, value, it)),
    observed: showValue(type, value),
  };
}

/** The order of a set means nothing, so none is asked for. */
function byType(
  type: string,
  { check: _check, key: _key, ...it }: ConditionOf<'value'>,
): Expectation {
  return type === 'set' && Array.isArray(it.is) ? { ...it, is: undefined, anyOrder: it.is } : it;
}

/** A list expected of a hash or a sorted set means its fields or members. */
function forType(type: string, value: Plain, { is, anyOrder, contains }: Expectation): Plain {
  const asList = Array.isArray(is) || anyOrder !== undefined || contains !== undefined;
  if (!asList || !isList(value) || (type !== 'hash' && type !== 'zset')) return value;
  return pairsOf(value).map(([field]) => field);
}

function showValue(type: string, value: Plain): string {
  if (type === 'none') return 'no such key';
  if (type === 'string') return show(value);
  return `${type === 'zset' ? 'sorted set' : type} ${type === 'hash' || type === 'zset' ? showMap(value) : show(value)}`;
}

async function evaluateTtl(it: ConditionOf<'ttl'>, look: Look): Promise<Finding> {
  const keys = await look.keys(it, vantage(it));
  const left = await Promise.all(
    keys.map(async (key) => [key, await look.number(['TTL', key], vantage(it))] as const),
  );
  const holds = (seconds: number) =>
    it.between ? isBetween(it.between, String(seconds)) : seconds === -1;
  const wrong = left.filter(([, seconds]) => !holds(seconds));
  const shown = (wrong.length > 0 ? wrong : left).slice(0, 3);
  return {
    ok: keys.length > 0 && wrong.length === 0,
    observed:
      keys.length === 0
        ? 'no such key'
        : shown
            .map(([key, seconds]) => (it.every ? `${key}: ${showTtl(seconds)}` : showTtl(seconds)))
            .join(', '),
  };
}

function showTtl(seconds: number): string {
  if (seconds === -2) return 'no such key';
  return seconds === -1 ? 'never expires' : `${seconds} s left`;
}

async function memoryOf(it: ConditionOf<'memory'>, look: Look): Promise<number> {
  if (it.key === undefined && it.every === undefined) {
    return Number(await look.info('used_memory', it.node));
  }
  const keys = await look.keys(it, vantage(it));
  const sizes = await Promise.all(
    keys.map((key) => look.number(['MEMORY', 'USAGE', key, 'SAMPLES', '0'], vantage(it))),
  );
  return sizes.reduce((total, bytes) => total + bytes, 0);
}

async function evaluateAcl(it: ConditionOf<'acl'>, look: Look): Promise<Finding> {
  const may = async (line: string) => {
    const reply = await look.try(['ACL', 'DRYRUN', it.of, ...argvOf(line)], vantage(it));
    if (reply instanceof RedisError) throw new CheckError(reply.message);
    return reply === 'OK';
  };
  const users = await look.strings(['ACL', 'USERS'], vantage(it));
  if (!users.includes(it.of)) return { ok: false, observed: `no user ${it.of}` };
  const refused = await without(it.may, may);
  const allowed = await without(it.mayNot, async (line) => !(await may(line)));
  const observed = [
    ...refused.map((line) => `${it.of} may not ${line}`),
    ...allowed.map((line) => `${it.of} may ${line}`),
  ];
  return { ok: observed.length === 0, observed: observed.join('; ') || 'exactly that' };
}

async function evaluateGroup(it: ConditionOf<'group'>, look: Look): Promise<Finding> {
  if ((await look.type(it.key)) !== 'stream') return { ok: false, observed: 'no such stream' };
  const groups = await look.ask(['XINFO', 'GROUPS', it.key]);
  const rows = isList(groups) ? groups.map((row) => new Map(isList(row) ? pairsOf(row) : [])) : [];
  const group = rows.find((row) => matches(it.group, row.get('name') ?? ''));
  if (!group) return { ok: false, observed: `no group ${it.group}` };
  const pending = group.get('pending') ?? '0';
  const consumers = group.get('consumers') ?? '0';
  return {
    ok:
      (!it.pending || isBetween(it.pending, pending)) &&
      (!it.consumers || isBetween(it.consumers, consumers)),
    observed: `${pending} pending, ${consumers} consumers`,
  };
}
