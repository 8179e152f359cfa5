import { absolute } from '../../engine/bytes/path.ts';
import type { Call, Program, SnapshotCheck } from '../program.ts';

const VERSION = 'redis-check-rdb 7.0.15 (Keyspace)\n';

/**
 * redis-check-rdb: whether a snapshot is whole, and where it is not.
 * https://redis.io/docs/latest/operate/oss_and_stack/management/persistence/
 */
export const redisCheckRdb: Program = async (call) => {
  const [file, ...rest] = call.args;
  if (file === undefined || rest.length > 0) {
    call.complain('Usage: redis-check-rdb <rdb-file-name>\n');
    return 1;
  }
  if (file === '--version' || file === '-v') {
    call.print(VERSION);
    return 0;
  }
  call.print(`[offset 0] Checking RDB file ${file}\n`);
  const bytes = call.machine.files.read(absolute(file, call.folder));
  if (bytes === undefined) return 1;
  return report(call, call.machine.checkSnapshot(bytes)) ? 0 : 1;
};

/** Prints what was found. Returns whether all is well. */
export function report(call: Call, check: SnapshotCheck): boolean {
  const { remarks, problem, keys, expires, expired, end } = check;
  for (const { offset, text } of remarks) call.print(`[offset ${offset}] ${text}\n`);
  if (problem) {
    const { offset, text, doing, key, type } = problem;
    call.print('--- RDB ERROR DETECTED ---\n');
    call.print(`[offset ${offset}] ${text}\n`);
    call.print(`[additional info] While doing: ${doing}\n`);
    if (key !== undefined) call.print(`[additional info] Reading key '${key}'\n`);
    if (type !== undefined) {
      call.print(`[additional info] Reading type ${type} (${typeNames[type] ?? 'unknown'})\n`);
    }
  } else call.print(`[offset ${end}] \\o/ RDB looks OK! \\o/\n`);
  call.print(`[info] ${keys} keys read\n[info] ${expires} expires\n`);
  call.print(`[info] ${expired} already expired\n`);
  return problem === undefined;
}

/** The forms of values by their numbers. */
const typeNames: readonly string[] = [
  ...['string', 'list-linked', 'set-hashtable', 'zset-v1', 'hash-hashtable', 'zset-v2'],
  ...['module-pre-release', 'module-value', '', 'hash-zipmap', 'list-ziplist', 'set-intset'],
  ...['zset-ziplist', 'hash-ziplist', 'quicklist', 'stream', 'hash-listpack', 'zset-listpack'],
  ...['quicklist-v2', 'stream-v2', 'set-listpack', 'stream-v3', 'hash-hashtable-md-pre-release'],
  ...['hash-listpack-md-pre-release', 'hash-hashtable-md', 'hash-listpack-md'],
];
