import { expect, test } from 'vitest';
import { Lab } from '../lab/lab.ts';
import { LabSession } from '../lab/script.ts';

/** A lab in which each look at the stopwatch takes 10.3 microseconds. */
function start() {
  let elapsed = 0;
  const stopwatch = () => (elapsed += 10.3);
  const session = new LabSession(
    new Lab({ stopwatch, config: { 'slowlog-log-slower-than': '0' } }),
  );
  return async (...commands: readonly string[]) => (await session.send('', commands)).reply ?? '';
}

test('durations are whole microseconds', async () => {
  const run = start();
  await run('PING');
  expect(await run('SLOWLOG GET 1')).toMatch(
    /^1\) 1\) \(integer\) 0\n {3}2\) \(integer\) \d+\n {3}3\) \(integer\) 10\n/,
  );
});

test('passwords are not kept', async () => {
  const run = start();
  const commands = [
    ...['AUTH ann secret', 'HELLO 2 AUTH ann secret', 'CONFIG SET masterauth secret maxmemory 0'],
    'ACL SETUSER ann >secret',
  ];
  await run(...commands);
  const log = await run('SLOWLOG GET');
  expect(log).not.toContain('secret');
  expect(log).not.toContain('ann');
  expect(log.match(/"\(redacted\)"/g)?.length).toBe(7);
});

test('long arguments and long commands are cut', async () => {
  const run = start();
  await run(`SET k ${'x'.repeat(200)}`);
  expect(await run('SLOWLOG GET 1')).toContain(`"${'x'.repeat(128)}... (72 more bytes)"`);
  await run(`DEL ${Array.from({ length: 40 }, (_, i) => `k${i}`).join(' ')}`);
  expect(await run('SLOWLOG GET 1')).toContain('"... (10 more arguments)"');
});
