import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Field, pack } from '../bytes/packed.ts';
import { Lab } from '../lab/lab.ts';
import { LabSession } from '../lab/script.ts';
import { VirtualDisk } from '../persistence/disk.ts';
import { seededRandom } from '../time/random.ts';
import { BloomFilter } from '../values/bloom-filter.ts';
import { CountMinSketch } from '../values/count-min-sketch.ts';
import { CuckooFilter } from '../values/cuckoo-filter.ts';
import { TDigest } from '../values/t-digest.ts';
import { TopK } from '../values/top-k.ts';

function session(options: ConstructorParameters<typeof Lab>[0] = {}) {
  const lab = new LabSession(new Lab(options));
  return async (line: string) => (await lab.send('', [line])).reply ?? '';
}

const count = (to: number, from = 0) => Array.from({ length: to - from }, (_, i) => from + i);

const bloom = (shape: Partial<Parameters<typeof BloomFilter.create>[0]>) =>
  BloomFilter.create({
    capacity: 100,
    errorRate: 0.01,
    expansion: 2,
    scales: true,
    ...shape,
  }) as BloomFilter;

const cuckoo = (shape: Partial<Parameters<typeof CuckooFilter.create>[0]>) =>
  CuckooFilter.create({
    capacity: 1024,
    bucketSize: 2,
    maxIterations: 20,
    expansion: 1,
    ...shape,
  }) as CuckooFilter;

// The module's own tests name what becomes of these numbers; a hash that were another would not do.
test('a Bloom filter takes the same numbers for known ones as the module does', () => {
  const sizes = (capacity: number, errorRate: number, items: number) => {
    const filter = bloom({ capacity, errorRate });
    for (const item of count(items)) filter.add(String(item));
    return filter.layers.map(({ size, bits, hashes }) => [size, bits, hashes]);
  };
  expect(sizes(10, 0.01, 100)).toEqual([
    ...[[10, 128, 8] as const, [20, 256, 9] as const],
    ...[[40, 576, 10] as const, [29, 1280, 11] as const],
  ]);
  expect(sizes(100, 0.001, 4000).at(-1)).toEqual([897, 73_728, 16]);
});

test('a cuckoo filter needs as many layers as the module', () => {
  const layers = (shape: Parameters<typeof cuckoo>[0]) => {
    const filter = cuckoo(shape);
    for (const item of count(1000)) filter.add(String(item), false);
    expect(count(1000).every((item) => filter.has(String(item)))).toBe(true);
    return filter.layers.length;
  };
  expect(layers({ capacity: 64, bucketSize: 1 })).toBe(18);
  expect(layers({ capacity: 64 })).toBe(17);
  expect(layers({ capacity: 256, bucketSize: 4, maxIterations: 500 })).toBe(4);
  expect(layers({ capacity: 64, expansion: 2 })).toBe(5);
  expect(layers({ capacity: 64, expansion: 4, maxIterations: 500 })).toBe(3);
});

test('a cuckoo filter grows up to 32 layers, and takes nothing then', async () => {
  const run = session();
  await run('CF.RESERVE cf 4');
  for (const item of count(124)) expect(await run(`CF.ADD cf ${item}`)).toBe('(integer) 1');
  expect(await run('CF.ADD cf 2048')).toBe('(error) Maximum expansions reached');
  expect(await run('CF.INSERT cf ITEMS 1')).toBe('(error) Maximum expansions reached');
});

test('a t-digest gathers ten thousand numbers as the module does', () => {
  const digest = new TDigest(100);
  for (const value of count(10_001, 1)) digest.add(value);
  const merged = { mergedNodes: 51, mergedWeight: 9578 };
  expect(digest.state).toEqual({ ...merged, unmergedNodes: 422, unmergedWeight: 422 });
  expect([digest.compressions, digest.bytes]).toEqual([17, 9840]);
});

const rates = fc.constantFrom(0.2, 0.1, 0.01, 0.001);
const words = fc.uniqueArray(fc.string({ unit: 'binary', maxLength: 12 }), { maxLength: 80 });
const bytesOf = (text: string) => text.replace(/[^\0-\xff]/g, '?');

test('filters have all that was added, a cuckoo filter also after others have gone', () => {
  fc.assert(
    fc.property(words, words, fc.integer({ min: 4, max: 60 }), (kept, gone, capacity) => {
      const [filter, other] = [bloom({ capacity }), cuckoo({ capacity })];
      for (const item of [...kept, ...gone].map(bytesOf)) {
        filter.add(item);
        other.add(item, false);
      }
      for (const item of gone.map(bytesOf)) expect(other.delete(item)).toBe(true);
      expect(other.items).toBe(kept.length);
      for (const item of kept.map(bytesOf)) {
        expect([filter.has(item), other.has(item), other.count(item) > 0]).toEqual([
          ...[true, true, true],
        ]);
      }
    }),
    { numRuns: 25 },
  );
});

