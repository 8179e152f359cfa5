/**
 * Runs the examples of a lesson. Those of one stretch build on each other in one world. An example
 * whose world is not where it should begin is given one: a fresh server on which the examples before
 * it are run first, unseen. So any example can be run alone, or again, and answers the same.
 */
import type { Language } from '../quiz/questions.ts';
import type { Change } from '../runtimes/changes.ts';
import type { Program } from '../runtimes/messages.ts';
import { emptyScreen, type Screen } from '../runtimes/screen.ts';
import type { Outcome } from '../transcript/transcript.ts';
import { filesOf, type Lesson } from './lesson.ts';
import { answerOf, programLanguageOf, programOf } from './run-text.ts';
import { neededBefore, type Runnable, type Stretch, stretchesOf } from './stretches.ts';

/** One run of a transcript, as far as it has come. */
export interface Run {
  readonly status: 'running' | 'done' | 'stopped' | 'failed';
  /** What ran: the transcript that the outcomes belong to. */
  readonly source: string;
  readonly outcomes: readonly Outcome[];
  /** What a program has printed. */
  readonly screen: Screen | undefined;
  /** What it did to the keys; undefined until it has ended, and where nobody could look. */
  readonly changes: readonly Change[] | undefined;
  /** What was done for it beforehand. */
  readonly note: string | undefined;
  /** Why it failed, where that is not a reply. */
  readonly problem: string | undefined;
}

export interface RunnerEffects {
  /** Makes an empty world of this lab. */
  replace(lab: Stretch['lab']): Promise<void>;
  /** Runs a transcript in the present world, as the block wants it. Rejects when stopped. */
  perform(source: string, how: Performance): Promise<void>;
  /** Looks at the keys; the answer tells later what has changed since. */
  observe(): Promise<() => Promise<readonly Change[] | undefined>>;
  /** Whether the learner has changed, beside the examples, something that the text speaks of. */
  isDisturbed(text: string): Promise<boolean>;
}

export interface Performance {
  readonly signal?: AbortSignal | undefined;
  /** Protocol of its connections, and the node that they lead to. */
  readonly resp?: 2 | 3 | undefined;
  readonly target?: string | undefined;
  /** What runs is no transcript but a program of this kind. */
  readonly program?: Omit<Program, 'code'> | undefined;
  /** What a program does is kept for the checker, as what the console does. */
  readonly watched?: boolean | undefined;
  show(outcome: Outcome): void;
  showScreen?(screen: Screen): void;
}

/** What the world was last set up for, and which examples have run in it since. */
type Scene =
  | { readonly kind: 'new' }
  | { readonly kind: 'examples'; readonly first: string; readonly ran: readonly string[] }
  | { readonly kind: 'other' };

export class Runner {
  readonly #lesson: Lesson;
  readonly #effects: RunnerEffects;
  readonly #stretches: readonly Stretch[];
  #scene: Scene = { kind: 'new' };
  #stop = new AbortController();
  /** Programs that run beside the others, by the id of their block. */
  readonly #beside = new Map<string, AbortController>();

  constructor(lesson: Lesson, effects: RunnerEffects) {
    this.#lesson = lesson;
    this.#effects = effects;
    this.#stretches = stretchesOf(lesson);
  }

  get scene(): Scene {
    return this.#scene;
  }

  /** The world has been set up by somebody else, or brought back. */
  become(scene: Scene): void {
    this.#scene = scene;
  }

