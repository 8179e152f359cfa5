/** A cache after a restart, cold or warmed, and what it sends on to the database each second. */
import { luckFrom } from './luck.ts';
import type { Stage } from './stage.ts';

export type Warming = 'cold' | 'chance' | 'views';

export interface Second {
  readonly requests: number;
  /** By the server's own counter of hits; every other request is a query of the database. */
  readonly hits: number;
}

const SECONDS = 10;
const REQUESTS = 100;
const LIFE_S = '3600';

export interface Shop {
  readonly products: number;
  /** How many are loaded before the first request. */
  readonly warmed: number;
}

/** Restarts, warms, and serves ten seconds of lab time; tells each as it ends. */
export async function serveFromCold(
  stage: Stage,
  shop: Shop,
  warming: Warming,
  tell: (second: Second) => void,
): Promise<void> {
  await stage.empty();
  const client = stage.client();
  const luck = luckFrom(7);
  await client.connection.pipeline(planOf(shop, warming, luck).map(write));
  for (let second = 0; second < SECONDS; second++) {
    const before = Number((await client.info('stats')).get('keyspace_hits'));
    for (let n = 0; n < REQUESTS; n++) {
      const product = asked(shop.products, luck());
      const found = await client.ask('GET', keyOf(product));
      if (found === null) await client.connection.pipeline([write(product)]);
    }
    const hits = Number((await client.info('stats')).get('keyspace_hits')) - before;
    await stage.advance(1000);
    tell({ requests: REQUESTS, hits });
  }
  client.close();
}

/** Which products are loaded: numbered by how popular they are, the first one most. */
function planOf({ products, warmed }: Shop, warming: Warming, luck: () => number): number[] {
  const all = Array.from({ length: products }, (_, n) => n);
  if (warming === 'cold') return [];
  if (warming === 'views') return all.slice(0, warmed);
  const drawn = all.map((product) => ({ product, at: luck() })).sort((a, b) => a.at - b.at);
  return drawn.slice(0, warmed).map(({ product }) => product);
}

/** As in most shops the popularity falls with the rank: the nth is asked for 1/n as often. */
const asked = (products: number, luck: number): number => Math.floor(products ** luck) - 1;

const keyOf = (product: number): string => `product:${product}`;
const write = (product: number): string[] => ['SET', keyOf(product), 'text', 'EX', LIFE_S];
