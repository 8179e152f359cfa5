import { expect, test } from 'vitest';
import { RedisError } from '../engine/errors.ts';
import { nullArray, ok, Push, queued, type Reply, Status } from '../engine/resp/reply.ts';
import { promptOf } from '../shell/redis-cli/tracking.ts';
import { type Answer, startStubServer } from './fixtures/stub-server.ts';
import { Session, type SessionOptions } from './session.ts';

/** A session on a stub server, what it prints, and its prompt. */
function startSession(answer: Answer, options: Partial<SessionOptions> = {}) {
  const server = startStubServer(answer);
  const printed: string[] = [];
  const time = { now: 0 };
  const session = new Session(
    {
      dial: server.dial,
      now: () => time.now,
      print: ({ text }) => printed.push(text),
      changed: () => {},
    },
    { address: '127.0.0.1:6379', protocol: 2, ...options },
  );
  return {
    ...{ server, session, time },
    prompt: () => promptOf(session.status),
    /** What has been printed since last asked. */
    printed: () => printed.splice(0),
    run: (line: string, times?: number) => session.execute(line.split(' '), times),
  };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));
const answerOk: Answer = () => ok;

test('a reply is printed as redis-cli prints it', async () => {
  const { run, printed } = startSession(() => ['a', 1, null]);
  await run('KEYS *');
  expect(printed()).toEqual(['1) "a"\n2) (integer) 1\n3) (nil)']);
});

test('UTF-8 in a quoted reply is escaped, in an error it is text', async () => {
  const { run, printed } = startSession(([name]) =>
    name === 'GET' ? '\xc3\xa9' : new RedisError("ERR unknown command '\xc3\xa9'"),
  );
  await run('GET k');
  await run('e');
  expect(printed()).toEqual(['"\\xc3\\xa9"', "(error) ERR unknown command 'é'"]);
});

test('the prompt follows SELECT when it is not refused', async () => {
  const { run, prompt } = startSession(([, db]) =>
    Number(db) < 16 ? ok : new RedisError('ERR DB index is out of range'),
  );
  expect(prompt()).toBe('127.0.0.1:6379> ');
  await run('select 1');
  expect(prompt()).toBe('127.0.0.1:6379[1]> ');
  await run('SELECT 99');
  expect(prompt()).toBe('127.0.0.1:6379[1]> ');
});

test.each([
  ['EXEC', ['a'] as Reply, '[3]> '],
  ['EXEC', nullArray, '> '],
  ['EXEC', new RedisError('EXECABORT'), '> '],
  ['DISCARD', ok, '> '],
  ['RESET', new Status('RESET'), '> '],
])(
  'a queued SELECT shows at once, and after %s only if it was carried out',
  async (end, reply, tail) => {
    const { run, prompt } = startSession(([name]) =>
      name === end ? reply : name === 'SELECT' ? queued : ok,
    );
    await run('MULTI');
    expect(prompt()).toBe('127.0.0.1:6379(TX)> ');
    await run('SELECT 3');
    expect(prompt()).toBe('127.0.0.1:6379[3](TX)> ');
    await run(end);
    expect(prompt()).toBe(`127.0.0.1:6379${tail}`);
  },
);

test('MULTI within a transaction is refused and changes nothing', async () => {
  let calls = 0;
  const { run, prompt } = startSession(() =>
    calls++ === 0 ? ok : new RedisError('ERR MULTI calls can not be nested'),
  );
  await run('MULTI');
  await run('MULTI');
  expect(prompt()).toBe('127.0.0.1:6379(TX)> ');
});

test('a command that takes half a second says how long, in lab time', async () => {
  const { run, printed, time, server } = startSession(() => undefined);
  const done = run('BLPOP q 0');
  await turn();
  time.now += 1020;
  server.send(['q', 'x']);
  await done;
  expect(printed()).toEqual(['1) "q"\n2) "x"', '(1.02s)']);
});

test('a repeated command runs until its connection fails', async () => {
  let n = 0;
  const { run, printed } = startSession(() => ++n);
  await run('INCR x', 3);
  expect(printed()).toEqual(['(integer) 1', '(integer) 2', '(integer) 3']);
});

test('while it waits the status says for what and since when', async () => {
  const { run, session, time } = startSession(() => undefined);
  time.now = 5;
  void run('BLPOP q 0');
  await turn();
  expect(session.status).toMatchObject({ activity: 'waiting', since: 5, command: 'BLPOP q 0' });
});

test('Ctrl-C while blocked connects again, in the same database', async () => {
  const { run, session, printed, prompt, server } = startSession(([name]) =>
    name === 'BLPOP' ? undefined : ok,
  );
  await run('SELECT 2');
  printed();
  const blocked = run('BLPOP q 0');
  await turn();
  expect(session.interrupt()).toBe(true);
  await blocked;
  await turn();
  expect(printed()).toEqual(['^C', expect.stringContaining('redis-cli would end here')]);
  expect(prompt()).toBe('127.0.0.1:6379[2]> ');
  expect(server.received.slice(-2)).toEqual(['1 BLPOP q 0', '2 SELECT 2']);
  expect(session.status.activity).toBe('idle');
});

