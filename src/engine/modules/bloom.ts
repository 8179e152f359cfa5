/** The commands of Bloom filters. https://redis.io/docs/latest/commands/?group=bf */
import { parseDouble, parseInteger, printGeneral } from '../bytes/numbers.ts';
import type { Args } from '../commands/args.ts';
import { command } from '../commands/command.ts';
import type { Context } from '../commands/context.ts';
import { redisError, wrongArity } from '../errors.ts';
import type { Database } from '../keyspace/database.ts';
import { Bool, isError, ok, type Reply } from '../resp/reply.ts';
import { BloomFilter, type BloomShape } from '../values/bloom-filter.ts';
import { infoReply, peekSketch, readFraction, readWhole, rowsOf, wordAt } from './sketch-common.ts';

const { read, readFast, write, writeFast } = rowsOf('bloom', '1.0.0');
const looking = { ...read, flags: ['readonly', 'module', 'fast'] } as const;
const telling = { ...readFast, flags: ['readonly', 'module', 'fast'] } as const;

const PER_ITEM = 'O(k * n) where k is the number of hash functions and n that of items.';

export const bloomCommands = [
  command('BF.RESERVE key error_rate:double capacity:int [EXPANSION expansion:int] [NONSCALING]', {
    ...writeFast,
    summary: 'Creates a Bloom filter.',
    complexity: 'O(1)',
    run: reserve,
  }),
  command('BF.ADD key item', {
    ...write,
    summary: 'Adds an item to a Bloom filter, which is created when there is none.',
    complexity: 'O(k) where k is the number of hash functions of the newest layer.',
    run: add,
  }),
  command('BF.MADD key item [item ...]', {
    ...write,
    summary: 'Adds items to a Bloom filter, which is created when there is none.',
    complexity: PER_ITEM,
    run: addMany,
  }),
  command(
    `BF.INSERT key [CAPACITY capacity:int] [ERROR error:double] [EXPANSION expansion:int] [NOCREATE]
     [NONSCALING] ITEMS item [item ...]`,
    {
      ...write,
      summary: 'Adds items to a Bloom filter, and says what it is to be like if there is none.',
      complexity: PER_ITEM,
      run: insert,
    },
  ),
  command('BF.EXISTS key item', {
    ...looking,
    summary: 'Tells whether an item was added to a Bloom filter, most probably.',
    complexity: 'O(k) where k is the number of hash functions of all layers.',
    run: ({ db }, args) => {
      const filter = peekSketch(db, args.string(), 'MBbloom--');
      return new Bool(filter?.has(args.string()) ?? false);
    },
  }),
  command('BF.MEXISTS key item [item ...]', {
    ...looking,
    summary: 'Tells of each of some items whether it was added to a Bloom filter, most probably.',
    complexity: PER_ITEM,
    run: ({ db }, args) => {
      const filter = peekSketch(db, args.string(), 'MBbloom--');
      return args.rest().map((item) => new Bool(filter?.has(item) ?? false));
    },
  }),
  command('BF.CARD key', {
    ...telling,
    summary: 'Returns how many items were added to a Bloom filter.',
    since: '2.4.4',
    complexity: 'O(1)',
    run: ({ db }, args) => db.get(args.string(), 'MBbloom--')?.size ?? 0,
  }),
  command('BF.INFO key [<CAPACITY | SIZE | FILTERS | ITEMS | EXPANSION>]', {
    ...telling,
    summary: 'Tells how a Bloom filter is made, and how full it is.',
    complexity: 'O(1)',
    tips: ['dont_cache'],
    run: info,
  }),
  command('BF.SCANDUMP key iterator:int', {
    ...looking,
    keyUse: ['RW'],
    summary: 'Returns a Bloom filter piece by piece.',
    complexity: 'O(n) where n is the capacity.',
    tips: ['dont_cache'],
    run: scanDump,
  }),
  command('BF.LOADCHUNK key iterator:int data', {
    ...write,
    summary: 'Puts back a piece of a Bloom filter.',
    complexity: 'O(n) where n is the capacity.',
    run: loadChunk,
  }),
  command('BF.DEBUG key', {
    ...looking,
    summary: 'Tells of each layer of a Bloom filter how it is made.',
    complexity: 'O(n) where n is the number of layers.',
    tips: ['dont_cache'],
    run: debug,
  }),
];