/** Of so many items that were not added how many seem to be there, as a fraction. */
const wrongly = (filter: { has(item: string): boolean }, asked: number) =>
  count(asked).filter((item) => filter.has(`never ${item}`)).length / asked;

test('a Bloom filter errs no more often than it was asked to, though it grows', () => {
  fc.assert(
    fc.property(
      rates,
      fc.boolean(),
      fc.integer({ min: 1, max: 8 }),
      (errorRate, scales, growth) => {
        const filter = bloom({ capacity: 100, errorRate, scales });
        for (const item of count(scales ? 100 * growth : 100)) filter.add(`added ${item}`);
        // Five standard deviations more, of a thousand questions, and one error.
        const slack = 5 * Math.sqrt(errorRate / 1000) + 0.001;
        expect(wrongly(filter, 1000)).toBeLessThanOrEqual(errorRate + slack);
      },
    ),
    { numRuns: 25 },
  );
});

test('a full cuckoo filter errs about as often as its one byte of each item lets it', () => {
  const filter = cuckoo({ capacity: 4096 });
  for (const item of count(3000)) filter.add(`added ${item}`, true);
  // Of 255 fingerprints up to four are looked at in each layer.
  expect(wrongly(filter, 5000)).toBeLessThan((4 * filter.layers.length) / 255 + 0.006);
});

test('a count-min sketch counts never too little, and seldom too much', () => {
  const additions = fc.array(
    fc.tuple(fc.integer({ min: 0, max: 300 }), fc.integer({ max: 50, min: 0 })),
  );
  fc.assert(
    fc.property(additions, fc.integer({ min: 1, max: 4 }), (all, weight) => {
      const [sketch, sum] = [new CountMinSketch(200, 7), new CountMinSketch(200, 7)];
      const exact = new Map<number, number>();
      for (const [item, by] of all) {
        sketch.add(`item ${item}`, BigInt(by));
        exact.set(item, (exact.get(item) ?? 0) + by);
      }
      const total = [...exact.values()].reduce((a, b) => a + b, 0);
      expect(sketch.total).toBe(BigInt(total));
      expect(sum.merge([{ sketch, weight: BigInt(weight) }])).toBe(true);
      for (const [item, times] of exact) {
        const counted = sketch.count(`item ${item}`);
        // As CMS.INITBYPROB 0.01 0.01 would make it: an error of a hundredth of all.
        expect(counted >= times && counted <= times + Math.max(1, total * 0.01)).toBe(true);
        expect(sum.count(`item ${item}`)).toBe(counted * weight);
      }
    }),
  );
});

test('the items that come much more often than others are among the k', () => {
  const luck = fc.integer({ min: 0, max: 2 ** 31 });
  fc.assert(
    fc.property(luck, fc.constantFrom(0.9, 0.95), (seed, decay) => {
      const top = new TopK({ k: 5, width: 60, depth: 5, decay });
      // Each of five heavy items 200 times, among a thousand others that come once.
      const light = count(1000).map((i) => `light ${seed} ${i}`);
      light.forEach((item, i) => {
        top.add(`heavy ${seed} ${i % 5}`, 1);
        top.add(item, 1);
      });
      const names = top.list().map(({ item }) => item);
      expect(names.sort()).toEqual(count(5).map((i) => `heavy ${seed} ${i}`));
      for (const { count } of top.list()) expect(count).toBeLessThanOrEqual(210);
    }),
    { numRuns: 20 },
  );
});

/** So many numbers by chance, in one of three shapes: even, one-sided, of few values. */
function numbersOf(seed: number, size: number, shape: number): number[] {
  const random = seededRandom(seed);
  const share = () => (random.below(2 ** 31) + 1) / 2 ** 31;
  const shapes = [() => share() * 1000, () => -Math.log(share()) * 50, () => random.below(12)];
  return Array.from({ length: size }, () => (shapes[shape] as () => number)());
}

const samples = fc
  .tuple(fc.nat(), fc.integer({ min: 1, max: 4000 }), fc.integer({ min: 0, max: 2 }))
  .map((about) => numbersOf(...about));