test('Ctrl-C with nothing to end does nothing', () => {
  expect(startSession(answerOk).session.interrupt()).toBe(false);
});

test('Ctrl-C while still connecting ends that too', async () => {
  const { session, run } = startSession(answerOk);
  const done = run('PING');
  session.interrupt();
  await done;
  expect(session.status.activity).toBe('idle');
});

const confirm = (kind: string, name: string | null, count: number): Reply => [kind, name, count];

test('SUBSCRIBE prints its confirmations, then messages as they come, in RESP2', async () => {
  const { run, printed, prompt, server } = startSession(() => undefined);
  const done = run('SUBSCRIBE a b');
  await turn();
  server.send(confirm('subscribe', 'a', 1));
  server.send(confirm('subscribe', 'b', 2));
  await done;
  server.send(['message', 'a', 'hi']);
  expect(printed()).toEqual([
    'Reading messages... (press Ctrl-C to quit or any key to type command)',
    '1) "subscribe"\n2) "a"\n3) (integer) 1',
    '1) "subscribe"\n2) "b"\n3) (integer) 2',
    '1) "message"\n2) "a"\n3) "hi"',
  ]);
  expect(prompt()).toBe('127.0.0.1:6379(subscribed mode)> ');
});

test('in subscribed mode a command can be typed, and the last UNSUBSCRIBE ends the mode', async () => {
  const { run, printed, prompt, server } = startSession(([name]) =>
    name === 'GET' ? new RedisError("ERR Can't execute 'get'") : undefined,
  );
  const subscribed = run('SUBSCRIBE a b');
  await turn();
  server.send(confirm('subscribe', 'a', 1));
  server.send(confirm('subscribe', 'b', 2));
  await subscribed;
  printed();
  await run('GET k');
  expect(printed()).toEqual(["(error) ERR Can't execute 'get'"]);
  const left = run('UNSUBSCRIBE');
  await turn();
  server.send(confirm('unsubscribe', 'a', 1));
  server.send(confirm('unsubscribe', 'b', 0));
  await left;
  expect(prompt()).toBe('127.0.0.1:6379> ');
});

test('SUBSCRIBE without a channel is an error and ends at once', async () => {
  const { run, session, printed } = startSession(() => new RedisError('ERR wrong number'));
  await run('SUBSCRIBE');
  expect(printed().at(-1)).toBe('(error) ERR wrong number');
  expect(session.status).toMatchObject({ activity: 'idle', subscribed: false });
});

test('Ctrl-C ends subscriptions and says how long they lasted', async () => {
  const { run, session, printed, prompt, server, time } = startSession(() => undefined);
  const done = run('PSUBSCRIBE news.*');
  await turn();
  server.send(confirm('psubscribe', 'news.*', 1));
  await done;
  printed();
  time.now += 2500;
  session.interrupt();
  await turn();
  expect(printed()).toEqual(['^C', '(2.50s)']);
  expect(prompt()).toBe('127.0.0.1:6379> ');
  expect(server.opened).toBe(2);
});

test('an array that looks like a message is a reply when nothing is subscribed', async () => {
  const { run, printed } = startSession(() => ['message', 'a', 'b']);
  await run('LRANGE l 0 -1');
  expect(printed()).toEqual(['1) "message"\n2) "a"\n3) "b"']);
});

test('in RESP3 pushes come between a command and its reply', async () => {
  const { run, printed, server } = startSession(([name]) => (name === 'GET' ? undefined : ok), {
    protocol: 3,
  });
  const done = run('GET k');
  await turn();
  server.send(new Push(['invalidate', ['a', 'b\xc3\xa9']]));
  server.send(new Push(['message', 'ch', 'hi']));
  server.send('v');
  await done;
  expect(printed()).toEqual(["-> invalidate: 'a', 'bé'", '1) "message"\n2) "ch"\n3) "hi"', '"v"']);
});

test('MONITOR streams until Ctrl-C', async () => {
  const { run, session, printed, server } = startSession(answerOk);
  const done = run('MONITOR');
  await turn();
  server.send(new Status('1.5 [0 127.0.0.1:5] "SET" "a" "1"'));
  expect(session.status.activity).toBe('monitor');
  session.interrupt();
  await done;
  expect(printed()).toEqual(['OK', '1.5 [0 127.0.0.1:5] "SET" "a" "1"', '^C']);
  expect(session.status.activity).toBe('idle');
});

test('a connection lost while idle costs the next command; the one after connects again', async () => {
  const { run, printed, prompt, server } = startSession(([name]) => (name === 'GET' ? 'v' : ok));
  await run('SELECT 3');
  printed();
  server.hangUp();
  expect(prompt()).toBe('127.0.0.1:6379[3]> ');
  await run('GET k');
  expect(printed()).toEqual(['Error: Server closed the connection']);
  expect(prompt()).toBe('not connected> ');
  await run('GET k');
  expect(printed()).toEqual(['"v"']);
  expect(prompt()).toBe('127.0.0.1:6379[3]> ');
  expect(server.received.slice(-2)).toEqual(['2 SELECT 3', '2 GET k']);
});

