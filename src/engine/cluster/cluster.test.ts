import { describe, expect, test } from 'vitest';
import { Lab } from '../lab/lab.ts';
import { LabSession } from '../lab/script.ts';
import { VirtualDisk } from '../persistence/disk.ts';

const TIMEOUT_MS = 2000;
const SLOTS = ['0 5460', '5461 10922', '10923 16383'];

/** Three primaries and, with six nodes, a replica of each: node4 of node1, and so on. */
async function startCluster({ nodes = 6, seed = 1, config = {} } = {}) {
  const lab = new Lab({
    topology: { kind: 'nodes', nodes },
    seed,
    config: { 'cluster-node-timeout': String(TIMEOUT_MS), ...config },
  });
  const session = new LabSession(lab);
  const run = async (node: number, command: string): Promise<string> => {
    const { reply = '' } = await session.send(`node${node}`, [command]);
    // The node was started anew, and so is the connection.
    return reply.includes('Server closed the connection') ? run(node, command) : reply;
  };
  const idOf = (node: number) => lab.nodes[node - 1]?.server.cluster?.state.myself.name ?? '';
  for (let node = 1; node <= nodes; node++) await run(node, `CLUSTER SET-CONFIG-EPOCH ${node}`);
  for (const [i, slots] of SLOTS.entries()) await run(i + 1, `CLUSTER ADDSLOTSRANGE ${slots}`);
  for (let node = 2; node <= nodes; node++) await run(1, `CLUSTER MEET 10.0.0.${node} 6379`);
  lab.clock.advance(3000);
  for (let node = 4; node <= nodes; node++) await run(node, `CLUSTER REPLICATE ${idOf(node - 3)}`);
  // A primary waits five seconds for more replicas; one that has never had the data takes over nothing.
  lab.clock.advance(8000);
  const kill = (node: number) => lab.node(`node${node}`)?.kill();
  const start = (node: number) => lab.node(`node${node}`)?.start();
  /** Who serves a slot, as this node sees it. */
  const ownerOf = (slot: number, seenBy: number) =>
    lab.nodes[seenBy - 1]?.server.cluster?.state.owners[slot]?.ip;
  return { lab, run, idOf, kill, start, ownerOf };
}

/** The number after a name in CLUSTER INFO. */
const field = (info: string, name: string) => new RegExp(`${name}:([^\\\\]+)`).exec(info)?.[1];

test('nodes that were introduced to one another agree on who serves what', async () => {
  const { run, ownerOf } = await startCluster();
  for (let node = 1; node <= 6; node++) {
    const info = await run(node, 'CLUSTER INFO');
    expect(field(info, 'cluster_state')).toBe('ok');
    expect(field(info, 'cluster_known_nodes')).toBe('6');
    expect(field(info, 'cluster_size')).toBe('3');
    expect([0, 5461, 16_383].map((slot) => ownerOf(slot, node))).toEqual([
      '10.0.0.1',
      '10.0.0.2',
      '10.0.0.3',
    ]);
  }
});

test('the same seed gives the same events', async () => {
  const play = async () => {
    const { lab, kill } = await startCluster({ seed: 7 });
    kill(3);
    lab.clock.advance(20_000);
    return lab.events.all;
  };
  expect(await play()).toEqual(await play());
});

describe('a node that fails', () => {
  test('is replaced by its replica, and comes back as one', async () => {
    const { lab, run, kill, start, ownerOf, idOf } = await startCluster();
    kill(3);
    lab.clock.advance(3 * TIMEOUT_MS);
    expect(ownerOf(16_383, 1)).toBe('10.0.0.6');
    expect(await run(1, 'GET a')).toBe('(error) MOVED 15495 10.0.0.6:6379');
    start(3);
    lab.clock.advance(3000);
    const nodes = await run(1, 'CLUSTER NODES');
    expect(nodes).toContain(`${idOf(3)} 10.0.0.3:6379@16379 slave ${idOf(6)}`);
  });

  test('takes the whole cluster down without a replica, unless partial coverage will do', async () => {
    for (const [directive, reply] of [
      ['yes', '(error) CLUSTERDOWN The cluster is down'],
      ['no', '(nil)'],
    ] as const) {
      const config = { 'cluster-require-full-coverage': directive };
      const { lab, run, kill } = await startCluster({ nodes: 3, config });
      kill(3);
      lab.clock.advance(3 * TIMEOUT_MS);
      expect(await run(1, 'GET b')).toBe(reply);
    }
  });

  test('leaves those without a majority with nothing to say', async () => {
    const { lab, run, kill } = await startCluster();
    kill(2);
    kill(3);
    lab.clock.advance(10 * TIMEOUT_MS);
    expect(await run(1, 'SET b 1')).toBe('(error) CLUSTERDOWN The cluster is down');
    expect(await run(1, 'CLUSTER NODES')).toContain('fail?');
  });
});

