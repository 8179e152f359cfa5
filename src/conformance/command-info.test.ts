import { beforeAll, describe, expect, test } from 'vitest';
import { Lab } from '../engine/lab/lab.ts';
import { rows } from '../engine/server/table.ts';
import type { Frame } from './frame.ts';
import { LabWire } from './lab-wire.ts';
import { canCompare, newerRedis, type Reference, reaches, referenceFor } from './real-redis.ts';
import { useRealRedis } from './real-wire.ts';

/**
 * COMMAND INFO and COMMAND DOCS of every command and subcommand, beside those of redis-server: the
 * shapes in RESP3 (RESP2 follows from them), arity, flags, keys, categories, tips, argument trees.
 * What is prose is Redis's own there and ours here, and is not compared. Options that came later make
 * the argument tree another one, so of a row with such options only COMMAND INFO is compared.
 */

/** Rows that tell something else than 7.0, each group with its reason. */
const otherDocs: readonly string[] = [
  // Deprecated since, and said to be so.
  ...['setnx', 'setex', 'psetex', 'quit'],
  // Choices are shown as choices, numbers with fractions as such, offsets such as #1 as strings.
  ...['bitop', 'bitfield', 'bitfield_ro', 'georadius', 'georadiusbymember', 'client|kill'],
  ...['zincrby', 'zunion', 'zunionstore', 'zinter', 'zinterstore'],
  // What may be left out is optional, what may be repeated multiple, an argument is an argument.
  ...['pfmerge', 'geohash', 'geopos', 'client|list', 'command|getkeys', 'command|getkeysandflags'],
  // The token stands with its first argument; a name says what the argument is; no key of a pattern.
  ...['failover', 'lcs', 'sort', 'migrate'],
];

type Value = string | readonly Value[] | { readonly [key: string]: Value };

/** A frame as something that can be compared and read: aggregates by type, maps by key. */
function plain({ type, text, items }: Frame): Value {
  if (!items) return type + text;
  if (type !== '%') return { [type]: items.map(plain) };
  return Object.fromEntries(
    items.flatMap((item, i) => (i % 2 === 0 ? [[item.text, plain(items[i + 1] as Frame)]] : [])),
  );
}

const isObject = (value: Value | undefined): value is { readonly [key: string]: Value } =>
  typeof value === 'object' && !Array.isArray(value);

/** Notes are prose. */
function withoutNotes(value: Value): Value {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(withoutNotes);
  const kept = Object.entries(value).filter(([key]) => key !== 'notes');
  return Object.fromEntries(kept.map(([key, item]) => [key, withoutNotes(item)]));
}

/** Every command of COMMAND INFO by its name, subcommands beside their containers. */
function infosOf({ items = [] }: Frame): Map<string, Value> {
  const infos = new Map<string, Value>();
  for (const { items: info = [] } of items) {
    const [name, ...facts] = info;
    const subcommands = facts.pop() as Frame;
    const kind = subcommands.items?.length === 0 ? subcommands.type : 'nested';
    infos.set(name?.text ?? '', withoutNotes([...facts.map(plain), kind]));
    for (const [subname, subinfo] of infosOf(subcommands)) infos.set(subname, subinfo);
  }
  return infos;
}

const rest = (info: Value | undefined, from: number): Value | undefined =>
  Array.isArray(info) ? info.slice(from) : info;

/** Every command of COMMAND DOCS by its name, without what is prose. */
function docsOf(frame: Frame): Map<string, Value> {
  const docs = new Map<string, Value>();
  const all = plain(frame);
  if (!isObject(all)) return docs;
  for (const [name, entry] of Object.entries(all)) {
    if (!isObject(entry)) continue;
    const { summary, complexity, replaced_by, history, subcommands, ...facts } = entry;
    docs.set(name, { ...facts, arguments: (facts.arguments && bare(facts.arguments)) ?? '' });
    for (const [subname, subdocs] of docsOfPlain(subcommands)) docs.set(subname, subdocs);
  }
  return docs;
}

