import { expect, test } from 'vitest';
import { Lab } from '../lab/lab.ts';
import { LabSession } from '../lab/script.ts';

async function start() {
  const lab = new Lab();
  const session = new LabSession(lab);
  const run = async (...commands: readonly string[]) =>
    (await session.send('', commands)).reply ?? '';
  /** A field of INFO, as text. */
  const field = async (name: string) =>
    new RegExp(`^${name.replace(/[|]/g, '\\|')}:(.*)$`, 'm').exec(
      (await run('INFO everything')).replaceAll('\\r\\n', '\n'),
    )?.[1];
  return { lab, session, run, field };
}

test('what the clients did is counted', async () => {
  const { run, field } = await start();
  await run('SET a 1', 'GET a', 'GET b', 'LPUSH a 1', 'NOSUCH', 'SET a');
  expect(await field('keyspace_hits')).toBe('1');
  expect(await field('keyspace_misses')).toBe('1');
  expect(await field('total_error_replies')).toBe('3');
  expect(await field('errorstat_ERR')).toBe('count=2');
  expect(await field('errorstat_WRONGTYPE')).toBe('count=1');
  expect(await field('cmdstat_get')).toMatch(/^calls=2,.*,rejected_calls=0,failed_calls=0$/);
  expect(await field('cmdstat_lpush')).toMatch(/^calls=1,.*,failed_calls=1$/);
});

test('CONFIG RESETSTAT begins anew', async () => {
  const { run, field } = await start();
  await run('GET a', 'NOSUCH', 'CONFIG RESETSTAT');
  expect(await field('keyspace_misses')).toBe('0');
  expect(await field('errorstat_ERR')).toBeUndefined();
});

test('operations per second are those of the last 1.6 seconds', async () => {
  const { lab, run, field } = await start();
  for (let i = 0; i < 40; i++) {
    await run('PING', 'PING');
    lab.clock.advance(100);
  }
  expect(Number(await field('instantaneous_ops_per_sec'))).toBeCloseTo(20, -1);
  lab.clock.advance(5000);
  expect(await field('instantaneous_ops_per_sec')).toBe('0');
});

test('memory follows the data', async () => {
  const { run, field } = await start();
  const before = Number(await field('used_memory'));
  await run('SETRANGE big 999999 x');
  const after = Number(await field('used_memory'));
  expect(after - before).toBeGreaterThan(1_000_000);
  await run('DEL big');
  expect(Number(await field('used_memory'))).toBe(before);
  expect(Number(await field('used_memory_peak'))).toBe(after);
});

test('looking at the average TTL does not change what chance brings', async () => {
  const draw = async (looks: boolean) => {
    const { run } = await start();
    await run('SADD s a b c d e f g h', 'SET t 1 EX 100');
    if (looks) await run('INFO keyspace');
    return run('SPOP s 3');
  };
  expect(await draw(true)).toBe(await draw(false));
});

test('uptime is the time of the lab', async () => {
  const { lab, field } = await start();
  lab.clock.advance(61_999);
  expect(await field('uptime_in_seconds')).toBe('61');
  expect(await field('uptime_in_days')).toBe('0');
});
