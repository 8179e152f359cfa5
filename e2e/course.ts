/** The written lessons as the page shows them, so that a test can say what must be seen. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { blocksOf, type CodeBlock, type Lesson } from '../src/lessons/lesson.ts';
import { parseLesson } from '../src/lessons/parse.ts';
import type { Html } from '../src/quiz/questions.ts';
import { parseTranscript } from '../src/transcript/parse.ts';

const content = resolve(import.meta.dirname, '../content');

/** Every lesson that has a file, in the order of the course. */
export const lessons: readonly Lesson[] = readdirSync(content)
  .filter((name) => /^\d\d-[a-z0-9-]+\.md$/.test(name))
  .sort()
  .map((name) => parseLesson(join('content', name), readFileSync(join(content, name), 'utf8')));

export function lessonOf(slug: string): Lesson {
  const lesson = lessons.find((each) => each.slug === slug);
  if (!lesson) throw new Error(`no lesson ${slug}`);
  return lesson;
}

export const codeIn = (lesson: Lesson): CodeBlock[] =>
  blocksOf(lesson).flatMap((block) => (block.kind === 'code' ? [block] : []));

/** Blocks of code that run in the page. */
export const isExample = ({ run, code }: CodeBlock): boolean => run && code.language === 'redis';

/** Programs that say what they print. */
export const isProgram = ({ run, code, output, endless }: CodeBlock): boolean =>
  run && ['python', 'node', 'shell'].includes(code.language) && output !== undefined && !endless;

/** An exercise of a lesson. */
export const exerciseOf = {
  quiz: (lesson: Lesson, id?: string) =>
    oneOf(
      lesson,
      blocksOf(lesson).flatMap((block) => (block.kind === 'quiz' ? [block.quiz] : [])),
      id,
    ),
  predict: (lesson: Lesson, id?: string) =>
    oneOf(
      lesson,
      blocksOf(lesson).flatMap((block) => (block.kind === 'predict' ? [block.predict] : [])),
      id,
    ),
  interview: (lesson: Lesson, id?: string) =>
    oneOf(
      lesson,
      blocksOf(lesson).flatMap((block) => (block.kind === 'interview' ? [block.interview] : [])),
      id,
    ),
  challenge: (lesson: Lesson, id?: string) => oneOf(lesson, challengesIn(lesson), id),
};

export const challengesIn = (lesson: Lesson) =>
  blocksOf(lesson).flatMap((block) => (block.kind === 'challenge' ? [block.challenge] : []));

function oneOf<E extends { id: string }>(lesson: Lesson, all: readonly E[], id?: string): E {
  const found = id === undefined ? all[0] : all.find((each) => each.id === id);
  if (!found) throw new Error(`${lesson.slug} has no exercise ${id ?? 'of this kind'}`);
  return found;
}

/** What a transcript says is printed, reply by reply; undefined where no two servers agree. */
export const repliesOf = (source: string): (string | undefined)[] =>
  parseTranscript(source).flatMap(({ reply, arrivals, varies }) =>
    [reply, ...arrivals.map(({ text }) => text)]
      .filter((text) => text !== undefined && text !== '')
      .map((text) => (varies ? undefined : text)),
  );

/** What a reader reads of rendered Markdown. */
export const wordsOf = (html: Html): string =>
  html
    .replace(/<[^>]*>/g, '')
    .replace(/&#x([0-9a-f]+);/gi, (_, code) => String.fromCodePoint(Number.parseInt(code, 16)))
    .replace(/&(lt|gt|amp|quot);/g, (_, name: keyof typeof entities) => entities[name])
    .replace(/\s+/g, ' ')
    .trim();

const entities = { lt: '<', gt: '>', amp: '&', quot: '"' } as const;

/**
 * Where the content of a lesson is run: on a desktop, and the first lesson on a phone as well. The
 * engine and the page's parts are the same there, and are tested at both widths for themselves.
 */
export const whereFor = (index: number): string[] => (index === 0 ? [] : ['@desktop']);
