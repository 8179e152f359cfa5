/** The engine by itself, bundled for Node: for what is measured without page and sockets. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

/**
 * Loads what these lines export, which name their files from the root of the project.
 * @param {string} contents @returns {Promise<any>}
 */
export async function loadEngine(contents) {
  const folder = mkdtempSync(join(tmpdir(), 'keyspace-engine-'));
  try {
    const outfile = join(folder, 'engine.mjs');
    await build({
      stdin: { contents, resolveDir: join(import.meta.dirname, '../..'), loader: 'ts' },
      ...{ bundle: true, platform: 'node', format: 'esm', target: 'node20' },
      ...{ logLevel: 'warning', outfile },
    });
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
