import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Lab } from '../lab/lab.ts';
import { LabSession } from '../lab/script.ts';
import { readDefinition } from './search/definition.ts';
import type { Source } from './search/document.ts';
import { explain } from './search/explain.ts';
import { readExpression } from './search/expression.ts';
import { END, IdSet } from './search/id-set.ts';
import { match } from './search/matching.ts';
import { NumberIndex } from './search/numbers.ts';
import { readQuery } from './search/query-reader.ts';
import { rankingOf } from './search/ranking.ts';
import { SearchIndex } from './search/search-index.ts';
import { stem } from './search/stemmer.ts';
import { formatTime, partsOf, readTime, secondsOf } from './search/times.ts';
import { printNumber } from './search/value.ts';
import { wildcard } from './search/wildcard.ts';

type Fields = Readonly<Record<string, string>>;

const sourceOf = (fields: Fields): Source => ({
  text: (path) => fields[path],
  values: (path) => (fields[path] === undefined ? [] : [fields[path]]),
  entries: () => Object.entries(fields),
});

const indexOf = (schema: string): SearchIndex =>
  new SearchIndex(readDefinition(`FT.CREATE i ${schema}`.split(' ')));

const reading = (dialect: number, isVerbatim = false) => ({
  ...{ dialect, parameters: new Map<string, string>(), isVerbatim, keepsStopwords: false },
});

function find(index: SearchIndex, query: string, scorer = 'BM25STD') {
  const read = readQuery(query, index, reading(2));
  const ranking = rankingOf(scorer, index, undefined);
  return match(read, index, ranking, { maxExpansions: 200, minPrefix: 2 }).hits.list();
}

function session(options: ConstructorParameters<typeof Lab>[0] = {}) {
  const lab = new LabSession(
    new Lab({ ...options, config: { 'enable-debug-command': 'yes', ...options.config } }),
  );
  return async (line: string, name = '') => (await lab.send(name, [line])).reply ?? '';
}

describe('queries', () => {
  const index = indexOf('SCHEMA a TEXT b TEXT n NUMERIC g TAG');
  const explained = (query: string, dialect = 2) =>
    explain(readQuery(query, index, reading(dialect, true)), index.fields)
      .trim()
      .replace(/\s+/g, ' ');

  test.each([
    ['x y', 'INTERSECT { x y }'],
    ['x | y z', 'UNION { x INTERSECT { y z } }'],
    ['(x | y) z', 'INTERSECT { UNION { x y } z }'],
    ['@a:x y', 'INTERSECT { @a:x y }'],
    ['@a|b:(x y)', '@a|b:INTERSECT { @a|b:x @a|b:y }'],
    ['@a:(x @b:y)', '@a:INTERSECT { @a:x @NULL:y }'],
    ['-x y', 'INTERSECT { NOT{ x } y }'],
    ['x ~y', 'INTERSECT { x OPTIONAL{ y } }'],
    ['"x y"', 'EXACT { x y }'],
    [
      'xy* *xy *xy* %xy% %%xy%%',
      'INTERSECT { PREFIX{xy*} SUFFIX{*xy} INFIX{*xy*} FUZZY{xy} FUZZY{xy} }',
    ],
    ['@n:[(1 inf]', 'NUMERIC {1.000000 < @n <= inf}'],
    ['@n>=2', 'NUMERIC {2.000000 <= @n <= inf}'],
    ['@n!=2', 'NOT{ NUMERIC {2.000000 <= @n <= 2.000000} }'],
    ['@g:{x y | z\\-w}', 'TAG:@g { x y z-w }'],
    ['(x y) => {$slop: 1; $inorder: true}', 'INTERSECT { x y } => { $slop: 1; $inorder: true; }'],
    ['x => {$weight: 2}', 'x => {$weight: 2;}'],
    ['X-Ray', 'INTERSECT { x NOT{ ray } }'],
    ['x\\-ray', 'x-ray'],
    ['the', '<empty>'],
    ['*', '<WILDCARD>'],
    ['', '<empty>'],
  ])('%s', (query, expected) => {
    expect(explained(query)).toBe(expected);
  });

  test.each([
    ['@a:x y', '@a:INTERSECT { @a:x @a:y }'],
    ['-x y', 'NOT{ INTERSECT { x y } }'],
    ['x y | "z" w', 'INTERSECT { UNION { INTERSECT { x y } z } w }'],
  ])('%s in dialect 1', (query, expected) => {
    expect(explained(query, 1)).toBe(expected);
  });

  test.each([
    '(',
    'x)',
    '@a:',
    '@n:[1',
    '"x',
    '@a:(',
    '*x*y* => [',
    '|',
    '@n:[1 2 3]',
    '%x',
    'x *',
  ])('%s is no query', (query) => {
    expect(() => explained(query)).toThrow(/^SEARCH_SYNTAX Syntax error at offset/);
  });
});

