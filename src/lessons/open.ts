/**
 * Lessons that are open: each with its world, its console and its state, so that whoever comes back
 * to one in the same visit finds it as it was. Worlds cost memory, so only the latest few stay.
 */
import type { ConsoleStore } from '../console/store.ts';
import type { ProgressStore } from '../progress/store.ts';
import { createKeysStore, type KeysStore } from '../scenes/store.ts';
import { Desk } from './desk.ts';
import { isDisturbed } from './disturbance.ts';
import type { Lesson } from './lesson.ts';
import { SideLab } from './side-lab.ts';
import { createLessonStore, type LessonStore } from './store.ts';

export interface OpenLesson {
  readonly lesson: Lesson;
  readonly desk: Desk;
  readonly store: LessonStore;
  readonly keys: KeysStore;
  readonly side: SideLab;
  /** Opened by the console's own code when that is first shown. */
  console: ConsoleStore | undefined;
}

const MOST_OPEN = 3;
const open = new Map<string, OpenLesson>();

export function openLesson(lesson: Lesson, progress: ProgressStore): OpenLesson {
  const known = open.get(lesson.slug);
  const opened = known ?? create(lesson, progress);
  // The one that was used last is the last to go.
  open.delete(lesson.slug);
  open.set(lesson.slug, opened);
  const [oldest] = open.values();
  if (open.size > MOST_OPEN && oldest) {
    open.delete(oldest.lesson.slug);
    oldest.desk.stop();
    oldest.side.stop();
  }
  return opened;
}

function create(lesson: Lesson, progress: ProgressStore): OpenLesson {
  const desk = new Desk(lesson);
  const keys = createKeysStore({ client: () => desk.client(), now: desk.now });
  const store = createStore(lesson, desk, keys, progress);
  const opened: OpenLesson = {
    ...{ lesson, desk, store, keys },
    side: new SideLab(lesson.lab),
    console: undefined,
  };
  const isMonitored = () =>
    opened.console?.getState().tabs.some(({ status }) => status.activity === 'monitor') ?? false;
  // What the page asks by itself would show in MONITOR, among what the reader wants to see.
  const lookAgain = () => {
    if (isMonitored()) return;
    keys.getState().refresh();
    store.getState().noticed();
  };
  desk.listen({
    noticed: lookAgain,
    replaced: lookAgain,
    crashed: ({ message }) => store.getState().crashed(message),
  });
  return opened;
}

function createStore(
  lesson: Lesson,
  desk: Desk,
  keys: KeysStore,
  progress: ProgressStore,
): LessonStore {
  const { attempt, hint, reveal } = progress.getState();
  const { slug } = lesson;
  const asker = desk.client();
  return createLessonStore(lesson, {
    replace: (lab) => desk.replace(lab),
    undo: () => desk.undo(),
    perform: (source, how) => desk.perform(source, how),
    setUp: (source) => desk.setUp(source),
    look: () => keys.getState().look(),
    isDisturbed: (text) => isDisturbed(desk.logOf('console'), text, (argv) => asker.send(argv)),
    begin: () => desk.witness.begin(),
    checked: () => desk.checked,
    attempt: (id, right) =>
      attempt(slug, id, { kind: 'challenge', verdict: right ? 'right' : 'wrong' }),
    hint: (id, count) => hint(slug, id, 'challenge', count),
    reveal: (id) => reveal(slug, id, 'challenge'),
  });
}
