/**
 * Lessons that are open: each with its state, its console and, once something runs, its servers; so
 * that whoever comes back to one in the same visit finds it as it was. Servers cost memory, so only
 * the latest few lessons stay.
 */
import type { ConsoleStore } from '../console/store.ts';
import type { ProgressStore } from '../progress/store.ts';
import type { Lesson } from './lesson.ts';
import type { Room } from './room.ts';
import { createLessonStore, type LessonStore } from './store.ts';

export interface OpenLesson {
  readonly lesson: Lesson;
  readonly store: LessonStore;
  /** What needs a server; its code is fetched when this is first called. */
  room(): Promise<Room>;
  /** Opened by the console's own code when that is first shown. */
  console: ConsoleStore | undefined;
  /** Ends its servers, if any have started. */
  close(): void;
}

const MOST_OPEN = 3;
const open = new Map<string, OpenLesson>();

export function openLesson(lesson: Lesson, progress: ProgressStore): OpenLesson {
  const { slug } = lesson;
  const opened = open.get(slug) ?? create(lesson, progress);
  // The one that was used last is the last to go.
  open.delete(slug);
  open.set(slug, opened);
  const [oldest] = open.values();
  if (open.size > MOST_OPEN && oldest) {
    open.delete(oldest.lesson.slug);
    oldest.close();
  }
  return opened;
}

function create(lesson: Lesson, progress: ProgressStore): OpenLesson {
  let entering: Promise<Room> | undefined;
  let entered: Room | undefined;
  const room = () => {
    entering ??= enter(opened).then(
      (room) => {
        entered = room;
        return room;
      },
      (error: unknown) => {
        entering = undefined;
        throw error;
      },
    );
    return entering;
  };
  const activity = () => entered?.activity() ?? 0;
  const store = createStore(lesson, { quiet: () => isMonitored(opened), room, activity, progress });
  const close = () => entered?.stop();
  const opened: OpenLesson = { lesson, store, room, close, console: undefined };
  return opened;
}

async function enter(opened: OpenLesson): Promise<Room> {
  const { Room } = await import('./room.ts');
  const room = new Room(opened.lesson, undefined, () => isMonitored(opened));
  const { getState } = opened.store;
  const lookAgain = () => {
    room.files.getState().refresh();
    if (isMonitored(opened)) return;
    room.keys.getState().refresh();
    room.topology.getState().refresh();
    getState().noticed();
  };
  room.listen({
    noticed: lookAgain,
    replaced: lookAgain,
    crashed: ({ message }) => getState().crashed(message),
  });
  return room;
}

/** What the page asks by itself would show in MONITOR, among what the reader wants to see. */
const isMonitored = ({ console }: Pick<OpenLesson, 'console'>): boolean =>
  console?.getState().tabs.some(({ status }) => status.activity === 'monitor') ?? false;

interface Needs {
  /** While this holds the page asks nothing by itself. */
  quiet(): boolean;
  room(): Promise<Room>;
  activity(): number;
  readonly progress: ProgressStore;
}

function createStore(lesson: Lesson, { quiet, room, activity, progress }: Needs): LessonStore {
  const { slug } = lesson;
  const { attempt, hint, reveal } = progress.getState();
  return createLessonStore(lesson, {
    replace: async (lab) => (await room()).desk.replace(lab),
    undo: async () => (await room()).desk.undo(),
    applyConf: async (text) => (await room()).applyConf(text),
    perform: async (source, how) => (await room()).perform(source, how),
    setUp: async (source) => (await room()).desk.setUp(source),
    observe: async () => (quiet() ? async () => undefined : (await room()).observe()),
    isDisturbed: async (text) => (await room()).isDisturbed(text),
    activity,
    begin: async () => (await room()).desk.begin(),
    grade: async (challenge) => (await room()).grade(challenge),
    attempt: (id, right) =>
      attempt(slug, id, { kind: 'challenge', verdict: right ? 'right' : 'wrong' }),
    hint: (id, count) => hint(slug, id, 'challenge', count),
    reveal: (id) => reveal(slug, id, 'challenge'),
  });
}
