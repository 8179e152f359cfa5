import { afterEach, expect, test } from 'vitest';
import { fromUint8, toUint8 } from '../engine/bytes/bytes.ts';
import { Client } from '../wire/client.ts';
import type { World } from '../wire/link.ts';
import type { CableMessage, SocketMessage } from '../wire/messages.ts';
import { createRing, RingReader } from '../wire/ring.ts';
import { startInProcessWorld } from './in-process.ts';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

function plugIn(withRing: boolean) {
  const world: World = startInProcessWorld({ topology: { kind: 'standalone' }, seed: 1 });
  const ring = withRing ? createRing(256) : undefined;
  const { port, unplug } = world.plug(ring);
  const heard: CableMessage[] = [];
  port.onmessage = ({ data }) => heard.push(data);
  const reader = ring && new RingReader(ring, () => port.postMessage({ kind: 'drain' }));
  closers.push(() => {
    port.close();
    world.stop();
  });
  const send = (id: number, message: CableMessage['message']) => port.postMessage({ id, message });
  const all = () => {
    heard.push(...(reader?.read() ?? []));
    return heard.map(({ id, message }) => `${id} ${textOf(message as SocketMessage)}`);
  };
  return { send, all, unplug, world };
}

const textOf = (message: SocketMessage) =>
  message instanceof Uint8Array
    ? fromUint8(message)
    : message.kind === 'close'
      ? message.reason
      : message.kind;

const ping = () => toUint8('PING\r\n');

test.each([true, false])('many connections go through one cable, ring: %s', async (ring) => {
  const { send, all } = plugIn(ring);
  send(1, { kind: 'dial', address: 'localhost:6379' });
  send(2, { kind: 'dial', address: '127.0.0.1:1' });
  send(3, { kind: 'dial', address: '127.0.0.1:6379' });
  send(1, ping());
  send(3, ping());
  await expect.poll(all).toEqual(['1 open', '2 refused', '3 open', '1 +PONG\r\n', '3 +PONG\r\n']);
});

test('a mark comes back when all before it has been carried out', async () => {
  const { send, all } = plugIn(true);
  send(7, { kind: 'dial', address: 'localhost:6379' });
  send(7, ping());
  send(7, { kind: 'mark', id: 1 });
  await expect.poll(all).toEqual(['7 open', '7 +PONG\r\n', '7 mark']);
});

test('a reply that is larger than the ring arrives whole', async () => {
  const { send, all } = plugIn(true);
  send(1, { kind: 'dial', address: 'localhost:6379' });
  send(1, toUint8(`SET big ${'x'.repeat(5000)}\r\nGET big\r\n`));
  const received = () => all().join('').replaceAll(/1 /g, '').length;
  await expect.poll(received, { timeout: 10_000 }).toBeGreaterThan(5000);
});

test('a cable that is pulled out ends its connections', async () => {
  const { send, all, unplug, world } = plugIn(false);
  send(1, { kind: 'dial', address: 'localhost:6379' });
  send(1, ping());
  await expect.poll(all).toContain('1 +PONG\r\n');
  unplug();
  const client = new Client(world.dial, '127.0.0.1:6379');
  const clients = async () =>
    String(await client.call('CLIENT', 'LIST'))
      .trim()
      .split('\n').length;
  await expect.poll(clients).toBe(1);
  client.close();
});
