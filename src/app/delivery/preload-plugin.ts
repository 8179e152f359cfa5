/**
 * Vite: the page of a lesson asks for the lesson's code at once, beside its own, instead of when its
 * own has run. Only the address tells which lesson it is, so a few lines of script look at that.
 */
import type { Plugin, Rollup } from 'vite';

const VIEW = /\/src\/lessons\/LessonView\.tsx$/;
const LESSON = /\/content\/\d\d-([a-z0-9-]+)\.md$/;

export function preloadPlugin(): Plugin {
  let base = '/';
  return {
    name: 'keyspace:preload',
    apply: 'build',
    configResolved(config) {
      base = config.base;
    },
    transformIndexHtml: {
      order: 'post',
      handler(html, { bundle = {}, chunk: entry }) {
        const chunks = Object.values(bundle).filter((part) => part.type === 'chunk');
        const view = chunks.find(({ facadeModuleId }) => VIEW.test(facadeModuleId ?? ''));
        if (!view) throw new Error('no chunk holds the view of a lesson');
        const own = new Set(entry ? withImports(entry, bundle) : []);
        const common = withImports(view, bundle).filter((file) => !own.has(file));
        const lessons = chunks.flatMap(({ facadeModuleId, fileName }) => {
          const [, slug] = LESSON.exec(facadeModuleId ?? '') ?? [];
          return slug === undefined ? [] : [[slug, fileName] as const];
        });
        const children = scriptOf(base, common, Object.fromEntries(lessons));
        return { html: afterPaint(html), tags: [{ tag: 'script', injectTo: 'head', children }] };
      },
    },
  };
}

/** A still (still.tsx) shows the page: its code is fetched after the style and the fonts of that. */
const afterPaint = (html: string) =>
  html.replaceAll(/<(?:script type="module"|link rel="modulepreload")/g, '$& fetchpriority="low"');

function withImports(chunk: Rollup.OutputChunk, bundle: Rollup.OutputBundle): string[] {
  const files = new Set<string>();
  const add = (name: string) => {
    const part = bundle[name];
    if (part?.type !== 'chunk' || files.has(name)) return;
    files.add(name);
    part.imports.forEach(add);
  };
  add(chunk.fileName);
  return [...files];
}

const scriptOf = (base: string, common: string[], lessons: Record<string, string>) => `{
const slug = location.pathname.match(/\\/lessons\\/([a-z0-9-]+)$/)?.[1] ?? '';
const lessons = ${JSON.stringify(lessons)};
const files = Object.hasOwn(lessons, slug) ? [...${JSON.stringify(common)}, lessons[slug]] : [];
for (const file of files) {
  const link = document.createElement('link');
  const href = ${JSON.stringify(base)} + file;
  Object.assign(link, { rel: 'modulepreload', fetchPriority: 'low', href });
  document.head.append(link);
}
}`;
