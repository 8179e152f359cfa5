import { expect, test } from 'vitest';
import { Lab } from '../lab/lab.ts';
import { LabSession } from '../lab/script.ts';

test('what is extrapolated from samples is a whole number of bytes', async () => {
  const session = new LabSession(new Lab());
  for (let n = 0; n < 2000; n++) {
    await session.send('', [`RPUSH list entry:${n}`, `HSET hash field:${n} ${n}`]);
    await session.send('', [`SADD set member:${n}`, `ZADD zset ${n} member:${n}`]);
  }
  for (const key of ['list', 'hash', 'set', 'zset']) {
    const { reply } = await session.send('', [`MEMORY USAGE ${key}`]);
    expect(reply, key).toMatch(/^\(integer\) \d+$/);
  }
});
