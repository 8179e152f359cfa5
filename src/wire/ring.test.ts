import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { SocketMessage } from './messages.ts';
import { createRing, RingReader, RingWriter } from './ring.ts';

const message: fc.Arbitrary<SocketMessage> = fc.oneof(
  fc.uint8Array({ maxLength: 200 }),
  fc.constant<SocketMessage>({ kind: 'open' }),
  fc.nat().map((id): SocketMessage => ({ kind: 'mark', id })),
  fc
    .constantFrom('refused' as const, 'closed' as const, 'reset' as const)
    .map((reason): SocketMessage => ({ kind: 'close', reason })),
);

test('what is written into a small ring is read in order, however often the reader looks', () => {
  const frame = fc.record({ id: fc.nat(), message });
  fc.assert(
    fc.property(fc.array(fc.tuple(frame, fc.boolean())), (steps) => {
      const ring = createRing(64);
      const writer = new RingWriter(ring);
      const reader = new RingReader(ring, () => writer.flush());
      const read = [];
      for (const [each, looks] of steps) {
        writer.write(each);
        if (looks) read.push(...reader.read());
      }
      // Each look makes room for as much as the ring holds.
      for (let i = 0; i < 4 * steps.length + 4; i++) read.push(...reader.read());
      expect(read).toEqual(steps.map(([each]) => each));
    }),
  );
});
