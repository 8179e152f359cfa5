/** Sends commands in batches, each waiting for the replies of the one before, and counts. */
import { encodeCommand, encodeReply } from '../../engine/resp/encode.ts';
import type { Stage } from './stage.ts';

export interface Trip {
  readonly batch: number;
  readonly roundTrips: number;
  /** What it took in this browser, without any distance. */
  readonly executionMs: number;
  /** Bytes of all requests, and of the largest batch with its replies. */
  readonly requestBytes: number;
  readonly waitingBytes: number;
}

/** Above this many round trips the rest is counted and not made. */
const MOST_TRIPS = 3000;

export async function measureTrips(stage: Stage, commands: number, batch: number): Promise<Trip> {
  await stage.empty();
  const client = stage.client();
  await client.run('PING');
  const roundTrips = Math.ceil(commands / batch);
  const made = Math.min(roundTrips, MOST_TRIPS);
  const begun = performance.now();
  let waitingBytes = 0;
  for (let trip = 0; trip < made; trip++) {
    const first = trip * batch;
    const words = commandsOf(first, Math.min(batch, commands - first));
    const replies = await client.connection.pipeline(words);
    if (trip === 0) waitingBytes = bytesOf(words) + replies.reduce<number>(addReply, 0);
  }
  const executionMs = (performance.now() - begun) * (roundTrips / made);
  client.close();
  return {
    batch,
    roundTrips,
    executionMs,
    requestBytes: bytesOf(commandsOf(0, commands)),
    waitingBytes,
  };
}

const commandsOf = (first: number, count: number): string[][] =>
  Array.from({ length: count }, (_, n) => ['SET', `key:${first + n}`, `value:${first + n}`]);

const bytesOf = (commands: readonly (readonly string[])[]): number =>
  commands.reduce((sum, argv) => sum + encodeCommand(argv).length, 0);

const addReply = (sum: number, reply: Parameters<typeof encodeReply>[0]): number =>
  sum + encodeReply(reply, 2).length;
