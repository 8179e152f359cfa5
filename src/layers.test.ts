import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import { afterEach, expect, test } from 'vitest';
import config from './layers.cjs';

const root = join(import.meta.dirname, '..');
// In the repository, so that packages are found, and where git does not look.
const wrongTree = join(root, `test-results/layers-${process.pid}`);

afterEach(() => rmSync(wrongTree, { recursive: true, force: true }));

test('every import respects src/layers.cjs', async () => {
  const { modules, summary } = await cruiseSrc(root);
  expect(breaches(summary)).toEqual([]);
  // A parser that cannot read TypeScript finds nothing, and nothing wrong.
  const seen = new Set(modules.map((module) => module.source));
  const unseen = filesOfSrc().filter((file) => !seen.has(file));
  expect(unseen).toEqual([]);
  expect(seen.size).toBeGreaterThan(20);
}, 60_000);

test('each kind of wrong import is reported', async () => {
  const wrong: Record<string, string> = {
    'src/engine/values/upwards.ts': "import '../keyspace/database.ts';",
    'src/engine/keyspace/database.ts': '',
    'src/engine/cluster/across.ts': "import '../sentinel/sentinel.ts';",
    'src/engine/sentinel/sentinel.ts': '',
    'src/engine/server/platform.ts': "import 'node:fs';",
    'src/engine/keyspace/package.ts': "import 'zod';",
    'src/engine/scripting/package.ts': "import 'zod';",
    'src/console/inside.ts': "import '../engine/keyspace/database.ts';",
    'src/console/types-only.ts': "import type {} from '../engine/server/platform.ts';",
    'src/console/view.ts': "import 'react';",
    'src/console/state.ts': "import 'zustand/vanilla';",
    'src/console/disk.ts': "import 'node:fs';",
    'src/somewhere/else.ts': "import './other.ts';",
    'src/somewhere/other.ts': '',
    'src/ui/hen.ts': "import './egg.ts';",
    'src/ui/egg.ts': "import './hen.ts';",
  };
  for (const [file, text] of Object.entries(wrong)) write(file, text);
  const { summary } = await cruiseSrc(wrongTree);
  expect(breaches(summary)).toMatchInlineSnapshot(`
    [
      "src/console/disk.ts -> fs (Node appears only in the Node hosts, the conformance tests, the build plugins and set-up)",
      "src/console/inside.ts -> src/engine/keyspace/database.ts (console imports only what its line in src/layers.cjs allows)",
      "src/console/state.ts -> ../../node_modules/zustand/vanilla.js (stores are made only in store.ts, and wired only in app/stores.ts)",
      "src/console/types-only.ts -> src/engine/server/platform.ts (console imports only what its line in src/layers.cjs allows)",
      "src/console/view.ts -> ../../node_modules/react/index.js (React appears only in *.tsx)",
      "src/engine/cluster/across.ts -> src/engine/sentinel/sentinel.ts (engine/cluster imports only what its line in src/layers.cjs allows)",
      "src/engine/keyspace/package.ts -> ../../node_modules/zod/index.cjs (the engine uses no package but the Lua machines, in scripting)",
      "src/engine/scripting/package.ts -> ../../node_modules/zod/index.cjs (scripting uses no package but the Lua machines)",
      "src/engine/server/platform.ts -> fs (Node appears only in the Node hosts, the conformance tests, the build plugins and set-up)",
      "src/engine/server/platform.ts -> fs (the engine uses no package but the Lua machines, in scripting)",
      "src/engine/values/upwards.ts -> src/engine/keyspace/database.ts (engine/values imports only what its line in src/layers.cjs allows)",
      "src/somewhere/else.ts -> src/somewhere/other.ts (every folder has a line in src/layers.cjs)",
      "src/ui/egg.ts -> src/ui/hen.ts (no cycles)",
    ]
  `);
}, 60_000);

async function cruiseSrc(baseDir: string): Promise<ICruiseResult> {
  const { output } = await cruise(['src'], {
    ...config.options,
    baseDir,
    validate: true,
    ruleSet: { forbidden: config.forbidden },
  });
  if (typeof output === 'string') throw new Error(output);
  return output;
}

const breaches = ({ violations }: ICruiseResult['summary']): string[] =>
  violations.map(({ from, to, rule }) => `${from} -> ${to} (${rule.name})`).sort();

const filesOfSrc = (): string[] =>
  readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file))
    .map((file) => `src/${file}`);

function write(file: string, text: string): void {
  const path = join(wrongTree, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
