import { afterEach, expect, test } from 'vitest';
import { startInProcessWorld } from '../../hosts/in-process.ts';
import { openRedisSession } from '../../runtimes/redis.ts';
import type { World } from '../../wire/link.ts';
import { type Act, carryOut, isWaiting, nextStep, type Row } from './interleaving.ts';

let world: World;
afterEach(() => world.stop());

const step = (client: string, command: string): Act => ({
  kind: 'say',
  client,
  command,
  isStep: true,
});

async function play(...acts: Act[]): Promise<Row[]> {
  world = startInProcessWorld({ topology: { kind: 'standalone' }, seed: 1, rate: 0 });
  const session = openRedisSession(world, { target: '127.0.0.1:6379' });
  const rows: Row[] = [];
  for (const act of acts) rows.push(...(await carryOut(act, session)));
  return rows;
}

test('who writes between WATCH and EXEC wins', async () => {
  const rows = await play(
    step('A', 'WATCH stock'),
    step('B', 'SET stock 5'),
    step('A', 'MULTI'),
    step('A', 'DECR stock'),
    step('A', 'EXEC'),
  );
  expect(rows.at(-1)).toMatchObject({ client: 'A', command: 'EXEC', reply: '(nil)' });
});

test('who waits is served when somebody else writes, whoever came first first', async () => {
  const rows = await play(
    step('A', 'BLPOP queue 0'),
    step('B', 'BLPOP queue 0'),
    step('C', 'RPUSH queue job'),
  );
  expect(isWaiting(rows.slice(0, 2), 'A')).toBe(true);
  expect(isWaiting(rows, 'A')).toBe(false);
  expect(isWaiting(rows, 'B')).toBe(true);
  expect(rows.at(-1)).toMatchObject({ kind: 'arrived', client: 'A' });
});

test('time passes only when somebody lets it', async () => {
  const rows = await play(
    step('A', 'SET lock a NX EX 10'),
    step('B', 'SET lock b NX EX 10'),
    { kind: 'wait', seconds: 11 },
    step('B', 'SET lock b NX EX 10'),
  );
  expect(rows.map((row) => (row.kind === 'said' ? row.reply : row.kind))).toEqual([
    'OK',
    '(nil)',
    'waited',
    'OK',
  ]);
});

test('each client has its own next step; what is typed is none', () => {
  const client = { name: 'A', steps: ['GET a', 'GET b'] };
  const typed: Act = { kind: 'say', client: 'A', command: 'PING', isStep: false };
  expect(nextStep([], client)).toBe('GET a');
  expect(nextStep([step('A', 'GET a'), typed, step('B', 'GET b')], client)).toBe('GET b');
  expect(nextStep([step('A', 'GET a'), step('A', 'GET b')], client)).toBeUndefined();
});
