import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { utf8Decode, utf8Encode } from '../bytes/bytes.ts';
import { Lab } from '../lab/lab.ts';
import { LabSession } from '../lab/script.ts';
import { VirtualDisk } from '../persistence/disk.ts';
import { readPayload, writePayload } from '../persistence/payload.ts';
import { defaultSettings } from '../server/settings.ts';
import { JsonDocument } from '../values/json-document.ts';
import { parseJson } from '../values/json-parse.ts';
import { printJson } from '../values/json-print.ts';
import { parsePath } from './json-path.ts';
import { select } from './json-select.ts';

/** Plain JSON through the parser, and back as JavaScript reads it. */
const reparsed = (value: unknown) =>
  JSON.parse(utf8Decode(printJson(parseJson(utf8Encode(JSON.stringify(value))))));

test('JSON is printed as it was read', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(reparsed(value)).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

test('what JavaScript does not take for JSON is not taken here, and the other way round', () => {
  const piece = fc.constantFrom(...'{}[]",:0123.eE+- \\ntrue'.split(''), 'true', 'null', '"a"');
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const text = pieces.join('');
      expect(isTaken(() => parseJson(text))).toBe(isTaken(() => JSON.parse(text)));
    }),
    { numRuns: 2000 },
  );
});

function isTaken(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch {
    return false;
  }
}

/** What a path leads to in a document, both written as JavaScript would. */
const found = (path: string, document: unknown) =>
  JSON.parse(
    printJson(
      select(parseJson(JSON.stringify(document)), parsePath(path).steps).map(({ value }) => value),
    ),
  );

const store = {
  store: {
    book: [
      { category: 'reference', author: 'Rees', title: 'Sayings', price: 8.95 },
      { category: 'fiction', author: 'Waugh', title: 'Sword', price: 12.99 },
      { category: 'fiction', author: 'Melville', title: 'Moby Dick', isbn: '0-553', price: 8.99 },
      { category: 'fiction', author: 'Tolkien', title: 'The Lord', isbn: '0-395', price: 22.99 },
    ],
    bicycle: { color: 'red', price: 19.95 },
  },
  limit: 10,
};
const letters = ['a', 'b', 'c', 'd', 'e'];

