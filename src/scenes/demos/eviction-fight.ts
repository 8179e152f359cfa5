/** Fills a server with keys of four kinds, takes memory away from it, and looks at who is left. */
import type { DemoClient, Stage } from './stage.ts';

export const policies = [
  'noeviction',
  'allkeys-lru',
  'allkeys-lfu',
  'allkeys-random',
  'volatile-lru',
  'volatile-lfu',
  'volatile-random',
  'volatile-ttl',
] as const;

export interface Rules {
  readonly policy: string;
  /** maxmemory-samples. */
  readonly samples: number;
  /** Two keys of three have a TTL; otherwise none has. */
  readonly expiring: boolean;
  /** How many keys. */
  readonly keys: number;
  /** The share of the keys' memory that is left to them. */
  readonly keep: number;
}

/** A key with its past. */
export interface Fighter {
  readonly key: string;
  readonly kind: (typeof kinds)[number]['name'];
  /** Seconds since it was last used. */
  readonly idleS: number;
  /** The counter of LFU. */
  readonly frequency: number;
  readonly ttlS: number | undefined;
}

export interface Fight extends Rules {
  /** What tells it from others. */
  readonly name: string;
  readonly fighters: readonly (Fighter & { readonly survives: boolean })[];
  /** What a write is answered that comes afterwards. */
  readonly nextWrite: string;
  /** Evicted, though others came first by the policy; undefined where the policy has no order. */
  readonly mistakes: number | undefined;
}

/** Lowest values first; a key's number is added to what it is idle, so that no two are alike. */
export const kinds = [
  { name: 'hot', says: 'often, and just now', idleS: 1, frequency: 60 },
  { name: 'scanned', says: 'once, just now', idleS: 60, frequency: 6 },
  { name: 'favourite', says: 'often, an hour ago', idleS: 3600, frequency: 30 },
  { name: 'cold', says: 'once, two hours ago', idleS: 7200, frequency: 2 },
] as const;

const VALUE = 'x'.repeat(200);

export async function fight(stage: Stage, rules: Rules): Promise<Fight> {
  const { policy, samples, expiring } = rules;
  await stage.empty();
  const client = stage.client();
  await client.run(`CONFIG SET maxmemory-policy ${policy} maxmemory-samples ${samples}`);
  const empty = await usedMemory(client);
  const fighters = fightersOf(rules);
  await client.ask('SET', 'model', VALUE);
  const payload = String(await client.ask('DUMP', 'model'));
  await client.ask('DEL', 'model');
  await client.connection.pipeline(fighters.map((each) => restore(each, payload, policy)));
  const full = await usedMemory(client);
  const limit = Math.floor(empty + (full - empty) * rules.keep);
  const reply = await client.run(`CONFIG SET maxmemory ${limit}`);
  if (reply !== 'OK') throw new Error(reply);
  // Room is made before a command runs.
  await client.ask('PING');
  const left = await client.connection.pipeline(fighters.map(({ key }) => ['EXISTS', key]));
  const nextWrite = await client.run(`SET new ${VALUE}`);
  client.close();
  const judged = fighters.map((each, n) => ({ ...each, survives: left[n] === 1 }));
  const name = `${policy}, ${samples}${expiring ? '' : ', no TTL'}`;
  return { ...rules, name, fighters: judged, nextWrite, mistakes: mistakesOf(policy, judged) };
}

function fightersOf({ keys, expiring }: Rules): Fighter[] {
  return Array.from({ length: keys }, (_, n) => {
    const kind = kinds[n % kinds.length] ?? kinds[0];
    const number = Math.floor(n / kinds.length);
    return {
      key: `${kind.name}:${number}`,
      kind: kind.name,
      idleS: kind.idleS + number,
      frequency: kind.frequency,
      // In no order that has to do with the kinds.
      ttlS: expiring && n % 3 !== 0 ? 600 + ((n * 37) % keys) * 60 : undefined,
    };
  });
}

/** RESTORE can say when a key was used last, or how often: whichever the policy goes by. */
function restore({ key, ttlS = 0, idleS, frequency }: Fighter, payload: string, policy: string) {
  const past = policy.endsWith('lfu') ? ['FREQ', String(frequency)] : ['IDLETIME', String(idleS)];
  return ['RESTORE', key, String(1000 * ttlS), payload, ...past];
}

type Judged = Fight['fighters'][number];

function mistakesOf(policy: string, fighters: readonly Judged[]): number | undefined {
  const order = orders.find(([end]) => policy.endsWith(end))?.[1];
  if (!order) return undefined;
  const eligible = fighters.filter(({ ttlS }) => policy.startsWith('allkeys') || ttlS);
  const evicted = eligible.filter(({ survives }) => !survives);
  const worst = [...eligible].sort((a, b) => order(b) - order(a))[evicted.length - 1];
  return worst ? evicted.filter((each) => order(each) < order(worst)).length : 0;
}

/** The higher, the sooner a perfect choice would let it go. */
const orders: readonly (readonly [string, (fighter: Fighter) => number])[] = [
  ['-lru', ({ idleS }) => idleS],
  ['-lfu', ({ frequency }) => -frequency],
  ['-ttl', ({ ttlS = Number.POSITIVE_INFINITY }) => -ttlS],
];

async function usedMemory(client: DemoClient): Promise<number> {
  return Number((await client.info('memory')).get('used_memory') ?? 0);
}
