import fc from 'fast-check';
import { expect, test } from 'vitest';
import { slotOf } from '../bytes/crc16.ts';
import { SlotKeys } from './slot-keys.ts';

test('the newest key of a slot comes first', () => {
  const keys = new SlotKeys();
  for (const key of ['{a}1', 'b', '{a}2', '{a}3']) keys.add(key);
  keys.remove('{a}2');
  expect(keys.keys(slotOf('a'), 10)).toEqual(['{a}3', '{a}1']);
  expect(keys.keys(slotOf('a'), 1)).toEqual(['{a}3']);
  expect(keys.count(slotOf('a'))).toBe(2);
});

test('after any additions and removals it knows just the keys that are there', () => {
  const key = fc.constantFrom('{a}1', '{a}2', '{a}3', 'b', 'c', '{b}d', '');
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.boolean(), key)), (steps) => {
      const keys = new SlotKeys();
      const model = new Set<string>();
      for (const [adds, name] of steps) {
        if (adds && !model.has(name)) keys.add(name);
        else if (!adds) keys.remove(name);
        if (adds) model.add(name);
        else model.delete(name);
      }
      for (const slot of new Set(['a', 'b', 'c', ''].map(slotOf))) {
        const expected = [...model].filter((name) => slotOf(name) === slot);
        expect(new Set(keys.keys(slot, 100))).toEqual(new Set(expected));
        expect(keys.count(slot)).toBe(expected.length);
      }
    }),
  );
});

test('nothing is left of what was cleared', () => {
  const keys = new SlotKeys();
  keys.add('a');
  keys.clear();
  expect([keys.count(slotOf('a')), keys.keys(slotOf('a'), 10)]).toEqual([0, []]);
});
