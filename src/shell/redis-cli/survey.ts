import { RedisError } from '../../engine/errors.ts';
import { quote } from '../../engine/resp/print.ts';
import type { Reply } from '../../engine/resp/reply.ts';
import type { Call } from '../program.ts';
import { Link } from './link.ts';
import type { Options } from './options.ts';

/** The modes of redis-cli that walk through the keyspace: --scan, --bigkeys, --memkeys, --hotkeys. */

/** --scan: prints every key. */
export async function scanKeys(call: Call, options: Options): Promise<number> {
  const link = await Link.open(call, options);
  for await (const keys of batches(call, link, options)) {
    for (const key of keys) call.print(`${options.format ? key : quote(key)}\n`);
  }
  return 0;
}

/** How large a value is: the command that tells, and in which unit. */
export interface Measure {
  readonly command: readonly string[];
  readonly unit: string;
}

/** The types in the order in which redis-cli sums them up. */
export const sizes: Readonly<Record<string, Measure>> = {
  list: { command: ['LLEN'], unit: 'items' },
  hash: { command: ['HLEN'], unit: 'fields' },
  string: { command: ['STRLEN'], unit: 'bytes' },
  stream: { command: ['XLEN'], unit: 'entries' },
  set: { command: ['SCARD'], unit: 'members' },
  zset: { command: ['ZCARD'], unit: 'members' },
};

interface Tally {
  readonly measure: Measure | undefined;
  count: number;
  total: number;
  biggest: { readonly key: string; readonly size: number } | undefined;
}

/** --bigkeys and --memkeys: the biggest value of every type, by elements or by bytes. */
export async function findBigKeys(call: Call, options: Options): Promise<number> {
  const byMemory = options.mode.kind === 'memkeys';
  const link = await Link.open(call, options);
  const total = await askSize(link);
  call.print(intro(byMemory ? 'biggest keys' : 'biggest keys'));
  const tallies = new Map(Object.entries(sizes).map(([type, size]) => [type, tally(size)]));
  const sampled = { keys: 0, bytes: 0 };
  for await (const keys of batches(call, link, options)) {
    const types = await Promise.all(keys.map((key) => link.send(['TYPE', key])));
    for (const [index, key] of keys.entries()) {
      const type = text(types[index] as Reply);
      if (type === 'none') continue;
      const known = tallies.get(type) ?? tally(undefined);
      tallies.set(type, known);
      const size = await sizeOf(
        link,
        key,
        known.measure,
        byMemory ? (options.samples ?? 0) : undefined,
      );
      sampled.keys++;
      sampled.bytes += key.length;
      note(known, key, size);
      if (known.biggest?.key !== key) continue;
      const percent = formatPercent((100 * (sampled.keys - 1 - ((sampled.keys - 1) % 10))) / total);
      const unit = byMemory ? 'bytes' : (known.measure?.unit ?? '?');
      call.print(
        `[${percent}%] Biggest ${type.padEnd(6)} found so far '${quote(key)}' with ${size} ${unit}\n`,
      );
    }
  }
  summarize(call, tallies, sampled, byMemory);
  return 0;
}

const tally = (measure: Measure | undefined): Tally => ({
  measure,
  count: 0,
  total: 0,
  biggest: undefined,
});

function note(known: Tally, key: string, size: number): void {
  known.count++;
  known.total += size;
  if (size > (known.biggest?.size ?? 0)) known.biggest = { key, size };
}

async function sizeOf(
  link: Link,
  key: string,
  measure: Measure | undefined,
  samples: number | undefined,
): Promise<number> {
  const sampling = samples ? ['SAMPLES', String(samples)] : [];
  const byMemory = samples !== undefined;
  if (!byMemory && !measure) return 0;
  const argv = byMemory
    ? ['MEMORY', 'USAGE', key, ...sampling]
    : [...(measure as Measure).command, key];
  return Number(plain(await link.send(argv)) ?? 0);
}

