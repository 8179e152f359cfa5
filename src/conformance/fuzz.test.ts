import { afterAll, describe, expect, test } from 'vitest';
import { pick } from '../engine/lab/argv.ts';
import { rows } from '../engine/server/table.ts';
import { seededRandom } from '../engine/time/random.ts';
import { duel, type Rules } from './fuzz/duel.ts';
import { limitsOf } from './fuzz/limits.ts';
import { comparable, sequenceOf, type Unit } from './fuzz/sequence.ts';
import { type Failure, report, shrink } from './fuzz/shrink.ts';
import {
  canCompare,
  newerRedis,
  REFERENCE,
  type RealRedis,
  type Reference,
  reaches,
  referenceFor,
  startRealRedis,
} from './real-redis.ts';
import { CI_SEED } from './seed.ts';

/**
 * Random commands on the engine and on a redis-server: the same in CI each time, others elsewhere.
 * FUZZ_SEED repeats a run, FUZZ_COMMANDS sets how many commands each group and the mixture of all
 * get, FUZZ_GROUP picks one group. With REDIS_SERVER_NEW the groups that have commands or options
 * newer than the reference are compared with that server as well, under the name `newer hash`.
 */
const seed = Number(process.env.FUZZ_SEED ?? (process.env.CI ? CI_SEED : Date.now() % 1_000_000));
const perGroup = Number(process.env.FUZZ_COMMANDS ?? 3000);
const only = process.env.FUZZ_GROUP;

const SEQUENCE = 40;
/** So many disagreements of a group are shrunk and reported. */
const MAX_FAILURES = 12;

const all = comparable(rows, REFERENCE);
const groups = [...new Set(all.map(({ group }) => group))];
type Plan = readonly [name: string, candidates: ReturnType<typeof comparable>];
const plans: readonly Plan[] = [
  ...groups.map((group) => [group, all.filter((row) => row.group === group)] as const),
  ['mixed', all] as const,
];

/** The groups of which the newer server knows more than the reference, all their rows as it has them. */
function newerPlans({ version }: Reference): Plan[] {
  const isNewer = (since: string) => !reaches(REFERENCE, since) && reaches(version, since);
  // Scores of vectors are the same but for their last bits.
  const compared = rows.filter(({ group }) => group !== 'module');
  const newer = compared.filter((row) =>
    [row.since, ...Object.values(row.optionsSince ?? {})].some(isNewer),
  );
  // Since 7.2 a cursor that is none is refused; here it is one, as in 7.0.
  const known = comparable(rows, version).filter(({ name }) => !name.endsWith('scan'));
  return [...new Set(newer.map(({ group }) => group))].map(
    (group) => [`newer ${group}`, known.filter((row) => row.group === group)] as const,
  );
}

/** Each server with what it is asked. */
function arenas(): (readonly [Reference, readonly Plan[]])[] {
  const newer = newerRedis();
  const known = [referenceFor(undefined) as Reference, plans] as const;
  const all = newer ? [known, [newer, newerPlans(newer)] as const] : [known];
  const isChosen = ([name]: Plan) => only === undefined || name === only;
  return all
    .map(([server, each]) => [server, each.filter(isChosen)] as const)
    .filter(([, each]) => each.length > 0);
}

const able = canCompare('random commands') ? arenas() : [];

describe.each(able)(`random commands, seed ${seed}: $version`, async (reference, all) => {
  const redis: RealRedis = await startRealRedis([], reference);
  const isNewer = reference.version !== REFERENCE;
  let total = 0;
  afterAll(async () => {
    await redis.stop();
    const server = `redis-server ${reference.version}`;
    console.log(`fuzz: ${total} random commands compared with ${server}, seed ${seed}`);
  });

  test.each([...all])(
    '%s commands are answered as redis-server answers them',
    async (name, candidates) => {
      const random = seededRandom(seed).fork(name);
      const failures = new Map<string, Failure>();
      for (let sent = 0; sent < perGroup && failures.size < MAX_FAILURES; ) {
        const units = sequenceOf(candidates, random, SEQUENCE);
        const rules: Rules = {
          protocol: random.below(2) === 0 ? 2 : 3,
          limits: limitsOf(random, isNewer),
          fieldsExpire: isNewer,
          events: pick(random, ['', 'KEA', 'EAn', 'E$', 'Eg', 'Els', 'Kzh', 'Ex', 'KEn']),
        };
        const play = (some: readonly Unit[]) => duel(redis, some, rules);
        sent += units.flat().length;
        total += units.flat().length;
        const finding = await play(units);
        if (!finding || failures.has(signature(finding.argv))) continue;
        failures.set(signature(finding.argv), await shrink({ units, finding }, play));
      }
      expect([...failures.values()].map(report).join('\n\n')).toBe('');
    },
  );
});

/** One report for each command is enough. */
const signature = (argv: readonly string[]): string =>
  (argv[0]?.toUpperCase() === 'EVAL' ? `EVAL ${argv[3]}` : (argv[0] ?? '')).toUpperCase();
