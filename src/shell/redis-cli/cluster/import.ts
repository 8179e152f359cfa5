import { slotOf } from '../../../engine/bytes/crc16.ts';
import { RedisError } from '../../../engine/errors.ts';
import { Link } from '../link.ts';
import { check } from './check.ts';
import { type Cluster, parseAddress } from './cluster.ts';
import { ClusterFailure } from './screen.ts';

/** --cluster import: moves or copies all keys of a server that is no cluster into one. */
export async function importFrom(cluster: Cluster, address: string): Promise<void> {
  const { screen, told } = cluster;
  if (told.from === undefined) {
    throw new ClusterFailure("[ERR] Option '--cluster-from' is required for subcommand 'import'.");
  }
  const { host, port } = parseAddress(told.from);
  screen.say('info', `>>> Importing data from ${host}:${port} to cluster ${address}`);
  await cluster.load(address);
  if (!(await check(cluster))) throw new ClusterFailure();
  const source = await openSource(cluster, `${host}:${port}`);
  const size = Number(await source.send(['DBSIZE']));
  screen.say('warning', `*** Importing ${size} keys from DB 0`);
  for (let cursor = '0'; ; ) {
    const reply = await source.send(['SCAN', cursor, 'COUNT', '1000']);
    if (reply instanceof RedisError) throw reply;
    const [next, keys] = reply as [string, string[]];
    for (const key of keys) await importKey(cluster, source, key);
    if (next === '0') return;
    cursor = next;
  }
}

async function openSource(cluster: Cluster, address: string): Promise<Link> {
  const { options, told, call } = cluster;
  const { password: _, user: __, ...plain } = options;
  const source = await Link.open(
    call,
    {
      ...plain,
      ...{ protocol: 2 as const, db: 0 },
      ...(told.fromPassword !== undefined && { password: told.fromPassword }),
      ...(told.fromUser !== undefined && { user: told.fromUser }),
    },
    address,
  );
  const info = String(await source.send(['INFO', 'cluster']));
  if (info.includes('cluster_enabled:1')) {
    cluster.fail('[ERR] The source node should not be a cluster node.');
  }
  return source;
}

async function importKey(cluster: Cluster, source: Link, key: string): Promise<void> {
  const { screen, told, options } = cluster;
  const slot = slotOf(key);
  const target = cluster.masters.find(({ slots }) => slots.has(slot));
  if (!target) return;
  screen.print(`Migrating ${key} to ${target.address}: `);
  const { user, password } = options;
  const login = password === undefined ? [] : user ? ['AUTH2', user, password] : ['AUTH', password];
  const reply = await source.send([
    ...['MIGRATE', target.host, String(target.port), key, '0', String(told.timeoutMs)],
    ...[...(told.isCopying ? ['COPY'] : []), ...(told.isReplacing ? ['REPLACE'] : []), ...login],
  ]);
  if (reply instanceof RedisError) {
    screen.print(`Source ${source.address} replied with error:\n${reply.message}\n`);
    throw new ClusterFailure();
  }
  screen.print('OK\n');
}
