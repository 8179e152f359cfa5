import { expect, test } from 'vitest';
import { VirtualClock } from '../time/clock.ts';
import { type Connection, Network } from './network.ts';

/** A server that answers every chunk with its upper case, and what the client hears of it. */
function echo() {
  const clock = new VirtualClock();
  const network = new Network(clock);
  const heard: string[] = [];
  let server: Connection | undefined;
  const stop = network.listen('b:1', (connection) => {
    server = connection;
    return {
      onData: (bytes) => connection.send(bytes.toUpperCase()),
      onClose: () => heard.push('server saw the end'),
    };
  });
  const dial = () =>
    network.dial('b:1', 'a', {
      onData: (bytes) => heard.push(bytes),
      onClose: () => heard.push('closed'),
    });
  return { clock, network, heard, dial, stop, hangUp: () => server?.close() };
}

test('without latency an answer is there before send returns', () => {
  const { heard, dial } = echo();
  dial()?.send('ping');
  expect(heard).toEqual(['PING']);
});

test('nobody listens: the connection is refused', () => {
  const { dial, stop } = echo();
  stop();
  expect(dial()).toBeUndefined();
});

test('latency delays each direction, and nothing overtakes', () => {
  const { clock, network, heard, dial } = echo();
  const connection = dial();
  network.setLatency('a', 'b', 10);
  connection?.send('one');
  network.setLatency('a', 'b', 0);
  connection?.send('two');
  expect(heard).toEqual([]);
  clock.advance(10);
  expect(heard).toEqual(['ONE', 'TWO']);
});

test('what a cut holds back arrives, in order, when it is healed', () => {
  const { network, heard, dial } = echo();
  const connection = dial();
  network.cut('b', 'a');
  connection?.send('late');
  expect(heard).toEqual([]);
  network.heal('b', 'a');
  connection?.send('again');
  expect(heard).toEqual(['LATE', 'AGAIN']);
});

test('either side hears of the end once, after the data', () => {
  const { heard, dial, hangUp } = echo();
  const connection = dial();
  connection?.send('last');
  hangUp();
  connection?.close();
  expect(heard).toEqual(['LAST', 'closed']);
});

test('after a close nothing is sent or heard', () => {
  const { heard, dial } = echo();
  const connection = dial();
  connection?.close();
  connection?.send('late');
  expect(heard).toEqual(['server saw the end']);
});

test('a process that dials hears later: connected, refused, or nothing while the hosts are cut', () => {
  const { clock, network, heard } = echo();
  const connect = (address: string) =>
    network.connect(address, 'a', {
      onConnect: (connection, { from }) => {
        heard.push(`connected from ${from}`);
        connection.send('ping');
      },
      onFail: (reason) => heard.push(reason),
      onData: (bytes) => heard.push(bytes),
      onClose: () => heard.push('closed'),
    });
  connect('b:1');
  connect('b:2');
  expect(heard).toEqual([]);
  clock.advance(0);
  expect(heard).toEqual(['connected from a:32768', 'Connection refused', 'PING']);

  network.cut('a', 'b');
  const giveUp = connect('b:1');
  connect('b:1');
  clock.advance(60_000);
  giveUp();
  network.heal('a', 'b');
  clock.advance(0);
  expect(heard.slice(3)).toEqual(['connected from a:32771', 'PING']);
});

test('names stand for addresses, and localhost for the host itself', () => {
  const { clock, network, heard } = echo();
  network.name('database', 'b');
  for (const [from, address] of [
    ['a', 'database:1'],
    ['b', 'localhost:1'],
  ] as const) {
    network.connect(address, from, {
      onConnect: (_, { to }) => heard.push(to),
      onFail: (reason) => heard.push(reason),
      onData() {},
      onClose() {},
    });
  }
  clock.advance(0);
  expect(heard).toEqual(['b:1', 'b:1']);
});

test('a narrow line takes its time for every byte, a bad one sends some again', () => {
  const { clock, network, heard, dial } = echo();
  const connection = dial();
  network.setQuality('a', 'b', { bytesPerMs: 2 });
  connection?.send('0123456789');
  expect(connection?.unsent).toBe(10);
  clock.advance(4);
  expect(heard).toEqual([]);
  clock.advance(1);
  expect(heard).toEqual(['0123456789']);
  expect(connection?.unsent).toBe(0);
});
