import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seededRandom } from '../time/random.ts';
import { defaultLimits, type EncodingLimits } from './encoding.ts';
import { SetValue } from './set.ts';

const limits: EncodingLimits = {
  ...defaultLimits,
  setMaxIntsetEntries: 6,
  setMaxListpackEntries: 4,
  setMaxListpackValue: 8,
};

function setOf(members: Iterable<string>, under = limits): SetValue {
  const set = new SetValue();
  for (const member of members) set.add(member, under);
  return set;
}

const member = fc.oneof(
  fc.integer({ min: -5, max: 5 }).map(String),
  fc.constantFrom('9223372036854775807', '9007199254740993', '-9223372036854775808'),
  fc.constantFrom('a', 'b', 'c', '01', 'much too long'),
);

test('a set holds what a Set holds, whatever its encoding', () => {
  const changes = fc.array(fc.tuple(fc.boolean(), member), { maxLength: 60 });
  fc.assert(
    fc.property(changes, (list) => {
      const set = new SetValue();
      const model = new Set<string>();
      for (const [isAdd, m] of list) {
        if (isAdd) expect(set.add(m, limits)).toBe(!model.has(m));
        else expect(set.delete(m)).toBe(model.has(m));
        if (isAdd) model.add(m);
        else model.delete(m);
        expect(set.size).toBe(model.size);
      }
      expect(new Set(set)).toEqual(model);
      expect(new Set(set.copy())).toEqual(model);
      set.members().forEach((m, i) => {
        expect(set.memberAt(i)).toBe(m);
        expect(set.has(m)).toBe(true);
      });
      if (set.encoding === 'listpack') expect(set.size).toBeLessThanOrEqual(4);
      if (set.encoding === 'intset') {
        const sorted = [...model].map(BigInt).sort((a, b) => (a < b ? -1 : 1));
        expect([...set]).toEqual(sorted.map(String));
      }
    }),
  );
});

describe('encoding', () => {
  test('integers are an intset, ascending', () => {
    const set = setOf(['10', '9', '-1', '9007199254740993', '9007199254740992']);
    expect(set.encoding).toBe('intset');
    expect([...set]).toEqual(['-1', '9', '10', '9007199254740992', '9007199254740993']);
  });

  test('too many integers are a hashtable', () => {
    const set = setOf(['1', '2', '3', '4', '5', '6']);
    expect(set.encoding).toBe('intset');
    set.add('6', limits);
    expect(set.encoding).toBe('intset');
    set.add('7', limits);
    expect(set.encoding).toBe('hashtable');
    set.delete('7');
    expect(set.encoding).toBe('hashtable');
  });

  test('a few strings are a listpack in the order of insertion', () => {
    const set = setOf(['b', '10', 'a']);
    expect(set.encoding).toBe('listpack');
    set.delete('10');
    set.add('9', limits);
    expect([...set]).toEqual(['b', 'a', '9']);
    expect(setOf(['2', '1', 'a'])).toMatchObject({ encoding: 'listpack' });
    expect([...setOf(['2', '1', 'a'])]).toEqual(['1', '2', 'a']);
  });

  test('many strings, a long one, or a string beside many integers are a hashtable', () => {
    expect(setOf('abcd').encoding).toBe('listpack');
    expect(setOf('abcde').encoding).toBe('hashtable');
    expect(setOf(['123456789']).encoding).toBe('intset');
    expect(setOf(['123456789a']).encoding).toBe('hashtable');
    expect(setOf(['1', '2', '3', '4', 'a']).encoding).toBe('hashtable');
  });

  test('without listpacks it is as in Redis 7.0', () => {
    const before72 = { ...limits, setMaxListpackEntries: 0 };
    expect(setOf(['1'], before72).encoding).toBe('intset');
    expect(setOf(['1', 'a'], before72).encoding).toBe('hashtable');
    expect(setOf(['a'], before72).encoding).toBe('hashtable');
  });

  test('where no intset may begin, integers are packed too', () => {
    expect(setOf(['1'], { ...limits, setMaxIntsetEntries: 0 }).encoding).toBe('listpack');
  });

  test('a result of integers is packed when it is small enough', () => {
    const set = setOf(['3', 'a', '1']);
    set.delete('a');
    set.compact(limits);
    expect(set.encoding).toBe('intset');
    expect([...set]).toEqual(['1', '3']);
    const mixed = setOf(['3', 'a']);
    mixed.compact(limits);
    expect(mixed.encoding).toBe('listpack');
  });
});

test('packed sizes are those of Redis', () => {
  expect(setOf(['1', '2']).packedBytes).toBe(12);
  expect(setOf(['1', '32767', '-32768']).packedBytes).toBe(14);
  expect(setOf(['1', '32768']).packedBytes).toBe(16);
  expect(setOf(['1', '2147483648']).packedBytes).toBe(24);
  expect(setOf(['1', 'a']).packedBytes).toBe(7 + 2 + 3);
  expect(setOf(['much too long']).packedBytes).toBeUndefined();
});

test('a small set is scanned whole, a large one in steps', () => {
  const seen: string[] = [];
  expect(setOf(['2', '1']).scan(0, 1, (m) => seen.push(m))).toBe(0);
  expect(seen).toEqual(['1', '2']);
  expect(setOf('abcdef').scan(0, 2, () => {})).toBe(4);
});

test('random members are members, in every encoding', () => {
  const random = seededRandom(3);
  expect(new SetValue().random(random)).toBeUndefined();
  for (const members of [['1', '2'], ['1', 'a'], [...'abcdef']]) {
    const set = setOf(members);
    const drawn = new Set(Array.from({ length: 200 }, () => set.random(random)));
    expect(drawn).toEqual(new Set(members));
  }
});