test('a connection lost in a transaction leaves no (TX) behind', async () => {
  const { run, prompt, server } = startSession(answerOk);
  await run('MULTI');
  server.hangUp();
  await run('PING');
  await run('PING');
  expect(prompt()).toBe('127.0.0.1:6379> ');
});

test('a connection lost while waiting says so at once', async () => {
  const { run, printed, prompt, server } = startSession(() => undefined);
  const done = run('BLPOP q 0');
  await turn();
  server.hangUp();
  await done;
  expect(printed()).toEqual(['Error: Server closed the connection']);
  expect(prompt()).toBe('not connected> ');
});

test('SHUTDOWN is answered by silence', async () => {
  const { run, printed, prompt, server } = startSession(() => undefined);
  const done = run('SHUTDOWN NOSAVE');
  await turn();
  server.hangUp();
  await done;
  expect(printed()).toEqual([]);
  expect(prompt()).toBe('not connected> ');
});

test('a world that was replaced is connected to quietly, in database 0', async () => {
  const { run, printed, prompt, server } = startSession(answerOk);
  await run('SELECT 3');
  printed();
  server.hangUp('reset');
  expect(prompt()).toBe('127.0.0.1:6379> ');
  await run('PING');
  expect(printed()).toEqual(['OK']);
});

test('a refused connection is named, at every attempt', async () => {
  const { run, session, printed, prompt, server } = startSession(answerOk);
  server.refuse = true;
  await session.connectTo('127.0.0.1:7777');
  await run('PING');
  const refusal = 'Could not connect to Redis at 127.0.0.1:7777: Connection refused';
  expect(printed()).toEqual([refusal, refusal]);
  expect(prompt()).toBe('not connected> ');
  server.refuse = false;
  await run('PING');
  expect(printed()).toEqual(['OK']);
  expect(prompt()).toBe('127.0.0.1:7777> ');
});

test('with RESP3 preferred each connection begins with HELLO 3', async () => {
  const { run, session, server } = startSession(answerOk, { protocol: 3 });
  await run('PING');
  server.hangUp();
  await run('PING');
  await run('PING');
  expect(server.received).toEqual(['1 HELLO 3', '1 PING', '2 HELLO 3', '2 PING']);
  expect(session.status.protocol).toBe(3);
});

test('a typed HELLO switches this connection only; RESET switches back', async () => {
  const { run, session } = startSession(answerOk);
  await run('HELLO 3');
  expect(session.status.protocol).toBe(3);
  await run('RESET');
  expect(session.status.protocol).toBe(2);
});

test('after AUTH the database of the prompt is selected', async () => {
  const { run, server } = startSession(answerOk);
  await run('SELECT 2');
  await run('AUTH pw');
  await turn();
  expect(server.received).toEqual(['1 SELECT 2', '1 AUTH pw', '1 SELECT 2']);
});

test('what is asked silently prints nothing, and is not asked in a transaction', async () => {
  const { run, session, printed, server } = startSession(() => 'docs');
  expect(await session.ask(['COMMAND', 'DOCS'])).toBe('docs');
  expect(printed()).toEqual([]);
  await run('MULTI');
  expect(await session.ask(['COMMAND', 'DOCS'])).toBeUndefined();
  expect(server.received).toEqual(['1 COMMAND DOCS', '1 MULTI']);
});

test('quit starts afresh', async () => {
  const { run, session, prompt, server } = startSession(answerOk);
  await run('SELECT 4');
  await session.restart();
  expect(prompt()).toBe('127.0.0.1:6379> ');
  expect(server.opened).toBe(2);
});

test('with -c it goes where the cluster sends it, and stays there; ASK is for one command', async () => {
  const asked: string[] = [];
  const { run, printed, prompt, session } = startSession(
    ([name = '', key]) => {
      asked.push(name);
      if (key === 'moved' && asked.length < 3) return new RedisError('MOVED 12182 10.0.0.3:6379');
      if (key === 'asked' && !asked.includes('ASKING')) return new RedisError('ASK 866 :7001');
      return ok;
    },
    { address: '10.0.0.1:6379' },
  );
  await run('SET moved 1');
  expect(printed()).toEqual(['(error) MOVED 12182 10.0.0.3:6379']);
  session.follow(true);
  await run('SET moved 1');
  expect(printed()).toEqual([...['-> Redirected to slot [12182] located at 10.0.0.3:6379', 'OK']]);
  expect(prompt()).toBe('10.0.0.3:6379> ');
  await run('SET asked 1');
  expect(printed()).toEqual(['-> Redirected to slot [866] located at 10.0.0.3:7001', 'OK']);
  expect(asked).toEqual(['SET', 'SET', 'SET', 'SET', 'ASKING', 'SET']);
});
