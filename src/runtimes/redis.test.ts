import { afterEach, expect, test } from 'vitest';
import { startInProcessWorld } from '../hosts/in-process.ts';
import { replay } from '../transcript/replay.ts';
import type { Arrival } from '../transcript/transcript.ts';
import type { World } from '../wire/link.ts';
import { inStillTime, openRedisSession, type RedisSessionOptions, runTranscript } from './redis.ts';

const worlds: World[] = [];
afterEach(() => {
  for (const world of worlds.splice(0)) world.stop();
});

function startSession(options: Partial<RedisSessionOptions> = {}) {
  const world = startInProcessWorld({ topology: { kind: 'standalone' }, seed: 1, rate: 0 });
  worlds.push(world);
  const session = openRedisSession(world, { target: '127.0.0.1:6379', ...options });
  return { world, session };
}

/** Transcripts that must come back as they are written. */
const transcripts: Readonly<Record<string, string>> = {
  'commands and replies': '> SET greeting "hi é"\nOK\n> GET greeting\n"hi \\xc3\\xa9"',
  'odd quotes are refused': '> SET a "x\nInvalid argument(s)',
  'time goes by only when told': '> SET k v EX 60\nOK\n@advance 59s\n> TTL k\n(integer) 1',
  'a blocked client gets its reply from another one':
    'A> BLPOP q 0\n…\n> RPUSH q job\n(integer) 1\nA< 1) "q"\nA< 2) "job"',
  'a blocked client gives up in time': 'A> BLPOP q 5\n…\n@advance 6s\nA< (nil)',
  'a pipeline leaves in one write': '@pipeline\n> INCR n\n> INCR n\n@end\n(integer) 1\n(integer) 2',
  'messages arrive at those who subscribed': [
    ...['S> SUBSCRIBE a b', '1) "subscribe"', '2) "a"', '3) (integer) 1'],
    ...['1) "subscribe"', '2) "b"', '3) (integer) 2'],
    ...['> PUBLISH b hi', '(integer) 1', 'S< 1) "message"', 'S< 2) "b"', 'S< 3) "hi"'],
  ].join('\n'),
  'each client has its own transaction':
    'A> MULTI\nOK\nA> INCR n\nQUEUED\n> GET n\n(nil)\nA> EXEC\n1) (integer) 1',
  'a closed client starts afresh':
    'A> SELECT 3\nOK\n@close A\nA> SET x 1\nOK\n> EXISTS x\n(integer) 1',
};

test.each(Object.entries(transcripts))('%s', async (_, text) => {
  const { session } = startSession();
  expect(await replay(text, session)).toBe(text);
});

test('clients of RESP3 are greeted unseen', async () => {
  const { session } = startSession({ protocol: 3 });
  const text = '> HSET h a 1\n(integer) 1\n> HGETALL h\n1# "a" => "1"';
  expect(await replay(text, session)).toBe(text);
});

test('a refused connection says so, each time', async () => {
  const { session } = startSession({ target: '127.0.0.1:1' });
  const refused = 'Could not connect to Redis at 127.0.0.1:1: Connection refused';
  expect(await session.send('', ['PING'])).toEqual({ reply: refused, arrivals: [] });
  expect(await session.send('', ['PING'])).toEqual({ reply: refused, arrivals: [] });
});

test('what arrives between steps is told at once', async () => {
  const arrived: Arrival[] = [];
  const { session, world } = startSession({ arrived: (arrival) => arrived.push(arrival) });
  await session.send('A', ['BLPOP q 5']);
  await world.control({ do: 'advance', ms: 6000 });
  await expect.poll(() => arrived).toEqual([{ client: 'A', text: '(nil)' }]);
});

test('while a transcript runs, time stands still; afterwards it goes on', async () => {
  const { session, world } = startSession();
  await world.control({ do: 'pace', rate: 10 });
  const shown: (string | undefined)[] = [];
  await runTranscript('> SET k v PX 60000\n> PTTL k', {
    ...{ world, session },
    show: ({ reply }) => shown.push(reply),
  });
  expect(shown).toEqual(['OK', '(integer) 60000']);
  expect(world.state.rate).toBe(10);
});

test('a run can be stopped', async () => {
  const { session, world } = startSession();
  const stop = new AbortController();
  const shown: (string | undefined)[] = [];
  const run = runTranscript('> INCR n\n> INCR n\n> INCR n', {
    ...{ world, session, signal: stop.signal },
    show({ reply }) {
      shown.push(reply);
      stop.abort(new Error('stopped'));
    },
  });
  await expect(run).rejects.toThrow('stopped');
  expect(shown).toEqual(['(integer) 1']);
});

test('time goes on even when the task fails', async () => {
  const { world } = startSession();
  await world.control({ do: 'pace', rate: 1 });
  const task = inStillTime(world, () => Promise.reject(new Error('no')));
  await expect(task).rejects.toThrow('no');
  expect(world.state.rate).toBe(1);
});
