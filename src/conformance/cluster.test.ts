import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Cluster } from 'ioredis';
import { createCluster } from 'redis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { formCluster, type Nodes, startOurNodes, startRealNodes, until } from './cluster-rig.ts';
import { runTrace } from './cluster-trace.ts';
import { canCompare, freePort, startRealRedis } from './real-redis.ts';
import { Wire } from './wire.ts';

/** Redis Cluster beside six redis-servers, and with the programs and clients that know clusters. */

const execute = promisify(execFile);
const config = {
  'cluster-node-timeout': '1500',
  'repl-ping-replica-period': '1',
  'repl-diskless-sync-delay': '0',
};
const bugs: unknown[] = [];
const startOurs = () => startOurNodes(config, (error) => bugs.push(error));
const isReady = (info: string) =>
  info.includes('cluster_state:ok') && info.includes('cluster_slots_ok:16384');

const traces = import.meta.glob<string>('./cluster-traces/*.txt', {
  query: '?raw',
  import: 'default',
  eager: true,
});

describe.runIf(canCompare('Redis Cluster'))('six nodes answer as six redis-servers do', () => {
  let ours: Nodes;
  let theirs: Nodes;

  beforeAll(async () => {
    [ours, theirs] = await Promise.all([startOurs(), startRealNodes(config)]);
    await Promise.all([formCluster(ours), formCluster(theirs)]);
  }, 60_000);
  afterAll(async () => {
    await Promise.all([ours.stop(), theirs.stop()]);
    expect(bugs).toEqual([]);
  });

  test.each(Object.entries(traces))(
    '%s',
    async (_, trace) => {
      const [here, there] = [await runTrace(ours, trace), await runTrace(theirs, trace)];
      for (const [i, step] of here.entries()) expect.soft(step).toBe(there[i]);
    },
    30_000,
  );

  test('a replica takes over from a primary that is killed', async () => {
    for (const nodes of [ours, theirs]) {
      await nodes.kill(1);
      const left = nodes.wires.filter((_, i) => i !== 1);
      await until(left, (info) => !isReady(info));
      await until(left, isReady);
    }
    const trace = ['1> GET d', '5> GET d', '1> CLUSTER SLOTS', '1> CLUSTER NODES'].join('\n');
    expect(await runTrace(ours, trace)).toEqual(await runTrace(theirs, trace));
  }, 60_000);
});

describe.runIf(canCompare('a mixed cluster'))('a redis-server among our nodes', () => {
  // Its time is real: on a machine that is busy with others an election may come too late.
  test('joins, replicates, takes over, and gives back', { retry: 2, timeout: 60_000 }, async () => {
    const nodes = await startOurs();
    const busPort = await freePort();
    const directives = Object.entries(config).flatMap(([name, text]) => [`--${name}`, text]);
    const cluster = ['--cluster-enabled', 'yes', '--cluster-port', String(busPort)];
    const real = await startRealRedis([...cluster, ...directives]);
    const wire = await Wire.dial(real.host, real.port);
    try {
      await formCluster(nodes);
      await nodes.wires[0]?.run('SET', 'b', 'ours');
      await nodes.wires[0]?.run('CLUSTER', 'MEET', real.host, String(real.port), String(busPort));
      await until([...nodes.wires, wire], (info) => info.includes('cluster_known_nodes:7'));
      await until([wire], isReady);
      const [first = ''] = nodes.ids;
      await wire.run('CLUSTER', 'REPLICATE', first);
      await until([wire], (info) => info.includes('master_link_status:up'), ['INFO']);
      // A primary pauses only for replicas that it has heard of as such.
      const { text: id } = await wire.run('CLUSTER', 'MYID');
      const question = ['CLUSTER', 'REPLICAS', first];
      await until(nodes.wires, (replicas) => replicas.includes(id), question);
      await wire.run('READONLY');
      expect((await wire.run('GET', 'b')).text).toBe('ours');

      expect((await wire.run('CLUSTER', 'FAILOVER')).text).toBe('OK');
      await until([wire], (info) => info.includes('role:master'), ['INFO']);
      expect((await wire.run('SET', 'b', 'theirs')).text).toBe('OK');
      const isOurs = (info: string) => info.includes('master_link_status:up');
      await until(nodes.wires.slice(0, 1), isOurs, ['INFO']);
      await nodes.wires[0]?.run('READONLY');
      await until(nodes.wires.slice(0, 1), (reply) => reply.includes('theirs'), ['GET', 'b']);

      await until([wire], (replicas) => replicas.includes(first), ['CLUSTER', 'REPLICAS', id]);
      const handBack = nodes.wires.slice(0, 1);
      expect((await handBack[0]?.run('CLUSTER', 'FAILOVER'))?.text).toBe('OK');
      await until(handBack, (info) => info.includes('role:master'), ['INFO']);
      await until([wire], (info) => info.includes('master_link_status:up'), ['INFO']);
      expect((await wire.run('GET', 'b')).text).toBe('theirs');
    } finally {
      wire.close();
      await real.stop();
      await nodes.stop();
    }
  });
});

