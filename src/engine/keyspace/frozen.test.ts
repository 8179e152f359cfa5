import fc from 'fast-check';
import { expect, test } from 'vitest';
import { StringValue } from '../values/string.ts';
import { Database } from './database.ts';

const host = {
  now: 0,
  deletesExpired: true,
  changed() {},
  changedBeside() {},
  expired() {},
  fieldsExpired() {},
  fieldsReplaced() {},
  used() {},
  created() {},
  lookedUp() {},
};

const key = fc.integer({ min: 0, max: 30 }).map((i) => `k${i}`);
const step = fc.oneof(
  fc.record({ do: fc.constant('set' as const), key }),
  fc.record({ do: fc.constant('edit' as const), key }),
  fc.record({ do: fc.constant('delete' as const), key }),
  fc.record({ do: fc.constant('expire' as const), key }),
  { weight: 3, arbitrary: fc.record({ do: fc.constant('step' as const), key }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('flush' as const), key }) },
);

test('a frozen database hands over each key once, as it was, whatever happens meanwhile', () => {
  const property = fc.property(fc.uniqueArray(key), fc.array(step), (keys, steps) => {
    const db = new Database(0, host);
    keys.forEach((name, i) => {
      db.set(name, new StringValue(`old ${name}`));
      if (i % 3 === 0) db.expireAt(name, 1000 + i);
    });
    const before = keys.map((name) => `${name}=old ${name} ${db.expiryOf(name)}`).sort();
    const kept: string[] = [];
    const frozen = db.freeze((name, value, expiry) => {
      kept.push(`${name}=${value.type === 'string' && value.bytes} ${expiry}`);
    });
    for (const { do: what, key: name } of steps) {
      const value = what === 'edit' ? db.get(name, 'string') : undefined;
      if (what === 'set') db.set(name, new StringValue('new'));
      else if (what === 'delete') db.delete(name);
      else if (what === 'expire' && db.has(name)) db.expireAt(name, 5);
      else if (what === 'step') frozen.step();
      else if (what === 'flush') db.flush();
      value?.become('edited');
    }
    while (frozen.step());
    expect(kept.sort()).toEqual(before);
  });
  fc.assert(property, { numRuns: 2000 });
});
