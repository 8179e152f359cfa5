import fc from 'fast-check';
import { expect, test } from 'vitest';
import { defaultLimits } from '../values/encoding.ts';
import { HashValue } from '../values/hash.ts';
import { StringValue } from '../values/string.ts';
import { Database } from './database.ts';
import { keyBytes, tableBytes } from './memory.ts';

const host = {
  now: 0,
  deletesExpired: true,
  changed() {},
  changedBeside() {},
  expired() {},
  fieldsExpired() {},
  used() {},
  lookedUp() {},
  created() {},
};

const keys = fc.constantFrom('a', 'b', 'c', 'a-key-that-is-longer-than-the-others');

const steps = fc.oneof(
  fc.record({ do: fc.constant('set' as const), key: keys, bytes: fc.string({ maxLength: 200 }) }),
  fc.record({ do: fc.constant('hset' as const), key: keys, bytes: fc.string({ maxLength: 90 }) }),
  fc.record({ do: fc.constant('delete' as const), key: keys }),
  fc.record({ do: fc.constant('rename' as const), key: keys, to: keys }),
  fc.record({ do: fc.constant('flush' as const) }),
  fc.record({ do: fc.constant('ask' as const) }),
);

type Step = typeof steps extends fc.Arbitrary<infer S> ? S : never;

function apply(db: Database, step: Step): void {
  if (step.do === 'set') db.set(step.key, new StringValue(step.bytes));
  else if (step.do === 'hset') {
    const old = db.peek(step.key);
    const hash = old?.type === 'hash' ? old : new HashValue();
    hash.set(step.bytes, step.bytes, defaultLimits);
    db.set(step.key, hash);
    db.changed('hset', step.key);
  } else if (step.do === 'delete') db.delete(step.key);
  else if (step.do === 'rename') {
    const value = db.peek(step.key);
    if (!value || step.key === step.to) return;
    db.delete(step.key);
    db.set(step.to, value);
  } else if (step.do === 'flush') db.flush();
  else db.usedBytes;
}

test('what is noted and measured later is what would be measured at once', () => {
  fc.assert(
    fc.property(fc.array(steps, { maxLength: 60 }), (given) => {
      const db = new Database(0, host);
      for (const step of given) apply(db, step);
      const all = [...db.entries()].map(([key, value]) => keyBytes(key, value));
      const sum = all.reduce((total, bytes) => total + bytes, tableBytes(db.size));
      expect(db.usedBytes).toBe(sum);
    }),
  );
});
