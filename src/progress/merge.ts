/**
 * Joins two versions of a progress, from two tabs or two machines. The join is commutative,
 * associative and idempotent (merge.test.ts), so that it does not matter who writes when, or
 * how often: counters keep the larger, events the earlier, choices the later.
 */
import type { Item, Latest, LessonProgress, Progress, Stamped } from './progress.ts';

export function mergeProgress(a: Progress, b: Progress): Progress {
  // A reset or a replacement is newer as a whole; joining would bring back what it took away.
  if (a.epoch !== b.epoch) return a.epoch > b.epoch ? a : b;
  return {
    epoch: a.epoch,
    items: mergeRecords(a.items, b.items, mergeItems),
    lessons: mergeRecords(a.lessons, b.lessons, mergeLessons),
    settings: mergeSettings(a.settings, b.settings),
  };
}

function mergeItems(a: Item, b: Item): Item {
  return {
    attempts: Math.max(a.attempts, b.attempts),
    hints: Math.max(a.hints, b.hints),
    solved: mergeSolved(a.solved, b.solved),
    latest: later(a.latest, b.latest),
  };
}

function mergeSolved(a: Item['solved'], b: Item['solved']): Item['solved'] {
  if (!a || !b) return a ?? b;
  if (a.at !== b.at) return a.at < b.at ? a : b;
  return { at: a.at, firstTry: a.firstTry && b.firstTry };
}

function mergeLessons(a: LessonProgress, b: LessonProgress): LessonProgress {
  return {
    begunAt: Math.min(a.begunAt, b.begunAt),
    section: a.section && b.section ? later(a.section, b.section) : (a.section ?? b.section),
  };
}

type StampedSettings = Progress['settings'];

function mergeSettings(a: StampedSettings, b: StampedSettings): StampedSettings {
  // Each setting is joined with itself only, so that the type of its value stays what it is.
  return mergeRecords(
    a as Record<string, Stamped<unknown>>,
    b as Record<string, Stamped<unknown>>,
    later,
  ) as StampedSettings;
}

function mergeRecords<Value>(
  a: Readonly<Record<string, Value>>,
  b: Readonly<Record<string, Value>>,
  merge: (a: Value, b: Value) => Value,
): Record<string, Value> {
  const merged = { ...a };
  for (const [key, value] of Object.entries(b)) {
    const other = Object.hasOwn(merged, key) ? merged[key] : undefined;
    merged[key] = other === undefined ? value : merge(other, value);
  }
  return merged;
}

/** The later of two; of two at the same instant always the same one, whichever side it is on. */
function later<Value extends Latest | Stamped<unknown>>(a: Value, b: Value): Value {
  if (a.at !== b.at) return a.at > b.at ? a : b;
  return ordered(a) >= ordered(b) ? a : b;
}

/** A text to compare by, the same for equal values however their properties are ordered. */
function ordered(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