test('a link on which too much waits is closed and made anew', async () => {
  const { lab, run } = await startCluster();
  await run(1, 'CONFIG SET cluster-link-sendbuf-limit 1000');
  lab.cut('node1', 'node2');
  const message = 'x'.repeat(200_000);
  await run(1, `PUBLISH news ${message}`);
  expect(await run(1, 'CLUSTER LINKS')).toContain('rw');
  lab.clock.advance(200);
  expect(await run(1, 'CLUSTER INFO')).toContain('total_cluster_links_buffer_limit_exceeded:1');
  expect(await run(1, 'CLUSTER LINKS')).not.toContain('rw');
});

describe('a partition', () => {
  test('lets the minority stop, and the majority go on without it', async () => {
    const { lab, run, ownerOf } = await startCluster();
    const others = [2, 3, 5, 6, 4].map((node) => `node${node}`);
    for (const other of others) lab.cut('node1', other);
    lab.clock.advance(4 * TIMEOUT_MS);
    expect(await run(1, 'SET b 1')).toBe('(error) CLUSTERDOWN The cluster is down');
    expect(ownerOf(0, 2)).toBe('10.0.0.4');
    for (const other of others) lab.heal('node1', other);
    lab.clock.advance(4 * TIMEOUT_MS);
    expect(await run(1, 'GET b')).toBe('(error) MOVED 3300 10.0.0.4:6379');
    expect(await run(1, 'CLUSTER NODES')).toContain('myself,slave');
  });
});

describe('CLUSTER FAILOVER', () => {
  test('makes the replica the primary and the primary a replica', async () => {
    const { lab, run, ownerOf } = await startCluster();
    expect(await run(4, 'CLUSTER FAILOVER')).toBe('OK');
    lab.clock.advance(1000);
    expect(ownerOf(0, 3)).toBe('10.0.0.4');
    expect(await run(1, 'CLUSTER NODES')).toContain('myself,slave');
  });

  test('TAKEOVER asks nobody', async () => {
    const { lab, run, kill, ownerOf } = await startCluster();
    for (const node of [1, 2, 3]) kill(node);
    lab.clock.advance(4 * TIMEOUT_MS);
    expect(await run(4, 'CLUSTER FAILOVER')).toMatch(/^\(error\) ERR Master is down or failed/);
    expect(await run(4, 'CLUSTER FAILOVER TAKEOVER')).toBe('OK');
    lab.clock.advance(1000);
    expect(ownerOf(0, 5)).toBe('10.0.0.4');
  });
});

test('a replica moves to a primary that has lost its own', async () => {
  const { lab, run, idOf, kill } = await startCluster({ nodes: 7 });
  // node7 is the second replica of node1's shard.
  expect(await run(7, `CLUSTER REPLICATE ${idOf(1)}`)).toBe('OK');
  lab.clock.advance(2000);
  kill(5);
  lab.clock.advance(15_000);
  const nodes = await run(2, 'CLUSTER NODES');
  const moved = [4, 7].map((node) =>
    nodes.includes(`${idOf(node)} 10.0.0.${node}:6379@16379 slave ${idOf(2)}`),
  );
  expect(moved.filter(Boolean)).toHaveLength(1);
});

test('a forgotten node stays forgotten for a minute', async () => {
  const { lab, run, idOf } = await startCluster();
  const known = async (node: number) =>
    field(await run(node, 'CLUSTER INFO'), 'cluster_known_nodes');
  for (const node of [1, 2, 3, 4, 5]) await run(node, `CLUSTER FORGET ${idOf(6)}`);
  lab.clock.advance(30_000);
  expect(await known(1)).toBe('5');
  // Whoever was forgotten still knows the others; after the minute they hear of it again.
  await run(6, 'CLUSTER RESET HARD');
  lab.clock.advance(60_000);
  expect(await known(1)).toBe('5');
});

