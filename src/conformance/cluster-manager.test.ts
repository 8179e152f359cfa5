/**
 * `redis-cli --cluster` of the shell beside the real one. Ours makes a cluster of real servers and
 * changes it; both are then asked the same, and refused the same.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { redisCli } from '../shell/redis-cli/redis-cli.ts';
import { runOurs } from './our-cli.ts';
import { canCompare, freePort, type RealRedis, startRealRedis } from './real-redis.ts';

const NODES = 4;
const TWENTY = ['--cluster-slots', '20', '--cluster-yes'];

describe.runIf(canCompare('redis-cli --cluster'))('redis-cli --cluster', () => {
  let servers: RealRedis[];
  let single: RealRedis;
  let folder: string;
  let ids: string[];
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'keyspace-cluster-'));
    single = await startRealRedis();
    servers = await Promise.all(
      Array.from({ length: NODES }, async () => {
        const bus = String(await freePort());
        return startRealRedis(['--cluster-enabled', 'yes', '--cluster-port', bus]);
      }),
    );
    ids = servers.map(({ port }) => real(['-p', String(port), 'cluster', 'myid']).stdout.trim());
  }, 30_000);
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await Promise.all([single, ...servers].map((server) => server.stop()));
  });

  const at = (index: number) => `127.0.0.1:${servers[index]?.port}`;
  const real = (args: readonly string[], input = '') => {
    const { status, stdout, stderr } = spawnSync('redis-cli', args, {
      ...{ encoding: 'latin1', input, cwd: folder },
      env: { PATH: process.env.PATH, TERM: 'dumb' },
    });
    return { status, stdout, stderr };
  };
  /** Time passes as it does, for the servers are real. */
  const machine = { sleep: (ms: number) => new Promise<void>((done) => setTimeout(done, ms)) };
  const ours = (args: readonly string[], stdin = '') =>
    runOurs(redisCli, args, { stdin, folder, machine });
  const same = async (args: readonly string[], stdin?: string) => {
    const words = ['--cluster', ...args];
    expect(await ours(words, stdin)).toEqual(real(words, stdin));
  };

  test('what cannot become a cluster is refused in the same words', async () => {
    const alone = `127.0.0.1:${single.port}`;
    const few = ['create', at(0), at(1)];
    const refused = [few, ['create', at(0), at(1), at(2), '--cluster-replicas', '1']];
    const wrong = [
      ['create', alone, at(1), at(2)],
      ['create', 'foo'],
      ['check', alone],
    ];
    const usage = [['nosuch'], ['help'], ['create'], ['call', at(0)], ['check', 'foo']];
    const more = [
      ['del-node', at(0)],
      ['set-timeout', at(0), '5'],
    ];
    const asked = [
      ['check', at(0)],
      ['rebalance', at(0)],
      ['import', at(0)],
    ];
    for (const args of [...refused, ...wrong, ...usage, ...more, ...asked]) await same(args);
  });

  test('a plan that is not accepted changes nothing', async () => {
    const create = ['create', at(0), at(1), at(2), at(3)];
    await same(create, 'no\n');
  });

  test('makes a cluster that the real one finds in order', async () => {
    const create = ['--cluster', 'create', at(0), at(1), at(2), '--cluster-yes'];
    const { status, stdout } = await ours(create);
    expect(stdout).toContain('Master[1] -> Slots 5461 - 10922\n');
    expect(stdout).toMatch(/Waiting for the cluster to join\n\.*\n>>> Performing Cluster Check/);
    expect(status).toBe(0);
    await joined(3);
    const state = () => real(['-p', String(servers[0]?.port), 'cluster', 'info']).stdout;
    await expect.poll(state, { timeout: 20_000 }).toContain('cluster_state:ok');
    for (const key of ['a', 'b', 'c', 'd'])
      real(['-c', '-p', String(servers[0]?.port), 'set', key, key]);
    await same(['check', at(0)]);
    await same(['info', ...at(1).split(':')]);
    await same(['check', at(2), '--cluster-search-multiple-owners']);
    await same(['call', at(0), 'dbsize']);
    await same(['call', at(0), 'get', 'a', '--cluster-only-masters']);
    await same(['set-timeout', at(0), '6000']);
    await same(['create', at(0), at(1), at(3)]);
  }, 30_000);

  test('a node joins, gets slots and keys, gives them back and leaves', async () => {
    const add = await ours(['--cluster', 'add-node', at(3), at(0)]);
    expect(add.stdout).toContain(`>>> Send FUNCTION RESTORE to ${at(3)}\n`);
    expect(add.stdout).toMatch(/\[OK\] New node added correctly\.\n$/);
    await joined(4);
    const flags = ['--cluster-from', ids[0] as string, '--cluster-to', ids[3] as string];
    await same(['reshard', at(0), ...flags, '--cluster-slots', '3'], 'no\n');
    await same([
      'reshard',
      at(0),
      '--cluster-from',
      'x',
      '--cluster-slots',
      '3',
      ...flags.slice(2),
    ]);
    await same(['reshard', at(0), ...flags.slice(0, 3), ids[0] as string, '--cluster-slots', '3']);
    await same(['rebalance', at(0), '--cluster-simulate', '--cluster-use-empty-masters']);
    await same(['rebalance', at(0), '--cluster-weight', 'nosuch=2']);
    await same(['rebalance', at(0)]);
    const moved = await ours(['--cluster', 'reshard', at(0), ...flags, ...TWENTY]);
    expect(moved).toMatchObject({ status: 0, stderr: '' });
    expect(moved.stdout).toContain(`Moving slot 19 from ${at(0)} to ${at(3)}: \n`);
    await joined(4);
    await same(['check', at(0)]);
    await same(['del-node', at(0), ids[3] as string]);
    await same(['del-node', at(0), 'nosuch']);
    const off = ['--cluster-from', ids[3] as string, '--cluster-to', ids[0] as string];
    await ours(['--cluster', 'reshard', at(0), ...off, ...TWENTY]);
    await joined(4);
    const gone = await ours(['--cluster', 'del-node', at(0), ids[3] as string]);
    expect(gone.status).toBe(0);
    expect(
      real(['-p', String(servers[3]?.port), 'cluster', 'nodes']).stdout.split('\n'),
    ).toHaveLength(2);
    await joined(3);
  }, 60_000);

  test('a slot half moved is closed, keys included', async () => {
    const port = (index: number) => String(servers[index]?.port);
    // Slot 15495 is that of "a"; 3300 that of "b".
    const [owner, other] = owners('15495');
    real(['-p', port(owner), 'cluster', 'setslot', '15495', 'migrating', ids[other] as string]);
    await same(['check', at(owner)]);
    real(['-p', port(other), 'cluster', 'setslot', '15495', 'importing', ids[owner] as string]);
    const { stdout, status } = await ours(['--cluster', 'fix', at(0)]);
    expect(stdout).toMatch(
      />>> Case 1: Moving slot 15495 from \S+ to \S+\nMoving slot \d+ .*: \.\n/,
    );
    expect(status).toBe(0);
    await joined(3);
    expect(owners('15495')[0]).toBe(other);
    expect(real(['-c', '-p', port(owner), 'get', 'a']).stdout).toBe('a\n');
  }, 30_000);

  test('backup writes the same files, import takes the same keys', async () => {
    await same(['backup', at(0), '/nosuch']);
    real(['-p', String(single.port), 'mset', 'x', '1', 'y', '2']);
    const from = ['--cluster-from', `127.0.0.1:${single.port}`];
    const { stdout, status } = await ours(['--cluster', 'import', at(0), ...from]);
    expect(stdout).toMatch(/\*\*\* Importing 2 keys from DB 0\n(Migrating [xy] to \S+: OK\n){2}$/);
    expect(status).toBe(0);
    const saved = await ours(['--cluster', 'backup', at(0), '.']);
    expect(saved.stdout).toMatch(/Saving cluster configuration to: .\/nodes.json\n.*\[OK\]/);
    expect(readdirSync(folder).filter((name) => name.endsWith('.rdb'))).toHaveLength(3);
  }, 30_000);

  /** Which of the first three has a slot, and another of them. */
  function owners(slot: string): [owner: number, other: number] {
    const { stdout } = real(['-p', String(servers[0]?.port), 'cluster', 'nodes']);
    const has = (id: string) =>
      stdout.split('\n').some(
        (line) =>
          line.startsWith(id) &&
          line
            .split(' ')
            .slice(8)
            .some((word) => isIn(Number(slot), word)),
      );
    const owner = ids.slice(0, 3).findIndex(has);
    return [owner, (owner + 1) % 3];
  }

  const isIn = (slot: number, word: string) => {
    const [first = 0, last = first] = word.split('-').map(Number);
    return slot >= first && slot <= last;
  };

  /** Until so many nodes know one another and say the same. */
  async function joined(count: number): Promise<void> {
    const view = ({ port }: RealRedis) =>
      real(['-p', String(port), 'cluster', 'nodes'])
        .stdout.trim()
        .split('\n')
        .map((line) => line.split(' '))
        .map(([id, , , , , , , state, ...slots]) => [id, state, ...slots].join(' '))
        .sort()
        .join('\n');
    const agreed = () => {
      const views = new Set(servers.slice(0, count).map(view));
      const [only = ''] = views;
      return views.size === 1 && only.match(/ connected/g)?.length === count;
    };
    await expect.poll(agreed, { timeout: 20_000, interval: 200 }).toBe(true);
  }
});
