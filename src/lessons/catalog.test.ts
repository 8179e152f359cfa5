import { expect, test } from 'vitest';
import { chapters, entries, entryOf, neighboursOf } from './catalog.ts';

test('the course has 35 lessons, each number and each address once', () => {
  expect(entries.map(({ number }) => number)).toEqual(Array.from({ length: 35 }, (_, i) => i + 1));
  expect(new Set(entries.map(({ slug }) => slug)).size).toBe(35);
});

test('every lesson stands in one of the ten chapters', () => {
  expect(chapters).toHaveLength(10);
  expect(chapters.flatMap((chapter) => chapter.entries)).toHaveLength(35);
});

test('a lesson brings its own title, its checks, and itself', async () => {
  const entry = entryOf('transactions');
  expect(entry?.title).toBe('Transactions');
  expect(entry?.checks).toContainEqual({ kind: 'challenge', id: 'move-thirty' });
  expect(entry).not.toHaveProperty('sections');
  const loaded = await entry?.load();
  expect(loaded?.sections.length).toBeGreaterThan(3);
});

test('a lesson has neighbours by number', () => {
  const { previous, next } = neighboursOf('transactions');
  expect([previous?.number, next?.number]).toEqual([6, 8]);
  expect(neighboursOf('what-is-redis').previous).toBeUndefined();
  expect(neighboursOf('high-availability-failover').next).toBeUndefined();
  expect(neighboursOf('nothing')).toEqual({});
});
