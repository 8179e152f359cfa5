import type { Call } from '../program.ts';

/**
 * What free, top, iostat and vmstat count, where the lab has no figure of its own: a host with two
 * processors and four gigabytes. Memory is what its servers would use; a command costs a processor
 * so many microseconds; the page cache holds the files of its disk.
 */
export const MODEL = {
  processors: 2,
  memory: 4 * 1024 ** 3,
  /** What the system itself takes. */
  system: 180 * 1024 ** 2,
  microsecondsPerCommand: 10,
} as const;

/** Tells, on standard error, that the figures are of a model. Once for each call. */
export const sayModelled = (call: Call, what: string): void =>
  call.complain(`# modelled here, not measured: ${what}\n`);

export interface MemoryFigures {
  readonly total: number;
  readonly used: number;
  readonly free: number;
  readonly cache: number;
  readonly available: number;
}

/** Bytes of memory. */
export function memoryOf({ machine }: Call): MemoryFigures {
  const servers = machine.host.usage().reduce((sum, { bytes }) => sum + bytes, 0);
  const files = machine.files.paths.reduce(
    (sum, path) => sum + (machine.files.read(path)?.length ?? 0),
    0,
  );
  const total = MODEL.memory;
  const used = Math.min(MODEL.system + servers, total);
  const cache = Math.min(files, total - used);
  return { total, used, free: total - used - cache, cache, available: total - used };
}

export interface Activity {
  readonly seconds: number;
  /** Per cent of one processor, for each process. */
  readonly busy: ReadonlyMap<number, number>;
  readonly writes: number;
  readonly bytesWritten: number;
  readonly syncs: number;
}

/** What the host does within so many seconds of the lab's time. */
export async function watchHost(call: Call, seconds: number): Promise<Activity> {
  const { host, sleep, now } = call.machine;
  const before = { usage: host.usage(), disk: { ...host.disk() }, at: now() };
  await sleep(seconds * 1000, call.signal);
  const disk = host.disk();
  const elapsed = Math.max(now() - before.at, 1) / 1000;
  const busy = host.usage().map(({ pid, commands }) => {
    const earlier = before.usage.find((each) => each.pid === pid)?.commands ?? 0;
    const micros = (commands - earlier) * MODEL.microsecondsPerCommand;
    return [pid, Math.min((micros / (elapsed * 1e6)) * 100, 100)] as const;
  });
  return {
    seconds: elapsed,
    busy: new Map(busy),
    writes: disk.writes - before.disk.writes,
    bytesWritten: disk.bytesWritten - before.disk.bytesWritten,
    syncs: disk.syncs - before.disk.syncs,
  };
}

/** Per cent of all processors that are busy. */
export const busyShare = ({ busy }: Activity): number =>
  [...busy.values()].reduce((sum, each) => sum + each, 0) / MODEL.processors;
