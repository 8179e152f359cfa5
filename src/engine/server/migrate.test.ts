import { expect, test } from 'vitest';
import { Lab } from '../lab/lab.ts';
import { LabSession } from '../lab/script.ts';

test('what has no serialized form is refused before anything is sent, and nobody waits', async () => {
  const session = new LabSession(new Lab({ topology: { kind: 'servers', servers: 2 } }));
  const run = async (command: string) => (await session.send('node1', [command])).reply;
  await run('ARSET numbers 0 x');
  await run('SET k v');
  const refused = /ERR the serialized form of arrays and vector sets is not simulated here/;
  expect(await run('MIGRATE 10.0.0.2 6379 numbers 0 1000')).toMatch(refused);
  expect(await run('MIGRATE 10.0.0.2 6379 k 0 1000')).toBe('OK');
  // Now there is a connection that is kept.
  expect(await run('MIGRATE 10.0.0.2 6379 "" 0 1000 KEYS numbers')).toMatch(refused);
  expect(await run('PING')).toBe('PONG');
  expect(await run('EXISTS k numbers')).toBe('(integer) 1');
});