const MAX_CAPACITY = 2 ** 30;
const MAX_EXPANSION = 32_768;
const defaults: BloomShape = { capacity: 100, errorRate: 0.01, expansion: 2, scales: true };

const notFound = () => redisError('ERR not found');
const badData = () => redisError('ERR received bad data');

const needFilter = (db: Database, key: string): BloomFilter => {
  const filter = db.get(key, 'MBbloom--');
  if (!filter) throw notFound();
  return filter;
};

function reserve({ db, argv }: Context, args: Args): Reply {
  if (argv.length > 7) throw wrongArity('bf.reserve');
  const key = args.string();
  const shape = readShape(args.string(), args.string(), argv);
  if (db.get(key, 'MBbloom--')) throw redisError('ERR item exists');
  db.set(key, create(shape));
  db.changed('bf.reserve', key);
  return ok;
}

function readShape(rate: string, size: string, argv: readonly string[]): BloomShape {
  const errorRate = parseDouble(rate);
  if (errorRate === undefined) throw redisError('ERR bad error rate');
  if (errorRate <= 0 || errorRate >= 1) {
    throw redisError('ERR error rate must be in the range (0.000000, 1.000000)');
  }
  const capacity = readWhole(size, [1, MAX_CAPACITY]);
  if (capacity === 'none') throw redisError('ERR bad capacity');
  if (capacity === 'out') throw redisError('ERR capacity must be in the range [1, 1073741824]');
  const expansion = readExpansion(argv);
  const isFixed = expansion === 0 || wordAt(argv, 'NONSCALING') >= 0;
  if (isFixed && expansion) throw redisError('Nonscaling filters cannot expand');
  return { capacity, errorRate, expansion: expansion || defaults.expansion, scales: !isFixed };
}

function readExpansion(argv: readonly string[]): number | undefined {
  const at = wordAt(argv, 'EXPANSION');
  if (at < 0) return undefined;
  if (at + 1 === argv.length) throw redisError('ERR no expansion');
  const expansion = readWhole(argv[at + 1], [0, MAX_EXPANSION]);
  if (expansion === 'none') throw redisError('ERR bad expansion');
  if (expansion === 'out') throw redisError('ERR expansion must be in the range [0, 32768]');
  return expansion;
}

function create(shape: BloomShape): BloomFilter {
  const filter = BloomFilter.create(shape);
  if (filter) return filter;
  throw shape.errorRate / 2 === 0
    ? redisError('ERR could not create filter')
    : redisError('ERR Insufficient memory to create filter');
}

function add(ctx: Context, args: Args): Reply {
  const key = args.string();
  const [reply = null] = addItems(ctx, key, args.rest(), filterAt(ctx.db, key, defaults));
  // By itself it is an error like any other, as for a script that calls.
  if (isError(reply)) throw reply;
  return reply;
}

function addMany(ctx: Context, args: Args): Reply {
  const key = args.string();
  return addItems(ctx, key, args.rest(), filterAt(ctx.db, key, defaults));
}

/** The filter at a key, or a new one of this shape. */
function filterAt(db: Database, key: string, shape: BloomShape): BloomFilter {
  const present = db.get(key, 'MBbloom--');
  if (present) return present;
  const filter = create(shape);
  db.set(key, filter);
  return filter;
}

/** One answer for each item, up to the first for which there is no room. */
function addItems({ db }: Context, key: string, items: readonly string[], filter: BloomFilter) {
  const replies: Reply[] = [];
  for (const item of items) {
    const done = filter.add(item);
    if (done === 'full') replies.push(redisError('ERR non scaling filter is full'));
    else if (done === 'failed') replies.push(redisError('ERR problem inserting into filter'));
    else replies.push(new Bool(done === 'added'));
    if (done === 'full') break;
  }
  db.changed('bf.add', key);
  return replies;
}

function insert(ctx: Context, args: Args): Reply {
  const key = args.string();
  const { shape, creates } = readInsertion(args);
  if (!creates && !ctx.db.get(key, 'MBbloom--')) throw notFound();
  return addItems(ctx, key, args.rest(), filterAt(ctx.db, key, shape));
}

