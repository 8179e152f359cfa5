import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seededRandom } from '../time/random.ts';
import { defaultLimits, type EncodingLimits } from './encoding.ts';
import { type LexBound, type Scored, SortedSetValue } from './sorted-set.ts';

const large: EncodingLimits = { ...defaultLimits, zsetMaxListpackEntries: 0 };

function sortedSetOf(entries: Iterable<readonly [string, number]>, limits = defaultLimits) {
  const zset = new SortedSetValue();
  for (const [member, score] of entries) zset.add(member, score, limits);
  return zset;
}

const inOrder = (map: ReadonlyMap<string, number>): Scored[] =>
  [...map]
    .map(([member, score]) => ({ member, score }))
    .sort((a, b) => a.score - b.score || (a.member < b.member ? -1 : 1));

const membersOf = (entries: readonly Scored[]) => entries.map(({ member }) => member).join('');

const member = fc.integer({ min: 0, max: 60 }).map((n) => `m${n}`);
const score = fc.oneof(
  fc.integer({ min: -5, max: 5 }),
  fc.constantFrom(0.1, -0.1, Infinity, -Infinity),
);

describe.each([
  ['listpack', { ...defaultLimits, zsetMaxListpackEntries: 1000 }],
  ['skiplist', large],
] as const)('a sorted set as %s', (_, limits) => {
  test('holds its members in order', () => {
    const change = fc.tuple(fc.boolean(), member, score);
    fc.assert(
      fc.property(fc.array(change, { maxLength: 120 }), (changes) => {
        const zset = new SortedSetValue();
        const map = new Map<string, number>();
        for (const [isAdd, m, s] of changes) {
          if (isAdd) {
            const old = map.get(m);
            const expected = old !== s;
            expect(zset.add(m, s, limits)).toBe(expected);
            map.set(m, s);
          } else {
            expect(zset.delete(m)).toBe(map.delete(m));
          }
        }
        const sorted = inOrder(map);
        expect([...zset]).toEqual(sorted);
        expect([...zset.copy()]).toEqual(sorted);
        sorted.forEach((entry, rank) => {
          expect(zset.rank(entry.member)).toBe(rank);
          expect(zset.score(entry.member)).toBe(entry.score);
        });
      }),
    );
  });

  test('finds ranges of scores', () => {
    const entries = fc.dictionary(member, score);
    const bounds = fc.tuple(score, score, fc.boolean(), fc.boolean());
    fc.assert(
      fc.property(entries, bounds, (object, [min, max, minExclusive, maxExclusive]) => {
        const map = new Map(Object.entries(object));
        const zset = sortedSetOf(map, limits);
        const found = zset.range(zset.ranksByScore({ min, max, minExclusive, maxExclusive }));
        const expected = inOrder(map).filter(
          ({ score: s }) =>
            (minExclusive ? s > min : s >= min) && (maxExclusive ? s < max : s <= max),
        );
        expect(found).toEqual(expected);
      }),
    );
  });

  test('finds ranges of members with one score', () => {
    const zset = sortedSetOf(
      [...'abcdefg'].map((m) => [m, 0]),
      limits,
    );
    const find = (min: LexBound, max: LexBound, reverse = false) =>
      membersOf(zset.range(zset.ranksByLex({ min, max }, reverse), reverse));
    const including = (m: string): LexBound => ({ member: m, exclusive: false });
    const excluding = (m: string): LexBound => ({ member: m, exclusive: true });
    expect(find('-', '+')).toBe('abcdefg');
    expect(find('+', '-')).toBe('');
    expect(find('-', including('c'))).toBe('abc');
    expect(find('-', excluding('c'))).toBe('ab');
    expect(find(including('aaa'), excluding('g'))).toBe('bcdef');
    expect(find(excluding('e'), '+', true)).toBe('gf');
    expect(find(including('e'), including('b'))).toBe('');
    expect(find(excluding('c'), including('c'))).toBe('');
  });
});

test('thousands of members stay in order through inserts, updates and range removals', () => {
  const random = seededRandom(11);
  const zset = new SortedSetValue();
  const map = new Map<string, number>();
  for (let round = 0; round < 40; round++) {
    for (let i = 0; i < 500; i++) {
      const m = `m${random.below(5000)}`;
      const s = random.below(800);
      zset.add(m, s, large);
      map.set(m, s);
    }
    const sorted = inOrder(map);
    const from = random.below(sorted.length);
    const to = from + random.below(round % 5 === 4 ? sorted.length : 300);
    const removed = zset.removeRange({ from, to });
    expect(removed).toEqual(sorted.slice(from, to));
    for (const entry of removed) map.delete(entry.member);
    for (let i = 0; i < 200; i++) {
      const m = `m${random.below(5000)}`;
      expect(zset.delete(m)).toBe(map.delete(m));
    }
    const left = inOrder(map);
    expect([...zset]).toEqual(left);
    for (let rank = 0; rank < left.length; rank += 97) {
      expect(zset.rank(left[rank]?.member ?? '')).toBe(rank);
      expect(zset.range({ from: rank, to: rank + 3 })).toEqual(left.slice(rank, rank + 3));
    }
  }
});

