import type { Args } from '../commands/args.ts';
import { command } from '../commands/command.ts';
import { container } from '../commands/help.ts';
import { syntaxError } from '../errors.ts';
import { DEFAULT_SAMPLES, keyBytes } from '../keyspace/memory.ts';
import { Double, MapReply, mapOf, ok, type Reply, Verbatim } from '../resp/reply.ts';
import type { CallContext } from './context.ts';
import type { MemoryModel } from './memory-model.ts';
import type { Server } from './server.ts';

/** What memory is used for. https://redis.io/docs/latest/commands/memory-usage/ */
type Needs = CallContext<Server>;

const special = ['nondeterministic_output', 'request_policy:all_shards', 'response_policy:special'];
const row = { group: 'server', since: '4.0.0', complexity: 'O(1)', flags: [] } as const;

export const memoryCommands = container<Needs>(
  'MEMORY',
  {
    since: '4.0.0',
    helpSince: '4.0.0',
    group: 'server',
    summary: 'A container for memory diagnostics commands.',
  },
  [
    command<Needs>('MEMORY|DOCTOR', {
      ...row,
      summary: 'Says what is unhealthy about the use of memory.',
      tips: special,
      run: ({ server }) => new Verbatim(doctor(server)),
    }),
    command<Needs>('MEMORY|MALLOC-STATS', {
      ...row,
      summary: "Returns the allocator's own statistics.",
      complexity: 'Depends on how much memory is allocated, could be slow',
      tips: special,
      run: () => new Verbatim('Stats not supported for the current allocator'),
    }),
    command<Needs>('MEMORY|PURGE', {
      ...row,
      summary: 'Asks the allocator to give memory back.',
      complexity: 'Depends on how much memory is allocated, could be slow',
      tips: ['request_policy:all_shards', 'response_policy:all_succeeded'],
      run: () => ok,
    }),
    command<Needs>('MEMORY|STATS', {
      ...row,
      summary: 'Returns for what how much memory is used.',
      tips: special,
      run: ({ server }) => stats(server),
    }),
    command<Needs>('MEMORY|USAGE key [SAMPLES count:int]', {
      ...row,
      summary: 'Estimates the bytes that a key and its value take.',
      complexity: 'O(N) where N is the number of samples.',
      flags: ['readonly'],
      keyUse: ['RO'],
      run: usage,
    }),
  ],
);

function usage({ db }: Needs, args: Args): Reply {
  const key = args.string();
  let samples = DEFAULT_SAMPLES;
  while (!args.done) {
    if (args.left < 2 || !args.token('SAMPLES')) throw syntaxError();
    samples = args.index();
    if (samples < 0) throw syntaxError();
  }
  const value = db.peek(key);
  return value ? keyBytes(key, value, samples) : null;
}

const SMALL = 5 * 1024 * 1024;
/** Beyond this ratio of the peak to what is used, the memory may be spread out thinly. */
const HIGH_PEAK = 1.5;

/** Redis's own words. Of its complaints only the one about the peak can arise here. */
function doctor({ memory }: Server): string {
  const { used, peak } = memory;
  if (used < SMALL) {
    return "Hi Sam, this instance is empty or is using very little memory, my issues detector can't be used in these conditions. Please, leave for your mission on Earth and fill it with some data. The new Sam and I will be back to our programming as soon as I finished rebooting.\n";
  }
  if (peak / used <= HIGH_PEAK) {
    return "Hi Sam, I can't find any memory issue in your instance. I can only account for what occurs on this base.\n";
  }
  return "Sam, I detected a few issues in this Redis instance memory implants:\n\n * Peak memory: In the past this instance used more than 150% the memory that is currently using. The allocator is normally not able to release memory after a peak, so you can expect to see a big fragmentation ratio, however this is actually harmless and is only due to the memory peak, and if the Redis instance Resident Set Size (RSS) is currently bigger than expected, the memory will be used as soon as you fill the Redis instance with more data. If the memory peak was only occasional and you want to try to reclaim memory, please try the MEMORY PURGE command, otherwise the only other option is to shutdown and restart the instance.\n\nI'm here to keep you safe, Sam. I want to help you.\n";
}

function stats({ memory, clients }: Server): Reply {
  const { used, peak, startup, overhead, keyCount } = memory;
  const net = used - startup;
  const share = (part: number, whole: number) => new Double(whole === 0 ? 0 : (part / whole) * 100);
  return new MapReply([
    ['peak.allocated', peak],
    ['total.allocated', used],
    ['startup.allocated', startup],
    ['replication.backlog', 0],
    ['clients.slaves', 0],
    ['clients.normal', clients.size === 0 ? 0 : memory.clients],
    ['cluster.links', 0],
    ['aof.buffer', 0],
    ['lua.caches', 0],
    ['functions.caches', 0],
    ...memory.tables.map(tableReply),
    ['overhead.total', overhead],
    ['keys.count', keyCount],
    ['keys.bytes-per-key', keyCount === 0 ? 0 : Math.floor(net / keyCount)],
    ['dataset.bytes', used - overhead],
    ['dataset.percentage', share(used - overhead, net)],
    ['peak.percentage', share(used, peak)],
    ...unfragmented(used),
  ]);
}

const tableReply = ({ index, main, expires }: MemoryModel['tables'][number]): [string, Reply] => [
  `db.${index}`,
  mapOf({
    'overhead.hashtable.main': main,
    'overhead.hashtable.expires': expires,
    'overhead.hashtable.slot-to-keys': 0,
  }),
];

/** What the allocator wastes: nothing. */
const unfragmented = (used: number): [string, Reply][] => [
  ['allocator.allocated', used],
  ['allocator.active', used],
  ['allocator.resident', used],
  ['allocator-fragmentation.ratio', new Double(1)],
  ['allocator-fragmentation.bytes', 0],
  ['allocator-rss.ratio', new Double(1)],
  ['allocator-rss.bytes', 0],
  ['rss-overhead.ratio', new Double(1)],
  ['rss-overhead.bytes', 0],
  ['fragmentation', new Double(1)],
  ['fragmentation.bytes', 0],
];
