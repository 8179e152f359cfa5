import { afterEach, expect, test } from 'vitest';
import { startInProcessWorld } from '../hosts/in-process.ts';
import { Client } from '../wire/client.ts';
import type { World } from '../wire/link.ts';
import { recording } from './recorder.ts';
import { WireWorld } from './wire-world.ts';
import { Witness } from './witness.ts';

const worlds: World[] = [];
afterEach(() => {
  for (const world of worlds.splice(0)) world.stop();
});

const ADDRESS = '127.0.0.1:6379';

function watch(protocol: 2 | 3 = 2) {
  const world = startInProcessWorld({ topology: { kind: 'standalone' }, seed: 1, rate: 0 });
  worlds.push(world);
  const witness = new Witness();
  const effects = { witness, now: () => world.now(), noticed() {} };
  const learner = () =>
    new Client(recording(world.dial, 'console', effects), ADDRESS, { protocol });
  const checker = new WireWorld({
    dial: world.dial,
    addressOf: () => ADDRESS,
    witness,
    output: () => '',
  });
  return { learner, checker };
}

test('commands are logged with their replies and their client, checks are not', async () => {
  const { learner, checker } = watch();
  const [a] = [learner(), learner()];
  await a?.call('INCR', 'n');
  expect(await checker.execute(['GET', 'n'])).toBe('1');
  expect(checker.log()).toMatchObject([{ client: 'console 1', argv: ['INCR', 'n'], reply: 1 }]);
});

test('a pipeline is one round trip, and greeting the server is none', async () => {
  const { learner, checker } = watch(3);
  const client = learner();
  await client.call('PING');
  const before = checker.roundTrips();
  await client.pipeline([
    ['SET', 'a', '1'],
    ['SET', 'b', '2'],
  ]);
  expect(checker.roundTrips() - before).toBe(1);
  expect(checker.log().map(({ argv }) => argv[0])).toEqual(['PING', 'SET', 'SET']);
});

test('what the console asks to help with typing is not the learner’s doing', async () => {
  const { learner, checker } = watch();
  const client = learner();
  await client.call('COMMAND', 'DOCS');
  await client.call('SCAN', '0', 'MATCH', 'a*', 'COUNT', '200');
  expect(checker.log()).toEqual([]);
  expect(checker.roundTrips()).toBe(0);
});

test('a message that arrives is heard', async () => {
  const { learner, checker } = watch(3);
  const [reader, writer] = [learner(), learner()];
  reader.sendQuietly(['SUBSCRIBE', 'news']);
  await expect.poll(async () => Number(await writer.call('PUBLISH', 'news', 'hi'))).toBe(1);
  await expect.poll(() => checker.messages()).toMatchObject([{ channel: 'news', payload: 'hi' }]);
});

test('the checker can look into another database, and leaves no trace of it', async () => {
  const { learner, checker } = watch();
  await learner().call('SET', 'k', 'zero');
  expect(await checker.execute(['GET', 'k'], { db: 3 })).toBeNull();
  expect(await checker.execute(['GET', 'k'])).toBe('zero');
});
