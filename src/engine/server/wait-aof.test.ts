import { expect, test } from 'vitest';
import { Lab } from '../lab/lab.ts';
import { LabSession } from '../lab/script.ts';

const start = (appendfsync: string) =>
  new LabSession(new Lab({ config: { appendonly: 'yes', appendfsync } }));

const advance = (duration: string) => ({ name: 'advance', args: [duration] }) as const;

test('what is synchronized with every write need not be waited for', async () => {
  const session = start('always');
  await session.send('', ['SET k v']);
  expect((await session.send('', ['WAITAOF 1 0 0'])).reply).toBe('1) (integer) 1\n2) (integer) 0');
});

test('with everysec it is waited until the file is synchronized', async () => {
  const session = start('everysec');
  await session.steer(advance('1500ms'));
  await session.send('', ['SET k v']);
  expect((await session.send('', ['WAITAOF 1 0 0'])).reply).toBeUndefined();
  const { arrivals } = await session.steer(advance('1s'));
  expect(arrivals).toEqual([{ client: '', text: '1) (integer) 1\n2) (integer) 0' }]);
});

test('with no it is told after the timeout that nothing is durable', async () => {
  const session = start('no');
  await session.send('', ['SET k v']);
  await session.send('', ['WAITAOF 1 1 500']);
  const { arrivals } = await session.steer(advance('1s'));
  expect(arrivals).toEqual([{ client: '', text: '1) (integer) 0\n2) (integer) 0' }]);
});

test('replicas count whose files have it; those without a file do not', async () => {
  const topology = { kind: 'replicated', replicas: 2 } as const;
  const session = new LabSession(new Lab({ topology, config: { appendonly: 'yes' } }));
  await session.send('node3', ['CONFIG SET appendonly no']);
  await session.steer(advance('1500ms'));
  await session.send('', ['SET k v']);
  expect((await session.send('', ['WAITAOF 1 1 0'])).reply).toBeUndefined();
  const { arrivals } = await session.steer(advance('2s'));
  expect(arrivals).toEqual([{ client: '', text: '1) (integer) 1\n2) (integer) 1' }]);
  await session.send('', ['SET k w', 'WAITAOF 0 2 3000']);
  expect((await session.steer(advance('3s'))).arrivals).toEqual(arrivals);
});
