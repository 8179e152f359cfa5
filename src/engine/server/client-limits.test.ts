import { expect, test } from 'vitest';
import { Lab } from '../lab/lab.ts';
import { LabSession } from '../lab/script.ts';

const start = (config: Record<string, string>) => {
  const lab = new Lab({ config });
  const session = new LabSession(lab);
  const send = async (client: string, ...commands: readonly string[]) =>
    (await session.send(client, commands)).reply;
  return { lab, session, send };
};

/** A connection of raw bytes: what it received, and whether it was closed. */
function connect(lab: Lab, from = '127.0.0.1') {
  const heard = { text: '', closed: false };
  const connection = lab.dial(lab.address, from, {
    onData: (bytes) => {
      heard.text += bytes;
    },
    onClose: () => {
      heard.closed = true;
    },
  });
  return { heard, send: (bytes: string) => connection?.send(bytes) };
}

test('whoever says nothing for longer than timeout is disconnected, but not who listens or waits', async () => {
  const { lab, session, send } = start({ timeout: '10' });
  await send('idle', 'PING');
  await send('listener', 'SUBSCRIBE news');
  await send('waiter', 'BLPOP queue 0');
  await send('busy', 'PING');
  lab.clock.advance(10_000);
  await send('busy', 'PING');
  const { arrivals } = await session.steer({ name: 'advance', args: ['5s'] });
  expect(arrivals).toEqual([{ client: 'idle', text: 'Error: Server closed the connection' }]);
});

test('a request that grows beyond client-query-buffer-limit ends the connection', () => {
  const { lab } = start({ 'client-query-buffer-limit': '1mb' });
  const { heard, send } = connect(lab);
  send('*2\r\n$4\r\nECHO\r\n$2000000\r\n');
  for (let i = 0; i < 10; i++) send('x'.repeat(100_000));
  expect(heard.closed).toBe(false);
  send('x'.repeat(100_000));
  expect(heard).toEqual({ text: '', closed: true });
});

test('a reply that is larger than the hard limit of the output is not sent', async () => {
  const { send } = start({ 'client-output-buffer-limit': 'normal 100kb 0 0' });
  expect(await send('A', 'SETRANGE big 100000 x', 'STRLEN big')).toBe(
    '(integer) 100001\n(integer) 100001',
  );
  await send('A', 'SETRANGE big 200000 x');
  expect(await send('A', 'GET big')).toBe('Error: Server closed the connection');
});

test('while clients use more than maxmemory-clients the largest goes, if it may', async () => {
  const { lab, session, send } = start({ 'maxmemory-clients': '200kb' });
  await send('small', 'PING');
  const large = connect(lab);
  large.send(`*2\r\n$4\r\nECHO\r\n$500000\r\n${'x'.repeat(300_000)}`);
  const spared = connect(lab);
  spared.send(`CLIENT NO-EVICT ON\r\n*2\r\n$4\r\nECHO\r\n$500000\r\n`);
  await session.steer({ name: 'advance', args: ['1s'] });
  expect(large.heard.closed).toBe(true);
  expect(spared.heard.closed).toBe(false);
  expect(await send('small', 'PING')).toBe('PONG');
});

test('in protected mode only this machine is served, until there is a password', async () => {
  const { lab, send } = start({});
  const stranger = connect(lab, 'app');
  expect(stranger.heard.text).toMatch(/^-DENIED Redis is running in protected mode/);
  expect(stranger.heard.closed).toBe(true);
  await send('', 'CONFIG SET requirepass secret');
  const other = connect(lab, 'app');
  other.send('PING\r\n');
  expect(other.heard).toEqual({ text: '-NOAUTH Authentication required.\r\n', closed: false });
});

test('a client that does not take what it is sent is closed: at once, or after a while', () => {
  const lab = new Lab();
  const { server } = lab.nodes[0] as Lab['nodes'][number];
  const open = (unsent: number) => {
    const ends: string[] = [];
    const connection = {
      unsent,
      send() {},
      close: () => ends.push('closed'),
      abort: () => ends.push('aborted'),
    };
    const listener = server.accept(connection, { from: '127.0.0.1:1', to: '127.0.0.1:6379' });
    return { listener, ends };
  };
  const limits = 'CONFIG SET client-output-buffer-limit "pubsub 1000 100 5"\r\n';
  open(0).listener.onData(limits);
  const [hard, soft, reading] = [open(1001), open(500), open(50)];
  for (const { listener } of [hard, soft, reading]) listener.onData('SUBSCRIBE news\r\n');
  expect(hard.ends).toEqual(['aborted']);
  lab.clock.advance(4000);
  expect(soft.ends).toEqual([]);
  lab.clock.advance(2000);
  expect(soft.ends).toEqual(['aborted']);
  expect(reading.ends).toEqual([]);
});
