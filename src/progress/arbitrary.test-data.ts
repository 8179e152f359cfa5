/** Any progress at all, for the property tests. Times are few, so that ties happen. */
import fc from 'fast-check';
import {
  cardStates,
  confidences,
  type Item,
  itemKinds,
  type LessonProgress,
  type Progress,
} from './progress.ts';

const time = fc.oneof(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 8.64e15 }));
const count = fc.nat({ max: 1000 });
const amount = fc.double({ min: 0, max: 1000, noNaN: true }).map((x) => x + 0);
const name = fc.oneof(
  fc.constantFrom('transactions', 'pub-sub', 'constructor', 'a', '1'),
  fc.stringMatching(/^[a-z0-9]{1,4}(-[a-z0-9]{1,4})?$/),
);
const stamped = <Value>(value: fc.Arbitrary<Value>) => fc.record({ value, at: time });

const card = fc.record({
  due: time,
  lastReview: time,
  stability: amount,
  difficulty: amount,
  scheduledDays: amount,
  reps: count,
  lapses: count,
  state: fc.constantFrom(...cardStates),
});

export const anyItem: fc.Arbitrary<Item> = fc.record({
  attempts: count,
  hints: count,
  solved: fc.option(fc.record({ at: time, firstTry: fc.boolean() })),
  latest: fc.record({
    at: time,
    kind: fc.constantFrom(...itemKinds),
    confidence: fc.option(fc.constantFrom(...confidences)),
    round: fc.record({ tries: count, hints: count, revealed: fc.boolean() }),
    card: fc.option(card),
  }),
});

const anyLesson: fc.Arbitrary<LessonProgress> = fc.record({
  begunAt: time,
  section: fc.option(stamped(fc.string({ maxLength: 200 }))),
});

const settings = fc.record(
  {
    theme: stamped(fc.constantFrom('system', 'light', 'dark')),
    motion: stamped(fc.constantFrom('system', 'reduced', 'full')),
    resp: stamped(fc.constantFrom(2, 3)),
    interviewDate: stamped(fc.constantFrom(null, '2026-12-31', '2028-02-29')),
    dailyCap: stamped(fc.integer({ min: 1, max: 500 })),
    dockWidth: stamped(fc.integer({ min: 0, max: 100 })),
    dockOpen: stamped(fc.boolean()),
  },
  { requiredKeys: [] },
);

export const anyProgress: fc.Arbitrary<Progress> = fc.record({
  epoch: fc.constantFrom(0, 0, 0, 1, 1_764_000_000_000),
  items: record(
    fc.tuple(name, name).map((names) => names.join('/')),
    anyItem,
  ),
  lessons: record(name, anyLesson),
  settings,
});

function record<Value>(key: fc.Arbitrary<string>, value: fc.Arbitrary<Value>) {
  return fc
    .array(fc.tuple(key, value), { maxLength: 6 })
    .map((entries): Record<string, Value> => Object.fromEntries(entries));
}