test('ascending and descending arrivals are fine too, down to the last member', () => {
  for (const sign of [1, -1]) {
    const zset = new SortedSetValue();
    for (let i = 0; i < 3000; i++) zset.add(`m${i}`, i * sign, large);
    expect(zset.rank('m0')).toBe(sign > 0 ? 0 : 2999);
    for (let i = 0; i < 3000; i++) expect(zset.delete(`m${i}`)).toBe(true);
    expect(zset.size).toBe(0);
    expect([...zset]).toEqual([]);
    zset.add('again', 1, large);
    expect(zset.rank('again')).toBe(0);
  }
});

test('equal scores are ordered by bytes', () => {
  const zset = sortedSetOf(['b', 'a', '\xff', 'aa', ''].map((m) => [m, 1]));
  expect([...zset].map((entry) => entry.member)).toEqual(['', 'a', 'aa', 'b', '\xff']);
});

describe('encoding', () => {
  const limits = { ...defaultLimits, zsetMaxListpackEntries: 3, zsetMaxListpackValue: 5 };

  test('too many members or a long one make a skiplist, for good', () => {
    const zset = sortedSetOf(
      [...'abc'].map((m) => [m, 1]),
      limits,
    );
    zset.add('a', 2, limits);
    expect(zset.encoding).toBe('listpack');
    zset.add('d', 2, limits);
    expect(zset.encoding).toBe('skiplist');
    zset.delete('d');
    expect(zset.encoding).toBe('skiplist');
    expect(sortedSetOf([['12345', 1]], limits).encoding).toBe('listpack');
    expect(sortedSetOf([['123456', 1]], limits).encoding).toBe('skiplist');
  });

  test('a result is packed when it is small enough', () => {
    const zset = sortedSetOf(
      [...'abcd'].map((m) => [m, -0]),
      limits,
    );
    zset.compact(limits);
    expect(zset.encoding).toBe('skiplist');
    zset.delete('d');
    zset.compact(limits);
    expect(zset.encoding).toBe('listpack');
    expect(zset.range({ from: 0, to: 1 })).toEqual([{ member: 'a', score: 0 }]);
  });

  test('a listpack does not know -0', () => {
    expect(sortedSetOf([['a', -0]]).score('a')).toBe(0);
    expect(sortedSetOf([['a', -0]], large).score('a')).toBe(-0);
  });

  test('a listpack has the size that Redis gives it', () => {
    expect(sortedSetOf([['a', 1]]).packedBytes).toBe(7 + 3 + 2);
    expect(sortedSetOf([['a', 0.5]]).packedBytes).toBe(7 + 3 + 5);
    expect(sortedSetOf([['a', 1]], large).packedBytes).toBeUndefined();
  });
});

/** What redis-server 7.0.15 answered: mixed scores have no lexicographic order. */
test('a listpack of mixed scores is walked from the end where the command begins', () => {
  const zset = sortedSetOf(Object.entries({ a: 3, b: 1, c: 2, d: 0, aa: 5 }));
  const find = (min: LexBound, max: LexBound, reverse: boolean) => {
    const found = zset.range(zset.ranksByLex({ min, max }, reverse), reverse);
    return found.map((entry) => entry.member).join(' ');
  };
  const a: LexBound = { member: 'a', exclusive: true };
  const d: LexBound = { member: 'd', exclusive: false };
  expect(find(a, d, false)).toBe('d b c a aa');
  expect(find(a, d, true)).toBe('aa');
});

test('a small sorted set is scanned whole and in order, a large one in steps', () => {
  const seen: string[] = [];
  expect(sortedSetOf([...'cab'].map((m) => [m, 0])).scan(0, 1, (m) => seen.push(m))).toBe(0);
  expect(seen).toEqual(['a', 'b', 'c']);
  expect(
    sortedSetOf(
      [...'cab'].map((m) => [m, 0]),
      large,
    ).scan(0, 1, () => {}),
  ).toBe(2);
});

test('random members are members', () => {
  const random = seededRandom(5);
  expect(new SortedSetValue().random(random)).toBeUndefined();
  const zset = sortedSetOf([...'abc'].map((m) => [m, 0]));
  const drawn = new Set(Array.from({ length: 100 }, () => zset.random(random)));
  expect(drawn).toEqual(new Set('abc'));
});