// The cases of Goessner's article, and those of the JSONPath consensus that the module agrees with.
describe('a path leads to', () => {
  test.each<[path: string, document: unknown, expected: unknown]>([
    ['$.store.book[*].author', store, ['Rees', 'Waugh', 'Melville', 'Tolkien']],
    ['$..author', store, ['Rees', 'Waugh', 'Melville', 'Tolkien']],
    ['$.store..price', store, [8.95, 12.99, 8.99, 22.99, 19.95]],
    ['$..book[2].title', store, ['Moby Dick']],
    ['$..book[-1].title', store, ['The Lord']],
    ['$..book[0,1].title', store, ['Sayings', 'Sword']],
    ['$..book[:2].title', store, ['Sayings', 'Sword']],
    ['$..book[?(@.isbn)].title', store, ['Moby Dick', 'The Lord']],
    ['$..book[?(@.price<10)].title', store, ['Sayings', 'Moby Dick']],
    ['$..book[?(@.price>$.limit)].title', store, ['Sword', 'The Lord']],
    ['$..book[?@.category=="reference"].title', store, ['Sayings']],
    ['$..book[?(@.category!="fiction")].title', store, ['Sayings']],
    ['$..book[?(@.price<10 && @.isbn)].title', store, ['Moby Dick']],
    ['$..book[?(@.price>20 || @.price<8.96)].title', store, ['Sayings', 'The Lord']],
    ['$..book[?(!@.isbn)].title', store, ['Sayings', 'Sword']],
    ['$..book[?(@.title =~ "^S")].title', store, ['Sayings', 'Sword']],
    ['$..book[?(@.title =~ "(?i)moby")].price', store, [8.99]],
    ['$', 7, [7]],
    ['.', 7, [7]],
    ['$[1:3]', letters, ['b', 'c']],
    ['$[:]', letters, letters],
    ['$[0:5:2]', letters, ['a', 'c', 'e']],
    ['$[::3]', letters, ['a', 'd']],
    ['$[-2:]', letters, ['d', 'e']],
    ['$[:-4]', letters, ['a']],
    ['$[7:10]', letters, []],
    ['$[3:1]', letters, []],
    ['$[-9]', letters, []],
    ['$[4]', letters, ['e']],
    ['$[1:3]', { '1': 2 }, []],
    ['$[0]', { '0': 1 }, []],
    ['$.*', { a: 1, b: [2] }, [1, [2]]],
    ['$[*]', { a: 1, b: [2] }, [1, [2]]],
    ['$.*.*', [[1], [2, 3]], [1, 2, 3]],
    ['$..*', { a: { b: [1] } }, [{ b: [1] }, [1], 1].map((value) => value)],
    ['$..[0]', [[1], [2, [3]]], [[1], 1, 2, 3]],
    ["$['a','c']", { a: 1, b: 2, c: 3 }, [1, 3]],
    ['$["a"]', { a: 1 }, [1]],
    ['$["a.b"]', { 'a.b': 1, a: { b: 2 } }, [1]],
    ['$["it\'s"]', { "it's": 1 }, [1]],
    ["$['\\'']", { "'": 1 }, [1]],
    ['$["*"]', { '*': 1, a: 2 }, [1]],
    ['$.a.b', { a: { b: null } }, [null]],
    ['$.a', [{ a: 1 }], []],
    ['$.2', { '2': 'two' }, ['two']],
    ['$.-', { '-': 1 }, [1]],
    ['$.[0].a', [{ a: 1 }], [1]],
    ['$ ["a"]', { a: 1 }, undefined],
    ['$[?(@>1)]', [0, 1, 2, 'x', null], [2]],
    ['$[?(@=="x")]', [0, 'x', 'y'], ['x']],
    ['$[?(@==null)]', [0, null], [null]],
    ['$[?(@==true)]', [true, 1, 'true'], [true]],
    ['$[?(@.a==3)]', [{ a: 3 }, { a: 3.5 }, { a: '3' }], [{ a: 3 }]],
    ['$[?(@.a.b)]', [{ a: { b: 0 } }, { a: 1 }], [{ a: { b: 0 } }]],
    ['$[?(@[0]==1)]', [[1], [2]], [[1]]],
    ['$..x[?(@.i>10)]', { a: { x: { i: 10 } }, b: { x: { i: 20 } } }, [{ i: 20 }]],
    ['.a[0]', { a: [5] }, [5]],
    ['a.b', { a: { b: 6 } }, [6]],
    ['[1]', [1, 2], [2]],
    ['..b', { a: { b: 6 }, b: 7 }, [7, 6]],
  ])('%s', (path, document, expected) => {
    if (expected === undefined) expect(() => parsePath(path)).toThrow('Error occurred on position');
    else expect(found(path, document)).toEqual(expected);
  });

  test.each(['$[', '$.', '$..', '$a', '$[?]', '$[?(@.a==)]', '$["a', '$[1:2:0]', '$[a]', '$.a b'])(
    'nothing, and %s is refused',
    (path) => {
      expect(() => parsePath(path)).toThrow('Error occurred on position');
    },
  );
});

const session = (disk?: VirtualDisk, config: Readonly<Record<string, string>> = {}) => {
  const lab = new LabSession(new Lab(disk ? { disk, config } : { config }));
  return async (...argv: string[]) =>
    (await lab.send('', [argv.map((word) => JSON.stringify(word)).join(' ')])).reply ?? '';
};

/** Names and values without anything that a console would have to escape twice. */
const name = fc.constantFrom('a', 'b', 'c');
const leaf = fc.oneof(fc.integer(), fc.boolean(), fc.constant(null), fc.constantFrom('x', 'yy'));
const plainJson = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    leaf,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(name, tie('value'), { maxKeys: 3 }),
  ),
})).value;

type Plain = null | boolean | number | string | Plain[] | { [name: string]: Plain };

