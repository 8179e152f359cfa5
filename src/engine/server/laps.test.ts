import { expect, test } from 'vitest';
import { Lab } from '../lab/lab.ts';
import { encodeCommand } from '../resp/encode.ts';

/** A lab in which each look at the stopwatch takes so long, and how often it was looked at. */
function timed(config: Record<string, string> = {}, lookUsec = 10) {
  let looks = 0;
  const lab = new Lab({ stopwatch: () => lookUsec * ++looks, config });
  const server = lab.nodes[0]?.server as Lab['nodes'][number]['server'];
  const heard = { onData() {}, onClose() {} };
  const client = lab.dial('127.0.0.1:6379', '127.0.0.1', heard);
  const pipeline = (...commands: readonly (readonly string[])[]) => {
    const before = looks;
    client?.send(commands.map((argv) => encodeCommand(argv)).join(''));
    return looks - before;
  };
  const usec = (command: string) => server.stats.commands.get(command)?.usec;
  return { server, pipeline, usec };
}

test('short commands of a pipeline share the time from one look at the stopwatch to the next', () => {
  const { server, pipeline, usec } = timed();
  expect(pipeline(['SET', 'a', '1'], ['GET', 'a'], ['GET', 'a'], ['GET', 'a'])).toBe(2);
  expect([usec('set'), usec('get')]).toEqual([2.5, 7.5]);
  expect(server.stats.commands.get('get')).toMatchObject({ calls: 3, failed: 0 });
  expect(server.stats.commands.get('get')?.histogram?.total).toBe(3);
});

test('what may take long has a time of its own, without that of short commands before it', () => {
  const { pipeline, usec } = timed();
  pipeline(['SET', 'a', '1'], ['SET', 'a', '1'], ['KEYS', '*'], ['GET', 'a']);
  expect([usec('set'), usec('keys'), usec('get')]).toEqual([10, 10, 10]);
});

test('a transaction takes as long as all that is in it', () => {
  const { pipeline, usec } = timed();
  pipeline(['MULTI'], ['SET', 'a', '1'], ['KEYS', '*'], ['EXEC']);
  expect([usec('set'), usec('keys'), usec('exec')]).toEqual([10, 10, 30]);
});

test('what a transaction calls is timed by itself, within the time of EXEC', () => {
  const { pipeline, usec } = timed();
  pipeline(['MULTI'], ['SET', 'a', '1'], ['SET', 'b', '1'], ['EXEC']);
  expect([usec('multi'), usec('set'), usec('exec')]).toEqual([10, 20, 30]);
});

test('a short command that takes long all the same is in the slow log when it comes alone', () => {
  const { server, pipeline } = timed({}, 20_000);
  expect(pipeline(['SETBIT', 'a', '7', '1'])).toBe(2);
  expect(server.slowlog.entries).toMatchObject([{ usec: 20_000, argv: ['SETBIT', 'a', '7', '1'] }]);
  pipeline(['GET', 'a'], ['XADD', 's', 'MAXLEN', '0', '*', 'f', 'v'], ['GET', 'a'], ['GET', 'a']);
  expect(server.slowlog.entries.map(({ argv: [name] }) => name)).toEqual(['XADD', 'SETBIT']);
});

test('INFO tells of the commands before it in its pipeline', () => {
  const lab = new Lab();
  const heard: string[] = [];
  const listener = { onData: (bytes: string) => void heard.push(bytes), onClose() {} };
  lab.dial('127.0.0.1:6379', '127.0.0.1', listener)?.send('SET a 1\r\nINFO latencystats\r\n');
  expect(heard.join('')).toContain('latency_percentiles_usec_set:');
});

test('every command is timed by itself where the slow log or the latency monitor wants to know', () => {
  for (const directive of ['slowlog-log-slower-than', 'latency-monitor-threshold']) {
    const { pipeline } = timed({ [directive]: '1' });
    expect(pipeline(['GET', 'a'], ['GET', 'a'], ['GET', 'a'])).toBe(4);
  }
});
