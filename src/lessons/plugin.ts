/**
 * Vite: every content/NN-slug.md becomes a module that exports its Lesson, in a chunk of its own, and
 * `virtual:lessons` lists them with what the course map shows. A bad lesson fails the build (and
 * shows in the dev server's overlay) at its file and line.
 */
import { readdir, readFile } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import type { Plugin } from 'vite';
import type { Entry } from './catalog.ts';
import type { Lesson, LessonMeta } from './lesson.ts';
import { parseLesson } from './parse.ts';
import { LessonError } from './source.ts';

const LIST = 'virtual:lessons';
const RESOLVED_LIST = `\0${LIST}`;
const lessonFile = /\/content\/\d\d-[a-z0-9-]+\.md$/;

export function lessonsPlugin(): Plugin {
  let root = '';
  const content = () => join(root, 'content');
  const read = (file: string, text: string) => parseOnce(relative(root, file), text);
  return {
    name: 'lessons',
    enforce: 'pre',
    configResolved(config) {
      root = config.root;
    },
    resolveId: { filter: { id: /^virtual:lessons$/ }, handler: () => RESOLVED_LIST },
    load: {
      filter: { id: /^\0virtual:lessons$/ },
      async handler() {
        const files = await lessonFiles(content());
        for (const file of files) this.addWatchFile(file);
        const texts = await Promise.all(files.map((file) => readFile(file, 'utf8')));
        const shown = files.map((file, index) =>
          located(this, () => shownOf(read(file, texts[index] ?? ''))),
        );
        return listModule(files, shown);
      },
    },
    transform: {
      filter: { id: lessonFile },
      handler(text, file) {
        const lesson = located(this, () => read(file, text));
        const data = JSON.stringify(JSON.stringify(lesson, forPage));
        return { code: `export default JSON.parse(${data});`, map: null, moduleType: 'js' };
      },
    },
    configureServer({ watcher, moduleGraph, ws }) {
      // A file that comes or goes changes the list, which nothing imports by its name.
      const refresh = (file: string) => {
        if (!lessonFile.test(file)) return;
        const list = moduleGraph.getModuleById(RESOLVED_LIST);
        if (list) moduleGraph.invalidateModule(list);
        ws.send({ type: 'full-reload' });
      };
      watcher.add(content());
      watcher.on('add', refresh).on('unlink', refresh);
    },
  };
}

/** What was read last: the list, the lesson's own module and its still each ask for it. */
const parsed = new Map<string, { readonly text: string; readonly lesson: Lesson }>();

function parseOnce(file: string, text: string): Lesson {
  const known = parsed.get(file);
  if (known?.text === text) return known.lesson;
  const lesson = parseLesson(file, text);
  parsed.set(file, { text, lesson });
  return lesson;
}

async function lessonFiles(folder: string): Promise<string[]> {
  const names = await readdir(folder);
  return names
    .map((name) => `${folder}/${name}`)
    .filter((file) => lessonFile.test(file))
    .sort((a, b) => (basename(a) < basename(b) ? -1 : 1));
}

/**
 * What the page has no use for stays behind: attempts that must fail are for the tests, and the page
 * colours transcripts itself, since it shows them as they ran.
 */
function forPage(name: string, value: unknown): unknown {
  if (name === 'wrong') return [];
  const isTranscript =
    typeof value === 'object' && value !== null && 'lines' in value && 'language' in value
      ? value.language === 'redis'
      : false;
  return isTranscript ? { ...(value as object), lines: [] } : value;
}

/** What the map shows: every page of the site has it from the start, so nothing else. */
function shownOf(lesson: LessonMeta): Omit<Entry, 'load'> {
  const { number, slug, title, question, chapter, minutes, checks } = lesson;
  return { number, slug, title, question, chapter, minutes, checks };
}

function listModule(files: readonly string[], shown: readonly Omit<Entry, 'load'>[]): string {
  const rows = files.map((file, index) => {
    const load = `() => import(${JSON.stringify(file)}).then((module) => module.default)`;
    return `{ ...${JSON.stringify(shown[index])}, load: ${load} },`;
  });
  return `export default [\n${rows.join('\n')}\n];\n`;
}

/** Vite's own errors know where they are. */
function located<T>(
  context: { error(error: { message: string; id: string; loc: Loc }): never },
  read: () => T,
): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof LessonError)) throw error;
    const { file, line, message } = error;
    return context.error({ message, id: file, loc: { file, line, column: 0 } });
  }
}

interface Loc {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}
