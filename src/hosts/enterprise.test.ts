/** The stand-ins for the Enterprise edition, on the servers of a lab. */
import { afterEach, describe, expect, test } from 'vitest';
import { runProgram } from '../runtimes/program.ts';
import type { Screen } from '../runtimes/screen.ts';
import type { World } from '../wire/link.ts';
import type { Topology } from '../wire/messages.ts';
import { startInProcessWorld } from './in-process.ts';

let world: World | undefined;
afterEach(() => world?.stop());

/** What a script prints in a new lab, in which a second takes twenty milliseconds. */
async function shell(topology: Topology, ...lines: string[]) {
  const config = { 'enable-debug-command': 'yes' };
  world = startInProcessWorld({ topology, seed: 1, rate: 50, config });
  let screen: Screen | undefined;
  const show = (next: Screen) => {
    screen = next;
  };
  const { signal } = new AbortController();
  const code = lines.join('\n');
  const { code: status } = await runProgram({ language: 'shell', code }, { world, signal, show });
  const printed = (stream: string) =>
    (screen?.chunks ?? []).flatMap((each) => (each.stream === stream ? [each.text] : [])).join('');
  return { status, out: printed('out'), err: printed('err') };
}

describe('an Active-Active database', () => {
  const pair: Topology = { kind: 'servers', servers: 2 };

  test('two regions count apart, and both have the sum when the line is mended', async () => {
    const { out, err, status } = await shell(
      pair,
      'active-active create node1 node2',
      'redis-cli -h node1 -p 12000 SADD cart tea',
      'sleep 0.1',
      'partition node1 node2',
      'redis-cli -h node1 -p 12000 INCRBY visits 3',
      'redis-cli -h node2 -p 12000 INCRBY visits 4',
      'redis-cli -h node1 -p 12000 SREM cart tea',
      'redis-cli -h node2 -p 12000 SADD cart tea',
      'redis-cli -h node1 GET visits',
      'active-active check node1 node2',
      'partition --heal node1 node2',
      'sleep 1',
      'redis-cli -h node1 GET visits',
      'redis-cli -h node2 -p 12000 GET visits',
      'redis-cli -h node1 SMEMBERS cart',
      'active-active log node1',
      'active-active check node1 node2',
    );
    expect(err).toBe('');
    expect(out).toContain('2 regions (simulated): node1:12000, node2:12000\n');
    expect(out).toContain('different\n');
    expect(out).toMatch(/different\n"7"\n"7"\n1\) "tea"\n/);
    expect(out).toContain('node2#1 INCRBY visits 4   concurrent with node1#2\n');
    expect(out).toMatch(/equal\n$/);
    expect(status).toBe(0);
  });

  test('a region says what it does not know, and answers in both protocols', async () => {
    const { out, err } = await shell(
      pair,
      'active-active create node1 node2',
      'redis-cli -h node1 -p 12000 LPUSH list a',
      'redis-cli -h node1 -p 12000 INCR',
      'redis-cli -h node1 -p 12000 SET name Ada EX 10',
      'redis-cli -h node1 -p 12000 INCR name',
      'redis-cli -h node1 -p 12000 SADD name x',
      'redis-cli -3 -h node1 -p 12000 HSET user a 1 b 2',
      'redis-cli -3 -h node2 -p 12000 HGETALL user',
      'sleep 11',
      'redis-cli -h node2 -p 12000 GET name',
      'redis-cli -h node2 -p 12000 SADD name x',
      'sleep 0.1',
      'active-active check node1 node2 nosuch',
      'active-active create node1',
      'active-active frobnicate',
      'partition node1 nosuch',
    );
    expect(out).toContain('LPUSH of an Active-Active database is not simulated here');
    expect(out).toContain("ERR wrong number of arguments for 'incr' command");
    expect(out).toContain('ERR value is not an integer or out of range');
    expect(out).toContain('WRONGTYPE');
    expect(out).toContain('1# "a" => "1"\n2# "b" => "2"\n(nil)\n');
    expect(out).toMatch(/node1 (\w{40})\nnode2 \1\nnosuch \? .*refused\ndifferent/);
    expect(err).toContain('port 12000 is taken');
    expect(err).toContain('usage: active-active create');
    expect(err).toContain('partition: nosuch: no such host');
  });
});
