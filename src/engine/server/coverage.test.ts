import { expect, test } from 'vitest';
import { Lab } from '../lab/lab.ts';
import { LabSession } from '../lab/script.ts';
import { coverage, coverageMistakes } from './coverage.ts';
import { coverageNotes } from './coverage-notes.ts';

test('every command of Redis 8.10 has a row or a note, and no note is out of date', () => {
  expect(coverageMistakes()).toEqual([]);
});

test('the page lists 449 commands and 127 of modules, each once, and tells what is missing', () => {
  const all = coverage();
  expect(new Set(all.map(({ name }) => name)).size).toBe(449 + 127);
  expect(all.filter(({ state, note }) => (state === 'done') === (note !== undefined))).toEqual([]);
  expect(all.find(({ name }) => name === 'GET')).toEqual({
    name: 'GET',
    group: 'string',
    since: '1.0.0',
    state: 'done',
  });
});

const examples = Object.values(coverageNotes).flatMap(({ example = [] }) => example);

test.each(examples)('%s says that it is not simulated', async (line) => {
  const config = { 'enable-module-command': 'yes', 'enable-debug-command': 'yes' };
  const isClustered = line.startsWith('CLUSTER');
  const lab = new Lab({ config: isClustered ? { 'cluster-enabled': 'yes' } : config });
  const { reply } = await new LabSession(lab).send('', [line]);
  expect(reply).toMatch(/^\(error\) ERR .* is not simulated here; a real Redis would /);
});
