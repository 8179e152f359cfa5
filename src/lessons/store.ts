/**
 * A lesson being worked on: what its examples have printed, how its tasks stand, and the three
 * resets. What needs the server is done one after the other, in the order in which it was asked for.
 */
import { createStore } from 'zustand/vanilla';
import type { Challenge } from '../quiz/questions.ts';
import type { TaskState } from '../quiz/TaskView.tsx';
import { readTyped } from '../transcript/typed.ts';
import { blocksOf, type Lesson } from './lesson.ts';
import { type Run, Runner } from './runner.ts';
import type { Runnable } from './stretches.ts';
import { type TaskEffects, Tasks } from './tasks.ts';

export interface LessonState {
  /** By the id of the example. */
  readonly runs: Readonly<Record<string, Run>>;
  /** Examples whose text was changed. */
  readonly drafts: Readonly<Record<string, string>>;
  readonly tasks: Readonly<Record<string, TaskState>>;
  /** What the answer box of a task printed, by the id of the task. */
  readonly answers: Readonly<Record<string, Run>>;
  /** The example or task that has the server, and those that wait for it. */
  readonly busy: readonly string[];
  /** Set when the engine itself failed. */
  readonly crash: string | undefined;

  run(id: string): void;
  runAll(): void;
  stop(): void;
  /** Undefined restores what the lesson says. */
  edit(id: string, text: string | undefined): void;
  /** Each reset returns how to undo it. */
  clearOutput(): Undo;
  restart(): Promise<Undo>;
  startTask(id: string): Promise<Undo>;
  checkTask(id: string): void;
  runAnswer(id: string): void;
  writeAnswer(id: string, answer: string): void;
  showHint(id: string): void;
  showSolutions(id: string): void;
  /** A client of the learner's did something: what hangs on the state is looked at again. */
  noticed(): void;
  crashed(message: string): void;
}

export type Undo = () => Promise<void>;

/** What a lesson does beyond its own state. */
export interface LessonEffects extends TaskEffects {
  /** Brings back the world before the last `replace`. */
  undo(): Promise<void>;
}

export type LessonStore = ReturnType<typeof createLessonStore>;

export function createLessonStore(lesson: Lesson, effects: LessonEffects) {
  return createStore<LessonState>()((set, get) => {
    const runner = new Runner(lesson, effects);
    const queue = new Queue((busy) => set({ busy }));
    const tasks = new Tasks(challengesOf(lesson), runner, effects, {
      get: () => get().tasks,
      set: (id, patch) => set(({ tasks }) => ({ tasks: patched(tasks, id, patch) })),
      setRun: (id, run) => set(({ answers }) => ({ answers: patched(answers, id, run) })),
    });
    return {
      runs: {},
      drafts: {},
      tasks: tasks.initial(),
      answers: {},
      busy: [],
      crash: undefined,
      ...examples(lesson, runner, queue, { get, set }),
      ...resets(runner, tasks, queue, { get, set, effects }),
      checkTask: (id) => queue.add(id, () => tasks.check(id)),
      runAnswer: (id) => queue.add(id, () => tasks.runAnswer(id)),
      writeAnswer: (id, answer) => tasks.write(id, answer),
      showHint: (id) => tasks.showHint(id),
      showSolutions: (id) => tasks.showSolutions(id),
      noticed: () => tasks.noticed(),
      crashed: (crash) => set({ crash }),
    };
  });
}

type Get = () => LessonState;
type Set = (patch: Partial<LessonState> | ((state: LessonState) => Partial<LessonState>)) => void;
type Examples = Pick<LessonState, 'run' | 'runAll' | 'stop' | 'edit'>;
type Resets = Pick<LessonState, 'clearOutput' | 'restart' | 'startTask'>;

