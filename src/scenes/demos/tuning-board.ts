/** The load of the tuning board: a shop window is read, by a client that does it well or badly. */
import type { Stage } from './stage.ts';

export const changes = {
  pool: 'Keep the connection open',
  hash: 'One hash for each product',
  pipeline: 'Fifty products in one write',
} as const;
export type Change = keyof typeof changes;

export interface Run {
  readonly made: readonly Change[];
  /** Journeys there and back; opening a connection is one as well. */
  readonly roundTrips: number;
  readonly commands: number;
  /** What it took in this browser, without any distance. */
  readonly executionMs: number;
}

const FIELDS = ['name', 'price', 'stock'];
const PER_WRITE = 50;

/** Reads all products with these changes made, on a server that has them in both forms. */
export async function measureBoard(
  stage: Stage,
  products: number,
  made: readonly Change[],
): Promise<Run> {
  await fill(stage, products);
  const isMade = (change: Change) => made.includes(change);
  const reads = Array.from({ length: products }, (_, n) => readsOf(n, isMade('hash')));
  const writes = isMade('pipeline') ? inWrites(reads) : reads.flat().map((read) => [read]);
  const begun = performance.now();
  const connections = await send(stage, writes, isMade('pool'));
  return {
    made,
    roundTrips: writes.length + connections,
    commands: reads.flat().length,
    executionMs: performance.now() - begun,
  };
}

async function fill(stage: Stage, products: number): Promise<void> {
  await stage.empty();
  const client = stage.client();
  const commands = Array.from({ length: products }, (_, n) => [
    ['HSET', `product:${n}`, 'name', `lamp ${n}`, 'price', '30', 'stock', '7'],
    ['MSET', ...FIELDS.flatMap((field) => [`product:${n}:${field}`, String(n)])],
  ]);
  await client.connection.pipeline(commands.flat());
  client.close();
}

const readsOf = (n: number, hash: boolean): string[][] =>
  hash
    ? [['HMGET', `product:${n}`, ...FIELDS]]
    : FIELDS.map((field) => ['GET', `product:${n}:${field}`]);

function inWrites(reads: readonly string[][][]): string[][][] {
  const writes = Math.ceil(reads.length / PER_WRITE);
  return Array.from({ length: writes }, (_, write) =>
    reads.slice(write * PER_WRITE, (write + 1) * PER_WRITE).flat(),
  );
}

/** How many connections it took: without a pool each write has its own. */
async function send(
  stage: Stage,
  writes: readonly (readonly string[][])[],
  pooled: boolean,
): Promise<number> {
  let connections = 0;
  let client = stage.client();
  for (const [index, write] of writes.entries()) {
    if (index === 0 || !pooled) {
      client.close();
      client = stage.client();
      connections++;
    }
    await client.connection.pipeline(write);
  }
  client.close();
  return connections;
}
