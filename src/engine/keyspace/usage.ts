/**
 * How recently and how often keys are used, as Redis keeps it for eviction.
 * https://redis.io/docs/latest/develop/reference/eviction/
 */
import type { Random } from '../time/random.ts';
import type { Used } from '../values/used.ts';

export interface UsageSettings {
  /** lfu-log-factor: the larger, the slower the counter grows. */
  readonly lfuLogFactor: number;
  /** lfu-decay-time: minutes without use that take one from the counter; 0 never does. */
  readonly lfuDecayTime: number;
}

/** What a new key's counter starts with, so that it is not the first to go. */
const INITIAL = 5;
const MAX = 255;
const MINUTE_MS = 60_000;
/** Chance is drawn in steps of this. */
const RESOLUTION = 2 ** 31;

/** The counter now: it falls while a key is not used. */
export function frequencyAt(value: Used, now: number, { lfuDecayTime }: UsageSettings): number {
  if (lfuDecayTime === 0) return value.frequency;
  const minutes = Math.floor(now / MINUTE_MS) - Math.floor(value.lastUsed / MINUTE_MS);
  return Math.max(value.frequency - Math.floor(Math.max(minutes, 0) / lfuDecayTime), 0);
}

/** One more use: the counter grows by chance, the less likely the larger it is. */
export function countUse(value: Used, now: number, random: Random, settings: UsageSettings): void {
  const frequency = frequencyAt(value, now, settings);
  const above = Math.max(frequency - INITIAL, 0);
  const chance = 1 / (above * settings.lfuLogFactor + 1);
  const grows = frequency < MAX && random.below(RESOLUTION) < chance * RESOLUTION;
  value.frequency = grows ? frequency + 1 : frequency;
}
