import type { Server } from './server.ts';

type Field = readonly [name: string, value: string | number];

/**
 * The fields of INFO memory. What Redis would use is modelled (memory-model.ts); nothing is
 * fragmented, so that what the allocator and the operating system see is what is used.
 */
export function memoryFields({ memory, scripts, settings }: Server): readonly Field[] {
  const { used, peak, overhead, startup, clients } = memory;
  const dataset = used - overhead;
  const net = used - startup;
  return [
    ...withHuman('used_memory', used),
    ...withHuman('used_memory_rss', used),
    ...withHuman('used_memory_peak', peak),
    ['used_memory_peak_perc', percent(used, peak)],
    ['used_memory_overhead', overhead],
    ['used_memory_startup', startup],
    ['used_memory_dataset', dataset],
    ['used_memory_dataset_perc', percent(dataset, net)],
    ['allocator_allocated', used],
    ['allocator_active', used],
    ['allocator_resident', used],
    ...withHuman('total_system_memory', 0),
    ...scriptFields(scripts),
    ...withHuman('maxmemory', settings.maxmemory),
    ['maxmemory_policy', settings.maxmemoryPolicy],
    ...unfragmented,
    ['mem_not_counted_for_evict', 0],
    ['mem_replication_backlog', 0],
    ['mem_total_replication_buffers', 0],
    ['mem_clients_slaves', 0],
    ['mem_clients_normal', clients],
    ['mem_cluster_links', 0],
    ['mem_aof_buffer', 0],
    ['mem_allocator', 'libc'],
    ['active_defrag_running', 0],
    ['lazyfree_pending_objects', 0],
    ['lazyfreed_objects', 0],
  ];
}

/** A Lua machine of Redis's when it is new; what scripts use of ours is not counted. */
const NEW_MACHINE = { eval: 32_768, functions: 33_792 };

function scriptFields({ size, functions }: Server['scripts']): Field[] {
  return [
    ['used_memory_lua', NEW_MACHINE.eval],
    ['used_memory_vm_eval', NEW_MACHINE.eval],
    withHuman('used_memory_lua', NEW_MACHINE.eval)[1] as Field,
    ['used_memory_scripts_eval', 0],
    ['number_of_cached_scripts', size],
    ['number_of_functions', functions.functionCount],
    ['number_of_libraries', functions.libraries.length],
    ['used_memory_vm_functions', NEW_MACHINE.functions],
    ...withHuman('used_memory_vm_total', NEW_MACHINE.eval + NEW_MACHINE.functions),
    ['used_memory_functions', 0],
    ...withHuman('used_memory_scripts', 0),
  ];
}

const unfragmented: readonly Field[] = [
  ['allocator_frag_ratio', '1.00'],
  ['allocator_frag_bytes', 0],
  ['allocator_rss_ratio', '1.00'],
  ['allocator_rss_bytes', 0],
  ['rss_overhead_ratio', '1.00'],
  ['rss_overhead_bytes', 0],
  ['mem_fragmentation_ratio', '1.00'],
  ['mem_fragmentation_bytes', 0],
];

const withHuman = (name: string, bytes: number): Field[] => [
  [name, bytes],
  [`${name}_human`, human(bytes)],
];

const percent = (part: number, whole: number): string =>
  `${(whole === 0 ? 0 : (part / whole) * 100).toFixed(2)}%`;

/** 1536 is 1.50K. */
function human(bytes: number): string {
  const units = ['B', 'K', 'M', 'G', 'T', 'P'];
  const power = Math.min(Math.floor(Math.log2(Math.max(bytes, 1)) / 10), units.length - 1);
  return power === 0 ? `${bytes}B` : `${(bytes / 1024 ** power).toFixed(2)}${units[power]}`;
}
