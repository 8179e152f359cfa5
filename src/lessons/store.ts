/**
 * A lesson being worked on: what its examples have printed, how its tasks stand, and the three
 * resets. What needs the server is done one after the other, in the order in which it was asked for.
 */
import { createStore } from 'zustand/vanilla';
import type { Challenge, Language } from '../quiz/questions.ts';
import type { TaskState } from '../quiz/TaskView.tsx';
import type { Applied } from '../runtimes/apply-conf.ts';
import type { LuaWords } from '../runtimes/lua-text.ts';
import { blocksOf, type Lesson, type Panel } from './lesson.ts';
import { isEnding, runsBeside, runsHere, transcriptOf } from './run-text.ts';
import { type Run, Runner } from './runner.ts';
import { type Runnable, stretchesOf } from './stretches.ts';
import { type TaskEffects, Tasks } from './tasks.ts';

export interface LessonState {
  /** By the id of the example. */
  readonly runs: Readonly<Record<string, Run>>;
  /** Examples whose text was changed. */
  readonly drafts: Readonly<Record<string, string>>;
  /** What Lua texts are called with, where that was changed. */
  readonly words: Readonly<Record<string, LuaWords>>;
  readonly tasks: Readonly<Record<string, TaskState>>;
  /** What the answer box of a task printed, by the id of the task. */
  readonly answers: Readonly<Record<string, Run>>;
  /** The example or task that has the server, and those that wait for it. */
  readonly busy: readonly string[];
  /** Programs that run beside it. */
  readonly beside: readonly string[];
  /** Set when the engine itself failed, or something could not be done. */
  readonly crash: string | undefined;
  /** The tab of the dock that is in front. */
  readonly panel: ShownPanel;
  /** An example took the server from what the reader had on it; how to bring that back. */
  readonly setAside: Undo | undefined;

  run(id: string): void;
  runAll(): void;
  /** Ends what runs; with an id, only the program that runs beside the others under it. */
  stop(id?: string): void;
  /** Undefined restores what the lesson says. */
  edit(id: string, text: string | undefined): void;
  callWith(id: string, words: LuaWords | undefined): void;
  /** Gives the running server the directives of a redis.conf. */
  applyConf(id: string, text: string): Promise<readonly Applied[]>;
  /** Each reset returns how to undo it. */
  clearOutput(): Undo;
  restart(): Promise<Undo>;
  startTask(id: string): Promise<Undo>;
  checkTask(id: string): void;
  runAnswer(id: string): void;
  writeAnswer(id: string, answer: string): void;
  /** In what the task is answered. */
  chooseLanguage(id: string, language: Language): void;
  showHint(id: string): void;
  showSolutions(id: string): void;
  /** A client of the learner's did something: what hangs on the state is looked at again. */
  noticed(): void;
  crashed(message: string): void;
  showPanel(panel: ShownPanel): void;
  /** What was set aside has been told. */
  told(): void;
}

/** The tabs of the dock that there are so far. */
export type ShownPanel = Extract<Panel, 'console' | 'keys' | 'topology' | 'files'>;

export type Undo = () => Promise<void>;

/** What a lesson does beyond its own state. */
export interface LessonEffects extends TaskEffects {
  /** Brings back the world before the last `replace`. */
  undo(): Promise<void>;
  applyConf(text: string): Promise<readonly Applied[]>;
}

export type LessonStore = ReturnType<typeof createLessonStore>;