function docsOfPlain(subcommands: Value | undefined): [string, Value][] {
  if (!isObject(subcommands)) return [];
  return Object.entries(subcommands).flatMap(([name, entry]) => {
    if (!isObject(entry)) return [];
    const { summary, complexity, replaced_by, history, ...facts } = entry;
    return [[name, { ...facts, arguments: (facts.arguments && bare(facts.arguments)) ?? '' }]];
  });
}

/**
 * An argument tree without the names that stand for groups and tokens (nobody types them), without
 * the versions of single arguments and what to show in their place, the key specs of patterns (of
 * which nothing is known anyway), and blocks of one.
 */
function bare(value: Value): Value {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(bare);
  const type = isObject(value) ? String(value.type) : '';
  const dropped = ['since', 'deprecated_since', 'display_text'];
  if (/oneof|block|pure-token/.test(type)) dropped.push('name');
  if (/pattern/.test(type)) dropped.push('key_spec_index');
  const kept = Object.entries(value).filter(([key]) => !dropped.includes(key));
  return unwrap(Object.fromEntries(kept.map(([key, item]) => [key, bare(item)])));
}

function unwrap(arg: { readonly [key: string]: Value }): Value {
  const { type, arguments: inner, ...traits } = arg;
  const items = isObject(inner) ? inner['*'] : undefined;
  const only = Array.isArray(items) && items.length === 1 ? items[0] : undefined;
  return type === '$block' && isObject(only) ? { ...only, ...traits } : arg;
}

function ask(...argv: string[]): Frame {
  const wire = new LabWire(new Lab());
  wire.run('HELLO', '3');
  return wire.run(...argv);
}

/** Each server with the rows that it is asked about: the newer one about what the other lacks. */
function references(): (readonly [Reference, typeof rows])[] {
  const [old, newer] = [referenceFor(undefined) as Reference, newerRedis()];
  const isNew = ({ since }: { since: string }) => !reaches(old.version, since);
  // Modules are not there, or tell next to nothing of their commands.
  const told = rows.filter(({ group }) => group !== 'module');
  const known = [old, told.filter((row) => !isNew(row))] as const;
  if (!newer) return [known];
  const { version } = newer;
  return [known, [newer, told.filter((row) => isNew(row) && reaches(version, row.since))]];
}

const isComparable = canCompare('COMMAND INFO');
const pairs = isComparable ? references() : [];

describe.each(pairs)('what commands tell of themselves: $version', (reference, known) => {
  const real = useRealRedis([], reference);
  beforeAll(() => real.wire.run('HELLO', '3'));

  const names = known.map(({ name }) => name);

  test('COMMAND INFO, row by row', async () => {
    const [ours, theirs] = [infosOf(ask('COMMAND')), infosOf(await real.wire.run('COMMAND'))];
    const missing = [...theirs.keys()].filter((name) => !ours.has(name));
    console.log(
      `COMMAND INFO: ${names.length} of ${rows.length} rows compared with ${reference.version};`,
      `not there yet: ${missing.join(' ')}`,
    );
    for (const { name, optionsSince } of known) {
      // What a module brings, as vector sets in 8.0, has upper case and no categories there.
      if (theirs.has(name.toUpperCase())) continue;
      // An option that came later may have made an arity that was exact the smallest.
      const from = optionsSince ? 1 : 0;
      const [mine, its] = [ours.get(name), theirs.get(name)].map((info) => rest(info, from));
      expect.soft([name, mine]).toEqual([name, its]);
    }
  });

  test('COMMAND DOCS, row by row', async () => {
    const [ours, theirs] = [
      docsOf(ask('COMMAND', 'DOCS')),
      docsOf(await real.wire.run('COMMAND', 'DOCS')),
    ];
    const isOther = ({ name, optionsSince }: (typeof known)[number]) =>
      otherDocs.includes(name) || optionsSince !== undefined || !theirs.has(name);
    for (const { name } of known.filter((row) => !isOther(row))) {
      expect.soft([name, ours.get(name)]).toEqual([name, theirs.get(name)]);
    }
  });
});
