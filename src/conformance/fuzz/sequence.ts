import type { Command, Group } from '../../engine/commands/command.ts';
import type { Arg } from '../../engine/commands/syntax.ts';
import { argvOf, pick } from '../../engine/lab/argv.ts';
import type { Random } from '../../engine/time/random.ts';
import { reaches } from '../real-redis.ts';
import { fillFor } from './values.ts';

/** Commands that are only sent together. */
export type Unit = readonly (readonly string[])[];

type Row = Pick<
  Command,
  'name' | 'args' | 'arity' | 'keys' | 'group' | 'flags' | 'isContainer' | 'since' | 'optionsSince'
> & { readonly mostArgs?: number | undefined };

/** Of these groups only some commands mean the same on any server, at any time. */
const chosen: Partial<Record<Group, readonly string[]>> = {
  connection: ['ping', 'echo', 'select'],
  server: ['dbsize', 'flushdb', 'swapdb', 'flushall'],
  scripting: ['script|exists', 'script|flush', 'script|kill', 'script|load'],
  pubsub: ['publish', 'spublish', 'pubsub|channels', 'pubsub|numsub', 'pubsub|numpat'],
  cluster: [],
  sentinel: [],
  module: [],
};

/** Why a row of any other group is not generated. */
const left: Readonly<Record<string, string>> = {
  migrate: 'needs a third server',
  pfselftest: 'tests the server itself, for seconds',
  pfdebug: 'shows what is inside',
  wait: 'waits',
  dump: 'its payload names the RDB version',
  restore: 'its payload names the RDB version',
  'object|freq': 'depends on maxmemory-policy',
};

/** The rows that can be compared by random calls with a redis-server of this version, as it knows them. */
export function comparable(rows: Iterable<Row>, version: string): Row[] {
  const compared = [...rows].filter(({ name, group, isContainer, since }) => {
    // HELP is in our own words.
    if (isContainer || name.endsWith('|help') || left[name] !== undefined) return false;
    return reaches(version, since) && (chosen[group]?.includes(name) ?? true);
  });
  return compared.map((row) => {
    const { optionsSince = {} } = row;
    const isKnown = (token: string) => reaches(version, optionsSince[token] ?? version);
    const args = row.args.flatMap((arg) => withoutNewer(arg, isKnown));
    const isFixed = args.every(({ kind }) => kind === 'value' || kind === 'token');
    // Where a newer server reads an option, an older one counts one argument too many.
    const mostArgs = isFixed && args.length < row.args.length ? args.length : undefined;
    return { ...row, args, mostArgs };
  });
}

/** An argument as an older server knows it: without the options that begin with a newer token. */
function withoutNewer(arg: Arg, isKnown: (token: string) => boolean): Arg[] {
  switch (arg.kind) {
    case 'value':
      return [arg];
    case 'token':
      return isKnown(arg.token) ? [arg] : [];
    case 'block': {
      const [head] = arg.items;
      if (head?.kind === 'token' && !isKnown(head.token)) return [];
      return [{ ...arg, items: arg.items.flatMap((item) => withoutNewer(item, isKnown)) }];
    }
    case 'choice': {
      const options = arg.options.flatMap((option) => withoutNewer(option, isKnown));
      return options.length === 0 ? [] : [{ ...arg, options }];
    }
    case 'optional':
    case 'repeat':
      return withoutNewer(arg.item, isKnown).map((item) => ({ ...arg, item }));
  }
}

/** A random sequence of about `length` commands from these rows. */
export function sequenceOf(rows: readonly Row[], random: Random, length: number): Unit[] {
  const groups = new Set(rows.map(({ group }) => group));
  const units: Unit[] = builders(random)
    .filter(([group]) => groups.has(group))
    .map(([, argv]) => [argv]);
  while (units.length < length) units.push(unitOf(rows, random));
  return units;
}

function unitOf(rows: readonly Row[], random: Random): Unit {
  const luck = random.below(100);
  if (luck < 4 && rows.length > 5) return transaction(rows, random);
  if (luck < 8 && rows.length > 8) return script(rows, random);
  const row = pick(random, rows);
  const unit = callOf(row, random);
  // Alone it would wait for somebody.
  return row.flags.has('blocking') ? [['MULTI'], ...unit, ['EXEC']] : unit;
}

