import type { Call } from '../program.ts';
import { Link } from './link.ts';
import type { Options } from './options.ts';

/** The modes of redis-cli that measure: --latency, --latency-history, --intrinsic-latency, --stat. */

/** Between two PINGs of --latency. */
const PING_EVERY_MS = 10;
const DEFAULT_HISTORY_SECONDS = 15;
/** Puts the cursor at the start of the line and clears it. */
const AGAIN = '\u001b[0G\u001b[2K';

/** --latency and --latency-history: how long a PING takes, in whole ms, until Ctrl-C. */
export async function measureLatency(call: Call, options: Options): Promise<number> {
  const { machine, signal } = call;
  const link = await Link.open(call, options);
  const isHistory = options.mode.kind === 'latency-history';
  // Nobody watches a line that changes: one measurement of a second, or of what -i says.
  const once = options.format !== undefined;
  const range = (options.interval ?? (once ? 1 : DEFAULT_HISTORY_SECONDS)) * 1000;
  let samples = new Samples(machine.now());
  for (;;) {
    const start = machine.now();
    await link.send(['PING']);
    samples.add(Math.floor(machine.now() - start));
    if (!once) call.print(`${AGAIN}${samples.inWords}`);
    const elapsed = machine.now() - samples.since;
    if (once && elapsed >= range) {
      call.print(options.format === 'csv' ? samples.asCsv : samples.asRaw);
      return 0;
    }
    if (isHistory && elapsed >= range) {
      call.print(` -- ${(elapsed / 1000).toFixed(2)} seconds range\n`);
      samples = new Samples(machine.now());
    }
    await machine.sleep(PING_EVERY_MS, signal);
  }
}

class Samples {
  #least = Number.POSITIVE_INFINITY;
  #most = 0;
  #sum = 0;
  #count = 0;

  constructor(readonly since: number) {}

  add(ms: number): void {
    this.#least = Math.min(this.#least, ms);
    this.#most = Math.max(this.#most, ms);
    this.#sum += ms;
    this.#count++;
  }

  get #average(): string {
    return (this.#sum / this.#count).toFixed(2);
  }

  get inWords(): string {
    return `min: ${this.#least}, max: ${this.#most}, avg: ${this.#average} (${this.#count} samples)`;
  }

  get asRaw(): string {
    return `${this.#least} ${this.#most} ${this.#average} ${this.#count}\n`;
  }

  get asCsv(): string {
    return `${this.#least},${this.#most},${this.#average},${this.#count}\n`;
  }
}

/** A run of the intrinsic test that others are not kept from working by. */
const SLICE_MS = 20;

/**
 * --intrinsic-latency: for how long the machine itself does not let a program run. That machine is
 * the reader's, so this is real time.
 */
export async function measureIntrinsicLatency(call: Call, seconds: number): Promise<number> {
  const began = performance.now();
  const end = began + seconds * 1000;
  let runs = 0;
  let worst = 0;
  for (let before = began; before < end; ) {
    for (const pause = before + SLICE_MS; before < Math.min(pause, end); runs++) {
      const now = performance.now();
      if (now - before > worst) {
        worst = now - before;
        call.print(`Max latency so far: ${Math.ceil(worst * 1000)} microseconds.\n`);
      }
      before = now;
    }
    await call.machine.breathe();
    call.signal.throwIfAborted();
    before = performance.now();
  }
  const average = ((performance.now() - began) * 1000) / Math.max(runs, 1);
  call.print(
    `\n${runs} total runs (avg latency: ${average.toFixed(4)} microseconds / ${(average * 1000).toFixed(2)} nanoseconds per run).\n` +
      `Worst run took ${((worst * 1000) / average).toFixed(0)}x longer than the average latency.\n`,
  );
  return 0;
}

const HEADER =
  '------- data ------ --------------------- load -------------------- - child -\n' +
  'keys       mem      clients blocked requests            connections          \n';
const LINES_BETWEEN_HEADERS = 20;

/** --stat: a line of figures a second, until Ctrl-C. */
export async function showStatistics(call: Call, options: Options): Promise<number> {
  const link = await Link.open(call, options);
  let requests: number | undefined;
  for (let line = 0; ; line++) {
    const info = String(await link.send(['INFO']));
    if (line % LINES_BETWEEN_HEADERS === 0) call.print(HEADER);
    const field = (name: string) =>
      new RegExp(`^${name}:(.*)$`, 'm').exec(info)?.[1]?.trim() ?? '0';
    const processed = Number(field('total_commands_processed'));
    const more = requests === undefined ? 0 : processed - requests;
    requests = processed;
    const keys = [...info.matchAll(/^db\d+:keys=(\d+)/gm)].reduce(
      (sum, [, n]) => sum + Number(n),
      0,
    );
    const columns = [
      String(keys).padEnd(11),
      humanBytes(Number(field('used_memory'))).padEnd(9),
      field('connected_clients').padEnd(8),
      field('blocked_clients').padEnd(8),
      `${processed} (+${more})`.padEnd(20),
      field('total_connections_received').padEnd(12),
    ];
    call.print(`${columns.join('')}${childOf(field)}\n`);
    await call.machine.sleep((options.interval ?? 1) * 1000, call.signal);
  }
}

/** What the server's child is doing. */
function childOf(field: (name: string) => string): string {
  const saves = field('rdb_bgsave_in_progress') !== '0' || field('bgsave_in_progress') !== '0';
  const rewrites = field('aof_rewrite_in_progress') !== '0';
  if (saves && rewrites) return 'SAVE+AOF';
  if (saves) return 'SAVE';
  return rewrites ? 'AOF' : '';
}

/** Bytes as --stat prints them. */
function humanBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes}B`;
  if (bytes < 1024 ** 2) return `${(bytes / 1024).toFixed(2)}K`;
  if (bytes < 1024 ** 3) return `${(bytes / 1024 ** 2).toFixed(2)}M`;
  return `${(bytes / 1024 ** 3).toFixed(2)}G`;
}
