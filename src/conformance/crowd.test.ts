import { afterAll, describe, expect, test } from 'vitest';
import { seededRandom } from '../engine/time/random.ts';
import { crowd, crowdOf, reportCrowd } from './fuzz/crowd.ts';
import type { Unit } from './fuzz/sequence.ts';
import { type Failure, shrink } from './fuzz/shrink.ts';
import { canCompare, type RealRedis, startRealRedis } from './real-redis.ts';

/** Random steps of three clients; FUZZ_SEED repeats a run, CROWD_STEPS says how many steps. */
const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 1_000_000);
const STEPS = Number(process.env.CROWD_STEPS ?? 1500);
const SEQUENCE = 30;
const MAX_FAILURES = 8;

describe.runIf(canCompare('several clients'))(`several clients, seed ${seed}`, async () => {
  const redis: RealRedis = await startRealRedis();
  afterAll(() => redis.stop());

  test(`${STEPS} random steps of three clients have the same effects`, async () => {
    const random = seededRandom(seed);
    const play = (units: readonly Unit[]) => crowd(redis, units);
    const failures = new Map<string, Failure>();
    for (let sent = 0; sent < STEPS && failures.size < MAX_FAILURES; sent += SEQUENCE) {
      const units = crowdOf(random, SEQUENCE);
      const finding = await play(units);
      if (!finding) continue;
      const failure = await shrink({ units, finding }, play);
      failures.set(reportCrowd(failure), failure);
    }
    expect([...failures.keys()].join('\n\n')).toBe('');
  });
});
