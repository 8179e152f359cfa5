/** The commands of cuckoo filters. https://redis.io/docs/latest/commands/?group=cf */
import { parseInteger } from '../bytes/numbers.ts';
import type { Args } from '../commands/args.ts';
import { command } from '../commands/command.ts';
import type { Context } from '../commands/context.ts';
import { redisError, wrongArity } from '../errors.ts';
import type { Database } from '../keyspace/database.ts';
import { Bool, ok, type Reply } from '../resp/reply.ts';
import {
  CUCKOO_HEADER_BYTES,
  type CuckooAddition,
  CuckooFilter,
  type CuckooShape,
} from '../values/cuckoo-filter.ts';
import { infoReply, peekSketch, readWhole, rowsOf, wordAt } from './sketch-common.ts';

const { read, readFast, write, writeFast } = rowsOf('cuckoo', '1.0.0');
const looking = { ...read, flags: ['readonly', 'module', 'fast'] } as const;
const telling = { ...readFast, flags: ['readonly', 'module', 'fast'] } as const;

const ADDING = 'O(k + i) where k is the number of layers and i how often items may push others.';
const INSERTING = 'O(n * (k + i)) where n is the number of items, k that of layers.';
const LOOKING = 'O(k) where k is the number of layers.';
const DUMPING = 'O(n) where n is the capacity.';

const INSERT = 'key [CAPACITY capacity:int] [NOCREATE] ITEMS item [item ...]';

export const cuckooCommands = [
  command(
    `CF.RESERVE key capacity:int [BUCKETSIZE bucketsize:int] [MAXITERATIONS maxiterations:int]
     [EXPANSION expansion:int]`,
    { ...writeFast, summary: 'Creates a cuckoo filter.', complexity: 'O(1)', run: reserve },
  ),
  command('CF.ADD key item', {
    ...write,
    summary: 'Adds an item to a cuckoo filter, which is created when there is none.',
    complexity: ADDING,
    run: (ctx, args) => add(ctx, args, false),
  }),
  command('CF.ADDNX key item', {
    ...write,
    summary: 'Adds an item to a cuckoo filter unless it seems to be there.',
    complexity: ADDING,
    run: (ctx, args) => add(ctx, args, true),
  }),
  command(`CF.INSERT ${INSERT}`, {
    ...write,
    summary: 'Adds items to a cuckoo filter, and says how large it is to be if there is none.',
    complexity: INSERTING,
    run: (ctx, args) => insert(ctx, args, 'cf.insert'),
  }),
  command(`CF.INSERTNX ${INSERT}`, {
    ...write,
    summary: 'Adds those of some items to a cuckoo filter that do not seem to be there.',
    complexity: INSERTING,
    run: (ctx, args) => insert(ctx, args, 'cf.insertnx'),
  }),
  command('CF.EXISTS key item', {
    ...looking,
    summary: 'Tells whether an item is in a cuckoo filter, most probably.',
    complexity: LOOKING,
    run: ({ db }, args) => {
      const filter = peekSketch(db, args.string(), 'MBbloomCF');
      return new Bool(filter?.has(args.string()) ?? false);
    },
  }),
  command('CF.MEXISTS key item [item ...]', {
    ...looking,
    summary: 'Tells of each of some items whether it is in a cuckoo filter, most probably.',
    complexity: 'O(k * n) where k is the number of layers and n that of items.',
    run: ({ db }, args) => {
      const filter = peekSketch(db, args.string(), 'MBbloomCF');
      return args.rest().map((item) => new Bool(filter?.has(item) ?? false));
    },
  }),
  command('CF.COUNT key item', {
    ...looking,
    summary: 'Returns how often an item seems to be in a cuckoo filter.',
    complexity: LOOKING,
    run: ({ db }, args) => peekSketch(db, args.string(), 'MBbloomCF')?.count(args.string()) ?? 0,
  }),
  command('CF.DEL key item', {
    ...write,
    flags: ['write', 'module', 'fast'],
    summary: 'Takes an item out of a cuckoo filter once.',
    complexity: LOOKING,
    run: remove,
  }),
  command('CF.INFO key', {
    ...telling,
    summary: 'Tells how a cuckoo filter is made, and how full it is.',
    complexity: 'O(1)',
    tips: ['dont_cache'],
    run: info,
  }),
  command('CF.SCANDUMP key iterator:int', {
    ...looking,
    keyUse: ['RW'],
    summary: 'Returns a cuckoo filter piece by piece.',
    complexity: DUMPING,
    tips: ['dont_cache'],
    run: scanDump,
  }),
  command('CF.LOADCHUNK key iterator:int data', {
    ...write,
    summary: 'Puts back a piece of a cuckoo filter.',
    complexity: DUMPING,
    run: loadChunk,
  }),
  command('CF.COMPACT key', {
    ...looking,
    keyUse: ['RW access update'],
    summary: 'Moves the items of a cuckoo filter into as few layers as will hold them.',
    complexity: DUMPING,
    override: { ...looking.override, arity: -1 },
    run: compact,
  }),
  command('CF.DEBUG key', {
    ...looking,
    summary: 'Tells in one line how a cuckoo filter is made, and how full it is.',
    complexity: 'O(1)',
    tips: ['dont_cache'],
    run: debug,
  }),
];

