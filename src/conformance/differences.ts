/**
 * Where Keyspace answers otherwise than redis-server 7.0.15, and is right to: each with its reason,
 * each as narrow as can be. Everything else that differs is a mistake of ours and fails a test.
 */
export interface Difference {
  /** Why it is right that they differ. */
  readonly reason: string;
  covers(observed: Observed): boolean;
}

/** One command that was answered differently, both replies as redis-cli prints them. */
export interface Observed {
  readonly argv: readonly string[];
  readonly ours: string;
  readonly theirs: string;
}

export const differences: readonly Difference[] = [
  {
    reason: 'OBJECT ENCODING of a small list is "listpack" since 7.2',
    covers: (seen) =>
      isCommand(seen, 'object', 'encoding') &&
      seen.ours === '"listpack"' &&
      seen.theirs === '"quicklist"',
  },
  {
    reason: 'OBJECT ENCODING of a small set of strings is "listpack" since 7.2',
    covers: (seen) =>
      isCommand(seen, 'object', 'encoding') &&
      seen.ours === '"listpack"' &&
      seen.theirs === '"hashtable"',
  },
  {
    reason: 'the same in a transaction',
    covers: (seen) =>
      isCommand(seen, 'exec') &&
      seen.theirs === seen.ours.replaceAll('"listpack"', '"quicklist"') &&
      seen.theirs !== seen.ours,
  },
  {
    reason: 'the smallest RANK overflows in 7.0; since 7.2 LPOS refuses it',
    covers: (seen) => seen.argv.includes('-9223372036854775808') && isCommand(seen, 'lpos'),
  },
  {
    reason: 'ZRANK and ZREVRANK take WITHSCORE since 7.2, and find another mistake in other words',
    covers: (seen) =>
      (isCommand(seen, 'zrank') || isCommand(seen, 'zrevrank')) &&
      seen.argv.length > 3 &&
      /wrong number of arguments/.test(seen.theirs),
  },
  {
    reason: 'COUNT takes the nearest, and which of those that are equally far is left open',
    covers: (seen) =>
      /^geo(radius|search)/i.test(seen.argv[0] ?? '') &&
      seen.argv.some((word) => word.toLowerCase() === 'count') &&
      seen.ours.split('\n').length === seen.theirs.split('\n').length &&
      !/\(error\)/.test(seen.ours + seen.theirs),
  },
  {
    reason: 'the lines of HELP are our own words; the first names what there is',
    covers: (seen) =>
      seen.argv.length === 2 &&
      seen.argv[1]?.toLowerCase() === 'help' &&
      firstLine(seen.ours) === firstLine(seen.theirs),
  },
  {
    reason: 'ACL rules for commands are told in the order in which they were set since 7.2',
    covers: (seen) =>
      (isCommand(seen, 'acl', 'list') || isCommand(seen, 'acl', 'getuser')) &&
      words(seen.ours) === words(seen.theirs),
  },
  {
    reason: 'modules are there from the start since 8.0, and MODULE LIST names them',
    covers: (seen) => isCommand(seen, 'module', 'list') && seen.theirs === '(empty array)',
  },
  {
    reason: 'ACL CAT lists the category of arrays since 8.8, and those of modules',
    covers: (seen) =>
      isCommand(seen, 'acl', 'cat') &&
      seen.argv.length === 2 &&
      items(seen.ours)
        .filter(
          (item) =>
            !/^(array|json|timeseries|search|bloom|cuckoo|cms|topk|tdigest)$/.test(item ?? ''),
        )
        .join() === items(seen.theirs).join(),
  },
  {
    reason: 'XREAD and XREADGROUP name themselves where ids are missing since 7.2',
    covers: ({ ours, theirs }) =>
      ours.startsWith("(error) ERR Unbalanced 'xread") &&
      theirs.startsWith('(error) ERR Unbalanced XREAD'),
  },
  {
    reason: 'BITCOUNT and BITPOS read their arguments before they look for the key since 7.2',
    covers: (seen) =>
      (isCommand(seen, 'bitcount') || isCommand(seen, 'bitpos')) &&
      /^\(error\) ERR (syntax error|value is not an integer)/.test(seen.ours),
  },
  {
    reason: 'XSETID does not go below what was deleted since 7.2',
    covers: (seen) =>
      isCommand(seen, 'xsetid') &&
      seen.ours.endsWith('is smaller than current max_deleted_entry_id'),
  },
  {
    reason: 'XINFO tells since when a consumer has got nothing since 7.2',
    covers: (seen) =>
      isCommand(seen, 'xinfo') &&
      /"(inactive|active-time)"/.test(seen.ours) &&
      withoutActivity(seen.ours) === withoutActivity(seen.theirs),
  },
];

/** A consumer's newer field with its value, in RESP2 and RESP3. */
const activity = /\n[^"\n]*"(inactive|active-time)"(\n| => )[^\n]*/g;

/** What XINFO printed, without a consumer's newer field and without the numbers of items. */
export const withoutActivity = (printed: string): string =>
  printed.replace(activity, '').replace(/\s*\d+[)#~] ?/g, '\n');

/** The reason why these replies may differ, or undefined when they may not. */
export const permitted = (observed: Observed): string | undefined =>
  differences.find((difference) => difference.covers(observed))?.reason;

const isCommand = ({ argv }: Observed, ...words: readonly string[]): boolean =>
  words.every((word, i) => argv[i]?.toLowerCase() === word);

const firstLine = (printed: string): string => printed.trimStart().split('\n', 1)[0] as string;

const words = (text: string): string =>
  text
    .split(/[\s"]+/)
    .sort()
    .join(' ');

/** What is quoted in a list, line by line. */
const items = (printed: string): (string | undefined)[] =>
  printed.split('\n').map((line) => /"(.*)"/.exec(line)?.[1]);
