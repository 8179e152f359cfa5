import { type Frame, isErrorFrame } from '../frame.ts';

/**
 * How the replies of two servers are compared: byte for byte, except where the documentation leaves
 * something open (the order of a hashtable, what is picked at random) or where time has passed.
 */
export type Rule = (ours: Frame, theirs: Frame) => boolean;

/** What a rule may have to know of the keyspace in which the command ran. */
export interface Surroundings {
  /** The encoding of a key in the selected database, or undefined when there is no such key. */
  encodingOf(key: string): string | undefined;
}

export const exact: Rule = (ours, theirs) => ours.raw === theirs.raw;

/** The same items in any order. */
const anyOrder: Rule = (ours, theirs) =>
  ours.type === theirs.type && same(sortedItems(ours, 1), sortedItems(theirs, 1));

/** The same groups of so many items, in any order of the groups. */
const anyOrderOf =
  (size: number): Rule =>
  (ours, theirs) =>
    exact(ours, theirs) ||
    (ours.type === theirs.type && same(sortedItems(ours, size), sortedItems(theirs, size)));

/** As many items. */
const sameLength: Rule = (ours, theirs) =>
  exact(ours, theirs) || (ours.items !== undefined && ours.items.length === theirs.items?.length);

/** The same pairs in any order: a map, or names and values in turn. */
const anyPairOrder: Rule = (ours, theirs) =>
  ours.type === theirs.type && same(sortedItems(ours, 2), sortedItems(theirs, 2));

/**
 * The same, but for the order in maps and sets, which a script has as tables: `pairs()` has its own
 * order, also where RESP2 makes one list of a map.
 */
export const anyOrderWithin =
  (rule: Rule): Rule =>
  (ours, theirs) =>
    rule(ours, theirs) || canonical(ours) === canonical(theirs) || anyOrder(ours, theirs);

/** What is picked at random: as many, of the same kind. */
const sameShape: Rule = (ours, theirs) => {
  if (isErrorFrame(ours) || isErrorFrame(theirs)) return exact(ours, theirs);
  if (ours.type !== theirs.type || ours.items?.length !== theirs.items?.length) return false;
  return ours.items?.every((item, i) => sameShape(item, theirs.items?.[i] as Frame)) ?? true;
};

/** A part of a scan: how much each call returns is the server's choice. */
const scanPart: Rule = (ours, theirs) => {
  if (isErrorFrame(ours) || isErrorFrame(theirs)) return exact(ours, theirs);
  const [ourCursor, ourItems] = ours.items ?? [];
  const [theirCursor, theirItems] = theirs.items ?? [];
  return ourCursor?.type === theirCursor?.type && ourItems?.type === theirItems?.type;
};

/** Integers that differ by the time that passed between the two. */
const near =
  (tolerance: number): Rule =>
  (ours, theirs) =>
    exact(ours, theirs) ||
    (ours.type === ':' &&
      theirs.type === ':' &&
      Number(ours.text) > 0 &&
      Math.abs(Number(ours.text) - Number(theirs.text)) <= tolerance);

/** A list whose items are each compared by this rule. */
const items =
  (rule: Rule): Rule =>
  (ours, theirs) =>
    exact(ours, theirs) ||
    (ours.items?.length === theirs.items?.length &&
      (ours.items?.every((item, i) => rule(item, theirs.items?.[i] as Frame)) ?? false));

const SECONDS = 10;
const MILLISECONDS = 10_000;

const rules: Readonly<Record<string, Rule>> = {
  keys: anyOrder,
  sunion: anyOrder,
  sinter: anyOrder,
  sdiff: anyOrder,
  'pubsub|channels': anyOrder,
  spop: sameShape,
  srandmember: sameShape,
  hrandfield: sameShape,
  zrandmember: sameShape,
  randomkey: sameShape,
  scan: scanPart,
  sscan: scanPart,
  hscan: scanPart,
  zscan: scanPart,
  ttl: near(SECONDS),
  expiretime: near(SECONDS),
  pttl: near(MILLISECONDS),
  pexpiretime: near(MILLISECONDS),
  httl: items(near(SECONDS)),
  hexpiretime: items(near(SECONDS)),
  hpttl: items(near(MILLISECONDS)),
  hpexpiretime: items(near(MILLISECONDS)),
  'object|idletime': near(SECONDS),
};

/** In a hashtable the order is open; in a listpack or an intset it is not. */
const ofHashtables: Readonly<Record<string, Rule>> = {
  smembers: anyOrder,
  hkeys: anyOrder,
  hvals: anyOrder,
  hgetall: anyPairOrder,
};

/** The rule for a command's reply. */
export function ruleFor(argv: readonly string[], { encodingOf }: Surroundings): Rule {
  const name = (argv[0] ?? '').toLowerCase();
  const unordered = ofHashtables[name];
  if (unordered) return encodingOf(argv[1] ?? '') === 'hashtable' ? unordered : exact;
  if (name.startsWith('sort')) return ruleForSort(argv, encodingOf);
  return rules[name] ?? rules[`${name}|${argv[1]?.toLowerCase()}`] ?? exact;
}

/**
 * SORT … BY something constant does not sort: a set comes as it is stored. With ALPHA, elements
 * without a weight stay in no particular order.
 */
function ruleForSort(argv: readonly string[], encodingOf: Surroundings['encodingOf']): Rule {
  const words = argv.map((arg) => arg.toLowerCase());
  const by = words.indexOf('by');
  if (by < 0) return exact;
  const sorts = argv[by + 1]?.includes('*');
  if (sorts && words.includes('alpha')) {
    const gets = words.filter((word, i) => word === 'get' && i > 1).length;
    return words.includes('limit') ? sameLength : anyOrderOf(Math.max(gets, 1));
  }
  if (sorts) return exact;
  return encodingOf(argv[1] ?? '') === 'hashtable' ? sameShape : exact;
}

function sortedItems({ items = [] }: Frame, size: number): string[] {
  const groups: string[] = [];
  for (let i = 0; i < items.length; i += size) {
    groups.push(
      items
        .slice(i, i + size)
        .map((item) => item.raw)
        .join(''),
    );
  }
  return groups.sort();
}

const same = (a: readonly string[], b: readonly string[]) =>
  a.length === b.length && a.every((item, i) => item === b[i]);

/** The bytes of a reply with all maps and sets sorted. */
function canonical({ type, text, raw, items }: Frame): string {
  if (!items) return raw;
  const parts = items.map(canonical);
  if (type === '~') parts.sort();
  const pairs =
    type === '%' ? parts.flatMap((part, i) => (i % 2 ? [] : [part + parts[i + 1]])) : parts;
  return `${type}${text}\r\n${(type === '%' ? pairs.sort() : pairs).join('')}`;
}