const MAX_CAPACITY = 2 ** 30;
/** cf-max-expansions. */
const MAX_LAYERS = 32;
const defaults: CuckooShape = { capacity: 1024, bucketSize: 2, maxIterations: 20, expansion: 1 };

const notFound = () => redisError('ERR not found');
const itemExists = () => redisError('ERR item exists');
const badPosition = () => redisError('Invalid position');

const needFilter = (db: Database, key: string): CuckooFilter => {
  const filter = db.get(key, 'MBbloomCF');
  if (!filter) throw notFound();
  return filter;
};

function reserve({ db, argv }: Context, args: Args): Reply {
  if (argv.length % 2 === 0) throw wrongArity('cf.reserve');
  const key = args.string();
  const capacity = Number(args.int(() => redisError('Bad capacity')));
  const maxIterations = readOption(argv, 'MAXITERATIONS', [1, 65_535]) ?? defaults.maxIterations;
  const bucketSize = readOption(argv, 'BUCKETSIZE', [1, 255]) ?? defaults.bucketSize;
  const expansion = readOption(argv, 'EXPANSION', [0, 32_768]) ?? defaults.expansion;
  if (capacity < bucketSize * 2 || capacity > MAX_CAPACITY) {
    throw redisError('Capacity must be in the range [2 * BUCKETSIZE, 1073741824]');
  }
  if (db.get(key, 'MBbloomCF')) throw itemExists();
  const filter = CuckooFilter.create({ capacity, bucketSize, maxIterations, expansion });
  if (!filter) throw redisError("Couldn't create Cuckoo Filter");
  db.set(key, filter);
  db.changed('cf.reserve', key);
  return ok;
}

function readOption(
  argv: readonly string[],
  name: string,
  bounds: readonly [number, number],
): number | undefined {
  const at = wordAt(argv, name);
  if (at < 0) return undefined;
  if (at + 1 === argv.length) throw wrongArity('cf.reserve');
  const value = readWhole(argv[at + 1], bounds);
  if (value === 'none') throw redisError(`Couldn't parse ${name}`);
  if (value !== 'out') return value;
  throw redisError(`${name}: value must be in the range [${bounds.join(', ')}]`);
}

function add(ctx: Context, args: Args, onlyNew: boolean): Reply {
  const key = args.string();
  const filter = filterAt(ctx.db, key, defaults);
  const done = filter.add(args.string(), onlyNew);
  ctx.db.changed('cf.add', key);
  if (done === 'full') throw redisError('Filter is full');
  if (done === 'failed') throw redisError('Memory allocation failure');
  return new Bool(done === 'added');
}

/** The filter at a key, or a new one of this shape; not one that has as many layers as it may. */
function filterAt(db: Database, key: string, shape: CuckooShape): CuckooFilter {
  const present = db.get(key, 'MBbloomCF');
  if (present && present.layers.length >= MAX_LAYERS)
    throw redisError('Maximum expansions reached');
  if (present) return present;
  const filter = CuckooFilter.create(shape);
  if (!filter) throw redisError('Could not create filter');
  db.set(key, filter);
  return filter;
}

function insert(ctx: Context, args: Args, name: 'cf.insert' | 'cf.insertnx'): Reply {
  const { db, protocol } = ctx;
  const key = args.string();
  const { capacity, creates } = readInsertion(args, name);
  if (!creates && !db.get(key, 'MBbloomCF')) throw notFound();
  const filter = filterAt(db, key, { ...defaults, capacity });
  const onlyNew = name === 'cf.insertnx';
  const replies = args.rest().map((item) => {
    const done = outcomes[filter.add(item, onlyNew)];
    if (onlyNew) return done;
    return done < 0 && protocol === 2 ? done : new Bool(done > 0);
  });
  db.changed(name, key);
  return replies;
}

