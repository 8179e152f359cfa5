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

test('a cut swallows what is sent until it is healed', () => {
  const { network, heard, dial } = echo();
  const connection = dial();
  network.cut('b', 'a');
  connection?.send('lost on the way back');
  network.heal('b', 'a');
  connection?.send('again');
  expect(heard).toEqual(['AGAIN']);
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
