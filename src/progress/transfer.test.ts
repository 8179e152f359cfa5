import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyProgress } from './arbitrary.test-data.ts';
import { emptyProgress } from './progress.ts';
import { parseSaved } from './schema.ts';
import { afterImport, exportText, importText } from './transfer.ts';

test('what goes out comes back in', () => {
  fc.assert(
    fc.property(anyProgress, (progress) => {
      const text = exportText(progress, 1_764_000_000_000);
      expect(importText(text)).toEqual({ kind: 'progress', progress });
    }),
  );
});

test('importing what was exported changes nothing, merged or replaced', () => {
  fc.assert(
    fc.property(anyProgress, (progress) => {
      expect(afterImport(progress, progress, 'merge')).toEqual(progress);
      expect(afterImport(progress, progress, 'replace')).toEqual(progress);
    }),
  );
});

test('no file makes it throw, and a file that is no progress is refused with a reason', () => {
  const anyText = fc.oneof(fc.string(), fc.json(), fc.constantFrom('', '{}', '[]', 'null', '"'));
  fc.assert(
    fc.property(anyText, (text) => {
      const result = importText(text);
      expect(result.kind).toBe('refused');
      if (result.kind === 'refused') expect(result.problems.length).toBeGreaterThan(0);
    }),
  );
});

test('no damage to a file makes it throw, and what is let in is always valid', () => {
  const damage = fc.tuple(fc.nat(), fc.nat({ max: 20 }), fc.string({ maxLength: 5 }));
  fc.assert(
    fc.property(anyProgress, damage, (progress, [at, length, insert]) => {
      const text = exportText(progress, 0);
      const from = at % text.length;
      const result = importText(text.slice(0, from) + insert + text.slice(from + length));
      if (result.kind === 'refused') return;
      expect(parseSaved({ version: 1, progress: result.progress }).kind).toBe('progress');
    }),
    { numRuns: 500 },
  );
});

test('no value at any place makes it throw', () => {
  fc.assert(
    fc.property(anyProgress, fc.anything(), fc.nat(), (progress, value, at) => {
      const saved = { version: 1, progress: structuredClone(progress) };
      const places = placesIn(saved);
      const place = places[at % places.length];
      if (place) place.in[place.key] = value;
      expect(['progress', 'newer', 'invalid']).toContain(parseSaved(saved).kind);
    }),
    { numRuns: 500 },
  );
});

test('a refusal names the place', () => {
  const item = { attempts: 'three', hints: 0, solved: null };
  const progress = { ...emptyProgress, items: { 'pub-sub/two-tabs': item } };
  const result = importText(JSON.stringify({ format: 'keyspace-progress', version: 1, progress }));
  expect(result).toMatchObject({
    kind: 'refused',
    problems: [
      { path: 'progress.items["pub-sub/two-tabs"].attempts', message: 'number expected' },
      { path: 'progress.items["pub-sub/two-tabs"].latest', message: 'object expected' },
    ],
  });
});

test('unknown entries, foreign files, newer versions and other text are refused', () => {
  const refusal = (file: unknown) => {
    const result = importText(typeof file === 'string' ? file : JSON.stringify(file));
    return result.kind === 'refused'
      ? `${result.problems[0]?.path}: ${result.problems[0]?.message}`
      : '';
  };
  const file = { format: 'keyspace-progress', version: 1, progress: emptyProgress };
  expect(refusal({ ...file, progress: { ...emptyProgress, admin: true } })).toBe(
    'progress: has unknown entries: admin',
  );
  expect(refusal({ hello: 'world' })).toContain('another program wrote this');
  expect(refusal({ ...file, version: 9 })).toContain('newer than this page');
  expect(refusal('{"format": ')).toContain('is not JSON');
  expect(refusal(' '.repeat(5_000_001))).toContain('larger than 5 MB');
});

test('a file cannot smuggle a prototype in', () => {
  const text = JSON.stringify({ format: 'keyspace-progress', version: 1, progress: emptyProgress });
  const result = importText(text.replace('"items":{}', '"items":{"__proto__":{"attempts":1}}'));
  expect(result).toEqual({ kind: 'progress', progress: emptyProgress });
  expect({}).not.toHaveProperty('attempts');
});

test('older versions are carried forward step by step', () => {
  const steps = { 0: (saved: unknown) => ({ ...emptyProgress, ...(saved as object) }) };
  expect(parseSaved({ version: 0, progress: {} }, steps)).toEqual({
    kind: 'progress',
    progress: emptyProgress,
  });
  expect(parseSaved({ version: 0, progress: {} }, {})).toMatchObject({ kind: 'invalid' });
  const throwing = {
    0: () => {
      throw new Error('no');
    },
  };
  expect(parseSaved({ version: 0, progress: {} }, throwing)).toMatchObject({ kind: 'invalid' });
});

type Place = { in: Record<string, unknown>; key: string };

function placesIn(value: unknown): Place[] {
  if (value === null || typeof value !== 'object') return [];
  const parent = value as Record<string, unknown>;
  return Object.keys(parent).flatMap((key) => [{ in: parent, key }, ...placesIn(parent[key])]);
}