export function createLessonStore(lesson: Lesson, effects: LessonEffects) {
  return createStore<LessonState>()((set, get) => {
    const queue = new Queue(
      (busy) => set({ busy }),
      (problem) => set({ crash: problem }),
    );
    const runner: Runner = new Runner(lesson, { ...effects, replace: (lab) => server.take(lab) });
    const forTasks: TaskEffects = { ...effects, replace: (lab) => server.replace(lab) };
    const tasks: Tasks = new Tasks(challengesOf(lesson), runner, forTasks, {
      get: () => get().tasks,
      set: (id, patch) => set(({ tasks }) => ({ tasks: patched(tasks, id, patch) })),
      setRun: (id, run) => set(({ answers }) => ({ answers: patched(answers, id, run) })),
    });
    const server: ServerShare = new ServerShare({ runner, tasks, queue, effects, get, set });
    return {
      tasks: tasks.initial(),
      answers: {},
      busy: [],
      beside: [],
      crash: undefined,
      panel: 'console',
      setAside: undefined,
      ...examples(lesson, runner, queue, { get, set }),
      ...resets(server, { get, set }),
      async applyConf(id, text) {
        let applied: readonly Applied[] = [];
        await queue.add(id, async () => {
          applied = await effects.applyConf(text);
          // What the examples print was written for a server as it was.
          runner.become({ kind: 'other' });
        });
        return applied;
      },
      checkTask: (id) => queue.add(id, () => tasks.check(id)),
      runAnswer: (id) => queue.add(id, () => tasks.runAnswer(id)),
      writeAnswer: (id, answer) => tasks.write(id, answer),
      chooseLanguage: (id, language) => tasks.choose(id, language),
      showHint: (id) => tasks.showHint(id),
      showSolutions: (id) => tasks.showSolutions(id),
      noticed: () => tasks.noticed(),
      crashed: (crash) => set({ crash }),
      showPanel: (panel) => set({ panel }),
      told: () => set({ setAside: undefined }),
    };
  });
}

type Get = () => LessonState;
type Set = (patch: Partial<LessonState> | ((state: LessonState) => Partial<LessonState>)) => void;
type Examples = Pick<
  LessonState,
  'runs' | 'drafts' | 'words' | 'run' | 'runAll' | 'stop' | 'edit' | 'callWith'
>;
type Resets = Pick<LessonState, 'clearOutput' | 'restart' | 'startTask'>;

function examples(
  lesson: Lesson,
  runner: Runner,
  queue: Queue,
  { get, set }: { get: Get; set: Set },
): Examples {
  const runnable = runnableOf(lesson);
  const start = starting(runner, queue, { get, set });
  return {
    runs: {},
    drafts: {},
    words: {},
    run(id) {
      const block = runnable.find((each) => each.id === id);
      if (block) void start(block);
    },
    runAll() {
      const firsts = new Set(stretchesOf(lesson).map(({ blocks }) => blocks.find(isEnding)?.id));
      const beside: Promise<void>[] = [];
      for (const block of runnable.filter(isEnding)) {
        // An empty server would break off what still runs beside the others.
        const before = Promise.all(beside);
        if (firsts.has(block.id)) void queue.add(block.id, async () => void (await before));
        const end = start(block);
        if (runsBeside(block)) beside.push(end);
      }
    },
    stop(id) {
      if (id === undefined) queue.drop();
      runner.stop(id);
    },
    edit: (id, text) => set(({ drafts }) => ({ drafts: replaced(drafts, id, text) })),
    callWith: (id, made) => set(({ words }) => ({ words: replaced(words, id, made) })),
  };
}

/** Runs an example when its turn has come; resolves when it has ended. */
function starting(runner: Runner, queue: Queue, { get, set }: { get: Get; set: Set }) {
  const textOf = (block: Runnable) => {
    const { drafts, words } = get();
    return transcriptOf(block, { draft: drafts[block.id], words: words[block.id] });
  };
  const show = (id: string) => (run: Run) => set(({ runs }) => ({ runs: { ...runs, [id]: run } }));
  const startBeside = async (block: Runnable): Promise<void> => {
    const { id } = block;
    if (get().beside.includes(id)) return;
    set(({ beside }) => ({ beside: [...beside, id] }));
    let ending: Promise<void> | undefined;
    await queue.add(id, async () => {
      const run = await runner.prepareBeside(block, textOf);
      ending = run(show(id));
    });
    await ending;
    set(({ beside }) => ({ beside: beside.filter((each) => each !== id) }));
  };
  return (block: Runnable): Promise<void> =>
    runsBeside(block)
      ? startBeside(block)
      : queue.add(block.id, () => runner.runBlock(block, textOf, show(block.id)));
}

