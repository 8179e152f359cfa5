/**
 * The tasks of a lesson. A task that is begun has the server to itself, set up as it says; from then
 * on its conditions are looked at whenever a client of the learner's has done something.
 */
import type { GradeResult } from '../quiz/grade.ts';
import type { Challenge, Language } from '../quiz/questions.ts';
import type { TaskState } from '../quiz/TaskView.tsx';
import type { Run, Runner, RunnerEffects } from './runner.ts';

export interface TaskEffects extends Omit<RunnerEffects, 'replace'> {
  replace(lab?: Parameters<RunnerEffects['replace']>[0]): Promise<void>;
  /** Runs a transcript on connections that nobody watches, and closes them. */
  setUp(source: string): Promise<void>;
  /** From now on the log is the task's. */
  begin(): Promise<void>;
  /** Looks at the goals of a task. */
  grade(challenge: Challenge): Promise<GradeResult>;
  /** How much was done in the console since `replace` or `begin`. */
  activity(): number;
  /** What is remembered of the reader. */
  attempt(id: string, right: boolean): void;
  hint(id: string, count: number): void;
  reveal(id: string): void;
}

export interface TaskShelf {
  get(): Readonly<Record<string, TaskState>>;
  set(id: string, patch: Partial<TaskState>): void;
  setRun(id: string, run: Run): void;
}

const asleep: TaskState = {
  stage: 'asleep',
  now: undefined,
  verdict: undefined,
  language: 'redis',
  answer: '',
  others: {},
  hintsShown: 0,
  solutionsShown: false,
};

export class Tasks {
  readonly #challenges: readonly Challenge[];
  readonly #runner: Runner;
  readonly #effects: TaskEffects;
  readonly #shelf: TaskShelf;
  /** The task that has the server. */
  #current: Challenge | undefined;
  /** The answer that ran last, and the console's activity when the box was last changed. */
  #ran: string | undefined;
  #activityAtWrite = 0;
  #looking: Promise<void> | undefined;
  #lookAgain = false;

  constructor(
    challenges: readonly Challenge[],
    runner: Runner,
    effects: TaskEffects,
    shelf: TaskShelf,
  ) {
    this.#challenges = challenges;
    this.#runner = runner;
    this.#effects = effects;
    this.#shelf = shelf;
  }

  initial(): Record<string, TaskState> {
    return Object.fromEntries(
      this.#challenges.map(({ id, starter }) => [
        id,
        { ...asleep, language: starter?.language ?? 'redis', answer: starter?.source ?? '' },
      ]),
    );
  }

  /** Sets the server up; a task that was begun begins again, its answer box kept. */
  async start(id: string): Promise<void> {
    const challenge = this.#of(id);
    if (!challenge) return;
    this.sleep();
    this.#shelf.set(id, { stage: 'starting', now: undefined, verdict: undefined });
    await this.#effects.replace();
    await this.#effects.setUp(challenge.setup.source);
    this.#runner.become({ kind: 'other' });
    this.#current = challenge;
    this.#ran = undefined;
    this.#activityAtWrite = 0;
    await this.#effects.begin();
    this.#shelf.set(id, { stage: 'begun' });
    await this.#look();
  }

  /** The task that has the server. */
  get current(): Challenge | undefined {
    return this.#current;
  }

  /** The server is again as it was when the task had it. */
  resume(challenge: Challenge | undefined): void {
    this.#current = challenge;
    this.noticed();
  }

  /** A task has the server and is not solved. */
  get isUnderWay(): boolean {
    return this.#current !== undefined && !this.#isSolved(this.#current.id);
  }

  /** Another activity takes the server. */
  sleep(): void {
    if (this.#current) this.#shelf.set(this.#current.id, { stage: 'asleep', verdict: undefined });
    this.#current = undefined;
  }

  async check(id: string): Promise<void> {
    const challenge = this.#of(id);
    const state = this.#shelf.get()[id];
    if (!challenge || !state) return;
    if (this.#isNews(state.answer)) await this.runAnswer(id);
    else if (this.#current !== challenge) await this.start(id);
    const result = await this.#effects.grade(challenge);
    // What passes is remembered there; an error decides nothing.
    this.#show(challenge, result);
    if (result.outcome === 'pass' || this.#isSolved(id)) return;
    this.#shelf.set(id, { verdict: result });
    if (result.outcome === 'fail') this.#effects.attempt(id, false);
  }

  /** Check is about what was done last: the box, if it was changed after the console was used. */
  #isNews(answer: string): boolean {
    const { activity } = this.#effects;
    return answer.trim() !== '' && answer !== this.#ran && activity() === this.#activityAtWrite;
  }

  /** Runs the answer box on the task's setup, whatever was done before. */
  async runAnswer(id: string): Promise<void> {
    const { answer, language } = this.#shelf.get()[id] ?? asleep;
    if (answer.trim() === '') return;
    await this.start(id);
    this.#ran = answer;
    // Halfway through, conditions may hold that do not hold in the end.
    const challenge = this.#current;
    this.#current = undefined;
    const show = (run: Run) => this.#shelf.setRun(id, run);
    await this.#runner.runAnswer({ language, text: answer }, show);
    this.#current = challenge;
    await this.#look();
  }

  write(id: string, answer: string): void {
    this.#activityAtWrite = this.#effects.activity();
    this.#shelf.set(id, { answer });
  }

  /** Answers in another language; what was written in this one is kept. */
  choose(id: string, language: Language): void {
    const state = this.#shelf.get()[id];
    if (!state || state.language === language) return;
    const others = { ...state.others, [state.language]: state.answer };
    const starter = this.#of(id)?.starter;
    const first = starter?.language === language ? starter.source : '';
    this.#shelf.set(id, { language, others });
    this.write(id, others[language] ?? first);
  }

  showHint(id: string): void {
    const { hintsShown } = this.#shelf.get()[id] ?? asleep;
    this.#shelf.set(id, { hintsShown: hintsShown + 1 });
    if (!this.#isSolved(id)) this.#effects.hint(id, hintsShown + 1);
  }

  showSolutions(id: string): void {
    this.#shelf.set(id, { solutionsShown: true });
    if (!this.#isSolved(id)) this.#effects.reveal(id);
  }

  /** Something was done: looks at the conditions again, once, after what is being looked at now. */
  noticed(): void {
    if (this.#current) void this.#look();
  }

  async #look(): Promise<void> {
    if (this.#looking) {
      this.#lookAgain = true;
      return this.#looking;
    }
    this.#looking = this.#lookUntilQuiet();
    await this.#looking;
    this.#looking = undefined;
  }

  async #lookUntilQuiet(): Promise<void> {
    do {
      this.#lookAgain = false;
      const challenge = this.#current;
      if (!challenge) return;
      const result = await this.#effects.grade(challenge);
      // What was looked at while something happened is of no one moment.
      if (this.#current === challenge && !this.#lookAgain) this.#show(challenge, result);
    } while (this.#lookAgain);
  }

  #show(challenge: Challenge, now: GradeResult): void {
    const { id } = challenge;
    const wasSolved = this.#isSolved(id);
    this.#shelf.set(id, { now });
    if (now.outcome !== 'pass') return;
    this.#shelf.set(id, { stage: 'solved', verdict: undefined });
    if (!wasSolved) this.#effects.attempt(id, true);
  }

  #isSolved(id: string): boolean {
    return this.#shelf.get()[id]?.stage === 'solved';
  }

  #of(id: string): Challenge | undefined {
    return this.#challenges.find((challenge) => challenge.id === id);
  }
}