interface Change {
  readonly run: 'set' | 'del' | 'append' | 'add' | 'merge';
  readonly at: readonly string[];
  readonly value: Plain;
}

const change: fc.Arbitrary<Change> = fc.record({
  run: fc.constantFrom('set', 'del', 'append', 'add', 'merge'),
  at: fc.array(name, { minLength: 1, maxLength: 2 }),
  value: plainJson as fc.Arbitrary<Plain>,
});

/** The same change to a plain JavaScript value. */
function apply(root: Plain, { run, at, value }: Change): void {
  const holder = at.slice(0, -1).reduce<Plain | undefined>(memberOf, root);
  const last = at.at(-1) as string;
  if (holder === null || typeof holder !== 'object' || Array.isArray(holder)) return;
  const old = holder[last];
  if (run === 'set') holder[last] = value;
  else if (old === undefined) {
    if (run === 'merge') holder[last] = value;
  } else if (run === 'del') delete holder[last];
  else if (run === 'append' && Array.isArray(old)) old.push(value);
  else if (run === 'add' && typeof old === 'number') holder[last] = old + 3;
  else if (run === 'merge') holder[last] = merged(old, value);
}

const memberOf = (value: Plain | undefined, key: string): Plain | undefined =>
  value !== null && typeof value === 'object' && !Array.isArray(value) ? value[key] : undefined;

function merged(target: Plain, patch: Plain): Plain {
  if (patch === null || typeof patch !== 'object' || Array.isArray(patch)) return patch;
  const isObject = target !== null && typeof target === 'object' && !Array.isArray(target);
  const result: { [name: string]: Plain } = isObject ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = merged(result[key] ?? null, value);
  }
  return result;
}

function argvOf({ run, at, value }: Change): string[] {
  const path = `$.${at.join('.')}`;
  const json = JSON.stringify(value);
  switch (run) {
    case 'set':
      return ['JSON.SET', 'k', path, json];
    case 'del':
      return ['JSON.DEL', 'k', path];
    case 'append':
      return ['JSON.ARRAPPEND', 'k', path, json];
    case 'add':
      return ['JSON.NUMINCRBY', 'k', path, '3'];
    case 'merge':
      return ['JSON.MERGE', 'k', path, json];
  }
}

test('any run of changes leaves what it leaves in a plain JavaScript value', async () => {
  const root = fc.dictionary(name, plainJson, { maxKeys: 3 }) as fc.Arbitrary<Plain>;
  await fc.assert(
    fc.asyncProperty(root, fc.array(change, { maxLength: 12 }), async (start, changes) => {
      const run = session();
      const model = structuredClone(start);
      await run('JSON.SET', 'k', '$', JSON.stringify(start));
      for (const each of changes) {
        await run(...argvOf(each));
        apply(model, structuredClone(each));
      }
      const text = JSON.parse(await run('JSON.GET', 'k')) as string;
      expect(JSON.parse(text)).toEqual(model);
    }),
    { numRuns: 60 },
  );
});

test('documents are the same after a restart, from either kind of file, and as a payload', async () => {
  const text = '{"a":[1,2.0,null,{"b":"c"}],"big":18446744073709551615}';
  for (const preamble of ['yes', 'no']) {
    const disk = new VirtualDisk();
    const config = { appendonly: 'yes', 'aof-use-rdb-preamble': preamble };
    const run = session(disk, config);
    await run('JSON.SET', 'k', '$', text);
    await run('BGREWRITEAOF');
    await run('JSON.SET', 'k', '$.new', '1');
    const after = await session(disk, config)('JSON.GET', 'k');
    expect(after).toBe(JSON.stringify(text.replace(/}$/, ',"new":1}')));
  }
  const disk = new VirtualDisk();
  const run = session(disk);
  await run('JSON.SET', 'k', '$', text);
  await run('SAVE');
  expect(await session(disk)('JSON.GET', 'k')).toBe(JSON.stringify(text));
  const payload = writePayload(JsonDocument.load(text), true);
  expect((readPayload(payload, defaultSettings()) as JsonDocument).save()).toBe(text);
});
