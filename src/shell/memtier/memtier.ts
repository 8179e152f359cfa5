import { RedisError } from '../../engine/errors.ts';
import { encodeCommand } from '../../engine/resp/encode.ts';
import type { Reply } from '../../engine/resp/reply.ts';
import { Client, ConnectionLost } from '../../wire/client.ts';
import { type Call, INTERRUPTED_STATUS, Interrupted, type Program } from '../program.ts';
import { Latencies } from '../redis-benchmark/latencies.ts';
import { type MemtierResult, Tally } from './memtier-result.ts';
import { type KeyPattern, type MemtierOptions, MemtierUsage, parseMemtier } from './options.ts';
import { memtierReport } from './report.ts';

/**
 * memtier_benchmark: SETs and GETs in a ratio, over many connections; real load, measured in real
 * time. All connections are served by one thread here. https://github.com/redis/memtier_benchmark
 */
export const memtierBenchmark: Program = async (call) => {
  try {
    const options = parseMemtier(call.args);
    call.complain('Writing results to stdout\n[RUN #1] Preparing benchmark client...\n');
    call.complain('[RUN #1] Launching threads now...\n');
    const result = await measure(call, options);
    call.complain(`${progressOf(result)}\n\n`);
    call.print(memtierReport(result));
    return 0;
  } catch (error) {
    if (error instanceof Interrupted || call.signal.aborted) return INTERRUPTED_STATUS;
    if (error instanceof ConnectionLost) {
      call.complain('connection error: Connection refused\n');
      return 1;
    }
    if (!(error instanceof MemtierUsage || error instanceof RedisError)) throw error;
    call.complain(`${error.message}\n`);
    return 1;
  }
};

function progressOf({ sets, gets, seconds, options }: MemtierResult): string {
  const all = [...sets.ms, ...gets.ms];
  const rate = Math.round(all.length / seconds);
  const megabytes = ((sets.bytes + gets.bytes) / seconds / 1024 ** 2).toFixed(2);
  const latency = new Latencies(all).average.toFixed(2);
  const time = `${Math.round(seconds)} secs`.padStart(8);
  return (
    `[RUN #1 100%,${time}]  0 threads: ${String(all.length).padStart(11)} ops, ` +
    `${String(rate).padStart(7)} (avg: ${String(rate).padStart(7)}) ops/sec, ` +
    `${megabytes}MB/sec (avg: ${megabytes}MB/sec), ${latency} (avg: ${latency}) msec latency` +
    (options.threads > 1 ? ` (${options.threads} threads of connections, one of the machine)` : '')
  );
}

async function measure(call: Call, options: MemtierOptions): Promise<MemtierResult> {
  const { clients, threads } = options;
  const connections = await Promise.all(
    Array.from({ length: clients * threads }, () => connect(call, options)),
  );
  const sets = new Tally();
  const gets = new Tally();
  const start = performance.now();
  try {
    await Promise.all(connections.map((client) => work(call, client, options, { sets, gets })));
  } finally {
    for (const client of connections) client.close();
  }
  return { options, seconds: (performance.now() - start) / 1000, sets, gets };
}

async function connect(call: Call, { host, port, password }: MemtierOptions): Promise<Client> {
  const client = new Client(call.machine.dial, `${host}:${port}`, { protocol: 2 });
  if (password !== undefined) await client.call('AUTH', password);
  await client.send(['PING']);
  return client;
}

/** One connection: its share of SETs, then its share of GETs, and again. */
async function work(
  call: Call,
  client: Client,
  options: MemtierOptions,
  tallies: { readonly sets: Tally; readonly gets: Tally },
): Promise<void> {
  const [setShare, getShare] = options.ratio;
  const value = 'x'.repeat(options.size);
  const [setKey, getKey] = options.pattern.map((pattern) => keysOf(pattern, options));
  let turn = 0;
  for (let left = options.requests; left > 0; ) {
    if (call.signal.aborted) throw new Interrupted();
    const batch = Math.min(options.pipeline, left);
    left -= batch;
    const kinds = Array.from({ length: batch }, () => turn++ % (setShare + getShare) < setShare);
    const commands = kinds.map((isSet) =>
      isSet ? ['SET', setKey?.() ?? '', value] : ['GET', getKey?.() ?? ''],
    );
    const sentAt = performance.now();
    const replies = await client.pipeline(commands);
    const ms = performance.now() - sentAt;
    for (const [index, isSet] of kinds.entries()) {
      const tally = isSet ? tallies.sets : tallies.gets;
      note(tally, commands[index] as string[], replies[index] as Reply, ms);
    }
    const done = tallies.sets.ms.length + tallies.gets.ms.length;
    if (done % BREATHE_EVERY < batch) await call.machine.breathe();
  }
}

/** After so many requests others may work. */
const BREATHE_EVERY = 2000;
/** What a reply takes beside its bytes, and a plain OK. */
const REPLY_BYTES = 5;

function note(tally: Tally, command: readonly string[], reply: Reply, ms: number): void {
  if (reply instanceof RedisError) throw reply;
  tally.ms.push(ms);
  tally.bytes += encodeCommand(command).length + REPLY_BYTES;
  if (typeof reply === 'string') tally.bytes += reply.length;
  if (reply === null) tally.misses++;
  else tally.hits++;
}

/** Keys one after the other, or at random; G is around the middle. */
function keysOf(pattern: KeyPattern, { prefix, least, most }: MemtierOptions): () => string {
  const span = Math.max(most - least, 1);
  let next = 0;
  const places: Readonly<Record<KeyPattern, () => number>> = {
    R: () => Math.random() * span,
    G: () => ((Math.random() + Math.random() + Math.random()) / 3) * span,
    S: () => next++ % span,
    P: () => next++ % span,
  };
  return () => `${prefix}${least + Math.floor(places[pattern]())}`;
}
