/**
 * How large the values of each database are: for each type a histogram over powers of two, of bytes
 * for strings and of elements for collections. Counted when it is asked for.
 * https://redis.io/docs/latest/commands/info/
 */
import type { Database } from '../keyspace/database.ts';
import type { Value } from '../keyspace/value.ts';

const units = ['', 'K', 'M', 'G', 'T', 'P', 'E'];

/** The types that are counted, in Redis's order, and how large a value of them is. */
const kinds = {
  string: 'strings_sizes',
  list: 'lists_items',
  set: 'sets_items',
  zset: 'zsets_items',
  hash: 'hashes_items',
} as const;

/** The fields of INFO's section Keysizes. */
export const keySizes = (databases: readonly Database[]): [string, string][] =>
  databases.flatMap((db) =>
    [...binsOf(db)].map(([kind, bins]): [string, string] => {
      const shown = bins.flatMap((count, bin) => (count > 0 ? [`${labelOf(bin)}=${count}`] : []));
      return [`db${db.index}_distrib_${kinds[kind]}`, shown.join(',')];
    }),
  );

type Kind = keyof typeof kinds;

/** How many values are empty, of size 1, from 2 to 3, from 4 to 7, and so on. */
function binsOf(db: Database): Map<Kind, number[]> {
  const all = new Map(Object.keys(kinds).map((kind) => [kind as Kind, new Array(64).fill(0)]));
  // A callback: pages ask for INFO every second, and a generator takes three times as long.
  db.scan(0, Infinity, (_, value) => {
    const size = sizeOf(value);
    const bins = all.get(value.type as Kind);
    if (bins && size !== undefined) bins[32 - Math.clz32(size)]++;
  });
  return new Map([...all].filter(([, bins]) => bins.some((count) => count > 0)));
}

function sizeOf(value: Value): number | undefined {
  switch (value.type) {
    case 'string':
      return value.length;
    case 'list':
    case 'set':
    case 'zset':
    case 'hash':
      return value.size;
    default:
      return undefined;
  }
}

/** The least size of a bin, as 16, 4K or 1M. */
function labelOf(bin: number): string {
  if (bin === 0) return '0';
  const power = bin - 1;
  return `${2 ** (power % 10)}${units[Math.floor(power / 10)]}`;
}