function transaction(rows: readonly Row[], random: Random): Unit {
  const inside = rows.filter(({ group }) => group !== 'transactions');
  const count = 1 + random.below(4);
  const body = Array.from({ length: count }, () => callOf(pick(random, inside), random));
  return [['MULTI'], ...body.flat(), [random.below(5) === 0 ? 'DISCARD' : 'EXEC']];
}

/** The command called from Lua, its error thrown or returned. */
function script(rows: readonly Row[], random: Random): Unit {
  const body = pick(random, [
    'return redis.call(unpack(ARGV))',
    'return redis.pcall(unpack(ARGV))',
    'redis.setresp(3) return redis.call(unpack(ARGV))',
    'local r = redis.pcall(unpack(ARGV)) if type(r) == "table" then return #r end return r',
  ]);
  return callOf(pick(random, rows), random).map((argv) => ['EVAL', body, '0', ...argv]);
}

/** One call, with what it needs for its outcome to be certain. */
function callOf(row: Row, random: Random): Unit {
  const argv = safely(row.name, argvOf(row, random, fillFor(row.name, row.group, random)));
  if (row.mostArgs !== undefined) argv.splice(row.name.split('|').length + row.mostArgs);
  const key = argv[row.name === 'zrangestore' ? 2 : 1] ?? '';
  // What is removed at random is followed by the key's end, so that both go on alike.
  if (row.name === 'spop') return [argv, ['DEL', key]];
  // A range of names means something only where all scores are the same.
  const byName = /lex/.test(row.name) || argv.some((arg) => /^bylex$/i.test(arg));
  if (byName) return [['ZUNIONSTORE', key, '1', key, 'WEIGHTS', '0'], argv];
  if (row.name === 'xadd') return [argv.map((arg) => (arg === '*' ? '5-*' : arg))];
  return [row.name === 'sort' ? withCertainOrder(argv) : argv];
}

/**
 * A word that has come to the wrong place may ask for so many picks that they fill all memory, or for
 * a life so short that it ends while the two servers are compared.
 */
function safely(name: string, argv: readonly string[]): string[] {
  const isLife = (i: number) =>
    /^[ep]x$/i.test(argv[i - 1] ?? '') || (i === 2 && /^p?(setex|expire)$/.test(name));
  return argv.map((arg, i) => {
    if (/rand/.test(name) && /^-\d{4,}$/.test(arg)) return '-100';
    return isLife(i) && /^[1-9]\d{0,4}$/.test(arg) ? '100000' : arg;
  });
}

/** SORT … BY … ALPHA leaves those without a weight in any order: fatal where they are stored. */
function withCertainOrder(argv: string[]): string[] {
  const has = (word: string) => argv.some((arg) => arg.toLowerCase() === word);
  if (!has('by') || !has('store')) return argv;
  return argv.filter((arg) => arg.toLowerCase() !== 'alpha');
}

/** Values of every type to work on; now and then one that is too large for its small encoding. */
function builders(random: Random): [Group, string[]][] {
  const some = (): string[] => elements(random, sizeOf(random));
  const pairs = (value: (i: number) => string) =>
    some().flatMap((element, i) => [element, value(i)]);
  const scored = () => some().flatMap((element, i) => [String((i * 7) % 5), element]);
  return [
    ['string', ['SET', 's1', pick(random, ['10', 'abc', '3.5', 'x'.repeat(100)])]],
    ['list', ['RPUSH', 'l1', ...some()]],
    ['list', ['RPUSH', 'l2', ...some()]],
    ['set', ['SADD', 't1', ...some()]],
    ['set', ['SADD', 't2', ...some()]],
    ['hash', ['HSET', 'h1', ...pairs((i) => String(i))]],
    ['hash', ['HSET', 'h2', ...pairs((i) => `v${i}`)]],
    ['sorted-set', ['ZADD', 'z1', ...scored()]],
    ['sorted-set', ['ZADD', 'z2', ...scored()]],
  ];
}

function sizeOf(random: Random): number {
  const luck = random.below(40);
  return luck === 0 ? 514 : luck < 3 ? 130 : 1 + random.below(12);
}

/** Different elements: numbers, words, or both. */
function elements(random: Random, count: number): string[] {
  const kind = random.below(3);
  return Array.from({ length: count }, (_, i) => {
    const isNumber = kind === 0 || (kind === 1 && i % 2 === 0);
    return isNumber
      ? String(i * 3 - 5)
      : pick(random, ['', 'e', 'el']) + String.fromCharCode(97 + (i % 26)) + (i < 26 ? '' : i);
  });
}
