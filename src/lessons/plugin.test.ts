import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, type Rolldown } from 'vite';
import { afterEach, expect, test } from 'vitest';
import { lessonsPlugin } from './plugin.ts';

const roots: string[] = [];
afterEach(async () => {
  for (const root of roots.splice(0)) await rm(root, { recursive: true });
});

const lesson = (title: string, body = '') => `---
title: ${title}
question: Why?
summary: S.
chapter: Basics
minutes: 5
docs: [https://redis.io/docs/latest/commands/get/]
---

\`\`\`short
Because.
\`\`\`

${body}
`;

/** Builds a page that loads every lesson, from these files under content/. */
async function buildLessons(files: Readonly<Record<string, string>>) {
  const root = await mkdtemp(join(tmpdir(), 'keyspace-lessons-'));
  roots.push(root);
  await mkdir(join(root, 'content'));
  for (const [name, text] of Object.entries(files)) {
    await writeFile(join(root, 'content', name), text);
  }
  await writeFile(join(root, 'entry.js'), "import all from 'virtual:lessons'; window.all = all;");
  const output = await build({
    root,
    configFile: false,
    logLevel: 'silent',
    plugins: [lessonsPlugin()],
    build: { write: false, rolldownOptions: { input: join(root, 'entry.js') } },
  });
  return (output as Rolldown.RolldownOutput).output.filter(({ type }) => type === 'chunk');
}

test('each lesson is a chunk of its own; the list has only what the map shows', async () => {
  const chunks = await buildLessons({
    '01-one.md': lesson('One', 'First prose.'),
    '02-two.md': lesson('Two', 'Second prose.'),
    'README.md': 'not a lesson',
  });
  const holding = (text: string) =>
    chunks
      .filter((chunk) => 'code' in chunk && chunk.code.includes(text))
      .map(({ fileName }) => fileName);
  expect(holding('First prose')).toHaveLength(1);
  expect(holding('Second prose')).toHaveLength(1);
  expect(holding('First prose')).not.toEqual(holding('Second prose'));
  const [entry] = chunks.filter((chunk) => chunk.type === 'chunk' && chunk.isEntry);
  const code = entry && 'code' in entry ? entry.code : '';
  expect(code).toMatch(/title:\W?One/);
  expect(code).not.toMatch(/First prose|Because\./);
});

test('a bad lesson fails the build at its file and line', async () => {
  const files = { '01-one.md': lesson('One', '```cobol\nx\n```') };
  await expect(buildLessons(files)).rejects.toThrow(/content\/01-one\.md:14: unknown fence cobol/);
});
