import { pick } from '../../engine/lab/argv.ts';
import type { Settings } from '../../engine/server/settings.ts';
import type { Random } from '../../engine/time/random.ts';

/** When collections change their encoding, as CONFIG SET and as our settings. */
export interface Limits {
  readonly config: readonly (readonly [name: string, value: string])[];
  readonly settings: Partial<Settings>;
}

/** Redis 7.0 knows no listpack sets; with this setting neither does the engine. */
const asRedis70 = { setMaxListpackEntries: 0 } as const;

const variants: readonly Limits[] = [limits(512, 64, 512, 128, -2), limits(4, 8, 4, 4, 3)].concat([
  limits(0, 0, 0, 0, 1),
  limits(3, 64, 3, 128, -1),
]);

/** The defaults half of the time, else limits that a few elements exceed. */
export function limitsOf(random: Random, isNewer = false): Limits {
  const chosen = random.below(2) === 0 ? (variants[0] as Limits) : pick(random, variants);
  const { setMaxListpackEntries, ...settings } = chosen.settings;
  return isNewer ? { ...chosen, settings } : chosen;
}

function limits(hash: number, value: number, intset: number, zset: number, list: number): Limits {
  return {
    config: [
      ['hash-max-listpack-entries', String(hash)],
      ['hash-max-listpack-value', String(value)],
      ['set-max-intset-entries', String(intset)],
      ['zset-max-listpack-entries', String(zset)],
      ['zset-max-listpack-value', String(value)],
      ['list-max-listpack-size', String(list)],
    ],
    settings: {
      ...asRedis70,
      hashMaxListpackEntries: hash,
      hashMaxListpackValue: value,
      setMaxIntsetEntries: intset,
      zsetMaxListpackEntries: zset,
      zsetMaxListpackValue: value,
      listMaxListpackSize: list,
    },
  };
}
