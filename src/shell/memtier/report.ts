import { Latencies } from '../redis-benchmark/latencies.ts';
import { type MemtierResult, Tally } from './memtier-result.ts';

const HEADER =
  'Type         Ops/sec     Hits/sec   Misses/sec    Avg. Latency     p50 Latency     p99 Latency   p99.9 Latency       KB/sec ';

/** The tables of memtier_benchmark: rates and latencies of SETs, GETs and all of them. */
export function memtierReport({ options, seconds, sets, gets }: MemtierResult): string {
  const count = (value: number, what: string) => `${String(value).padEnd(10)}${what}\n`;
  const totals = new Tally();
  for (const { ms, hits, misses, bytes } of [sets, gets]) {
    for (const each of ms) totals.ms.push(each);
    totals.bytes += bytes;
    totals.hits += hits;
    totals.misses += misses;
  }
  totals.hits = gets.hits;
  return [
    count(options.threads, 'Threads'),
    count(options.clients, 'Connections per thread'),
    count(options.requests, 'Requests per client'),
    '\n\nALL STATS\n',
    `${'='.repeat(HEADER.length)}\n${HEADER}\n${'-'.repeat(HEADER.length)}\n`,
    row('Sets', sets, seconds, false),
    row('Gets', gets, seconds, true),
    `${'Waits'.padEnd(8)}${'0.00'.padStart(12)}${blank(12).repeat(2)}${blank(15).repeat(4)}${blank(12)} \n`,
    row('Totals', totals, seconds, true),
    '\n',
    options.hidesHistogram ? '' : histogram(sets, gets),
  ].join('');
}

const blank = (width: number) => ` ${'---'.padStart(width)}`;

function row(name: string, tally: Tally, seconds: number, hasHits: boolean): string {
  const latencies = new Latencies(tally.ms);
  const rate = (value: number) => ` ${(value / seconds).toFixed(2).padStart(12)}`;
  const ms = (value: number) => ` ${value.toFixed(5).padStart(15)}`;
  const isEmpty = tally.ms.length === 0;
  const times = [latencies.average, ...[50, 99, 99.9].map((each) => latencies.percentile(each))];
  return [
    name.padEnd(8),
    rate(tally.ms.length).slice(1),
    hasHits ? rate(tally.hits) + rate(tally.misses) : blank(12).repeat(2),
    ...times.map((each) => (isEmpty ? blank(15) : ms(each))),
    rate(tally.bytes / 1024),
    ' \n',
  ].join('');
}

const PERCENTILES = [0, 50, 75, 87.5, 93.75, 96.875, 98.4375, 99.21875, 99.609375, 99.9, 100];

/** Up to which latency so many per cent were answered. */
function histogram(sets: Tally, gets: Tally): string {
  const lines = ['\nRequest Latency Distribution\nType     <= msec         Percent\n'];
  lines.push(`${'-'.repeat(72)}\n`);
  for (const [name, { ms }] of [['SET', sets] as const, ['GET', gets] as const]) {
    const latencies = new Latencies(ms);
    for (const percent of ms.length > 0 ? PERCENTILES : []) {
      const value = latencies.percentile(percent).toFixed(5).padStart(12);
      lines.push(`${name.padEnd(5)}${value}${percent.toFixed(3).padStart(15)}\n`);
    }
    if (name === 'SET') lines.push('---\n');
  }
  return lines.join('');
}
