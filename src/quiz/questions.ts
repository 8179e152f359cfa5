/**
 * The four kinds of exercise as data. A lesson file holds them as YAML, `lessons/schema.ts` reads
 * them; `Html` is Markdown already rendered at build time.
 */
import type { Condition } from './condition.ts';

/** Safe HTML made from Markdown at build time. */
export type Html = string;

/** Source text with its highlighted lines; `lines[i]` is line i + 1 of `source` as HTML. */
export interface Snippet {
  readonly language: Language;
  readonly source: string;
  readonly lines: readonly Html[];
  /** Where its first line stands in the lesson's file, 1-based. */
  readonly line: number;
}

export type Language = (typeof languages)[number];

export const languages = [
  'redis', // a transcript
  'shell',
  'conf', // redis.conf
  'sentinel-conf',
  'acl',
  'python',
  'node',
  'lua',
  'yaml', // Kubernetes
  'prometheus-conf',
  'json',
  'text',
] as const;

/** What a learner calls what a text is written in. */
export const languageNames: Readonly<Record<Language, string>> = {
  redis: 'Redis commands',
  shell: 'Shell',
  conf: 'redis.conf',
  'sentinel-conf': 'sentinel.conf',
  acl: 'ACL file',
  python: 'Python',
  node: 'Node.js',
  lua: 'Lua',
  yaml: 'Kubernetes YAML',
  'prometheus-conf': 'Prometheus configuration',
  json: 'JSON',
  text: 'Text',
};

/** In what a task can be answered, first of all what its starter, or its console, is in. */
export function answerLanguages({ starter, solutions }: Challenge): readonly Language[] {
  const first = starter?.language ?? 'redis';
  return [...new Set([first, ...solutions.map(({ code }) => code.language)])];
}

/** Multiple choice. Right when exactly the correct options are chosen. */
export interface Quiz {
  readonly id: string;
  readonly ask: Html;
  /** More than one option is correct. */
  readonly many: boolean;
  readonly options: readonly QuizOption[];
  /** The pair it tells apart, such as "MULTI/Lua", for mixed review. */
  readonly confuses?: string;
}

export interface QuizOption {
  readonly text: Html;
  readonly correct: boolean;
  /** What choosing it shows: why right, or what the belief behind it misses. */
  readonly why: Html;
  /** The name of the belief; every wrong option has one. */
  readonly misconception?: string;
}

/** The reader says what a command answers before it runs. The answer is never written down. */
export interface Predict {
  readonly id: string;
  readonly ask: Html;
  /** Runs first, in a fresh lab, and is shown. */
  readonly given: Snippet;
  /** A transcript of one command, `A> EXEC`; the answer is what it prints there. */
  readonly command: Snippet;
  /** Exactly one is the computed answer. Empty: the reader types the reply. */
  readonly choices: readonly PredictChoice[];
  readonly why: Html;
}

export interface PredictChoice {
  /** As redis-cli prints it. */
  readonly reply: string;
  readonly why: Html;
}

/** A task graded on what the server holds afterwards. */
export interface Challenge {
  readonly id: string;
  readonly title: string;
  readonly ask: Html;
  /** Runs before the learner starts, and on "reset task". */
  readonly setup: Snippet;
  /** Names of the console tabs that it needs, beside the first (whose name is ''). */
  readonly tabs: readonly string[];
  /** Code that the learner is given to complete or mend. */
  readonly starter?: Snippet;
  readonly goal: readonly Goal[];
  readonly hints: readonly Html[];
  readonly solutions: readonly Attempt[];
  readonly wrong: readonly WrongAttempt[];
  /** What to take away, shown once solved. */
  readonly after?: Html;
}

export interface Goal {
  readonly id: string;
  readonly condition: Condition;
  /** The condition in plain words, shown before the attempt. */
  readonly says: Html;
  /** Why it matters, shown when it fails. */
  readonly why: Html;
}

export interface Attempt {
  readonly title: string;
  readonly code: Snippet;
}

export interface WrongAttempt extends Attempt {
  /** The id of the goal that must fail; goals before it must pass or may fail too. */
  readonly fails: string;
  /** What is wrong about it, for whoever is shown it. */
  readonly because: Html;
}

/** Answered in free text, then held against the idea units by the learner. */
export interface Interview {
  readonly id: string;
  readonly question: Html;
  /** How long an answer may take. */
  readonly seconds: number;
  readonly ideas: readonly Idea[];
  /** A model answer, spoken length. */
  readonly answer: Html;
  readonly followUps: readonly FollowUp[];
}

/** One thing that a good answer says. */
export interface Idea {
  readonly text: Html;
  /** A transcript that demonstrates it in a fresh lab. */
  readonly prove?: Snippet;
}

export interface FollowUp {
  readonly question: Html;
  readonly answer: Html;
}
