import { expect, test } from 'vitest';
import { encodeCommand } from '../resp/encode.ts';
import { Lab } from './lab.ts';

/** Runs a command on a node; the last reply's bytes. */
function run(lab: Lab, node: string, ...argv: string[]): string {
  const { host, port } = lab.node(node) ?? { host: '', port: 0 };
  let heard = '';
  const connection = lab.dial(`${host}:${port}`, '127.0.0.1', {
    onData: (bytes) => {
      heard += bytes;
    },
    onClose() {},
  });
  connection?.send(encodeCommand(argv));
  lab.settle();
  connection?.close();
  return heard;
}

test('a node that is killed answers nobody, and starts again from its files', () => {
  const lab = new Lab({ topology: { kind: 'servers', servers: 2 } });
  run(lab, 'node1', 'SET', 'kept', '1');
  run(lab, 'node1', 'SAVE');
  run(lab, 'node1', 'SET', 'lost', '1');
  lab.node('node1')?.kill();
  expect(run(lab, 'node1', 'PING')).toBe('');
  lab.node('node1')?.start();
  expect(run(lab, 'node1', 'MGET', 'kept', 'lost')).toBe('*2\r\n$1\r\n1\r\n$-1\r\n');
});

test('a node that is stopped saves first; one that is paused answers when it goes on', () => {
  const lab = new Lab({ topology: { kind: 'servers', servers: 1 } });
  const node = lab.node('node1');
  run(lab, 'node1', 'SET', 'kept', '1');
  node?.stop();
  expect(node?.state).toBe('ended');
  node?.start();
  let heard = '';
  const connection = lab.dial(lab.address, '127.0.0.1', {
    onData: (bytes) => {
      heard += bytes;
    },
    onClose() {},
  });
  node?.pause();
  connection?.send(encodeCommand(['GET', 'kept']));
  lab.clock.advance(5000);
  expect(heard).toBe('');
  node?.resume();
  expect(heard).toBe('$1\r\n1\r\n');
});

test('what a node breaks off is not held up by what the other side has not taken', () => {
  const ends: string[] = [];
  const connection = {
    send() {},
    close: () => ends.push('closed'),
    abort: () => ends.push('aborted'),
  };
  const peer = { from: '127.0.0.1:1', to: '127.0.0.1:6379' };
  // The words of a browser: the server hangs up at once.
  new Lab().nodes[0]?.accept(connection, peer).onData('POST / HTTP/1.1\r\n');
  expect(ends).toEqual(['aborted']);
});

test('a clock that is wrong makes keys expire early; timers take as long as they take', () => {
  const lab = new Lab({ topology: { kind: 'servers', servers: 2 } });
  const node = lab.node('node1');
  const time = (name: string) => Number(run(lab, name, 'TIME').split('\r\n')[2]);
  run(lab, 'node1', 'SET', 'session', '1', 'EX', '100');
  node?.setClockError(99_000);
  expect(time('node1') - time('node2')).toBe(99);
  expect(run(lab, 'node1', 'PTTL', 'session')).toBe(':1000\r\n');
  lab.clock.advance(1000);
  expect(run(lab, 'node1', 'EXISTS', 'session')).toBe(':0\r\n');
  node?.setClockError(0);
  expect(time('node1')).toBe(time('node2'));
});
