import { expect, test } from 'vitest';
import { layOut, type Placeable } from './layout.ts';

const node = (name: string, under?: string, role: Placeable['role'] = 'primary'): Placeable => ({
  name,
  under,
  role: under === undefined ? role : 'replica',
});

/** Row by row, from left to right. */
function rows(nodes: readonly Placeable[]): string[] {
  const { places, rows } = layOut(nodes);
  return Array.from({ length: rows }, (_, row) =>
    [...places]
      .filter(([, place]) => place.row === row)
      .sort(([, a], [, b]) => a.x - b.x)
      .map(([name, { x }]) => `${name}@${x}`)
      .join(' '),
  );
}

test('primaries stand in a row, each above its replica', () => {
  const shards = ['1', '2', '3'].flatMap((n) => [node(`p${n}`), node(`r${n}`, `p${n}`)]);
  expect(rows(shards)).toEqual(['p1@0.5 p2@1.5 p3@2.5', 'r1@0.5 r2@1.5 r3@2.5']);
});

test('a lone primary stands above all that follow it, over however many hops', () => {
  const chain = [node('a'), node('b', 'a'), node('c', 'b')];
  expect(rows(chain)).toEqual(['a@1', 'b@0.5 c@1.5']);
});

test('Sentinels stand above; what does not fit beside one another goes into further bands', () => {
  const sentinels = ['s1', 's2', 's3'].map((name) => node(name, undefined, 'sentinel'));
  expect(rows([node('a'), node('b', 'a'), node('c', 'a'), ...sentinels])).toEqual([
    ...['s1@0.5 s2@1.5 s3@2.5', 'a@1.5', 'b@1 c@2'],
  ]);
  expect(rows(['a', 'b', 'c', 'd'].map((name) => node(name)))).toEqual([
    ...['a@0.5 b@1.5', 'c@0.5 d@1.5'],
  ]);
});

test('two that follow one another are drawn all the same', () => {
  expect(layOut([node('a', 'b'), node('b', 'a')]).places.size).toBe(2);
});
