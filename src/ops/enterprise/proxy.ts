/** proxy: an endpoint before the shards of a cluster. rack-check: where its replicas are. */
import { RedisError } from '../../engine/errors.ts';
import type { Reply } from '../../engine/resp/reply.ts';
import type { Program } from '../../shell/program.ts';
import { Client } from '../../wire/client.ts';
import type { OpsHost } from '../host.ts';
import { serveResp } from './resp-service.ts';
import { ShardProxy } from './shard-proxy.ts';

export const PROXY_PORT = 12_000;

/** proxy HOST ...: runs on this host from now on; the hosts are nodes of the cluster. */
export const proxy =
  (host: OpsHost): Program =>
  async (call) => {
    const seeds = call.args.map((name) => (name.includes(':') ? name : `${name}:6379`));
    if (seeds.length === 0) {
      call.complain('usage: proxy HOST ...    one endpoint before the cluster of these nodes\n');
      return 1;
    }
    const shards = new ShardProxy({ dial: host.dial, after: host.after, seeds });
    if (!host.listen(PROXY_PORT, serveResp(shards.handle))) {
      call.complain(`proxy: port ${PROXY_PORT} is taken\n`);
      return 1;
    }
    call.print(`proxy (simulated) listens at port ${PROXY_PORT}\n`);
    return 0;
  };

/** rack-check NODE HOST=RACK ...: whether each shard has its nodes in different racks. */
export const rackCheck: Program = async (call) => {
  const [node = '', ...pairs] = call.args;
  if (node === '' || pairs.length === 0) {
    call.complain('usage: rack-check NODE HOST=RACK ...\n');
    return 1;
  }
  const racks = new Map<string, string>();
  for (const pair of pairs) {
    const [name = '', rack = '?'] = pair.split('=');
    racks.set(call.machine.host.route(name)?.address ?? name, `${name} in rack ${rack}`);
  }
  const client = new Client(call.machine.dial, `${node}:6379`, { protocol: 2 });
  const reply = await client.send(['CLUSTER', 'SLOTS']).catch(() => undefined);
  client.close();
  if (!Array.isArray(reply) || reply instanceof RedisError) {
    call.complain(`rack-check: ${node} is no node of a cluster\n`);
    return 1;
  }
  const shards = reply.map((range) => placesOf(range, racks));
  for (const { slots, places, isApart } of shards) {
    call.print(`slots ${slots}: ${places.join(', ')}${isApart ? '' : '   TOGETHER'}\n`);
  }
  return shards.every(({ isApart }) => isApart) ? 0 : 1;
};

function placesOf(range: Reply, racks: ReadonlyMap<string, string>) {
  const [first, last, ...nodes] = range as [number, number, ...[string, number][]];
  const places = nodes.map(([host]) => racks.get(host) ?? `${host} in rack ?`);
  const names = places.map((place) => place.replace(/^.* rack /, ''));
  const isApart = new Set(names).size === names.length && names.length > 1;
  return { slots: `${first}-${last}`, places, isApart };
}
