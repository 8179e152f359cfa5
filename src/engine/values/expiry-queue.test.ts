import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ExpiryQueue } from './expiry-queue.ts';

const names = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g');
const steps = fc.oneof(
  fc.record({ name: names, at: fc.nat({ max: 20 }) }),
  fc.record({ name: names, at: fc.constant(undefined) }),
);

test('the first to end is the earliest of those that are there, whatever was set before', () => {
  fc.assert(
    fc.property(fc.array(steps, { maxLength: 300 }), (given) => {
      const queue = new ExpiryQueue();
      const model = new Map<string, number>();
      for (const { name, at } of given) {
        if (at === undefined) expect(queue.delete(name)).toBe(model.delete(name));
        else {
          queue.set(name, at);
          model.set(name, at);
        }
        const earliest = model.size === 0 ? undefined : Math.min(...model.values());
        expect(queue.first?.at).toBe(earliest);
        if (queue.first) expect(model.get(queue.first.name)).toBe(earliest);
        expect([...queue].sort()).toEqual([...model].sort());
      }
    }),
  );
});