describe('nodes.conf', () => {
  const PATH = '/data/nodes.conf';

  test('brings a node back as what it was', async () => {
    const { lab, run, kill, start, idOf } = await startCluster();
    const before = await run(1, 'CLUSTER NODES');
    kill(1);
    start(1);
    lab.clock.advance(1000);
    const after = await run(1, 'CLUSTER NODES');
    const shape = (nodes: string) =>
      nodes
        .split('\\n')
        .map((line) => line.replace(/ \d+ \d+ (\d+) \w+/, ' $1'))
        .sort();
    expect(shape(after)).toEqual(shape(before));
    expect(after).toContain(`${idOf(1)} 10.0.0.1:6379@16379 myself,master`);
  });

  test('tells the shards: those of 7.2 and later, and those of a file that is older', () => {
    const disk = new VirtualDisk();
    const [me, primary] = ['a'.repeat(40), 'b'.repeat(40)];
    const start = (field: string) => {
      const mine = `${me} :6379@16379 myself,slave ${primary} 0 0 3 connected\n`;
      disk.write(PATH, `${mine}${primary} 10.0.0.2:6379@16379${field} master - 0 0 3 connected\n`);
      const lab = new Lab({ topology: { kind: 'nodes', nodes: 1 }, disk });
      return lab.nodes[0]?.server.cluster?.state.myself.shardId ?? '';
    };
    const shard = 'c'.repeat(40);
    expect(start(`,here,tls-port=0,nodename=bob,shard-id=${shard}`)).toBe(shard);
    expect(disk.read(PATH)).toContain(`@16379,here,tls-port=0,shard-id=${shard} master`);
    const ownShard = start('');
    expect(ownShard).toMatch(/^[0-9a-f]{40}$/);
    expect(disk.read(PATH)?.match(new RegExp(`shard-id=${ownShard}`, 'g'))).toHaveLength(2);
  });

  test('with slots that are no numbers, and words of another version, is read as by atoi()', () => {
    const disk = new VirtualDisk();
    const me = `${'a'.repeat(40)} :6379@16379 myself,master - 0 0 3 connected`;
    disk.write(PATH, `${me} -5 7-x abc\nvars currentEpoch 3 strange 9\n`);
    const lab = new Lab({ topology: { kind: 'nodes', nodes: 1 }, disk });
    expect(lab.nodes[0]?.server.cluster?.state.myself.slots.ranges()).toEqual([[0, 5]]);
    const said = lab.events.all.map(({ text }) => text);
    expect(said).toContain("Skipping unknown cluster config variable 'strange'");
  });

  test('that makes no sense keeps the server from starting', () => {
    const start = (text: string) => {
      const disk = new VirtualDisk();
      disk.write(PATH, text);
      return () => new Lab({ topology: { kind: 'nodes', nodes: 1 }, disk });
    };
    const corrupt = 'Unrecoverable error: corrupted cluster config file';
    expect(start('nonsense\n')).toThrow(corrupt);
    const me = `${'a'.repeat(40)} :6379@16379 myself,master - 0 0 3 connected`;
    expect(start(`${me} 0-99999\n`)).toThrow(corrupt);
    expect(start(`${me.replace('myself,', '')}\n`)).toThrow(corrupt);
    expect(start(`${me} 0-5\n${me.replaceAll('a', 'b')}\n`)).toThrow(corrupt);
    expect(start(`${me} 0-5 [3->-nobody]\n`)).toThrow(corrupt);
    expect(start(`${me} 0-5\nvars currentEpoch\n`)).toThrow(corrupt);
    for (const field of ['shard-id=7', 'tls-port=-1', 'tls-port=x', 'strange=1', 'shard-id']) {
      expect(start(`${me.replace(' myself', `,,${field} myself`)} 0-5\n`)).toThrow(corrupt);
    }
    expect(start(`${me} 0-5\nvars currentEpoch 3 lastVoteEpoch 1\n`)).not.toThrow();
  });
});

test('a message reaches the subscribers of every node', async () => {
  const { lab, run } = await startCluster();
  const heard: unknown[] = [];
  const session = new LabSession(lab);
  await session.connect('node5');
  await session.send('node5', ['SUBSCRIBE news']);
  await run(1, 'PUBLISH news hello');
  lab.settle();
  heard.push(...(await session.steer({ name: 'advance', args: ['1ms'] })).arrivals);
  expect(JSON.stringify(heard)).toContain('hello');
});
