import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { redisCli } from '../shell/redis-cli/redis-cli.ts';
import { runOurs } from './our-cli.ts';
import { newerRedis, referenceFor } from './real-redis.ts';
import { useRealRedis } from './real-wire.ts';

/** What redis-cli learned after 7.0, beside a newer one where there is one (REDIS_SERVER_NEW). */

const fill = `for i = 1, 300 do
  redis.call('SET', string.rep('k', i), string.rep('x', i * i))
  redis.call('RPUSH', 'list:' .. i % 5, i)
  redis.call('HSET', 'hash:' .. i % 4, i, i)
  redis.call('ZADD', 'z:' .. i % 3, i, i)
  redis.call('SADD', 's:' .. i % 2, i)
end
redis.call('XADD', 'st', '1-1', 'a', 'b')`;

describe.runIf(newerRedis())('redis-cli --keystats', () => {
  const real = useRealRedis([], referenceFor('8.0'));

  test.each([
    '--keystats',
    '--keystats-samples 3 --top 2',
    '--keystats --pattern [hls]* --count 7',
  ])('%s', async (flags) => {
    await real.wire.run('EVAL', fill, '0');
    const args = ['-p', String(real.redis.port), ...flags.split(' ')];
    const program = newerRedis()?.program.replace(/server$/, 'cli') ?? '';
    const { stdout } = spawnSync(program, args, { encoding: 'latin1' });
    const folder = mkdtempSync(join(tmpdir(), 'keyspace-cli-'));
    const ours = await runOurs(redisCli, args, { folder });
    rmSync(folder, { recursive: true });
    expect(ours.stdout).toBe(stdout);
  });
});
