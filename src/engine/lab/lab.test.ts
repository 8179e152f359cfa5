import fc from 'fast-check';
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

const nodes = ['node1', 'node2', 'node3'];

/** What may befall a lab of three, with what is written meanwhile. */
const mishap = fc.oneof(
  fc.record({ do: fc.constant('write'), node: fc.constantFrom(...nodes), ms: fc.nat(50) }),
  fc.record({
    do: fc.constantFrom('cut', 'heal', 'pause', 'resume', 'kill', 'start', 'slow'),
    node: fc.constantFrom(...nodes),
    ms: fc.constantFrom(0, 100, 3000, 90_000),
  }),
);
type Mishap = typeof mishap extends fc.Arbitrary<infer M> ? M : never;

function befall(lab: Lab, { do: what, node, ms }: Mishap, index: number): void {
  const subject = lab.node(node);
  const other = nodes[(nodes.indexOf(node) + 1) % nodes.length] as string;
  if (what === 'write' && lab.node('node1')?.state === 'running') {
    run(lab, 'node1', 'SET', `key:${index % 7}`, String(index), 'PX', '1000000');
  } else if (what === 'cut') lab.cut(node, other);
  else if (what === 'heal') lab.heal(node, other);
  else if (what === 'slow') lab.network.setQuality(node, other, { latencyMs: 40, loss: 0.2 });
  else if (what === 'pause') subject?.pause();
  else if (what === 'resume') subject?.resume();
  else if (what === 'kill' && node !== 'node1') subject?.kill();
  else if (what === 'start') subject?.start();
  lab.clock.advance(ms);
}

function play(mishaps: readonly Mishap[], seed: number): Lab {
  const config = { 'enable-debug-command': 'yes' };
  const lab = new Lab({ topology: { kind: 'replicated', replicas: 2 }, seed, config });
  for (const [i, each] of mishaps.entries()) befall(lab, each, i);
  return lab;
}

test('whatever happens, replicas equal their primary after all is mended', () => {
  fc.assert(
    fc.property(fc.array(mishap, { maxLength: 25 }), fc.nat(1000), (mishaps, seed) => {
      const lab = play(mishaps, seed);
      for (const name of nodes) {
        lab.node(name)?.resume();
        lab.node(name)?.start();
        for (const other of nodes) lab.heal(name, other);
      }
      lab.clock.advance(200_000);
      const digests = nodes.map((name) => run(lab, name, 'DEBUG', 'DIGEST'));
      expect(digests[0]).toMatch(/^\+[0-9a-f]{40}\r\n$/);
      expect(new Set(digests).size).toBe(1);
    }),
    { numRuns: 40 },
  );
});

test('the same seed and script give the same events, word for word', () => {
  fc.assert(
    fc.property(fc.array(mishap, { maxLength: 15 }), fc.nat(1000), (mishaps, seed) => {
      const [one, other] = [play(mishaps, seed), play(mishaps, seed)];
      expect(JSON.stringify(one.events.all)).toBe(JSON.stringify(other.events.all));
    }),
    { numRuns: 15 },
  );
});

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