  /** Runs an example, in a world that is ready for it. `text` gives each block's transcript as it is now. */
  async runBlock(
    block: Runnable,
    text: (block: Runnable) => string,
    show: (run: Run) => void,
  ): Promise<void> {
    const source = text(block);
    show({ ...started(source), note: 'Getting the server ready' });
    try {
      const note = await this.#prepare(block, text);
      const end = await this.run(source, (run) => show({ ...run, note }), this.#howOf(block));
      this.#note(block, end);
    } catch (error) {
      show({ ...started(source), status: 'failed', problem: messageOf(error) });
    }
  }

  /**
   * Makes the world ready for a program that runs beside others; where they are at work already it
   * joins them. The answer runs it.
   */
  async prepareBeside(block: Runnable, text: (block: Runnable) => string) {
    const scene = this.#scene;
    const first = firstOf(this.#stretchOf(block));
    const joins = scene.kind === 'examples' && scene.first === first;
    const note = joins ? undefined : await this.#prepare(block, text);
    return async (show: (run: Run) => void): Promise<void> => {
      const stop = new AbortController();
      this.#beside.set(block.id, stop);
      const tell = (run: Run) => show({ ...run, note });
      await this.run(text(block), tell, this.#howOf(block), stop);
      this.#beside.delete(block.id);
    };
  }

  /** Runs a transcript, or a program, in the present world. */
  async run(
    source: string,
    show: (run: Run) => void,
    how: How = {},
    stop = this.#takeStop(),
  ): Promise<Run> {
    const { signal } = stop;
    let run = { ...started(source), screen: how.program && emptyScreen };
    const become = (patch: Partial<Run>) => {
      run = { ...run, ...patch };
      show(run);
    };
    show(run);
    try {
      const changes = await this.#effects.observe();
      const show = (outcome: Outcome) => become({ outcomes: [...run.outcomes, outcome] });
      const showScreen = (screen: Screen) => become({ screen });
      await this.#effects.perform(run.source, { ...how, signal, show, showScreen });
      become({ status: 'done', changes: await changes() });
    } catch (error) {
      const { aborted } = signal;
      become(aborted ? { status: 'stopped' } : { status: 'failed', problem: messageOf(error) });
    }
    return run;
  }

  /** Runs what the reader has written for a task, in the present world. */
  async runAnswer(
    { language, text }: { language: Language; text: string },
    show: (run: Run) => void,
  ): Promise<void> {
    const program = programOf(language, filesOf(this.#lesson));
    await this.run(answerOf(language, text), show, { program, watched: true });
  }

  /** Ends what is running; with an id, only what runs beside the others under it. */
  stop(id?: string): void {
    if (id === undefined) this.#stop.abort(new Error('stopped'));
    for (const [each, stop] of this.#beside) {
      if (id === undefined || each === id) stop.abort(new Error('stopped'));
    }
  }

  #takeStop(): AbortController {
    this.#stop = new AbortController();
    return this.#stop;
  }

  /** Makes the world that the example begins in; says what that took, where it took anything. */
  async #prepare(block: Runnable, text: (block: Runnable) => string): Promise<string | undefined> {
    const needed = this.#needed(block);
    const stretch = this.#stretchOf(block);
    if (await this.#isReady(block, needed, text)) return undefined;
    // The world that a lesson begins with is as good as a new one, until something is done in it.
    const isNew = this.#scene.kind === 'new' && stretch.lab === this.#lesson.lab;
    const isUsed = !isNew || (await this.#effects.isDisturbed(textsOf([...needed, block], text)));
    if (isUsed) await this.#effects.replace(stretch.lab);
    this.#scene = { kind: 'examples', first: firstOf(stretch), ran: [] };
    for (const before of needed) {
      await this.#effects.perform(text(before), { ...this.#howOf(before), show: () => {} });
      this.#note(before);
    }
    return needed.length === 0 ? undefined : inWords(needed);
  }

  async #isReady(
    block: Runnable,
    needed: readonly Runnable[],
    text: (block: Runnable) => string,
  ): Promise<boolean> {
    const scene = this.#scene;
    if (scene.kind !== 'examples') return false;
    const isNext =
      scene.first === firstOf(this.#stretchOf(block)) &&
      scene.ran.join(' ') === needed.map(({ id }) => id).join(' ');
    if (!isNext) return false;
    return !(await this.#effects.isDisturbed(textsOf([...needed, block], text)));
  }

  #note(block: Runnable, run?: Run): void {
    const scene = this.#scene;
    if (scene.kind !== 'examples') return;
    const isWhole = run === undefined || run.status === 'done';
    // What was broken off leaves a world that nothing can build on.
    this.#scene = isWhole ? { ...scene, ran: [...scene.ran, block.id] } : { kind: 'other' };
  }

  #needed(block: Runnable): readonly Runnable[] {
    const before = neededBefore(this.#lesson, block.id);
    return before.filter(({ code }) => code.language === 'redis');
  }

  #howOf(block: Runnable): How {
    if (block.kind !== 'code') return {};
    const program = programOf(programLanguageOf(block), filesOf(this.#lesson));
    return { resp: block.resp, target: block.target, program };
  }

  #stretchOf(block: Runnable): Stretch {
    const found = this.#stretches.find(({ blocks }) => blocks.some(({ id }) => id === block.id));
    return found ?? { lab: this.#lesson.lab, blocks: [block] };
  }
}

type How = Pick<Performance, 'resp' | 'target' | 'program' | 'watched'>;

const started = (source: string): Run => ({
  status: 'running',
  source,
  outcomes: [],
  screen: undefined,
  changes: undefined,
  note: undefined,
  problem: undefined,
});

const textsOf = (blocks: readonly Runnable[], text: (block: Runnable) => string): string =>
  blocks.map(text).join('\n');

const firstOf = ({ blocks }: Stretch) => blocks[0]?.id ?? '';

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/** A setup goes without saying. */
function inWords(needed: readonly Runnable[]): string | undefined {
  const examples = needed.filter(({ kind }) => kind === 'code').length;
  const setup = needed.length > examples ? ', after its setup' : '';
  if (examples === 0) return undefined;
  const before = examples === 1 ? 'the example before it' : `the ${examples} examples before it`;
  return `Ran on a fresh server${setup === '' ? ', after' : `${setup} and`} ${before}.`;
}
