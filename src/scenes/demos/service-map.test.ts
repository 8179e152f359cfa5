/** The little landscape of services that the demonstration of lesson 21 shows. */
import { expect, test } from 'vitest';
import { REST_MS, ServiceMap } from './service-map.ts';

/** Everything behind the services, with a server that can stand still. */
function landscape() {
  const keys = new Map<string, string>();
  const seen = { queries: 0, asked: 0, nowMs: 0, still: false };
  const map = new ServiceMap({
    redis: async (name, key = '', value = '') => {
      seen.asked += 1;
      if (seen.still) throw new Error('timed out');
      if (name === 'GET') return keys.get(key) ?? null;
      keys.set(key, value);
      return 'OK';
    },
    database: async () => {
      seen.queries += 1;
      return 'Ada';
    },
    now: () => seen.nowMs,
  });
  return { map, seen };
}

test('two instances share what one of them has loaded', async () => {
  const { map, seen } = landscape();
  const ways = { cached: true, shared: true };
  const served = [await map.request(ways), await map.request(ways), await map.request(ways)];
  expect(served.map(({ by, from }) => `${by} ${from}`)).toEqual([
    'web1 database',
    'web2 cache',
    'web1 cache',
  ]);
  expect(seen.queries).toBe(1);
});

test('without a cache each request is a query', async () => {
  const { map, seen } = landscape();
  for (let n = 0; n < 4; n++) await map.request({ cached: false, shared: true });
  expect(seen.queries).toBe(4);
});

test('a session in the process is known to one instance, until it is deployed anew', async () => {
  const { map } = landscape();
  const ways = { cached: true, shared: false };
  expect(await map.login(ways)).toEqual({ by: 'web1', kept: true });
  expect((await map.request(ways)).known).toBe(false);
  expect((await map.request(ways)).known).toBe(true);
  map.deploy();
  for (let n = 0; n < 2; n++) expect((await map.request(ways)).known).toBe(false);
});

test('a session in Redis is known to both, also after a deployment', async () => {
  const { map } = landscape();
  const ways = { cached: true, shared: true };
  await map.login(ways);
  map.deploy();
  for (let n = 0; n < 2; n++) expect((await map.request(ways)).known).toBe(true);
});

test('the breaker opens after two failures, asks nothing, tries once, and closes', async () => {
  const { map, seen } = landscape();
  const ways = { cached: true, shared: false };
  const [web1] = map.instances;
  const both = async () => [await map.request(ways), await map.request(ways)];
  seen.still = true;
  await both();
  expect(web1?.breaker.state).toBe('open');
  const asked = seen.asked;
  expect((await both()).map(({ from }) => from)).toEqual(['database', 'database']);
  expect(seen.asked).toBe(asked);

  seen.nowMs += REST_MS;
  expect(web1?.breaker.state).toBe('half-open');
  await both();
  expect(web1?.breaker.state).toBe('open');
  seen.nowMs += REST_MS;
  seen.still = false;
  await both();
  expect(web1?.breaker.state).toBe('closed');
});