describe('what is found', () => {
  const word = fc.constantFrom('ash', 'bay', 'fir', 'elm', 'oak');
  const tag = fc.constantFrom('red', 'blue', 'dark green');
  const document = fc.record({
    a: fc.array(word, { maxLength: 4 }),
    b: fc.array(word, { maxLength: 4 }),
    g: fc.uniqueArray(tag, { maxLength: 2 }),
    n: fc.integer({ min: 0, max: 9 }),
  });
  type Document = { a: string[]; b: string[]; g: string[]; n: number };

  interface Asked {
    readonly query: string;
    readonly fits: (document: Document) => boolean;
  }

  const leaf: fc.Arbitrary<Asked> = fc.oneof(
    word.map((w) => ({ query: w, fits: ({ a, b }: Document) => [...a, ...b].includes(w) })),
    word.map((w) => ({ query: `@b:${w}`, fits: ({ b }: Document) => b.includes(w) })),
    word.map((w) => ({
      query: `${w.slice(0, 2)}*`,
      fits: ({ a, b }: Document) => [...a, ...b].some((each) => each.startsWith(w.slice(0, 2))),
    })),
    fc.tuple(word, word).map(([v, w]) => ({
      query: `"${v} ${w}"`,
      fits: ({ a, b }: Document) => isPhrase([...a, ...b], v, w),
    })),
    tag.map((t) => ({ query: `@g:{${t}}`, fits: ({ g }: Document) => g.includes(t) })),
    fc.tuple(fc.nat(9), fc.nat(9)).map(([x, y]) => {
      const [low, high] = [Math.min(x, y), Math.max(x, y)];
      return {
        query: `@n:[${low} (${high}]`,
        fits: ({ n }: Document) => n >= low && n < high,
      };
    }),
  );

  /** One word may stand at one place for both. */
  const isPhrase = (words: readonly string[], v: string, w: string) =>
    v === w ? words.includes(v) : words.some((each, i) => each === v && words[i + 1] === w);

  const { asked } = fc.letrec<{ asked: Asked }>((tie) => ({
    asked: fc.oneof(
      { maxDepth: 3, depthSize: 'small' },
      leaf,
      tie('asked').map(({ query, fits }) => ({
        query: `-(${query})`,
        fits: (each: Document) => !fits(each),
      })),
      fc.tuple(tie('asked'), tie('asked')).map(([x, y]) => ({
        query: `((${x.query}) (${y.query}))`,
        fits: (each: Document) => x.fits(each) && y.fits(each),
      })),
      fc.tuple(tie('asked'), tie('asked')).map(([x, y]) => ({
        query: `((${x.query}) | (${y.query}))`,
        fits: (each: Document) => x.fits(each) || y.fits(each),
      })),
    ),
  }));

  const fieldsOf = ({ a, b, g, n }: Document): Fields => ({
    ...{ a: a.join(' '), b: b.join(' '), g: g.join(','), n: String(n) },
  });

  test('is what a look at every document finds, whatever is asked, and written again or deleted', () => {
    fc.assert(
      fc.property(
        fc.array(document, { maxLength: 12 }),
        fc.array(fc.tuple(fc.nat(11), fc.option(document)), { maxLength: 6 }),
        fc.array(asked, { minLength: 1, maxLength: 4 }),
        (documents, changes, queries) => {
          const index = indexOf('SCHEMA a TEXT NOSTEM b TEXT NOSTEM g TAG n NUMERIC');
          const there = new Map(documents.map((each, i) => [`d${i}`, each]));
          for (const [key, each] of there) index.refresh(key, sourceOf(fieldsOf(each)));
          for (const [i, changed] of changes) {
            if (changed) there.set(`d${i}`, changed);
            else there.delete(`d${i}`);
            index.refresh(`d${i}`, changed ? sourceOf(fieldsOf(changed)) : undefined);
          }
          for (const { query, fits } of queries) {
            const expected = [...there].filter(([, each]) => fits(each)).map(([key]) => key);
            const found = find(index, query).map((hit) => hit.document.key);
            expect(found.sort(), query).toEqual(expected.sort());
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  test('of vectors the nearest are found, as a look at every one finds them', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1 }),
        fc.nat(9),
        (all, k) => {
          const index = indexOf('SCHEMA v VECTOR FLAT 6 TYPE FLOAT32 DIM 1 DISTANCE_METRIC L2');
          const blob = (value: number) =>
            String.fromCharCode(...new Uint8Array(Float32Array.of(value).buffer));
          all.forEach((value, i) => {
            index.refresh(`d${i}`, sourceOf({ v: blob(value) }));
          });
          const parameters = new Map([['q', blob(3)]]);
          const query = readQuery(`*=>[KNN ${k + 1} @v $q AS far]`, index, {
            ...reading(2),
            parameters,
          });
          const limits = { maxExpansions: 200, minPrefix: 2 };
          const { distances } = match(query, index, rankingOf('BM25STD', index, undefined), limits);
          const found = [...(distances.get('far')?.values() ?? [])].sort((a, b) => a - b);
          const expected = all.map((value) => (value - 3) ** 2).sort((a, b) => a - b);
          expect(found).toEqual(expected.slice(0, k + 1));
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe('the numbers of a field', () => {
  test('are found in a range whether they are sorted in already or came since, until they go', () => {
    const numbers = new NumberIndex();
    const there = new Map<number, number[]>();
    const bounds = { min: 10, max: 60 };
    for (let id = 1; id <= 3000; id++) {
      const values = [(id * 7919) % 101, (id * 31) % 97];
      numbers.add(id, values);
      there.set(id, values);
      // Of four that were written three are gone again, much later.
      const old = id - 500;
      if (old > 0 && old % 4 > 0) {
        numbers.delete(old);
        there.delete(old);
      }
      if (id % 250 > 0) continue;
      for (const [isMinOpen, isMaxOpen] of [
        [false, true],
        [true, false],
      ] as const) {
        const found = numbers.within({ ...bounds, isMinOpen, isMaxOpen }, id);
        const fits = (value: number) =>
          (isMinOpen ? value > 10 : value >= 10) && (isMaxOpen ? value < 60 : value <= 60);
        const expected = [...there].filter(([, values]) => values.some(fits)).map(([id]) => id);
        expect(walk(found)).toEqual(expected);
        expect(found.size).toBe(expected.length);
      }
      expect(numbers.records).toBe(there.size * 2);
    }
  });

  test('and any set of ids is walked through in their order', () => {
    const ids = fc.uniqueArray(fc.nat(200));
    fc.assert(
      fc.property(ids, fc.nat(220), (some, from) => {
        const set = new IdSet(200, some);
        const sorted = some.toSorted((a, b) => a - b);
        expect(walk(set)).toEqual(sorted);
        expect(set.from(from)).toBe(sorted.find((id) => id >= from) ?? END);
      }),
    );
  });

  const walk = (set: IdSet): number[] => {
    const found: number[] = [];
    for (let id = set.from(0); id !== END; id = set.from(id + 1)) found.push(id);
    return found;
  };
});

test('an index of which one document is written again and again does not grow', async () => {
  const send = session();
  await send('FT.CREATE i SCHEMA t TEXT n NUMERIC');
  for (const key of ['b', 'a']) await send(`HSET ${key} t word n 1`);
  for (let i = 1; i <= 10_100; i++) {
    await send(`HSET c t word n ${i}`);
    await send('FT.SEARCH i word LIMIT 0 0');
  }
  expect(await send('FT.INFO i')).toMatch(/max_doc_id\n.* \(integer\) \d{2}\n/);
  expect(await send('FT.SEARCH i word NOCONTENT SORTBY n DESC WITHCOUNT LIMIT 0 1')).toBe(
    '1) (integer) 3\n2) "c"',
  );
  // In the order in which they were written.
  expect(await send('FT.SEARCH i word NOCONTENT')).toMatch(/"b".*"a".*"c"/s);
  expect(await send('FT.SEARCH i "@n:[10100 10100]" NOCONTENT')).toContain('"c"');
});

describe('scores', () => {
  const index = indexOf('SCHEMA t TEXT WEIGHT 2 b TEXT');
  const texts = [
    ['a red apple', 'sweet and round'],
    ['green apples and a red pear', ''],
    ['red red wine', 'dry'],
  ];
  texts.forEach(([t = '', b = ''], i) => {
    index.refresh(`d${i}`, sourceOf({ t, b }));
  });
  const scores = (query: string, scorer: string) =>
    find(index, query, scorer).map(({ score }) => Number(score.toFixed(4)));

  /** By hand: length 6, 8, 7; average 7; 3 documents, all with "red", 1 with "apple" and 1 with "apples". */
  test('are those that the formulas say', () => {
    const k1 = Math.fround(1.2);
    const bm25 = (frequency: number, documents: number, length: number) =>
      (Math.log(1 + (3 - documents + 0.5) / (documents + 0.5)) * frequency * (k1 + 1)) /
      (frequency + k1 * (0.25 + (0.75 * length) / 7));
    const expected = [bm25(2, 3, 6), bm25(2, 3, 8), bm25(4, 3, 7)];
    expect(scores('red', 'BM25STD')).toEqual(expected.map((score) => Number(score.toFixed(4))));
    expect(scores('red', 'TFIDF')).toEqual([1, 1, 1]);
    expect(scores('red', 'DISMAX')).toEqual([2, 2, 4]);
    expect(scores('red', 'DOCSCORE')).toEqual([1, 1, 1]);
    expect(scores('red', 'BM25STD.NORM').at(-1)).toBe(1);
  });

  test('fall with the distance of words where the scorer counts it', () => {
    const near = indexOf('SCHEMA t TEXT');
    near.refresh('near', sourceOf({ t: 'one two three' }));
    near.refresh('far', sourceOf({ t: 'one x y z two' }));
    expect(find(near, 'one two', 'TFIDF').map(({ score }) => score)).toEqual([2, 0.5]);
  });
});

test.each([
  ['running', 'run'],
  ['generously', 'generous'],
  ['skies', 'sky'],
  ['hopping', 'hop'],
  ['hoping', 'hope'],
  ['relational', 'relat'],
  ['caresses', 'caress'],
  ['dying', 'die'],
  ['news', 'news'],
  ['happily', 'happili'],
])('the stem of %s is %s', (word, expected) => {
  expect(stem(word)).toBe(expected);
});

test('times are those of the calendar, there and back', () => {
  fc.assert(
    fc.property(fc.integer({ min: -(10 ** 10), max: 10 ** 11 }), (seconds) => {
      expect(secondsOf(partsOf(seconds))).toBe(seconds);
    }),
  );
  const format = '%a %d %b %Y %H:%M:%S %j';
  expect(formatTime(0, format)).toBe('Thu 01 Jan 1970 00:00:00 001');
  expect(formatTime(951_782_399, format)).toBe('Mon 28 Feb 2000 23:59:59 059');
  expect(formatTime(951_782_400, format)).toBe('Tue 29 Feb 2000 00:00:00 060');
  expect(formatTime(4_107_542_400, format)).toBe('Mon 01 Mar 2100 00:00:00 060');
  expect(readTime('2000-02-29T00:00:00Z', '%FT%TZ')).toBe(951_782_400);
});

// As glibc's strptime() and timegm() answer.
test.each([
  ['2020-13-01', '%Y-%m-%d', null],
  ['2020-12-40', '%Y-%m-%d', 1_607_040_000],
  ['2020-02-31', '%Y-%m-%d', 1_583_107_200],
  ['0', '%d', null],
  ['25:00', '%H:%M', null],
  ['62', '%S', null],
  ['99', '%y', 915_062_400],
  ['68', '%y', 3_092_515_200],
  ['70-1', '%y-%m', -86_400],
  ['2020-05', '%Y-%m', 1_588_204_800],
  ['202012', '%Y %m', 1_606_694_400],
  ['Foo 2020', '%b %Y', null],
  ['Janu 2020', '%b %Y', null],
  ['january 2020', '%b %Y', 1_577_750_400],
  ['Mon Jan 2 2006', '%a %b %d %Y', 1_136_160_000],
  ['Xyz Jan 2 2006', '%a %b %d %Y', null],
])('the time %j by %j is %j', (text, pattern, expected) => {
  expect(readTime(text, pattern)).toBe(expected);
});

test('a pattern of stars takes no exponential time, and has no classes', () => {
  expect(wildcard(`${'*a'.repeat(30)}*b`)('a'.repeat(200))).toBe(false);
  expect(['[a]', 'x[a]y', 'a'].map(wildcard('*[a]*'))).toEqual([true, true, false]);
  expect(['a*', 'ab', 'a\\', 'a'].map(wildcard('a\\*'))).toEqual([true, false, false, false]);
  expect(['', 'a'].map(wildcard('*'))).toEqual([true, true]);
  expect(['', 'a'].map(wildcard('?'))).toEqual([false, true]);
});

test('numbers are printed with twelve digits, and a broken expression tells where', () => {
  expect([0.1 + 0.2, 1 / 3, 1e21, 1e-7, 100, NaN].map(printNumber)).toEqual([
    ...['0.3', '0.333333333333', '1e+21', '1e-07', '100', 'nan'],
  ]);
  expect(() => readExpression('(1 + @x')).toThrow("SEARCH_EXPR Syntax error at offset 5 near 'x'");
});

test('the strings of expressions end where they can, however many backslashes they have', () => {
  const strings = [String.raw`'a\'b'`, String.raw`"a\\"`, String.raw`'a\'`, String.raw`'\n'`];
  expect(strings.map(readExpression)).toEqual(
    ["a'b", 'a\\', 'a\\', '\\n'].map((value) => ({ kind: 'value', value })),
  );
  expect(() => readExpression(`'${'\\'.repeat(200)}`)).toThrow('SEARCH_EXPR Syntax error');
});

test('what is nested too deep is refused', () => {
  const index = indexOf('SCHEMA t TEXT');
  const nested = (depth: number) => `${'('.repeat(depth)}x${')'.repeat(depth)}`;
  const kindOf = (query: string, dialect: number) => readQuery(query, index, reading(dialect)).kind;
  expect([kindOf(nested(97), 1), kindOf(nested(253), 2)]).toEqual(['union', 'union']);
  expect(() => kindOf(nested(98), 1)).toThrow('SEARCH_SYNTAX Syntax error');
  expect(() => kindOf(nested(254), 2)).toThrow('SEARCH_SYNTAX Parser stack overflow');
  expect(() => kindOf('-'.repeat(100_000), 2)).toThrow('SEARCH_SYNTAX Parser stack overflow');
  for (const open of ['(', '!', '1^', 'abs(']) {
    expect(() => readExpression(open.repeat(100_000))).toThrow('not simulated');
  }
});

describe('an index', () => {
  const create = 'FT.CREATE i PREFIX 1 d: SCHEMA t TEXT';

  test('is there after a restart, with what the keys hold then', async () => {
    for (const appendonly of ['no', 'yes'] as const) {
      for (const preamble of ['yes', 'no'] as const) {
        const run = session({ config: { appendonly, 'aof-use-rdb-preamble': preamble } });
        await run('HSET d:1 t hello');
        await run(create);
        await run('FT.ALIASADD other i');
        await run('FT.SYNUPDATE i g hello hi');
        await run('FT.SUGADD s word 1');
        if (appendonly === 'yes') await run('BGREWRITEAOF');
        await run(appendonly === 'yes' ? 'DEBUG LOADAOF' : 'DEBUG RELOAD');
        expect(await run('FT.SEARCH other hi NOCONTENT')).toContain('"d:1"');
        expect(await run('FT.SUGGET s w')).toContain('"word"');
        await run('HSET d:2 t hello');
        expect(await run('FT.SEARCH i hello NOCONTENT')).toContain('"d:2"');
      }
    }
  });

  test('is on replicas too', async () => {
    const topology = { kind: 'replicated', replicas: 1 } as const;
    const lab = new Lab({ topology });
    const labSession = new LabSession(lab);
    const [primary = '', replica = ''] = lab.nodes.map(({ name }) => name);
    const run = async (name: string, line: string) => (await labSession.send(name, [line])).reply;
    await run(`${primary}`, 'HSET d:1 t hello');
    lab.clock.advance(3000);
    await run(primary, create);
    await run(primary, 'HSET d:2 t hello');
    lab.clock.advance(1000);
    expect(await run(replica, 'FT.SEARCH i hello NOCONTENT')).toMatch(/"d:1"[\s\S]*"d:2"/);
    expect(await run(replica, create)).toMatch(/READONLY/);
  });

  test('that skipped what was there has all the same after a restart what it had before', async () => {
    for (const preamble of ['yes', 'no'] as const) {
      const run = session({ config: { appendonly: 'yes', 'aof-use-rdb-preamble': preamble } });
      await run('FT.CREATE i PREFIX 1 d: SKIPINITIALSCAN SCHEMA t TEXT');
      await run('FT.ALTER i SKIPINITIALSCAN SCHEMA ADD u TEXT');
      await run('FT.SYNUPDATE i g SKIPINITIALSCAN hello hi');
      await run('HSET d:1 t hello u there');
      expect(await run('FT.SEARCH i "@t:hi @u:there" NOCONTENT')).toContain('"d:1"');
      await run('BGREWRITEAOF');
      await run('DEBUG LOADAOF');
      expect(await run('FT.SEARCH i "@t:hi @u:there" NOCONTENT')).toContain('"d:1"');
      await run('DEBUG RELOAD');
      expect(await run('FT.SEARCH i "@t:hi @u:there" NOCONTENT')).toContain('"d:1"');
    }
  });

  test('is asked for more than there is, and says so', async () => {
    const run = session();
    await run(create);
    await run('HSET d:1 t hello n 1e25');
    const list = await run('FT.SEARCH i hello INKEYS 9999999999999 d:1');
    expect(list).toBe(
      '(error) SEARCH_PARSE_ARGS Bad arguments for INKEYS: Expected an argument, but none provided',
    );
    const times = 'APPLY "timefmt(@n)" AS a APPLY "year(@n)" AS b APPLY "timefmt(-@n)" AS c';
    const rows = await run(`FT.AGGREGATE i * LOAD 1 @n ${times.replace('-@n', '0 - @n')}`);
    expect(rows).toMatch(/"a"\s+\d\) \(nil\)\s+\d\) "b"\s+\d\) \(nil\)\s+\d\) "c"\s+\d\) \(nil\)/);
  });

  test('follows what is flushed, swapped and expired', async () => {
    const run = session();
    await run(create);
    await run('HSET d:1 t hello');
    await run('SWAPDB 0 1');
    expect(await run('FT.SEARCH i hello NOCONTENT')).toBe('1) (integer) 0');
    await run('SWAPDB 0 1');
    expect(await run('FT.SEARCH i hello NOCONTENT')).toContain('"d:1"');
    await run('FLUSHALL');
    expect(await run('FT._LIST')).toBe('(empty array)');
  });

  test('tells of itself, and finds, in maps where the client speaks RESP3', async () => {
    const run = session();
    await run(
      'FT.CREATE i SCHEMA t TEXT SORTABLE g TAG v VECTOR HNSW 6 TYPE FLOAT32 DIM 1 DISTANCE_METRIC IP',
    );
    await run('HSET d:1 t hello g x');
    await run('HSET d:2 v toolong');
    await run('HELLO 3');
    const found = await run('FT.SEARCH i hello WITHSCORES');
    expect(found).toMatch(
      /1# attributes => \(empty array\)[\s\S]*3# results =>[\s\S]*1# id => "d:1"/,
    );
    expect(found).toMatch(
      /extra_attributes =>[\s\S]*"t" => "hello"[\s\S]*total_results => \(integer\) 1/,
    );
    expect(await run('FT.AGGREGATE i * GROUPBY 1 @g REDUCE COUNT 0 AS n')).toMatch(
      /extra_attributes =>[\s\S]*"g" => "x"[\s\S]*"n" => "1"/,
    );
    const info = await run('FT.INFO i');
    expect(info).toMatch(/num_docs => \(integer\) 1/);
    expect(info).toMatch(/flags =>[\s\S]*SORTABLE/);
    expect(info).toMatch(/indexing failures => \(integer\) 1/);
    expect(info).toMatch(/last indexing error => SEARCH_VECTOR_BLOB_SIZE_MISMATCH/);
  });

  test('is read part by part with a cursor', async () => {
    const run = session();
    await run('FT.CREATE i SCHEMA n NUMERIC');
    for (let i = 0; i < 5; i++) await run(`HSET d:${i} n ${i}`);
    const first = await run('FT.AGGREGATE i * LOAD 1 @n WITHCURSOR COUNT 3');
    const id = /2\) \(integer\) (\d+)$/.exec(first)?.[1];
    expect(id).not.toBe('0');
    const second = await run(`FT.CURSOR READ i ${id}`);
    expect(second).toMatch(/"4"[\s\S]*2\) \(integer\) 0$/);
    expect(await run(`FT.CURSOR READ i ${id}`)).toContain('Cursor not found');
  });

  test('counts no cursor that waited too long, and answers each reader in its protocol', async () => {
    const lab = new Lab();
    const labSession = new LabSession(lab);
    const run = async (line: string) => (await labSession.send('', [line])).reply ?? '';
    await run('FT.CREATE i SCHEMA n NUMERIC');
    await run('HSET d:1 n 1');
    await run('HSET d:2 n 2');
    await run('FT.CONFIG SET INDEX_CURSOR_LIMIT 1');
    const ask = 'FT.AGGREGATE i * LOAD 1 @n WITHCURSOR COUNT 1 MAXIDLE 1000';
    await run(ask);
    expect(await run(ask)).toContain('SEARCH_CURSOR_ALLOC_FAILED');
    lab.clock.advance(1000);
    const id = /2\) \(integer\) (\d+)$/.exec(await run(ask))?.[1];
    await run('HELLO 3');
    expect(await run(`FT.CURSOR READ i ${id}`)).toMatch(/results =>[\s\S]*"n" => "2"/);
  });
});

test('without the module its commands are not there', async () => {
  const run = session({ modules: ['/usr/local/lib/redis/modules/rejson.so'] });
  expect(await run('FT._LIST')).toMatch(/unknown command 'FT\._LIST'/);
});
