import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ArrayValue, MAX_INDEX } from './array.ts';

const index = fc.oneof(
  fc.bigInt({ min: 0n, max: 20n }),
  fc.bigInt({ min: 4090n, max: 4100n }),
  fc.bigInt({ min: MAX_INDEX - 20n, max: MAX_INDEX }),
);
const step = fc.oneof(
  fc.record({ do: fc.constant('set' as const), at: index }),
  fc.record({ do: fc.constant('delete' as const), at: index }),
  fc.record({ do: fc.constant('range' as const), at: index, to: index }),
);

test('an array does as a map with sorted keys', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), index, index, (steps, low, high) => {
      const array = new ArrayValue();
      const model = new Map<bigint, string>();
      for (const [i, each] of steps.entries()) {
        if (each.do === 'set') {
          expect(array.set(each.at, `v${i}`)).toBe(!model.has(each.at));
          model.set(each.at, `v${i}`);
        } else if (each.do === 'delete') {
          expect(array.delete(each.at)).toBe(model.delete(each.at));
        } else {
          const gone = [...model.keys()].filter((key) => key >= each.at && key <= each.to);
          for (const key of gone) model.delete(key);
          expect(array.deleteRange(each.at, each.to)).toBe(gone.length);
        }
      }
      const sorted = [...model].sort(([a], [b]) => (a < b ? -1 : 1));
      const within = sorted.filter(([key]) => key >= low && key <= high);
      expect(array.size).toBe(model.size);
      expect(array.length).toBe((sorted.at(-1)?.[0] ?? -1n) + 1n);
      expect([...array.between(low, high)]).toEqual(within);
      expect([...array.between(low, high, true)]).toEqual(within.reverse());
      expect([...array.copy().entries()]).toEqual(sorted);
    }),
  );
});

test('a ring holds the newest values, in whatever steps its size changes', () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(sizes, (ring) => {
      const array = new ArrayValue();
      let held: string[] = [];
      for (const [i, size] of ring.entries()) {
        array.resizeRing(BigInt(size));
        const at = array.next % BigInt(size);
        array.set(at, `v${i}`);
        array.next = at + 1n;
        held = [...held, `v${i}`].slice(-size);
      }
      expect([...array.newest()]).toEqual(held.reverse());
    }),
  );
});
