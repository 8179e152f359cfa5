import { expect, test } from 'vitest';
import { startInProcessWorld } from '../hosts/in-process.ts';
import { Client } from '../wire/client.ts';
import { applyConf } from './apply-conf.ts';

test('each directive that can be set is set, and of the others it is told why not', async () => {
  const world = startInProcessWorld({ topology: { kind: 'standalone' }, seed: 1 });
  const client = new Client(world.dial, '127.0.0.1:6379');
  const text = `# a remark
maxmemory 100mb
maxmemory-policy allkeys-lru
maxmemory-policy noeviction

save 900 1
save 300 10
databases 4
appendonly maybe
nonsense 1
requirepass "abc
user ada on`;
  const applied = await applyConf(text, (argv) => client.send(argv));
  expect(applied.map(({ line, directive, outcome }) => `${line} ${directive} ${outcome}`)).toEqual([
    '2 maxmemory set',
    '3 maxmemory-policy set',
    '4 maxmemory-policy set',
    '6 save set',
    '8 databases restart',
    '9 appendonly refused',
    '10 nonsense refused',
    '11  refused',
    '12 user restart',
  ]);
  expect(applied[5]?.message).toBe("argument must be 'yes' or 'no'");
  const saved = await client.call('CONFIG', 'GET', 'save');
  expect(JSON.stringify(saved)).toContain('900 1 300 10');
  world.stop();
});
