/** Vite: writes /sw.js, the service worker with the list of files that the build made. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import type { Plugin } from 'vite';
import { isolationHeaders } from './isolation.ts';

/** Larger files, Python's and the editor's are cached when first used, not ahead. */
const PRECACHED_BYTES_AT_MOST = 1_000_000;
const MONACO = /node_modules[\\/]monaco-editor[\\/]/;
const LATER = /^(python\/|assets\/(monaco|editor\.worker|codicon))/;

/**
 * Also writes /404.html, which static hosts show for an unknown address: the page itself, so that a
 * deep link opens even on the first visit.
 */
export function offlinePlugin(): Plugin {
  const template = join(import.meta.dirname, 'service-worker.js');
  let outDir = '';
  let publicDir = '';
  const editor = new Set<string>();
  return {
    name: 'keyspace:offline',
    apply: 'build',
    configResolved(config) {
      outDir = resolve(config.root, config.build.outDir);
      publicDir = config.publicDir;
    },
    // Vite would empty all of dist, and with it redis-server.mjs, which may be running.
    buildStart: () => rmSync(join(outDir, 'assets'), { recursive: true, force: true }),
    // The editor's code in many small parts: it too waits until it is asked for.
    generateBundle(_, bundle) {
      for (const [name, part] of Object.entries(bundle)) {
        const isEditor = part.type === 'chunk' && part.moduleIds.some((id) => MONACO.test(id));
        if (isEditor) editor.add(name);
      }
    },
    closeBundle() {
      // After a failed build there is nothing to list, and its own error must be seen.
      if (!existsSync(join(outDir, 'assets'))) return;
      const assets = filesUnder(join(outDir, 'assets')).map((file) => `assets/${file}`);
      const files = ['index.html', ...assets, ...filesUnder(publicDir)];
      writeFileSync(
        join(outDir, 'sw.js'),
        fill(readFileSync(template, 'utf8'), outDir, files, editor),
      );
      writeFileSync(join(outDir, '404.html'), readFileSync(join(outDir, 'index.html')));
    },
  };
}

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll(sep, '/'));
}

/** The version is a digest of every file, so that any change makes a new cache. */
function fill(
  template: string,
  outDir: string,
  files: string[],
  later: ReadonlySet<string>,
): string {
  const digest = createHash('sha256').update(template);
  for (const file of files.sort()) digest.update(file).update(readFileSync(join(outDir, file)));
  const small = files.filter(
    (file) =>
      statSync(join(outDir, file)).size <= PRECACHED_BYTES_AT_MOST &&
      !LATER.test(file) &&
      !later.has(file),
  );
  return template
    .replace('__FILES__', JSON.stringify(small.map((file) => `/${file}`)))
    .replace('__HEADERS__', JSON.stringify(isolationHeaders))
    .replace('__VERSION__', digest.digest('hex').slice(0, 12));
}
