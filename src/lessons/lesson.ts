/**
 * A lesson as the page shows it: made from `content/NN-slug.md` by parse.ts, at build time, with
 * prose and code already rendered. Everything here is plain data and survives JSON.
 */
import type {
  Challenge,
  Html,
  Interview,
  Language,
  Predict,
  Quiz,
  Snippet,
} from '../quiz/questions.ts';

export type { Challenge, Html, Interview, Language, Predict, Quiz, Snippet };

export interface Lesson extends LessonMeta {
  /** "In 30 seconds": what to say first. */
  readonly short: Html;
  readonly sections: readonly Section[];
}

/** What the course map knows of a lesson without loading it. */
export interface LessonMeta {
  readonly number: number;
  readonly slug: string;
  /** The short name, such as "Transactions". */
  readonly title: string;
  /** As an interviewer asks it. */
  readonly question: string;
  /** One sentence on what the reader takes away. */
  readonly summary: string;
  readonly chapter: string;
  readonly minutes: number;
  /** The version of Redis that it needs, where that is newer than 7.0. */
  readonly since?: string | undefined;
  readonly lab: Lab;
  /** Directives that the lab's servers start with. */
  readonly config: Readonly<Record<string, string>>;
  /** Dock tabs that the lesson uses, first one open. */
  readonly panels: readonly Panel[];
  /** Console tabs beside the first, by name: connections of their own. */
  readonly tabs: readonly string[];
  readonly docs: readonly string[];
  /** Commands that it teaches, for the reference: upper case, `CONFIG SET` with a blank. */
  readonly commands: readonly string[];
  /** What can be passed in it. */
  readonly checks: readonly CheckRef[];
}

export interface CheckRef {
  readonly kind: 'quiz' | 'predict' | 'challenge' | 'interview';
  readonly id: string;
}

/** A data centre a lesson or a block may ask for, and how many of its servers hold data. */
export type Lab = LabKind | `${LabKind} ${number}`;
export type LabKind = (typeof labKinds)[number];
/** Grows with `engine/lab/topology.ts`. */
export const labKinds = [
  'standalone',
  'servers',
  'nodes',
  'replicated',
  'sentinel',
  'cluster',
] as const;

export type Panel = (typeof panels)[number];
export const panels = [
  'console',
  'keys',
  'internals',
  'topology',
  'metrics',
  'files',
  'shell',
] as const;

/** From one `##` heading to the next; the first may have no title. */
export interface Section {
  readonly id: string;
  readonly title: Html;
  readonly blocks: readonly Block[];
}

/** `line` is where it stands in its file. */
export type Block = { readonly line: number } & (
  | { readonly kind: 'prose'; readonly html: Html }
  | CodeBlock
  | SetupBlock
  | ThenAndNow
  | Demo
  | { readonly kind: 'quiz'; readonly quiz: Quiz }
  | { readonly kind: 'predict'; readonly predict: Predict }
  | { readonly kind: 'challenge'; readonly challenge: Challenge }
  | { readonly kind: 'interview'; readonly interview: Interview }
);

/** All blocks of a lesson, in order. */
export const blocksOf = ({ sections }: Pick<Lesson, 'sections'>): Block[] =>
  sections.flatMap(({ blocks }) => [...blocks]);

/** The files that a lesson shows, by name: its programs find them on their disk. */
export const filesOf = (lesson: Pick<Lesson, 'sections'>): Readonly<Record<string, string>> =>
  Object.fromEntries(
    blocksOf(lesson).flatMap((block) =>
      block.kind === 'code' && block.file !== undefined
        ? [[block.file, `${block.code.source}\n`]]
        : [],
    ),
  );

/** The address of a lesson's page, within the app. Prose links to it by `[Lua](lesson:lua-scripting)`. */
export const lessonPath = (slug: string): string => `/lessons/${slug}`;

/** A fence with code. For `redis` the source is a transcript, for all others what a file holds. */
export interface CodeBlock {
  readonly kind: 'code';
  /** Unique in the lesson; `example-3` when the fence gives none. */
  readonly id: string;
  readonly code: Snippet;
  /** It can be run; otherwise it is only shown. */
  readonly run: boolean;
  readonly title?: string;
  /** Starts from an empty lab instead of what the blocks before it left. */
  readonly fresh: boolean;
  /** A lab of its own kind, when not the lesson's. */
  readonly lab?: Lab;
  /** Node or host that it runs against or on. */
  readonly target?: string;
  /** The file it is, in the virtual file system: `redis.conf`, `limiter.lua`, `backup.sh`. */
  readonly file?: string;
  /** Protocol of its redis connections. */
  readonly resp?: 2 | 3;
  /** The Redis version that first knows what it shows. */
  readonly since?: string;
  /** Pane in which a program runs: two names run side by side. */
  readonly task?: string;
  /** Never returns by itself: needs Stop. */
  readonly endless: boolean;
  /** It is there to fail: an error is the expected result. */
  readonly fails: boolean;
  /** KEYS and ARGV of a Lua block. */
  readonly keys: readonly string[];
  readonly args: readonly string[];
  /** What it prints (an `output` fence after it). */
  readonly output?: string;
}

/** Commands that seed the keyspace for the blocks after it; shown folded. Begins a scene. */
export interface SetupBlock {
  readonly kind: 'setup';
  readonly id: string;
  readonly code: Snippet;
  readonly title?: string;
}

/** What is commonly taught or was true once, beside what holds today. */
export interface ThenAndNow {
  readonly kind: 'then-and-now';
  readonly notes: readonly {
    readonly topic: string;
    readonly then: Html;
    readonly now: Html;
    /** Version that changed it. */
    readonly since?: string;
  }[];
}

/** A claim shown by a live widget; the lesson only carries its name and parameters. */
export interface Demo {
  readonly kind: 'demo';
  readonly id: string;
  readonly widget: string;
  readonly title: string;
  readonly caption: Html;
  readonly parameters: Readonly<Record<string, unknown>>;
}