function resets(server: ServerShare, { get, set }: { get: Get; set: Set }): Resets {
  return {
    clearOutput() {
      const { runs } = get();
      set({ runs: {} });
      return async () => set({ runs });
    },
    restart: () => server.restart(),
    startTask: (id) => server.startTask(id),
  };
}

interface Sharers {
  readonly runner: Runner;
  readonly tasks: Tasks;
  readonly queue: Queue;
  readonly effects: LessonEffects;
  readonly get: Get;
  readonly set: Set;
}

/** The one server of a lesson, which examples, tasks and the console take from one another. */
class ServerShare {
  readonly #all: Sharers;
  /** How often it has been replaced: only the last time can be undone. */
  #turn = 0;

  constructor(all: Sharers) {
    this.#all = all;
  }

  async replace(lab?: Lesson['lab']): Promise<void> {
    this.#turn++;
    // What still runs beside the examples has lost its servers.
    this.#all.runner.stop();
    await this.#all.effects.replace(lab);
  }

  /** An example begins on a new one; what the reader had is set aside. */
  async take(lab?: Lesson['lab']): Promise<void> {
    const { tasks, effects, set } = this.#all;
    const undo = this.#remember();
    const hadWork = tasks.isUnderWay || effects.activity() > 0;
    tasks.sleep();
    await this.replace(lab);
    if (hadWork) set({ setAside: undo });
  }

  async restart(): Promise<Undo> {
    const { runner, tasks, queue, set } = this.#all;
    const undo = this.#remember();
    await queue.add('', async () => {
      await this.replace();
      set({ crash: undefined });
      tasks.sleep();
      runner.become({ kind: 'new' });
    });
    return undo;
  }

  async startTask(id: string): Promise<Undo> {
    const { tasks, queue } = this.#all;
    const undo = this.#remember();
    await queue.add(id, () => tasks.start(id));
    return undo;
  }

  /** How to bring back the server as it is now, once something else has taken it. */
  #remember(): Undo {
    const { runner, tasks, queue, effects, get, set } = this.#all;
    const { scene } = runner;
    const { current } = tasks;
    const before = get().tasks;
    const turn = this.#turn + 1;
    return () =>
      queue.add('', async () => {
        if (this.#turn !== turn) return;
        this.#turn++;
        await effects.undo();
        runner.become(scene);
        set({ tasks: before });
        tasks.resume(current);
      });
  }
}

const runnableOf = (lesson: Lesson): Runnable[] =>
  blocksOf(lesson).filter(
    (block): block is Extract<typeof block, Runnable> =>
      block.kind === 'setup' || (block.kind === 'code' && runsHere(block)),
  );

const challengesOf = (lesson: Lesson): Challenge[] =>
  blocksOf(lesson).flatMap((block) => (block.kind === 'challenge' ? [block.challenge] : []));

const patched = <T extends object>(
  all: Readonly<Record<string, T>>,
  id: string,
  patch: Partial<T>,
): Readonly<Record<string, T>> => ({ ...all, [id]: { ...(all[id] as T), ...patch } });

/** Undefined takes it out. */
function replaced<T>(all: Readonly<Record<string, T>>, id: string, value: T | undefined) {
  const { [id]: _before, ...others } = all;
  return value === undefined ? others : { ...others, [id]: value };
}

/** Things that need the server to themselves, one after the other. */
class Queue {
  readonly #show: (busy: readonly string[]) => void;
  readonly #failed: (problem: string) => void;
  #waiting: { id: string; task: () => Promise<void>; done: () => void }[] = [];
  #running = false;

  constructor(show: (busy: readonly string[]) => void, failed: (problem: string) => void) {
    this.#show = show;
    this.#failed = failed;
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
      // One that fails must not keep the others waiting.
      await next.task().catch((error: unknown) => {
        this.#failed(error instanceof Error ? error.message : String(error));
      });
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
