import { expect, test } from 'vitest';
import { Lab } from '../lab/lab.ts';
import { LabSession } from '../lab/script.ts';

test('SHUTDOWN closes every connection without an answer, and nobody can connect any more', async () => {
  const ended: string[] = [];
  const lab = new Lab({ onShutdown: (node) => ended.push(node) });
  const session = new LabSession(lab);
  await session.send('A', ['PING']);
  const { reply, arrivals } = await session.send('B', ['SHUTDOWN NOSAVE']);
  expect(reply).toBe('Error: Server closed the connection');
  expect(arrivals).toEqual([{ client: 'A', text: 'Error: Server closed the connection' }]);
  expect(ended).toEqual(['redis']);
  expect(lab.dial(lab.address, '127.0.0.1', { onData() {}, onClose() {} })).toBeUndefined();
});

test('a server that was shut down does nothing when time goes on', async () => {
  const lab = new Lab();
  const session = new LabSession(lab);
  await session.send('', ['SET a 1 PX 10', 'SHUTDOWN']);
  lab.clock.advance(60_000);
  expect(lab.clock.nextDue).toBeUndefined();
});

test('beyond maxclients a connection is told so and closed', async () => {
  const session = new LabSession(new Lab({ config: { maxclients: '1' } }));
  expect((await session.send('A', ['PING'])).reply).toBe('PONG');
  expect((await session.send('B', ['PING'])).reply).toBe(
    '(error) ERR max number of clients reached\nError: Server closed the connection',
  );
});

test('DEBUG SLEEP keeps everybody waiting, in the time of the lab', async () => {
  const lab = new Lab({ config: { 'enable-debug-command': 'yes' } });
  const session = new LabSession(lab);
  await session.send('A', ['PING']);
  expect((await session.send('', ['DEBUG SLEEP 1.5'])).reply).toBeUndefined();
  expect((await session.send('A', ['PING'])).reply).toBeUndefined();
  lab.clock.advance(1499);
  expect((await session.send('B', ['SET a 1'])).arrivals).toEqual([]);
  const woken = await session.steer({ name: 'advance', args: ['1ms'] });
  expect(woken.arrivals).toEqual([
    { client: 'A', text: 'PONG' },
    { client: '', text: 'OK' },
    { client: 'B', text: 'OK' },
  ]);
});

test('what a transaction wrote before it slept may have expired for those who wait for it', async () => {
  const lab = new Lab({ config: { 'enable-debug-command': 'yes' } });
  const session = new LabSession(lab);
  await session.send('A', ['BRPOP k 0']);
  await session.send('', ['MULTI', 'RPUSH k v', 'PEXPIRE k 100', 'DEBUG SLEEP 0.2', 'EXEC']);
  const woken = await session.steer({ name: 'advance', args: ['200ms'] });
  const served = ({ client }: { client: string }) => client === 'A';
  expect(woken.arrivals.some(served)).toBe(false);
  expect((await session.send('', ['RPUSH k w'])).arrivals.some(served)).toBe(true);
});
