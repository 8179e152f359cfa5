import { afterEach, describe, expect, test } from 'vitest';
import { runProgram } from '../runtimes/program.ts';
import type { Screen } from '../runtimes/screen.ts';
import type { World } from '../wire/link.ts';
import type { Topology } from '../wire/messages.ts';
import { startInProcessWorld } from './in-process.ts';

let world: World | undefined;
afterEach(() => world?.stop());

/** What a script prints in a new lab, and the status it ends with. */
async function shell(lines: readonly string[], topology: Topology = { kind: 'standalone' }) {
  world = startInProcessWorld({ topology, seed: 1, rate: 20 });
  let screen: Screen | undefined;
  const show = (next: Screen) => {
    screen = next;
  };
  const { signal } = new AbortController();
  const code = lines.join('\n');
  const { code: status } = await runProgram({ language: 'shell', code }, { world, signal, show });
  const printed = (stream: string) =>
    (screen?.chunks ?? []).filter((chunk) => chunk.stream === stream).map(({ text }) => text);
  return { status, out: printed('out').join(''), err: printed('err').join('') };
}

describe('redis-cli --cluster in a lab', () => {
  test('makes a cluster of empty nodes, and moves slots with their keys', async () => {
    const nodes = [1, 2, 3, 4, 5, 6].map((n) => `10.0.0.${n}:6379`).join(' ');
    const { out, err } = await shell(
      [
        `redis-cli --cluster create ${nodes} --cluster-replicas 1 --cluster-yes`,
        'sleep 5',
        'redis-cli -h 10.0.0.1 -c SET a 1',
        'redis-cli -h 10.0.0.3 CLUSTER SETSLOT 15495 MIGRATING $(redis-cli -h 10.0.0.1 CLUSTER MYID)',
        'redis-cli -h 10.0.0.1 CLUSTER SETSLOT 15495 IMPORTING $(redis-cli -h 10.0.0.3 CLUSTER MYID)',
        'redis-cli --cluster fix 10.0.0.1:6379 | grep -A1 Case',
        'redis-cli -h 10.0.0.1 CLUSTER COUNTKEYSINSLOT 15495',
        'redis-cli --cluster backup 10.0.0.1:6379 /tmp | tail -1',
        'ls /tmp | grep -c rdb',
      ],
      { kind: 'nodes', nodes: 6 },
    );
    expect(err).toContain('Transfer finished with success');
    expect(out).toContain('[OK] All 16384 slots covered.\n');
    expect(out).toContain('-> Redirected to slot [15495] located at 10.0.0.3:6379\nOK\n');
    const about = 'slot 15495 from 10.0.0.3:6379 to 10.0.0.1:6379';
    expect(out).toContain(`>>> Case 1: Moving ${about}\nMoving ${about}: .\n(integer) 1\n`);
    expect(out).toMatch(/\[OK\] Backup created into: \/tmp\n[34]\n$/);
  });
});

describe('redis-cli --rdb', () => {
  test('writes a snapshot that a server loads', async () => {
    const { out } = await shell([
      'redis-cli SET here yes',
      'redis-cli --rdb /tmp/copy/dump.rdb',
      'redis-server --port 6390 --dir /tmp/copy --daemonize yes',
      'redis-cli -p 6390 GET here',
    ]);
    expect(out).toContain('"yes"');
  });
});
