import { quote } from '../../engine/resp/print.ts';
import type { Call } from '../program.ts';
import { Link } from './link.ts';
import type { Options } from './options.ts';
import { askSize, batches, type Measure, plain, sizes, text } from './survey.ts';

/**
 * --keystats, of redis-cli 7.4: how much memory the keys of each type take, how long they are, and
 * how both are distributed. https://redis.io/docs/latest/develop/tools/cli/
 */
export async function showKeyStatistics(call: Call, options: Options): Promise<number> {
  const link = await Link.open(call, options);
  const total = await askSize(link);
  const top = options.top ?? DEFAULT_TOP;
  const statistics = new Statistics(top);
  call.print(intro);
  for await (const keys of batches(call, link, options)) {
    const found = await Promise.all(keys.map((key) => look(link, options, key)));
    for (const each of found) if (each) statistics.add(each);
  }
  const { sampled } = statistics;
  const share = total === 0 ? 0 : Math.min(100, (100 * sampled.length) / total);
  call.print(`${share.toFixed(2).padStart(6)}% keys scanned\n${statistics.report()}`);
  return 0;
}

const DEFAULT_TOP = 10;
/** The types in the order in which redis-cli tells of them since 7.4. */
const TYPES = ['list', 'hash', 'stream', 'string', 'set', 'zset'];
const intro = `
# Scanning the entire keyspace to find the biggest keys and distribution information.
# Use -i 0.1 to sleep 0.1 sec per 100 SCAN commands (not usually needed).
# Use --cursor <n> to start the scan at the cursor <n> (usually after a Ctrl-C).
# Use --top <n> to display <n> top key sizes (default is 10).
# Ctrl-C to stop the scan.

`;

/** What is known of a key: its bytes in memory, and its elements, or bytes where it is a string. */
interface Sample {
  readonly key: string;
  readonly type: string;
  readonly bytes: number;
  readonly length: number;
}

/** Undefined where the key has gone meanwhile. */
async function look(link: Link, options: Options, key: string): Promise<Sample | undefined> {
  const samples = options.samples === undefined ? [] : ['SAMPLES', String(options.samples)];
  const [typeReply, bytes] = await Promise.all([
    link.send(['TYPE', key]),
    link.send(['MEMORY', 'USAGE', key, ...samples]),
  ]);
  const type = text(typeReply);
  if (type === 'none') return undefined;
  const measure = measureOf(type);
  const length = measure ? plain(await link.send([...measure.command, key])) : 0;
  return { key, type, bytes: Number(plain(bytes) ?? 0), length: Number(length ?? 0) };
}

const measureOf = (type: string): Measure | undefined =>
  Object.hasOwn(sizes, type) ? sizes[type] : undefined;

class Statistics {
  readonly sampled: Sample[] = [];
  readonly #types = new Map<string, Sample[]>(TYPES.map((type) => [type, []]));

  constructor(private readonly top: number) {}

  add(sample: Sample): void {
    this.sampled.push(sample);
    const same = this.#types.get(sample.type);
    if (same) same.push(sample);
    else this.#types.set(sample.type, [sample]);
  }

  report(): string {
    const bytes = sum(this.sampled, 'bytes');
    const parts = [
      [`Keys sampled: ${this.sampled.length}`, `Keys size:    ${human(bytes)}`],
      [`--- Top ${this.top} key sizes ---`, ...this.#biggest()],
      ['--- Top size per type ---', ...this.#biggestOfTypes()],
      ['--- Top length and cardinality per type ---', ...this.#longestOfTypes()],
      this.#sizeDistribution(),
      this.#nameDistribution(),
      this.#table(),
    ];
    return `${parts.map((lines) => `${lines.join('\n')}\n`).join('\n')}`;
  }

  #biggest(): string[] {
    return [...this.sampled]
      .sort((a, b) => b.bytes - a.bytes)
      .slice(0, this.top)
      .map(({ key, type, bytes }, index) => {
        const place = String(index + 1).padStart(3);
        return `${place} ${human(bytes).padStart(8)} ${type.padEnd(10)} ${quote(key)}`;
      });
  }

  #biggestOfTypes(): string[] {
    return this.#mostOf('bytes').map(
      ({ type, key, bytes }) => `${type.padEnd(10)} ${bare(key)} is ${human(bytes)}`,
    );
  }

