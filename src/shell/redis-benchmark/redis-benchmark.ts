import { RedisError } from '../../engine/errors.ts';
import { Client, ConnectionLost } from '../../wire/client.ts';
import { type Call, INTERRUPTED_STATUS, Interrupted, type Program } from '../program.ts';
import { Latencies } from './latencies.ts';
import { type BenchmarkOptions, BenchmarkUsage, parseBenchmark } from './options.ts';
import { type BenchmarkTest, benchmarkTests, filled } from './tests.ts';

/**
 * redis-benchmark: real load on a server, measured in real time. Its report has the shape of the
 * original's. https://redis.io/docs/latest/operate/oss_and_stack/management/optimization/benchmarks/
 */
export const redisBenchmark: Program = async (call) => {
  try {
    const options = parseBenchmark(call.args);
    await runAll(call, options);
    return 0;
  } catch (error) {
    if (error instanceof Interrupted || call.signal.aborted) return INTERRUPTED_STATUS;
    if (error instanceof ConnectionLost || error instanceof BenchmarkUsage) {
      call.complain(`${error.message}\n`);
      return 1;
    }
    if (error instanceof RedisError) {
      call.complain(`Error from server: ${error.message}\n`);
      return 1;
    }
    throw error;
  }
};

async function runAll(call: Call, options: BenchmarkOptions): Promise<void> {
  const { command, tests, size, format } = options;
  const value = 'x'.repeat(size);
  const chosen: BenchmarkTest[] =
    command.length > 0 ? [{ title: command.join(' '), command }] : benchmarkTests(tests, value);
  const host = await askHost(call, options);
  if (format === 'csv') call.print(CSV_HEADER);
  for (const test of chosen) {
    const { latencies, seconds } = await measure(call, options, test);
    call.print(printers[format]({ ...test, latencies, seconds, options, host }));
  }
}

interface HostConfig {
  readonly save: string;
  readonly appendonly: string;
}

/** What the server is configured to, which the report mentions. Throws when it cannot be reached. */
async function askHost(call: Call, options: BenchmarkOptions): Promise<HostConfig> {
  const client = await connect(call, options);
  const config = await client.send(['CONFIG', 'GET', 'save', 'appendonly']);
  client.close();
  if (config instanceof RedisError) {
    call.complain('WARNING: Could not fetch server CONFIG\n');
    return { save: '', appendonly: '' };
  }
  const words = (config as readonly string[]) ?? [];
  const of = (name: string) => words[words.indexOf(name) + 1] ?? '';
  return { save: of('save'), appendonly: of('appendonly') };
}

async function connect(call: Call, options: BenchmarkOptions): Promise<Client> {
  const { host, port, user, password, db } = options;
  const client = new Client(call.machine.dial, `${host}:${port}`, { protocol: 2 });
  if (password !== undefined) await client.call('AUTH', ...(user ? [user] : []), password);
  if (db !== 0) await client.call('SELECT', String(db));
  await client.send(['PING']);
  return client;
}

/** Every connection sends its next requests when those before them are answered. */
async function measure(
  call: Call,
  options: BenchmarkOptions,
  { command }: BenchmarkTest,
): Promise<{ latencies: Latencies; seconds: number }> {
  const { clients, requests, pipeline, keyspace } = options;
  const connections = await Promise.all(
    Array.from({ length: clients }, () => connect(call, options)),
  );
  const samples: number[] = [];
  let left = requests;
  const start = performance.now();
  const work = async (client: Client) => {
    while (left > 0) {
      if (call.signal.aborted) throw new Interrupted();
      const batch = Math.min(pipeline, left);
      left -= batch;
      const sentAt = performance.now();
      const commands = Array.from({ length: batch }, () => filled(command, keyspace));
      const [first] = await client.pipeline(commands);
      if (first instanceof RedisError) throw first;
      const ms = performance.now() - sentAt;
      for (let n = 0; n < batch; n++) samples.push(ms);
      if (samples.length % BREATHE_EVERY < batch) await call.machine.breathe();
    }
  };
  try {
    await Promise.all(connections.map(work));
  } finally {
    for (const client of connections) client.close();
  }
  return { latencies: new Latencies(samples), seconds: (performance.now() - start) / 1000 };
}

/** After so many requests others may work. */
const BREATHE_EVERY = 2000;

interface Result {
  readonly title: string;
  readonly latencies: Latencies;
  readonly seconds: number;
  readonly options: BenchmarkOptions;
  readonly host: HostConfig;
}

const CSV_HEADER =
  '"test","rps","avg_latency_ms","min_latency_ms","p50_latency_ms","p95_latency_ms","p99_latency_ms","max_latency_ms"\n';

const rateOf = ({ latencies, seconds }: Result) => (latencies.count / seconds).toFixed(2);

/** avg, min, p50, p95, p99, max: in ms. */
const figuresOf = ({ latencies }: Result): string[] =>
  [latencies.average, ...[0, 50, 95, 99, 100].map((percent) => latencies.percentile(percent))].map(
    (ms) => ms.toFixed(3),
  );

const printers: Readonly<Record<BenchmarkOptions['format'], (result: Result) => string>> = {
  quiet: (result) =>
    `${result.title}: ${rateOf(result)} requests per second, p50=${figuresOf(result)[2]} msec\n`,
  csv: (result) =>
    `${[result.title, rateOf(result), ...figuresOf(result)].map((word) => `"${word}"`).join(',')}\n`,
  report,
};

function report(result: Result): string {
  const { title, latencies, seconds, options, host } = result;
  const line = ({ percent, ms, count }: { percent: number; ms: number; count: number }) =>
    `${percent.toFixed(3)}% <= ${ms.toFixed(3)} milliseconds (cumulative count ${count})\n`;
  return [
    `====== ${title} ======\n`,
    `  ${latencies.count} requests completed in ${seconds.toFixed(2)} seconds\n`,
    `  ${options.clients} parallel clients\n`,
    `  ${options.size} bytes payload\n`,
    '  keep alive: 1\n',
    `  host configuration "save": ${host.save}\n`,
    `  host configuration "appendonly": ${host.appendonly}\n`,
    '  multi-thread: no\n\n',
    'Latency by percentile distribution:\n',
    ...latencies.byPercentile().map(line),
    '\nCumulative distribution of latencies:\n',
    ...latencies.cumulative().map(line),
    '\nSummary:\n',
    `  throughput summary: ${rateOf(result)} requests per second\n`,
    '  latency summary (msec):\n',
    `  ${['avg', 'min', 'p50', 'p95', 'p99', 'max'].map((name) => name.padStart(9)).join(' ')}\n`,
    `  ${figuresOf(result)
      .map((figure) => figure.padStart(9))
      .join(' ')}\n\n`,
  ].join('');
}
