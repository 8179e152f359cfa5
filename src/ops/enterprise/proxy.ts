/** proxy: an endpoint before the shards of a cluster. rack-check: where its replicas are. */
import { RedisError } from '../../engine/errors.ts';
import { type Reply, Verbatim } from '../../engine/resp/reply.ts';
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
  const reply = await client.send(['CLUSTER', 'NODES']).catch(() => undefined);
  client.close();
  if (reply === undefined || reply instanceof RedisError) {
    call.complain(`rack-check: ${node} is no node of a cluster\n`);
    return 1;
  }
  const shards = shardsIn(textOf(reply)).map((shard) => placesOf(shard, racks));
  for (const { slots, places, isApart } of shards) {
    call.print(`slots ${slots}: ${places.join(', ')}${isApart ? '' : '   TOGETHER'}\n`);
  }
  return shards.every(({ isApart }) => isApart) ? 0 : 1;
};

interface Shard {
  readonly slots: string;
  /** Addresses, that of the primary first. */
  readonly hosts: string[];
}

/** From the lines of CLUSTER NODES: id, address, flags, primary, three numbers, a state, slots. */
function shardsIn(nodes: string): readonly Shard[] {
  const rows = nodes.split('\n').map((line) => line.split(' '));
  const known = rows.filter(([, , flags = 'fail']) => !flags.includes('fail'));
  const shards = new Map<string, Shard>();
  for (const [id = '', address = '', , , , , , , ...slots] of known) {
    if (slots.length > 0) shards.set(id, { slots: slots.join(' '), hosts: [hostOf(address)] });
  }
  for (const [, address = '', , primary = ''] of known) {
    shards.get(primary)?.hosts.push(hostOf(address));
  }
  return [...shards.values()].toSorted(
    (a, b) => Number.parseInt(a.slots, 10) - Number.parseInt(b.slots, 10),
  );
}

const hostOf = (address: string) => address.replace(/:.*$/s, '');

const textOf = (reply: Reply) => (reply instanceof Verbatim ? reply.text : String(reply));

function placesOf({ slots, hosts }: Shard, racks: ReadonlyMap<string, string>) {
  const places = hosts.map((host) => racks.get(host) ?? `${host} in rack ?`);
  const names = places.map((place) => place.replace(/^.* rack /, ''));
  return { slots, places, isApart: new Set(names).size === names.length && names.length > 1 };
}
