import type { AppendOnlyFile } from './aof.ts';
import type { Persistence } from './persistence.ts';

type Field = readonly [name: string, value: string | number];

/** The fields of INFO persistence, in Redis's order. https://redis.io/docs/latest/commands/info/ */
export function persistenceInfo(persistence: Persistence, now: number): readonly Field[] {
  const { aof, snapshots } = persistence;
  const work = snapshots.running ?? aof.rewriting;
  return [
    ['loading', 0],
    ['async_loading', 0],
    ['current_cow_peak', 0],
    ['current_cow_size', 0],
    ['current_cow_size_age', 0],
    ['current_fork_perc', work ? percent(work.keysDone, work.keysTotal) : '0.00'],
    ['current_save_keys_processed', work?.keysDone ?? 0],
    ['current_save_keys_total', work?.keysTotal ?? 0],
    ...snapshotFields(persistence, now),
    ...aofFields(aof, now),
    ['module_fork_in_progress', 0],
    ['module_fork_last_cow_size', 0],
    ...(aof.isOn ? sizeFields(aof) : []),
  ];
}

const percent = (part: number, whole: number): string =>
  ((part / Math.max(whole, 1)) * 100).toFixed(2);

const flag = (is: boolean): number => (is ? 1 : 0);

const secondsSince = (since: number | undefined, now: number): number =>
  since === undefined ? -1 : Math.floor((now - since) / 1000);

function snapshotFields(persistence: Persistence, now: number): Field[] {
  const { snapshots } = persistence;
  return [
    ['rdb_changes_since_last_save', snapshots.changesSinceSave],
    ['rdb_bgsave_in_progress', flag(snapshots.running !== undefined)],
    ['rdb_last_save_time', Math.floor(snapshots.lastSaveAt / 1000)],
    ['rdb_last_bgsave_status', snapshots.lastStatus],
    ['rdb_last_bgsave_time_sec', snapshots.lastDuration],
    ['rdb_current_bgsave_time_sec', secondsSince(snapshots.running?.startedAt, now)],
    ['rdb_saves', snapshots.saves],
    ['rdb_last_cow_size', 0],
    ['rdb_last_load_keys_expired', persistence.keysExpired],
    ['rdb_last_load_keys_loaded', persistence.keysLoaded],
  ];
}

function aofFields(aof: AppendOnlyFile, now: number): Field[] {
  return [
    ['aof_enabled', flag(aof.isOn)],
    ['aof_rewrite_in_progress', flag(aof.rewriteStartedAt !== undefined)],
    ['aof_rewrite_scheduled', flag(aof.isRewriteScheduled)],
    ['aof_last_rewrite_time_sec', aof.lastRewriteDuration],
    ['aof_current_rewrite_time_sec', secondsSince(aof.rewriteStartedAt, now)],
    ['aof_last_bgrewrite_status', aof.lastRewriteStatus],
    ['aof_rewrites', aof.rewrites],
    ['aof_rewrites_consecutive_failures', 0],
    ['aof_last_write_status', aof.lastWriteStatus],
    ['aof_last_cow_size', 0],
  ];
}

const sizeFields = (aof: AppendOnlyFile): Field[] => [
  ['aof_current_size', aof.size],
  ['aof_base_size', aof.baseSize],
  ['aof_pending_rewrite', 0],
  ['aof_buffer_length', aof.buffered],
  ['aof_pending_bio_fsync', 0],
  ['aof_delayed_fsync', 0],
];
