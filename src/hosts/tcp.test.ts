import { connect, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { Lab } from '../engine/lab/lab.ts';
import type { Accept } from '../engine/network/network.ts';
import { TcpHost } from './tcp.ts';

const opened: { close(): unknown }[] = [];
afterEach(() => Promise.all(opened.splice(0).map((one) => one.close())));

const serverOf = (lab: Lab) => lab.nodes[0] as Lab['nodes'][number];

async function listen(accept?: Accept) {
  const lab = new Lab();
  const bugs: unknown[] = [];
  const host = new TcpHost(lab, (error) => bugs.push(error));
  opened.push(host);
  const endpoint = { host: '127.0.0.1', port: 0 };
  const port = await host.listen(accept ?? serverOf(lab).server.accept, endpoint);
  return { lab, port, bugs };
}

/** A socket that collects what comes, until it is asked for. */
function dial(port: number) {
  const socket: Socket = connect({ port, host: '127.0.0.1' });
  opened.push({ close: () => socket.destroy() });
  let heard = '';
  let ended = false;
  let wake = () => {};
  socket.setEncoding('latin1').on('data', (text: string) => {
    heard += text;
    wake();
  });
  socket.on('close', () => {
    ended = true;
    wake();
  });
  const until = async (done: () => boolean) => {
    while (!done()) await new Promise<void>((resolve) => (wake = resolve));
    const taken = heard;
    heard = '';
    return taken;
  };
  return {
    socket,
    write: (bytes: string) => socket.write(bytes, 'latin1'),
    heard: (text: string) => until(() => heard.endsWith(text)),
    ended: () => until(() => ended),
  };
}

test('every byte crosses unchanged, however large the value', async () => {
  const { port } = await listen();
  const client = dial(port);
  const all = Array.from({ length: 256 }, (_, i) => String.fromCharCode(i)).join('');
  const value = all.repeat(20_000);
  client.write(`*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$${value.length}\r\n${value}\r\nGET k\r\n`);
  expect(await client.heard(`${value}\r\n`)).toBe(`+OK\r\n$${value.length}\r\n${value}\r\n`);
});

test('a pipeline is answered in order, though the client reads only at its end', async () => {
  const { port } = await listen();
  const client = dial(port);
  client.socket.pause();
  client.write('SET n 0\r\n');
  for (let i = 0; i < 500; i++) client.write('INCR n\r\n'.repeat(100));
  client.socket.resume();
  const answer = await client.heard(':50000\r\n');
  expect(answer.split('\r\n').length).toBe(50_002);
});

test('a message reaches a client that has said nothing meanwhile', async () => {
  const { port } = await listen();
  const [listener, speaker] = [dial(port), dial(port)];
  listener.write('SUBSCRIBE news\r\n');
  await listener.heard(':1\r\n');
  speaker.write('PUBLISH news hello\r\n');
  await speaker.heard(':1\r\n');
  expect(await listener.heard('hello\r\n')).toContain('$7\r\nmessage\r\n$4\r\nnews\r\n');
});

test('time passes by itself: a wait ends and a key expires', async () => {
  const { port } = await listen();
  const client = dial(port);
  client.write('SET k v PX 15\r\nBLPOP q 0.02\r\nEXISTS k\r\n');
  expect(await client.heard(':0\r\n')).toBe('+OK\r\n*-1\r\n:0\r\n');
});

test('what came before the end of a connection is answered', async () => {
  const { port, lab } = await listen();
  const client = dial(port);
  client.socket.end('PING\r\nBLPOP q 0\r\n');
  expect(await client.ended()).toBe('+PONG\r\n');
  expect(serverOf(lab).server.clients.size).toBe(0);
});

test('a protocol error is told before the connection ends', async () => {
  const { port } = await listen();
  const client = dial(port);
  client.write('*1\r\nPING\r\n');
  expect(await client.ended()).toBe("-ERR Protocol error: expected '$', got 'P'\r\n");
});

test('a client that resets its connection is forgotten', async () => {
  const { port, lab } = await listen();
  const client = dial(port);
  client.write('BLPOP q 0\r\nPING\r\n');
  const other = dial(port);
  other.write('PING\r\n');
  await other.heard('PONG\r\n');
  client.socket.resetAndDestroy();
  await client.ended();
  while (serverOf(lab).server.clients.size > 1) {
    other.write('PING\r\n');
    await other.heard('PONG\r\n');
  }
});

test('a mistake of ours ends one connection, and is told', async () => {
  let calls = 0;
  const { port, bugs } = await listen((connection) => ({
    onData(bytes) {
      if (calls++ === 0) throw new Error('oops');
      connection.send(bytes);
    },
    onClose() {},
  }));
  const first = dial(port);
  first.write('x');
  await first.ended();
  expect(bugs).toEqual([new Error('oops')]);
  const second = dial(port);
  second.write('y');
  expect(await second.heard('y')).toBe('y');
});