function summarize(
  call: Call,
  tallies: ReadonlyMap<string, Tally>,
  sampled: { readonly keys: number; readonly bytes: number },
  byMemory: boolean,
): void {
  const average = sampled.keys ? sampled.bytes / sampled.keys : 0;
  const unitOf = ({ measure }: Tally) => (byMemory ? 'bytes' : (measure?.unit ?? '?'));
  call.print(
    `\n-------- summary -------\n\nSampled ${sampled.keys} keys in the keyspace!\n` +
      `Total key length in bytes is ${sampled.bytes} (avg len ${average.toFixed(2)})\n\n`,
  );
  for (const [type, known] of tallies) {
    if (!known.biggest) continue;
    const { key, size } = known.biggest;
    call.print(`Biggest ${type.padStart(6)} found '${quote(key)}' has ${size} ${unitOf(known)}\n`);
  }
  call.print('\n');
  for (const [type, known] of tallies) {
    const share = formatPercent(sampled.keys ? (100 * known.count) / sampled.keys : 0);
    const mean = (known.count ? known.total / known.count : 0).toFixed(2);
    call.print(
      `${known.count} ${type}s with ${known.total} ${unitOf(known)} (${share}% of keys, avg size ${mean})\n`,
    );
  }
}

/** How many keys --hotkeys keeps. */
const HOT_KEYS = 16;

/** --hotkeys: the keys that are used most, as OBJECT FREQ counts under an LFU policy. */
export async function findHotKeys(call: Call, options: Options): Promise<number> {
  const link = await Link.open(call, options);
  const total = await askSize(link);
  call.print(intro('hot keys'));
  let hot: { readonly key: string; readonly frequency: number }[] = [];
  let sampled = 0;
  for await (const keys of batches(call, link, options)) {
    for (const key of keys) {
      const reply = await link.send(['OBJECT', 'FREQ', key]);
      if (reply instanceof RedisError) {
        call.complain(`Error: ${reply.message}\n`);
        return 1;
      }
      const frequency = Number(plain(reply) ?? 0);
      sampled++;
      const isHotter = hot.length < HOT_KEYS || frequency > (hot.at(-1)?.frequency ?? 0);
      if (frequency === 0 || !isHotter) continue;
      hot = [...hot, { key, frequency }]
        .sort((a, b) => b.frequency - a.frequency)
        .slice(0, HOT_KEYS);
      const percent = formatPercent((100 * (sampled - 1)) / total);
      call.print(`[${percent}%] Hot key '${quote(key)}' found so far with counter ${frequency}\n`);
    }
  }
  call.print(`\n-------- summary -------\n\nSampled ${sampled} keys in the keyspace!\n`);
  for (const { key, frequency } of hot) {
    call.print(`hot key found with counter: ${frequency}\tkeyname: ${quote(key)}\n`);
  }
  return 0;
}

const intro = (what: string) =>
  `\n# Scanning the entire keyspace to find ${what} as well as\n` +
  '# average sizes per key type.  You can use -i 0.1 to sleep 0.1 sec\n' +
  '# per 100 SCAN commands (not usually needed).\n\n';

export async function askSize(link: Link): Promise<number> {
  const reply = await link.send(['DBSIZE']);
  if (reply instanceof RedisError)
    throw new SurveyError(`Couldn't determine DBSIZE: ${reply.message}`);
  return Number(reply);
}

/** The server refused what a survey needs; printed, and the status is 1. */
export class SurveyError extends Error {
  override readonly name = 'SurveyError';
}

/** The keys in the batches in which SCAN hands them out. */
export async function* batches(
  call: Call,
  link: Link,
  { pattern, interval, count, cursor: start = '0' }: Options,
): AsyncGenerator<readonly string[]> {
  let cursor = start;
  const words = [...(pattern ? ['MATCH', pattern] : []), ...(count ? ['COUNT', count] : [])];
  for (let rounds = 1; ; rounds++) {
    const reply = await link.send(['SCAN', cursor, ...words]);
    if (reply instanceof RedisError) throw new SurveyError(`SCAN error: ${reply.message}`);
    const [next, keys] = reply as [string, string[]];
    yield keys;
    await call.machine.breathe();
    cursor = next;
    if (cursor === '0') return;
    if (interval && rounds % 100 === 0) await call.machine.sleep(interval * 1000, call.signal);
  }
}

const formatPercent = (percent: number) =>
  (Number.isFinite(percent) ? percent : 0).toFixed(2).padStart(5, '0');

export const plain = (reply: Reply) => (reply instanceof RedisError ? undefined : reply);

/** A status or string as text. */
export const text = (reply: Reply): string =>
  typeof reply === 'string'
    ? reply
    : reply && typeof reply === 'object' && 'text' in reply
      ? reply.text
      : '';
