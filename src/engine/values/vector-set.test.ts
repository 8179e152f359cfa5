import fc from 'fast-check';
import { expect, test } from 'vitest';
import { distance, type Quantisation, quantise, restore } from './vector.ts';
import { VectorSetValue } from './vector-set.ts';

const DIMENSION = 8;
const component = fc.integer({ min: -1000, max: 1000 }).map((hundredths) => hundredths / 100);
const vectors = fc
  .array(component, { minLength: DIMENSION, maxLength: DIMENSION })
  // Of what is nearly nothing the direction is not known well enough.
  .filter((vector) => lengthOf(vector) > 0.1);
const many = fc.array(vectors, { minLength: 1, maxLength: 40 });

const lengthOf = (vector: readonly number[]): number => Math.hypot(...vector);

/** How far apart two directions are, in double precision: what Redis approximates. */
const cosineDistance = (a: readonly number[], b: readonly number[]): number =>
  1 - a.reduce((sum, each, i) => sum + each * (b[i] ?? 0), 0) / lengthOf(a) / lengthOf(b);

function setOf(all: readonly (readonly number[])[], quantisation: Quantisation): VectorSetValue {
  const shape = { quantisation, dimension: DIMENSION, inputDimension: 0, links: 4 };
  const set = new VectorSetValue(shape, 0);
  all.forEach((vector, i) => {
    const member = { vector: quantise(vector, quantisation), level: i % 3, attributes: undefined };
    set.set(`e${i}`, member);
  });
  return set;
}

/** By how much a quantised distance may be wrong, for so few components. */
const tolerances: readonly (readonly [Quantisation, number])[] = [
  ['f32', 1e-5],
  ['int8', 0.05],
];

test.each(tolerances)(
  '%s: every element comes, in the order of a plain model',
  (how, tolerance) => {
    fc.assert(
      fc.property(many, vectors, (all, query) => {
        const found = setOf(all, how).nearest(quantise(query, how));
        expect(found.map(({ name }) => name).sort()).toEqual(all.map((_, i) => `e${i}`).sort());
        const model = found.map(({ name }) => {
          const vector = all[Number(name.slice(1))] as readonly number[];
          return cosineDistance(vector, query);
        });
        model.forEach((expected, i) => {
          expect(Math.abs((found[i]?.distance ?? Number.NaN) - expected)).toBeLessThan(tolerance);
          expect(expected + 2 * tolerance).toBeGreaterThan(Math.max(...model.slice(0, i), 0));
        });
      }),
      { numRuns: 60 },
    );
  },
);

test('signs alone count the components in which they differ', () => {
  fc.assert(
    fc.property(vectors, vectors, (a, b) => {
      const differing = a.filter((each, i) => each > 0 !== (b[i] ?? 0) > 0).length;
      const apart = distance(quantise(a, 'bin'), quantise(b, 'bin'));
      expect(apart).toBeCloseTo((2 * differing) / DIMENSION, 6);
    }),
  );
});

test('a vector comes back as it was, or nearly where it was quantised', () => {
  fc.assert(
    fc.property(vectors, (vector) => {
      const step = Math.max(...vector.map(Math.abs)) / 127;
      restore(quantise(vector, 'f32')).forEach((each, i) => {
        expect(Math.abs(each - (vector[i] ?? 0))).toBeLessThan(1e-4);
      });
      restore(quantise(vector, 'int8')).forEach((each, i) => {
        expect(Math.abs(each - (vector[i] ?? 0))).toBeLessThan(0.51 * step + 1e-4);
      });
    }),
  );
});

test('links are the nearest elements of each level, highest first, as many as M allows', () => {
  fc.assert(
    fc.property(many, (all) => {
      const set = setOf(all, 'f32');
      all.forEach((_, i) => {
        const levels = set.linksOf(`e${i}`) ?? [];
        expect(levels).toHaveLength((i % 3) + 1);
        levels.forEach((links, at) => {
          const level = (i % 3) - at;
          const there = all.filter((_, k) => k !== i && k % 3 >= level).length;
          expect(links).toHaveLength(Math.min(there, level === 0 ? 8 : 4));
          const distances = links.map((link) => link.distance);
          expect(distances).toEqual([...distances].sort((a, b) => a - b));
        });
      });
    }),
    { numRuns: 30 },
  );
});