  #longestOfTypes(): string[] {
    return this.#mostOf('length').map(
      ({ type, key, length }) => `${type.padEnd(10)} ${bare(key)} has ${lengthOf(type, length)}`,
    );
  }

  /** Of each type the first of those with the most. */
  #mostOf(field: 'bytes' | 'length'): Sample[] {
    return [...this.#types.values()].flatMap((samples) => {
      const [first, ...others] = samples;
      if (!first) return [];
      return [others.reduce((most, each) => (each[field] > most[field] ? each : most), first)];
    });
  }

  #sizeDistribution(): string[] {
    const all = this.sampled.map(({ bytes }) => bytes).sort((a, b) => a - b);
    const mean = all.length === 0 ? 0 : sum(this.sampled, 'bytes') / all.length;
    const variance = all.reduce((total, each) => total + (each - mean) ** 2, 0) / (all.length || 1);
    const spread = `Mean: ${human(mean)}, StdDeviation: ${human(Math.sqrt(variance))}`;
    return [
      'Key size Percentile Total keys',
      '-------- ---------- -----------',
      ...distribution(all).map(
        ({ value, percentile, count }) =>
          `${human(value).padStart(8)} ${percentage(percentile)} ${String(count).padStart(11)}`,
      ),
      `Note: 0.01% size precision, ${spread}`,
    ];
  }

  #nameDistribution(): string[] {
    const lengths = this.sampled.map(({ key }) => key.length);
    const longest = lengths.reduce((most, each) => Math.max(most, each), 0);
    const total = lengths.reduce((all, each) => all + each, 0);
    const average = lengths.length === 0 ? '0' : human(total / lengths.length);
    const rows: string[] = [];
    let counted = 0;
    for (const bound of NAME_BOUNDS) {
      const count = lengths.filter((length) => length <= bound).length;
      if (count === counted) continue;
      counted = count;
      const share = percentage((100 * count) / lengths.length);
      const value = human(Math.min(bound, longest)).padStart(15);
      rows.push(`${value} ${share} ${String(count).padStart(11)}`);
    }
    return [
      'Key name length Percentile Total keys',
      '--------------- ---------- -----------',
      ...rows,
      `Total key length is ${human(total)} (${average} avg)`,
    ];
  }

  #table(): string[] {
    const rows = [...this.#types].filter(([, samples]) => samples.length > 0);
    return [
      'Type        Total keys  Keys % Tot size Avg size  Total length/card Avg ln/card',
      '--------- ------------ ------- -------- -------- ------------------ -----------',
      ...rows.map(([type, samples]) => this.#row(type, samples)),
    ];
  }

  #row(type: string, samples: readonly Sample[]): string {
    const count = samples.length;
    const bytes = sum(samples, 'bytes');
    const length = sum(samples, 'length');
    const isString = type === 'string';
    const average = length / count;
    return [
      type.padEnd(9),
      String(count).padStart(12),
      `${((100 * count) / this.sampled.length).toFixed(2)}%`.padStart(7),
      human(bytes).padStart(8),
      human(bytes / count).padStart(8),
      lengthOf(type, length).padStart(18),
      (isString ? human(Math.round(average)) : average.toFixed(2)).padStart(11),
    ].join(' ');
  }
}

/** Up to which lengths a string needs a header of the next size. */
const NAME_BOUNDS = [32, 256, 65_536, 2 ** 32];

const sum = (samples: readonly Sample[], field: 'bytes' | 'length'): number =>
  samples.reduce((total, sample) => total + sample[field], 0);

const bare = (key: string): string => quote(key).slice(1, -1);

const percentage = (percent: number): string => `${percent.toFixed(4)}%`.padStart(10);

const lengthOf = (type: string, length: number): string =>
  type === 'string' ? human(length) : `${length} ${measureOf(type)?.unit ?? '?'}`;

interface Step {
  readonly value: number;
  readonly percentile: number;
  readonly count: number;
}

/** The values at 0 %, 50 %, 75 % and so on, each half as far from 100 % as the one before. */
function distribution(sorted: readonly number[]): Step[] {
  const steps: Step[] = [];
  let wanted = 0;
  let counted = 0;
  const add = (percentile: number, count: number) => {
    if (count === counted) return;
    counted = count;
    steps.push({ value: rounded(sorted[count - 1] ?? 0), percentile, count });
  };
  for (const [index, value] of sorted.entries()) {
    const count = index + 1;
    const isLastOfValue = sorted[count] === undefined || rounded(sorted[count]) > rounded(value);
    if (!isLastOfValue || count === sorted.length) continue;
    while (wanted <= (100 * count) / sorted.length) {
      add(wanted, count);
      wanted += (100 - wanted) / 2;
    }
  }
  add(100, sorted.length);
  return steps;
}

const EXACT_BELOW = 32_768;

/** A size as the histogram of redis-cli keeps it: to four digits, the most that look alike. */
function rounded(bytes: number): number {
  if (bytes < EXACT_BELOW) return bytes;
  const unit = 2 ** (Math.floor(Math.log2(bytes)) - 14);
  return Math.floor(bytes / unit) * unit + unit - 1;
}

const UNITS = ['K', 'M', 'G', 'T'];

/** Bytes with two digits behind the point, from a kilobyte on. */
function human(bytes: number): string {
  let left = bytes;
  let unit = '';
  for (const next of UNITS) {
    if (left < 1024) break;
    left /= 1024;
    unit = next;
  }
  return unit === '' ? `${Math.floor(left)}B` : `${left.toFixed(2)}${unit}`;
}
