import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { defaultLimits, type EncodingLimits, listpackEntryBytes } from './encoding.ts';
import { type End, ListValue } from './list.ts';

const limitsOf = (listMaxListpackSize: number): EncodingLimits => ({
  ...defaultLimits,
  listMaxListpackSize,
});

function listOf(elements: readonly string[], limits = defaultLimits): ListValue {
  const list = new ListValue();
  list.push('tail', elements, limits);
  return list;
}

const element = fc.constantFrom('a', 'b', '7', '-5000', 'x'.repeat(70), 'y'.repeat(3000));
const end = fc.constantFrom<End>('head', 'tail');
const index = fc.integer({ min: -30, max: 30 });
const side = fc.constantFrom<'before' | 'after'>('before', 'after');

type Change = (list: ListValue, model: string[], limits: EncodingLimits) => void;

const change: fc.Arbitrary<Change> = fc.oneof(
  fc.tuple(end, fc.array(element, { maxLength: 12 })).map(([at, elements]): Change => {
    return (list, model, limits) => {
      list.push(at, elements, limits);
      for (const e of elements) at === 'tail' ? model.push(e) : model.unshift(e);
    };
  }),
  fc.tuple(end, fc.integer({ min: 1, max: 4 })).map(([at, count]): Change => {
    return (list, model, limits) => {
      const popped = Array.from({ length: Math.min(count, model.length) }, () =>
        at === 'tail' ? model.pop() : model.shift(),
      );
      expect(list.popMany(at, count, limits)).toEqual(popped);
    };
  }),
  fc.tuple(index, element).map(([i, e]): Change => {
    return (list, model, limits) => {
      const at = i < 0 ? i + model.length : i;
      const exists = at >= 0 && at < model.length;
      expect(list.set(i, e, limits)).toBe(exists);
      if (exists) model[at] = e;
    };
  }),
  fc.tuple(side, element, element).map(([where, pivot, e]): Change => {
    return (list, model, limits) => {
      const at = model.indexOf(pivot);
      expect(list.insert(where, pivot, e, limits)).toBe(at >= 0);
      if (at >= 0) model.splice(where === 'after' ? at + 1 : at, 0, e);
    };
  }),
  fc.tuple(element, fc.integer({ min: -3, max: 3 })).map(([e, count]): Change => {
    return (list, model, limits) => {
      expect(list.remove(e, count, limits)).toBe(removeFrom(model, e, count));
    };
  }),
  fc.tuple(fc.nat(5), fc.nat(5)).map(([head, tail]): Change => {
    return (list, model, limits) => {
      const to = Math.max(model.length - tail, 0);
      const from = Math.min(head, model.length);
      list.trim(from, to, limits);
      model.splice(0, model.length, ...model.slice(from, to));
    };
  }),
  fc.tuple(end, end).map(([from, to]): Change => {
    return (list, model, limits) => {
      const moved = from === 'tail' ? model.pop() : model.shift();
      if (moved !== undefined) to === 'tail' ? model.push(moved) : model.unshift(moved);
      expect(list.rotate(from, to, limits)).toBe(moved);
    };
  }),
);

function removeFrom(model: string[], e: string, count: number): number {
  const wanted = Math.abs(count) || Infinity;
  let removed = 0;
  while (removed < wanted) {
    const at = count < 0 ? model.lastIndexOf(e) : model.indexOf(e);
    if (at < 0) break;
    model.splice(at, 1);
    removed++;
  }
  return removed;
}

test.each([-1, -2, 0, 1, 3, 8])(
  'with list-max-listpack-size %i a list holds what an array holds',
  (size) => {
    const limits = limitsOf(size);
    fc.assert(
      fc.property(fc.array(change, { maxLength: 60 }), (changes) => {
        const list = new ListValue();
        const model: string[] = [];
        for (const apply of changes) {
          apply(list, model, limits);
          expect(list.size).toBe(model.length);
          expect([...list]).toEqual(model);
          expectSoundNodes(list);
        }
        expect([...list.elements('tail')]).toEqual(model.toReversed());
        model.forEach((e, i) => {
          expect(list.at(i)).toBe(e);
          expect(list.at(i - model.length)).toBe(e);
        });
        expect([...list.copy().nodes()].map((n) => n.items)).toEqual(
          [...list.nodes()].map((n) => n.items),
        );
      }),
    );
  },
);

function expectSoundNodes(list: ListValue): void {
  for (const { items, bytes } of list.nodes()) {
    expect(items.length).toBeGreaterThan(0);
    expect(bytes).toBe(items.reduce((sum, e) => sum + listpackEntryBytes(e), 7));
  }
}

test('slices are half-open ranges of indexes', () => {
  const elements = Array.from({ length: 100 }, (_, i) => `e${i}`);
  const list = listOf(elements, limitsOf(7));
  for (const [from, to] of [
    [0, 100],
    [3, 3],
    [5, 2],
    [6, 8],
    [50, 99],
    [0, 7],
  ] as const) {
    expect(list.slice(from, to)).toEqual(elements.slice(from, to));
  }
});

describe('positions', () => {
  const list = listOf([...'abcabcabc'], limitsOf(2));
  const all = { from: 'head', skip: 0, count: Infinity, maxCompared: Infinity } as const;

  test('are found from either end', () => {
    expect(list.positions('b', all)).toEqual([1, 4, 7]);
    expect(list.positions('b', { ...all, from: 'tail' })).toEqual([7, 4, 1]);
    expect(list.positions('x', all)).toEqual([]);
  });

  test('are skipped, counted and limited as LPOS says', () => {
    expect(list.positions('b', { ...all, skip: 1, count: 1 })).toEqual([4]);
    expect(list.positions('b', { ...all, maxCompared: 5 })).toEqual([1, 4]);
    expect(list.positions('b', { ...all, from: 'tail', skip: 1, maxCompared: 6 })).toEqual([4]);
  });
});

describe('encoding', () => {
  test('a listpack becomes a quicklist when the new elements might exceed the limit', () => {
    const list = listOf(['x'.repeat(8000)]);
    expect(list.encoding).toBe('listpack');
    list.push('tail', ['y'.repeat(178)], defaultLimits);
    expect(list.encoding).toBe('listpack');
    list.push('tail', ['z'], defaultLimits);
    expect(list.encoding).toBe('quicklist');
  });

  test('a quicklist becomes a listpack again at half the limit, in one node', () => {
    const limits = limitsOf(4);
    const list = listOf([...'abcde'], limits);
    expect(list.encoding).toBe('quicklist');
    list.popMany('tail', 2, limits);
    expect(list.encoding).toBe('quicklist');
    list.pop('tail', limits);
    expect(list.encoding).toBe('listpack');
  });

  test('a few elements in two nodes stay a quicklist', () => {
    const limits = limitsOf(4);
    const list = listOf([...'abcde'], limits);
    list.popMany('head', 3, limits);
    expect([...list.nodes()].map((n) => n.items)).toEqual([['d'], ['e']]);
    expect(list.encoding).toBe('quicklist');
    list.pop('head', limits);
    expect(list.encoding).toBe('listpack');
  });

  test('a limit in elements is also one of 8 KB', () => {
    const limits = limitsOf(1000);
    expect(listOf(['x'.repeat(8185)], limits).encoding).toBe('listpack');
    expect(listOf(['x'.repeat(8193)], limits).encoding).toBe('quicklist');
  });
});
