import { Redis } from 'ioredis';
import { createClient } from 'redis';
import { expect, test } from 'vitest';
import { ioredis, nodeRedis } from './methods.ts';

test.each([
  ['ioredis', ioredis, () => new Redis({ lazyConnect: true })],
  ['node-redis', nodeRedis, () => createClient()],
] as const)('%s has every method that is offered', (_name, offered, open) => {
  const client = open() as unknown as Record<string, unknown>;
  expect(offered.filter((name) => typeof client[name] !== 'function')).toEqual([]);
});
