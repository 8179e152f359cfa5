/**
 * Vite: `virtual:coverage` is what of Redis 8.10 is here, command by command. The engine is asked when
 * the page is built, and stays out of it.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Plugin } from 'vite';
import type * as CoverageModule from '../engine/server/coverage.ts';

const RESOLVED = '\0virtual:coverage';

export function coveragePlugin(): Plugin {
  let root = '';
  return {
    name: 'coverage',
    configResolved(config) {
      root = config.root;
    },
    resolveId: { filter: { id: /^virtual:coverage$/ }, handler: () => RESOLVED },
    load: {
      filter: { id: /^\0virtual:coverage$/ },
      async handler() {
        const { coverage } = await loadEngine(join(root, 'src/engine/server/coverage.ts'));
        const data = JSON.stringify(JSON.stringify(coverage()));
        return {
          code: `export const coverage = JSON.parse(${data});`,
          map: null,
          moduleType: 'js',
        };
      },
    },
  };
}

/** Node cannot run the engine as it is written, with types: so it is bundled for it. */
async function loadEngine(entry: string): Promise<typeof CoverageModule> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
    logLevel: 'error',
  });
  const module = { exports: {} };
  const run = new Function('module', 'exports', 'require', outputFiles[0]?.text ?? '');
  run(module, module.exports, createRequire(entry));
  return module.exports as typeof CoverageModule;
}