test('quantiles of a t-digest are as near as its compression promises, at the ends nearer', () => {
  fc.assert(
    fc.property(samples, fc.constantFrom(50, 100, 500), (all, compression) => {
      const digest = new TDigest(compression);
      for (const value of all) digest.add(value);
      const sorted = all.toSorted((a, b) => a - b);
      expect([digest.quantile(0), digest.quantile(1)]).toEqual([sorted[0], sorted.at(-1)]);
      for (const fraction of [0.001, 0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 0.999]) {
        const value = digest.quantile(fraction);
        const below = sorted.filter((each) => each < value).length / all.length;
        const upTo = sorted.filter((each) => each <= value).length / all.length;
        const error = Math.max(0, below - fraction, fraction - upTo);
        // So much of all may be in one centroid there. A value lies between two, and one number more
        // or less does not count.
        const log = Math.max(1, Math.log(all.length));
        const most = (2 * Math.PI * log * fraction * (1 - fraction)) / compression;
        expect(error).toBeLessThanOrEqual(2 * most + 1 / all.length);
      }
    }),
    { numRuns: 25 },
  );
});

test('the fraction below a value never falls as the value grows, and merged digests hold all', () => {
  fc.assert(
    fc.property(samples, samples, (a, b) => {
      const [one, other] = [new TDigest(100), new TDigest(200)];
      for (const value of a) one.add(value);
      for (const value of b) other.add(value);
      const both = new TDigest(200);
      expect(both.merge(one) && both.merge(other)).toBe(true);
      expect(both.size).toBe(a.length + b.length);
      const asked = [...a, ...b].slice(0, 50).sort((x, y) => x - y);
      const shares = asked.map((value) => both.cdf(value));
      shares.slice(1).forEach((share, i) => {
        expect(share).toBeGreaterThanOrEqual((shares[i] as number) - 1e-9);
      });
    }),
    { numRuns: 10 },
  );
});

const story = [
  'BF.RESERVE bf 0.01 4',
  'BF.MADD bf a b c d e f',
  'BF.RESERVE fixed 0.01 3 NONSCALING',
  'CF.RESERVE cf 4 EXPANSION 2',
  'CF.INSERT cf ITEMS a b c d e f g',
  'CF.DEL cf a',
  'CF.RESERVE empty 8',
  'CMS.INITBYDIM cms 20 3',
  'CMS.INCRBY cms a 4294967295 b 3',
  'TOPK.RESERVE top 3 3 2 0.9',
  'TOPK.ADD top a b c d e a b a "" a',
  'TDIGEST.CREATE none',
  'TDIGEST.CREATE td COMPRESSION 50',
  'TDIGEST.ADD td 1 2.5 -3 1e300 5 6',
  'TDIGEST.MERGE td2 1 td',
  'TDIGEST.ADD td 7 8',
];

const questions = [
  ...['BF.DEBUG bf', 'BF.INFO fixed', 'CF.DEBUG cf', 'CF.SCANDUMP cf 1', 'CF.DEBUG empty'],
  ...['CMS.INFO cms', 'CMS.QUERY cms a b c', 'TOPK.LIST top WITHCOUNT', 'TOPK.COUNT top a b c d e'],
  ...['TDIGEST.INFO none', 'TDIGEST.INFO td', 'TDIGEST.CDF td 1 2 7.5'],
  // What chance did goes on from where it was.
  ...['TOPK.ADD top x x x y y z', 'TOPK.LIST top WITHCOUNT', 'BF.SCANDUMP bf 1'],
];

test('all of them are the same after a restart, from either kind of file, and as a copy', async () => {
  const files = [{}, { appendonly: 'yes' }, { appendonly: 'yes', 'aof-use-rdb-preamble': 'no' }];
  for (const config of files) {
    const disk = new VirtualDisk();
    const lab = new Lab({ disk, config });
    const first = new LabSession(lab);
    const run = async (line: string) => (await first.send('', [line])).reply ?? '';
    for (const line of story) await run(line);
    await run('appendonly' in config ? 'BGREWRITEAOF' : 'SAVE');
    lab.clock.advance(5000);
    const next = session({ disk, config });
    for (const question of questions) expect(await next(question)).toBe(await run(question));
  }
  const run = session();
  for (const line of story) await run(line);
  for (const key of ['bf', 'cf', 'cms', 'top', 'td']) await run(`COPY ${key} ${key}:2`);
  for (const question of questions) {
    const ofCopy = question.replace(/(?<= )(bf|cf|cms|top|td)(?= |$)/, '$1:2');
    expect(await run(ofCopy)).toBe(await run(question));
  }
});