/** Reads up to the items. The module knows its words by their first letters. */
function readInsertion(args: Args): { shape: BloomShape; creates: boolean } {
  let [shape, creates] = [defaults, true];
  for (;;) {
    if (args.done) throw wrongArity('bf.insert');
    const word = args.string().toLowerCase();
    if (word.startsWith('i')) break;
    if (word.startsWith('n')) {
      if (word[2] === 'c') creates = false;
      else shape = { ...shape, scales: false };
    } else if (/^[ce]/.test(word)) shape = { ...shape, ...readInsertionValue(word, args) };
    else throw redisError('Unknown argument received');
  }
  if (args.done) throw wrongArity('bf.insert');
  return { shape, creates };
}

function readInsertionValue(word: string, args: Args): Partial<BloomShape> {
  if (args.done) throw wrongArity('bf.insert');
  const text = args.string();
  if (word.startsWith('c')) {
    const capacity = readWhole(text, [1, MAX_CAPACITY]);
    if (typeof capacity !== 'number') throw redisError('Bad capacity');
    return { capacity };
  }
  if (word[1] === 'r') {
    const errorRate = readFraction(text);
    if (errorRate === undefined) throw redisError('Bad error rate');
    return { errorRate };
  }
  const expansion = readWhole(text, [0, MAX_EXPANSION]);
  if (typeof expansion !== 'number') throw redisError('Bad expansion');
  return expansion === 0 ? { scales: false } : { expansion };
}

const infoWords = ['CAPACITY', 'SIZE', 'FILTERS', 'ITEMS', 'EXPANSION'];

function info({ db, protocol }: Context, args: Args): Reply {
  const key = args.string();
  if (args.left > 1) throw wrongArity('bf.info');
  const filter = needFilter(db, key);
  const fields: Record<string, Reply> = {
    Capacity: filter.capacity,
    Size: filter.bytes,
    'Number of filters': filter.layers.length,
    'Number of items inserted': filter.size,
    'Expansion rate': filter.scales ? filter.expansion : null,
  };
  if (args.done) return infoReply(fields);
  const field = Object.entries(fields)[infoWords.indexOf(args.string().toUpperCase())];
  if (!field) throw redisError('Invalid information value');
  return protocol === 3 ? infoReply({ [field[0]]: field[1] }) : [field[1]];
}

function scanDump({ db }: Context, args: Args): Reply {
  const filter = needFilter(db, args.string());
  const position = parseInteger(args.string());
  if (position === undefined) throw redisError('Second argument must be numeric');
  if (position === 0n) return [1, filter.header()];
  const part = filter.chunk(Number(position));
  return part ? [part.next, part.data] : [0, ''];
}

function loadChunk({ db }: Context, args: Args): Reply {
  const key = args.string();
  const position = parseInteger(args.string());
  if (position === undefined) throw redisError('ERR Second argument must be numeric');
  const data = args.string();
  const filter = db.get(key, 'MBbloom--');
  if (filter) loadInto(filter, Number(position), data);
  else {
    if (position !== 1n) throw notFound();
    const empty = BloomFilter.fromHeader(data);
    if (!empty) throw badData();
    db.set(key, empty);
  }
  db.changed('bf.loadchunk', key);
  return ok;
}

function loadInto(filter: BloomFilter, position: number, data: string): void {
  const refusal = filter.load(position, data);
  if (refusal === 'bad') throw badData();
  if (refusal === 'beyond') throw redisError('ERR invalid offset - no link found');
  if (refusal === 'too big') {
    throw redisError('ERR invalid chunk - Too big for current filter');
  }
}

function debug({ db }: Context, args: Args): Reply {
  const filter = needFilter(db, args.string());
  const layers = filter.layers.map(({ data, bits, hashes, capacity, size, error }) =>
    [
      `bytes:${data.length} bits:${bits} hashes:${hashes} hashwidth:64`,
      `capacity:${capacity} size:${size} ratio:${printGeneral(error, 6)}`,
    ].join(' '),
  );
  return [`size:${filter.size}`, ...layers];
}
