import fc from 'fast-check';
import { expect, test } from 'vitest';
import { seededRandom } from '../time/random.ts';
import { Dict } from './dict.ts';

type Step =
  | { readonly kind: 'set'; readonly key: string; readonly value: number }
  | { readonly kind: 'delete' | 'deleteInOrder'; readonly key: string };

const key = fc.integer({ min: 0, max: 40 }).map(String);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('set' as const), key, value: fc.integer() }),
  fc.record({ kind: fc.constantFrom('delete' as const, 'deleteInOrder' as const), key }),
);
const steps = fc.array(step, { maxLength: 30 });

function apply<V>(dict: Dict<V | number>, change: Step): void {
  if (change.kind === 'set') dict.set(change.key, change.value);
  else dict[change.kind](change.key);
}

test('a dictionary holds what a Map holds', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (changes) => {
      const dict = new Dict<number>();
      const map = new Map<string, number>();
      for (const change of changes) {
        if (change.kind === 'set') {
          expect(dict.set(change.key, change.value)).toBe(!map.has(change.key));
          map.set(change.key, change.value);
        } else {
          expect(dict[change.kind](change.key)).toBe(map.delete(change.key));
        }
        expect(dict.size).toBe(map.size);
      }
      expect(new Map(dict)).toEqual(map);
      for (const [k, value] of map) expect(dict.get(k)).toBe(value);
      dict.keys().forEach((k, i) => {
        expect(dict.keyAt(i)).toBe(k);
        expect(dict.valueAt(i)).toBe(map.get(k));
      });
    }),
  );
});

test('deleting in order keeps the order of insertion', () => {
  const dict = new Dict<number>();
  for (const k of 'abcde') dict.set(k, 1);
  dict.deleteInOrder('b');
  dict.set('a', 2);
  expect(dict.keys()).toEqual(['a', 'c', 'd', 'e']);
});

test('SCAN visits whatever is there from its first step to its last', () => {
  const initial = fc.uniqueArray(key, { maxLength: 40 });
  const rounds = fc.infiniteStream(steps);
  fc.assert(
    fc.property(initial, rounds, fc.integer({ min: 1, max: 9 }), (keys, changes, count) => {
      const dict = new Dict<number>();
      for (const k of keys) dict.set(k, 0);
      const staying = new Set(keys);
      const visited = new Set<string>();
      let cursor = dict.scan(0, count, (k) => visited.add(k));
      while (cursor !== 0) {
        for (const change of changes.next().value ?? []) {
          apply(dict, change);
          if (change.kind !== 'set') staying.delete(change.key);
        }
        const next = dict.scan(cursor, count, (k) => visited.add(k));
        expect(next).toBeLessThan(cursor);
        cursor = next;
      }
      expect([...staying].filter((k) => !visited.has(k))).toEqual([]);
    }),
    { numRuns: 500 },
  );
});

test('SCAN accepts any cursor and a visitor that deletes', () => {
  const dict = new Dict<number>();
  for (const k of 'abcdefghij') dict.set(k, 0);
  const seen: string[] = [];
  expect(dict.scan(1_000_000, 4, (k) => seen.push(k))).toBe(6);
  expect(seen).toEqual(['j', 'i', 'h', 'g']);
  expect(dict.scan(6, 100, (k) => dict.delete(k))).toBe(0);
  expect(dict.keys().toSorted()).toEqual(['g', 'h', 'i', 'j']);
  expect(dict.scan(0, 0, () => {})).toBe(3);
});

test('random keys are drawn evenly', () => {
  const dict = new Dict<number>();
  const random = seededRandom(1);
  expect(dict.random(random)).toBeUndefined();
  for (const k of 'abcd') dict.set(k, 0);
  const drawn = Array.from({ length: 4000 }, () => dict.random(random));
  for (const k of 'abcd') {
    const share = drawn.filter((d) => d === k).length;
    expect(share).toBeGreaterThan(850);
    expect(share).toBeLessThan(1150);
  }
});