const outcomes: Readonly<Record<CuckooAddition, number>> = {
  added: 1,
  present: 0,
  full: -1,
  failed: -1,
};

/** Reads up to the items. The module knows its words by their first letters. */
function readInsertion(args: Args, name: string): { capacity: number; creates: boolean } {
  let { capacity } = defaults;
  let creates = true;
  for (;;) {
    if (args.done) throw wrongArity(name);
    const word = args.string().toLowerCase();
    if (word.startsWith('i')) break;
    if (word.startsWith('n')) creates = false;
    else if (word.startsWith('c')) capacity = readCapacity(args, name);
    else throw redisError('Unknown argument received');
  }
  if (args.done) throw wrongArity(name);
  return { capacity, creates };
}

function readCapacity(args: Args, name: string): number {
  if (args.done) throw wrongArity(name);
  const capacity = readWhole(args.string(), [defaults.bucketSize * 2, MAX_CAPACITY]);
  if (capacity === 'none') throw redisError('Bad capacity');
  if (capacity !== 'out') return capacity;
  throw redisError('Capacity must be in the range [cf-bucket-size * 2, 1073741824]');
}

function remove({ db }: Context, args: Args): Reply {
  const key = args.string();
  const filter = peekSketch(db, key, 'MBbloomCF');
  if (!filter) throw redisError('Not found');
  const isGone = filter.delete(args.string());
  db.changed('cf.del', key);
  return new Bool(isGone);
}

function info({ db }: Context, args: Args): Reply {
  const filter = needFilter(db, args.string());
  return infoReply({
    Size: filter.bytes,
    'Number of buckets': filter.buckets,
    'Number of filters': filter.layers.length,
    'Number of items inserted': filter.items,
    'Number of items deleted': filter.deletes,
    'Bucket size': filter.shape.bucketSize,
    'Expansion rate': filter.shape.expansion,
    'Max iterations': filter.shape.maxIterations,
  });
}

/** Of an empty filter there is nothing to be had, not even a header. */
function scanDump({ db }: Context, args: Args): Reply {
  const key = args.string();
  const position = parseInteger(args.string());
  if (position === undefined || position < 0n) throw badPosition();
  const filter = needFilter(db, key);
  if (filter.items === 0) return [0, null];
  if (position === 0n) return [1, filter.header()];
  const part = filter.chunk(Number(position));
  return part ? [part.next, part.data] : [0, null];
}

function loadChunk({ db }: Context, args: Args): Reply {
  const key = args.string();
  const position = parseInteger(args.string());
  if (!position) throw badPosition();
  const data = args.string();
  const filter = db.get(key, 'MBbloomCF');
  if (position === 1n) {
    if (filter) throw itemExists();
    db.set(key, readHeader(data));
  } else {
    if (!filter) throw notFound();
    if (!filter.load(Number(position), data)) throw redisError("Couldn't load chunk!");
  }
  db.changed('cf.loadchunk', key);
  return ok;
}

function readHeader(data: string): CuckooFilter {
  if (data.length !== CUCKOO_HEADER_BYTES) throw redisError('Invalid header');
  const filter = CuckooFilter.fromHeader(data);
  if (!filter) throw redisError("Couldn't create filter!");
  return filter;
}

/** The module has it down as a command that reads, with no arity, and checks both itself. */
function compact({ db, argv }: Context, args: Args): Reply {
  if (argv.length !== 2) throw wrongArity('cf.compact');
  const key = args.string();
  const filter = peekSketch(db, key, 'MBbloomCF');
  if (!filter) throw redisError('Cuckoo filter was not found');
  filter.compact(true);
  db.changed('cf.compact', key);
  return ok;
}

function debug({ db }: Context, args: Args): Reply {
  const { shape, buckets, items, deletes, layers } = needFilter(db, args.string());
  return [
    `bktsize:${shape.bucketSize} buckets:${buckets} items:${items} deletes:${deletes}`,
    `filters:${layers.length} max_iterations:${shape.maxIterations} expansion:${shape.expansion}`,
  ].join(' ');
}
