import { expect, test } from 'vitest';
import { Push, queued } from '../engine/resp/reply.ts';
import { Witness } from './witness.ts';

test('each command is paired with its reply, client by client', () => {
  const witness = new Witness();
  witness.sent('', [['BLPOP', 'q', '0']]);
  witness.sent('B', [['PING'], ['RPUSH', 'q', 'x']]);
  witness.got('B', 'PONG', 1);
  witness.got('B', 1, 2);
  witness.got('', ['q', 'x'], 2);
  expect(witness.log()).toEqual([
    { client: 'B', argv: ['PING'], reply: 'PONG', at: 1, trip: 2 },
    { client: 'B', argv: ['RPUSH', 'q', 'x'], reply: 1, at: 2, trip: 2 },
    { client: '', argv: ['BLPOP', 'q', '0'], reply: ['q', 'x'], at: 2, trip: 1 },
  ]);
  expect(witness.roundTrips()).toBe(2);
});

test('what MULTI queued says so', () => {
  const witness = new Witness();
  witness.sent('', [['SET', 'a', '1']]);
  witness.got('', queued, 1);
  expect(witness.log()[0]?.within).toBe('transaction');
});

test.each([
  ['RESP2', (items: string[]) => items, (name: string, n: number) => ['subscribe', name, n]],
  [
    'RESP3',
    (items: string[]) => new Push(items),
    (name: string, n: number) => new Push(['subscribe', name, n]),
  ],
])('in %s messages are set aside and confirmations counted once', (_protocol, message, confirm) => {
  const witness = new Witness();
  witness.sent('', [['SUBSCRIBE', 'a', 'b']]);
  witness.got('', confirm('a', 1), 1);
  witness.got('', confirm('b', 2), 1);
  witness.sent('', [['PING']]);
  witness.got('', message(['message', 'a', 'hi']), 2);
  witness.got('', message(['pmessage', 'a*', 'ab', 'ho']), 3);
  witness.got('', ['pong', ''], 4);
  expect(witness.log().map(({ argv }) => argv[0])).toEqual(['SUBSCRIBE', 'PING']);
  expect(witness.messages()).toEqual([
    { client: '', kind: 'message', channel: 'a', payload: 'hi', at: 2 },
    { client: '', kind: 'pmessage', pattern: 'a*', channel: 'ab', payload: 'ho', at: 3 },
  ]);
});

test('MONITOR lines answer nothing, and a new task begins with an empty log', () => {
  const witness = new Witness();
  witness.sent('M', [['MONITOR']]);
  witness.got('M', 'OK', 1);
  witness.got('M', '1.0 [0 127.0.0.1:1] "PING"', 2);
  expect(witness.log()).toHaveLength(1);
  witness.begin();
  expect([witness.log(), witness.roundTrips()]).toEqual([[], 0]);
});
