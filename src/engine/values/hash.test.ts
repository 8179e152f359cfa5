import fc from 'fast-check';
import { expect, test } from 'vitest';
import { seededRandom } from '../time/random.ts';
import { defaultLimits, type EncodingLimits } from './encoding.ts';
import { HashValue } from './hash.ts';

const limits: EncodingLimits = {
  ...defaultLimits,
  hashMaxListpackEntries: 6,
  hashMaxListpackValue: 10,
};

const field = fc.integer({ min: 0, max: 12 }).map((n) => `field${n}`);
const value = fc.constantFrom('1', 'short', 'rather long');

test('a hash holds what a Map holds', () => {
  const changes = fc.array(fc.tuple(fc.boolean(), field, value), { maxLength: 80 });
  fc.assert(
    fc.property(changes, (list) => {
      const hash = new HashValue();
      const map = new Map<string, string>();
      for (const [isSet, f, v] of list) {
        if (isSet) {
          expect(hash.set(f, v, limits)).toBe(!map.has(f));
          map.set(f, v);
        } else {
          expect(hash.delete(f)).toBe(map.delete(f));
        }
      }
      expect(new Map(hash)).toEqual(map);
      expect(hash.size).toBe(map.size);
      expect(new Map(hash.copy())).toEqual(map);
      for (const [f, v] of map) expect(hash.get(f)).toBe(v);
      if (hash.encoding === 'listpack') expect([...hash]).toEqual([...map]);
    }),
  );
});

test('the number of fields or a long field or value makes a hashtable, for good', () => {
  const byCount = new HashValue();
  for (let i = 0; i < 6; i++) byCount.set(`f${i}`, 'v', limits);
  byCount.set('f0', 'again', limits);
  expect(byCount.encoding).toBe('listpack');
  byCount.set('f6', 'v', limits);
  expect(byCount.encoding).toBe('hashtable');
  byCount.delete('f6');
  byCount.set('f0', 'v', limits);
  expect(byCount.encoding).toBe('hashtable');
  expect(byCount.copy().encoding).toBe('hashtable');

  const byValue = new HashValue();
  byValue.set('f', '0123456789', limits);
  expect(byValue.encoding).toBe('listpack');
  byValue.set('f', '0123456789x', limits);
  expect(byValue.encoding).toBe('hashtable');

  const byField = new HashValue();
  byField.set('0123456789x', 'v', limits);
  expect(byField.encoding).toBe('hashtable');
});

test('a small hash is scanned whole, a large one in steps', () => {
  const hash = new HashValue();
  for (const f of 'abc') hash.set(f, `${f}!`, limits);
  const seen: string[] = [];
  expect(hash.scan(0, 1, (f, v) => seen.push(f, v))).toBe(0);
  expect(seen).toEqual(['a', 'a!', 'b', 'b!', 'c', 'c!']);
  for (let i = 0; i < 20; i++) hash.set(`f${i}`, 'v', limits);
  expect(hash.scan(0, 5, () => {})).toBe(18);
});

test('a listpack has the size that Redis gives it', () => {
  const hash = new HashValue();
  expect(hash.packedBytes).toBe(7);
  hash.set('name', 'ada', limits);
  hash.set('year', '1815', limits);
  expect(hash.packedBytes).toBe(7 + 6 + 5 + 6 + 3);
  hash.set('long', 'x'.repeat(11), limits);
  expect(hash.packedBytes).toBeUndefined();
});

test('random fields are fields', () => {
  const hash = new HashValue();
  const random = seededRandom(7);
  expect(hash.random(random)).toBeUndefined();
  for (const f of 'abc') hash.set(f, 'v', limits);
  const drawn = new Set(Array.from({ length: 100 }, () => hash.random(random)));
  expect(drawn).toEqual(new Set('abc'));
});
