/**
 * Vite: puts the still of home into index.html, and writes a page beside it for every lesson, with
 * its own: /lessons/data-types.html, which static hosts answer /lessons/data-types with. A host that
 * does not, and the service worker, answer with index.html or 404.html, which work everywhere.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Plugin, type ResolvedConfig, runnerImport } from 'vite';
import { lessonsPlugin } from '../../lessons/plugin.ts';
import { SHELF_KEY } from '../../progress/shelf.ts';
import type { Still } from './still.tsx';

const ROOT = '<div id="root"></div>';
const TITLE = /<title>.*<\/title>/;

export function stillPlugin(): Plugin {
  let config: ResolvedConfig;
  return {
    name: 'keyspace:still',
    apply: 'build',
    configResolved(resolved) {
      config = resolved;
    },
    async writeBundle({ dir = '' }) {
      const { module } = await runnerImport<{ stills: readonly Still[] }>(
        join(import.meta.dirname, 'still.tsx'),
        { root: config.root, plugins: [lessonsPlugin()], logLevel: 'warn' },
      );
      const page = readFileSync(join(dir, 'index.html'), 'utf8');
      if (!page.includes(ROOT)) throw new Error(`index.html has no ${ROOT}`);
      rmSync(join(dir, 'lessons'), { recursive: true, force: true });
      for (const still of module.stills) {
        const file = join(dir, still.path === '/' ? 'index.html' : `${still.path}.html`);
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, withStill(page, still));
      }
    },
  };
}

/** Nobody can press what has no code behind it yet: a still is inert. */
function withStill(page: string, { path, title, html }: Still): string {
  const still = `<div class="contents" inert>${html}</div>`;
  const titled = title === undefined ? page : page.replace(TITLE, () => `<title>${title}</title>`);
  return titled.replace(
    ROOT,
    () => `<div id="root">${still}</div>\n    <script>${removeUnless(path)}</script>`,
  );
}

/** It is not shown at another address, nor to who has progress that it does not show. */
const removeUnless = (path: string) => `{
let isFirst = false;
try { isFirst = !localStorage.getItem(${JSON.stringify(SHELF_KEY)}); } catch {}
if (!isFirst || location.pathname !== ${JSON.stringify(path)})
  document.getElementById('root').replaceChildren();
}`;
