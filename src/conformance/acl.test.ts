import { describe, expect, test } from 'vitest';
import { Lab } from '../engine/lab/lab.ts';
import { rows } from '../engine/server/table.ts';
import { type Random, seededRandom } from '../engine/time/random.ts';
import { type Frame, printFrame } from './frame.ts';
import { LabWire } from './lab-wire.ts';
import { canCompare } from './real-redis.ts';
import { useRealRedis } from './real-wire.ts';

/**
 * Users with random rules on the engine and on a redis-server: whether a rule is one, and for many
 * command lines whether the user may run them, by ACL DRYRUN. ACL_SEED repeats a run.
 */
const seed = Number(process.env.ACL_SEED ?? Date.now() % 1_000_000);
const ROUNDS = Number(process.env.ACL_ROUNDS ?? 150);

const globs = ['*', 'a*', 'b*', 'a?', '[ab]*', 'x', 'key:*', '\\*', 'a'];
const categories = [
  ...['keyspace', 'read', 'write', 'set', 'string', 'pubsub', 'admin', 'fast', 'slow', 'blocking'],
  ...['dangerous', 'connection', 'transaction', 'scripting', 'stream', 'all'],
];
const commands = [
  ...['get', 'set', 'del', 'mget', 'client', 'client|list', 'client|id', 'config', 'config|get'],
  ...['acl', 'acl|whoami', 'xinfo', 'publish', 'subscribe', 'psubscribe', 'sort', 'eval', 'exec'],
  ...['keys', 'flushall', 'debug', 'select', 'copy', 'object', 'memory|usage', 'zunionstore'],
];
const words = [
  ...['allkeys', 'resetkeys', 'allchannels', 'resetchannels', 'allcommands', 'nocommands', 'reset'],
  ...['clearselectors', 'on', 'off', 'nopass', 'resetpass', '>p', '<p', 'ALLKEYS', '+GET', '-@ALL'],
  ...['+select|0', '+get|x', '+config|foo', '+client|kill', '+debug|object', '+object|help|x'],
  ...['+', '-', '~', '&', '%', '%R', 'foo', '+@', '-@nope', 'sanitize-payload'],
];

const pick = <T>(random: Random, items: readonly T[]): T => items[random.below(items.length)] as T;

function drawRule(random: Random, mayNest = true): string {
  const sign = () => pick(random, ['+', '-']);
  const kinds = [
    () => `${sign()}@${pick(random, categories)}`,
    () => sign() + pick(random, commands),
    () => pick(random, ['~', '%R~', '%W~', '%RW~', '%r~', '%wr~']) + pick(random, globs),
    () => `&${pick(random, globs)}`,
    () => pick(random, words),
    () => (mayNest ? `(${drawRules(random, false).join(' ')})` : pick(random, words)),
  ];
  return pick(random, kinds)();
}

const drawRules = (random: Random, mayNest = true): string[] =>
  Array.from({ length: 1 + random.below(5) }, () => drawRule(random, mayNest));

/** A line for every command with as few arguments as it takes, and some whose arguments matter. */
const lines = [
  ...rows.map(({ name, arity }) => {
    const words = name.split('|');
    const missing = Math.max(Math.abs(arity) - words.length, 0);
    return { name, argv: [...words, ...Array.from({ length: missing }, () => 'a')] };
  }),
  ...[
    ...[
      'set b 1',
      'set b 1 get',
      'mget a b x',
      'sort a store b',
      'copy a b',
      'select 0',
      'select 1',
    ],
    ...[
      'publish bb m',
      'subscribe a b',
      'psubscribe a*',
      'psubscribe *',
      'eval x 2 a b',
      'eval x 0',
    ],
    ...['bitfield a get u8 0', 'bitfield a set u8 0 1', 'xread streams a b 0 0', 'get key:1'],
    ...['zunionstore a 2 b x', 'georadius a 1 1 1 m store b', 'lmpop 2 a b left'],
  ].map((line) => ({ name: line.split(' ')[0] as string, argv: line.split(' ') })),
];

describe.runIf(canCompare('access control'))(`access control, seed ${seed}`, () => {
  const real = useRealRedis();

  test('users may do the same on both servers', async () => {
    // Only what both know can be compared: newer commands are in categories too.
    const known = await real.wire.runAll(lines.map(({ name }) => ['COMMAND', 'INFO', name]));
    const common = lines.filter((_, i) => known[i]?.items?.[0]?.type === '*');
    const random = seededRandom(seed);
    const engine = new LabWire(new Lab({ start: Date.now() }));
    let compared = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const rules = drawRules(random);
      const sent = [
        ...(random.below(3) === 0 ? [['ACL', 'DELUSER', 'u']] : []),
        ['ACL', 'SETUSER', 'u', ...rules],
        ...common.map(({ argv }) => ['ACL', 'DRYRUN', 'u', ...argv]),
      ];
      const [ours, theirs] = [engine.runAll(sent), await real.wire.runAll(sent)];
      const differing = sent.flatMap((argv, i) => {
        const [one, other] = [printFrame(ours[i] as Frame), printFrame(theirs[i] as Frame)];
        return one === other ? [] : [`${argv.join(' ')}: ${one}, not ${other}`];
      });
      expect(differing.slice(0, 3), `after ${rules.join(' ')}`).toEqual([]);
      compared += sent.length;
    }
    console.log(`access control: ${compared} answers compared, seed ${seed}`);
  });
});