test('a filter that was carried away in pieces is the same where it was put together', async () => {
  const run = session();
  await run('BF.RESERVE bf 0.01 60');
  await run(`BF.MADD bf ${count(500).join(' ')}`);
  await run('CF.RESERVE cf 62 EXPANSION 2');
  await run(`CF.INSERT cf ITEMS ${count(500).join(' ')}`);
  for (const [family, key] of [
    ['BF', 'bf'],
    ['CF', 'cf'],
  ]) {
    let next = '0';
    do {
      const piece = await run(`${family}.SCANDUMP ${key} ${next}`);
      const [, position = '', data = ''] = /^1\) \(integer\) (\d+)\n2\) (.*)$/s.exec(piece) ?? [];
      next = position;
      if (next !== '0') expect(await run(`${family}.LOADCHUNK ${key}2 ${next} ${data}`)).toBe('OK');
    } while (next !== '0');
    expect(await run(`${family}.DEBUG ${key}2`)).toBe(await run(`${family}.DEBUG ${key}`));
    expect(await run(`DUMP ${key}2`)).toBe(await run(`DUMP ${key}`));
  }
});

// What the module's own check of such headers refuses.
test('no Bloom filter is made of a header that contradicts itself, or would never come to an end', () => {
  const filter = bloom({ capacity: 10 });
  for (const item of count(100)) filter.add(String(item));
  const header = filter.header();
  expect(BloomFilter.fromHeader(header)?.size).toBe(filter.size);
  const patched = (at: number, fields: readonly Field[], ...values: readonly number[]) => {
    const bytes = pack(fields, values);
    return BloomFilter.fromHeader(header.slice(0, at) + bytes + header.slice(at + bytes.length));
  };
  const [layer, layerBytes] = [20, 53];
  const [bytes, bits, perItem, hashes] = [layer, layer + 8, layer + 32, layer + 40];
  expect(patched(0, ['u64'], filter.size + 1)).toBeUndefined();
  expect(patched(bits, ['u64'], 64)).toBeUndefined();
  expect(patched(hashes, ['u32'], 9)).toBeUndefined();
  expect(patched(perItem, ['f64', 'u32'], 2 ** 31 / Math.LN2 - 1, 2 ** 31 - 1)).toBeUndefined();
  // Each layer by itself would still have room.
  const large = ['u64', 'u64'] as const;
  const half = 200 * 2 ** 20;
  const two = pack(large, [half, half * 8]);
  const second = layer + layerBytes;
  const both =
    header.slice(0, bytes) +
    two +
    header.slice(bytes + two.length, second) +
    two +
    header.slice(second + two.length);
  expect(BloomFilter.fromHeader(both)).toBeUndefined();
});

test('in RESP3 what is true or false is so, and what has names is a map', async () => {
  const run = session();
  await run('HELLO 3');
  await run('CF.RESERVE a 9 EXPANSION 0');
  expect(await run('BF.ADD bf item')).toBe('(true)');
  expect(await run('BF.INFO bf SIZE')).toBe('1# Size => (integer) 240');
  expect(await run('BF.MEXISTS bf item other')).toBe('1) (true)\n2) (false)');
  expect(await run('CF.INSERT a ITEMS 1 2 3 4 5 6 7 8 9')).toMatch(/^1\) \(true\).*\(false\)/s);
  expect(await run('CF.INSERTNX a ITEMS 1 7')).toBe('1) (integer) 0\n2) (integer) -1');
  expect(await run('CF.COUNT a 1')).toBe('(integer) 1');
  expect(await run('CF.DEL a 1')).toBe('(true)');
  await run('TOPK.RESERVE top 2');
  expect(await run('TOPK.INFO top')).toMatch(
    /^1# k => \(integer\) 2\n.*4# decay => \(double\) 0\.9$/s,
  );
  expect(await run('TOPK.QUERY top a')).toBe('1) (false)');
  await run('TDIGEST.CREATE td');
  expect(await run('TDIGEST.MIN td')).toBe('(double) nan');
  expect(await run('TDIGEST.INFO td')).toMatch(/^1# Compression => \(integer\) 100\n/);
});

test('an unheard write still ends the transaction of whoever watches the key', async () => {
  const lab = new LabSession(new Lab({ config: { 'notify-keyspace-events': 'KEA' } }));
  const send = async (name: string, line: string) => (await lab.send(name, [line])).reply;
  await send('', 'CMS.INITBYDIM cms 10 2');
  await send('', 'WATCH cms');
  await send('other', 'CMS.INCRBY cms a 1');
  await send('', 'MULTI');
  await send('', 'SET x 1');
  expect(await send('', 'EXEC')).toBe('(nil)');
});