function examples(
  lesson: Lesson,
  runner: Runner,
  queue: Queue,
  { get, set }: { get: Get; set: Set },
): Examples {
  const runnable = runnableOf(lesson);
  const textOf = (block: Runnable) => transcriptOf(block, get().drafts[block.id]);
  const run = (block: Runnable) =>
    queue.add(block.id, () =>
      runner.runBlock(block, textOf, (run) =>
        set(({ runs }) => ({ runs: { ...runs, [block.id]: run } })),
      ),
    );
  return {
    run(id) {
      const block = runnable.find((each) => each.id === id);
      if (block) run(block);
    },
    runAll: () => runnable.filter(({ kind }) => kind === 'code').forEach(run),
    stop() {
      queue.drop();
      runner.stop();
    },
    edit: (id, text) =>
      set(({ drafts: { [id]: _before, ...others } }) => ({
        drafts: text === undefined ? others : { ...others, [id]: text },
      })),
  };
}

function resets(
  runner: Runner,
  tasks: Tasks,
  queue: Queue,
  { get, set, effects }: { get: Get; set: Set; effects: LessonEffects },
): Resets {
  /** Does something that replaces the world; undoing it brings world and scene back. */
  const replacing = async (id: string, task: () => Promise<void>): Promise<Undo> => {
    const { scene } = runner;
    const before = get().tasks;
    await queue.add(id, task);
    return () =>
      queue.add(id, async () => {
        await effects.undo();
        runner.become(scene);
        set({ tasks: before });
      });
  };
  return {
    clearOutput() {
      const { runs } = get();
      set({ runs: {} });
      return async () => set({ runs });
    },
    restart: () =>
      replacing('', async () => {
        await effects.replace();
        set({ crash: undefined });
        tasks.sleep();
        runner.become({ kind: 'new' });
      }),
    startTask: (id) => replacing(id, () => tasks.start(id)),
  };
}

/** What a block runs: what the reader has made of it, or what the lesson says. */
export const transcriptOf = (
  { code }: Pick<Runnable, 'code'>,
  draft: string | undefined,
): string => (draft === undefined ? code.source : readTyped(draft));

const runnableOf = (lesson: Lesson): Runnable[] =>
  blocksOf(lesson).filter(
    (block): block is Extract<typeof block, Runnable> =>
      (block.kind === 'setup' || (block.kind === 'code' && block.run)) &&
      block.code.language === 'redis',
  );

const challengesOf = (lesson: Lesson): Challenge[] =>
  blocksOf(lesson).flatMap((block) => (block.kind === 'challenge' ? [block.challenge] : []));

const patched = <T extends object>(
  all: Readonly<Record<string, T>>,
  id: string,
  patch: Partial<T>,
): Readonly<Record<string, T>> => ({ ...all, [id]: { ...(all[id] as T), ...patch } });

/** Things that need the server to themselves, one after the other. */
class Queue {
  readonly #show: (busy: readonly string[]) => void;
  #waiting: { id: string; task: () => Promise<void>; done: () => void }[] = [];
  #running = false;

  constructor(show: (busy: readonly string[]) => void) {
    this.#show = show;
  }

  /** Resolves when it is done, or dropped. */
  add(id: string, task: () => Promise<void>): Promise<void> {
    return new Promise((done) => {
      this.#waiting.push({ id, task, done });
      if (!this.#running) void this.#work();
      else this.#report();
    });
  }

  /** Forgets what waits; what runs goes on. */
  drop(): void {
    for (const { done } of this.#waiting.splice(1)) done();
    this.#report();
  }

  async #work(): Promise<void> {
    this.#running = true;
    for (let next = this.#waiting[0]; next; next = this.#waiting[0]) {
      this.#report();
      // Each task shows its own failure; one that cannot must not keep the others waiting.
      await next.task().catch(() => {});
      this.#waiting.shift();
      next.done();
    }
    this.#running = false;
    this.#report();
  }

  #report(): void {
    this.#show(this.#waiting.map(({ id }) => id));
  }
}
