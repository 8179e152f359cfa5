/** Replication as INFO and ROLE tell it. https://redis.io/docs/latest/commands/info/#replication */
import type { Reply } from '../resp/reply.ts';
import type { PrimaryLink } from './primary-link.ts';
import type { Replica } from './replica.ts';
import type { Replication } from './replication.ts';

type Field = readonly [name: string, value: string | number];

interface Host {
  readonly replication: Replication;
  readonly config: { text(directive: string): string };
  readonly clock: { readonly now: number };
}

const seconds = (fromMs: number, toMs: number): number =>
  Math.floor(toMs / 1000) - Math.floor(fromMs / 1000);

/** How INFO and ROLE call the states; a replica that is being sent its snapshot is called so too. */
const stateNames = {
  introducing: 'wait_bgsave',
  'waiting to start': 'wait_bgsave',
  'waiting for snapshot': 'wait_bgsave',
  online: 'online',
} as const;

/** INFO's replication section, in Redis's order. */
export function replicationInfo(host: Host): Field[] {
  const { replication } = host;
  const { history, primary, link, failover } = replication;
  const { backlog } = history;
  return [
    ['role', link ? 'slave' : 'master'],
    ...(link ? aboutLink(host, link) : []),
    ['connected_slaves', primary.replicas.size],
    ...goodReplicas(host),
    ...[...primary.replicas].map((replica, i) => aboutReplica(host, replica, i)),
    ['master_failover_state', failover.state],
    ['master_replid', history.id],
    ['master_replid2', history.secondId],
    ['master_repl_offset', history.offset],
    ['second_repl_offset', history.secondOffset],
    ['repl_backlog_active', backlog ? 1 : 0],
    ['repl_backlog_size', host.config.text('repl-backlog-size')],
    ['repl_backlog_first_byte_offset', backlog?.firstByte ?? 0],
    ['repl_backlog_histlen', backlog?.length ?? 0],
  ];
}

function aboutLink({ replication, config, clock }: Host, link: PrimaryLink): Field[] {
  const { stream, transfer, address } = link;
  const isUp = link.state === 'connected';
  const place = replication.bookmark?.offset ?? 0;
  const fields: Field[] = [
    ['master_host', address.host],
    ['master_port', address.port],
    ['master_link_status', isUp ? 'up' : 'down'],
    ['master_last_io_seconds_ago', isUp ? seconds(link.lastReadAt, clock.now) : -1],
    ['master_sync_in_progress', transfer ? 1 : 0],
    ['slave_read_repl_offset', stream?.readOffset ?? place],
    ['slave_repl_offset', stream?.offset ?? place],
  ];
  if (transfer) {
    const { total, read } = transfer;
    const share = total === 0 ? 0 : (read / total) * 100;
    fields.push(
      ['master_sync_total_bytes', total],
      ['master_sync_read_bytes', read],
      ['master_sync_left_bytes', total - read],
      ['master_sync_perc', share.toFixed(2)],
      ['master_sync_last_io_seconds_ago', seconds(transfer.lastReadAt, clock.now)],
    );
  }
  if (!isUp) {
    const down = link.downSince === 0 ? -1 : seconds(link.downSince, clock.now);
    fields.push(['master_link_down_since_seconds', down]);
  }
  fields.push(
    ['slave_priority', config.text('replica-priority')],
    ['slave_read_only', config.text('replica-read-only') === 'yes' ? 1 : 0],
    ['replica_announced', config.text('replica-announced') === 'yes' ? 1 : 0],
  );
  return fields;
}

/** How many replicas are good, where somebody has said how many must be. */
function goodReplicas({ replication, config }: Host): Field[] {
  const asks = (directive: string) => Number(config.text(directive)) > 0;
  if (!asks('min-replicas-to-write') || !asks('min-replicas-max-lag')) return [];
  return [['min_slaves_good_slaves', replication.primary.goodReplicas]];
}

function aboutReplica({ replication }: Host, replica: Replica, index: number): Field {
  const { primary } = replication;
  const lag = replica.state === 'online' ? primary.lagOf(replica) : 0;
  const text = [
    `ip=${replica.ip}`,
    `port=${replica.listeningPort}`,
    `state=${stateNames[replica.state]}`,
    `offset=${replica.ackOffset}`,
    `lag=${lag}`,
  ];
  return [`slave${index}`, text.join(',')];
}

/** ROLE. */
export function roleOf({ history, primary, link }: Replication): Reply {
  if (link) {
    const { host, port } = link.address;
    const state = link.state === 'transfer' ? 'sync' : link.state;
    return ['slave', host, port, state, link.stream?.offset ?? -1];
  }
  const replicas = primary.online.map((replica) => [
    replica.ip,
    String(replica.listeningPort),
    String(replica.ackOffset),
  ]);
  return ['master', history.offset, replicas];
}