/** Whether a program is here; with CI=true it must be. */
async function isHere(program: string, args: readonly string[]): Promise<boolean> {
  try {
    await execute(program, [...args]);
    return true;
  } catch (error) {
    if (process.env.CI === 'true') throw error;
    console.warn(`not tried, ${program} ${args.join(' ')} fails here`);
    return false;
  }
}

describe('redis-cli --cluster', () => {
  let nodes: Nodes;
  beforeAll(async () => {
    nodes = await startOurs();
  });
  afterAll(() => nodes.stop());

  const at = (node: number) => `127.0.0.1:${nodes.ports[node - 1]}`;
  const cli = async (...args: string[]) =>
    (await execute('redis-cli', ['--cluster', ...args, '--cluster-yes'])).stdout;

  test('makes a cluster, moves slots in it, mends it, and takes nodes in and out', async () => {
    if (!(await isHere('redis-cli', ['--version']))) return;
    const some = [at(1), at(2), at(3), at(4)];
    const created = await cli('create', ...some);
    expect(created).toContain('[OK] All 16384 slots covered.');
    await until(nodes.wires.slice(0, 4), isReady);
    const keys = Array.from({ length: 50 }, (_, i) => `{x}${i}`);
    const home = nodes.wires[3];
    await home?.run('MSET', ...keys.flatMap((key) => [key, key]));

    const [first = '', , , fourth = ''] = nodes.ids;
    const how = ['--cluster-from', fourth, '--cluster-to', first, '--cluster-slots', '90'];
    expect(await cli('reshard', at(1), ...how)).toContain('Moving slot');
    expect(await cli('rebalance', at(1), '--cluster-threshold', '1')).toContain('Moving');

    await nodes.wires[3]?.run('CLUSTER', 'SETSLOT', '16383', 'MIGRATING', first);
    await nodes.wires[0]?.run('CLUSTER', 'SETSLOT', '16383', 'IMPORTING', fourth);
    expect(await cli('fix', at(1))).toContain('Fixing open slot 16383');
    expect(await cli('check', at(2))).toContain('[OK] All 16384 slots covered.');

    const join = ['--cluster-slave', '--cluster-master-id', first];
    expect(await cli('add-node', at(5), at(1), ...join)).toContain('New node added correctly');
    expect(await cli('info', at(1))).toContain('50 keys in 4 masters');
    expect(await cli('call', at(1), 'PING')).toContain(`${at(5)}: PONG`);
    expect(await cli('del-node', at(1), nodes.ids[4] ?? '')).toContain('CLUSTER RESET SOFT');
  }, 60_000);
});

describe('clients that know clusters', () => {
  let nodes: Nodes;
  beforeAll(async () => {
    nodes = await startOurs();
    await formCluster(nodes);
  }, 60_000);
  afterAll(() => nodes.stop());

  test('ioredis', async () => {
    const cluster = new Cluster(nodes.ports.map((port) => ({ host: '127.0.0.1', port })));
    const keys = Array.from({ length: 100 }, (_, i) => `io:${i}`);
    await Promise.all(keys.map((key) => cluster.set(key, key)));
    expect(await Promise.all(keys.map((key) => cluster.get(key)))).toEqual(keys);
    expect(cluster.nodes('master')).toHaveLength(3);
    await expect(cluster.mget('a', 'b')).rejects.toThrow('CROSSSLOT');
    expect(await cluster.mget('{t}a', '{t}b')).toEqual([null, null]);
    cluster.disconnect();
  });

  test('node-redis', async () => {
    const cluster = createCluster({
      rootNodes: nodes.ports.slice(0, 2).map((port) => ({ url: `redis://127.0.0.1:${port}` })),
    });
    await cluster.connect();
    const keys = Array.from({ length: 100 }, (_, i) => `node:${i}`);
    await Promise.all(keys.map((key) => cluster.set(key, key)));
    expect(await Promise.all(keys.map((key) => cluster.get(key)))).toEqual(keys);
    expect(cluster.masters).toHaveLength(3);
    cluster.destroy();
  });

  test('redis-py', async () => {
    if (!(await isHere('/usr/bin/python3', ['-c', 'import redis.cluster']))) return;
    const script = `
from redis.cluster import RedisCluster
r = RedisCluster(host='127.0.0.1', port=${nodes.ports[0]}, decode_responses=True)
for i in range(100): assert r.set(f'py:{i}', i)
assert [r.get(f'py:{i}') for i in range(100)] == [str(i) for i in range(100)]
assert r.mset_nonatomic({'a': 1, 'b': 2, 'c': 3}) and r.mget_nonatomic('a', 'b', 'c') == ['1', '2', '3']
assert len(r.get_primaries()) == 3 and len(r.get_replicas()) == 3
p = r.pipeline(); [p.incr(f'n{i}') for i in range(20)]; assert p.execute() == [1] * 20
print('done')
`;
    const { stdout } = await execute('/usr/bin/python3', ['-c', script]);
    expect(stdout).toBe('done\n');
  });
});
