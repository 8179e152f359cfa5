/** The commands of top-k sketches. https://redis.io/docs/latest/commands/?group=topk */
import { parseDouble } from '../bytes/numbers.ts';
import type { Args } from '../commands/args.ts';
import { command } from '../commands/command.ts';
import type { Context } from '../commands/context.ts';
import { redisError, wrongArity } from '../errors.ts';
import type { Database } from '../keyspace/database.ts';
import { Bool, ok, type Reply } from '../resp/reply.ts';
import { TopK, type TopKShape } from '../values/top-k.ts';
import { doubleReply } from './replies.ts';
import { infoReply, readWhole, rowsOf } from './sketch-common.ts';

const { read, readFast, write, writeFast } = rowsOf('topk', '2.0.0');

const ADDING = 'O(n * k) where n is the number of items and k the depth.';
const LOOKING = 'O(n) where n is the number of items.';

export const topKCommands = [
  command('TOPK.RESERVE key topk:int [width:int depth:int decay:double]', {
    ...writeFast,
    summary: 'Creates a sketch that keeps the k items that come most often.',
    complexity: 'O(1)',
    run: reserve,
  }),
  command('TOPK.ADD key item [item ...]', {
    ...write,
    summary: 'Counts items once each, and returns which left the k because of them.',
    complexity: ADDING,
    run: ({ db }, args) => {
      const key = args.string();
      const sketch = needSketch(db, key);
      const expelled = args.rest().map((item) => sketch.add(item, 1) ?? null);
      db.changed('topk.add', key);
      return expelled;
    },
  }),
  command('TOPK.INCRBY key item increment:int [item increment:int ...]', {
    ...write,
    summary: 'Counts items so many times each, and returns which left the k because of them.',
    complexity: 'O(n * k * increment) where n is the number of items and k the depth.',
    run: increment,
  }),
  command('TOPK.QUERY key item [item ...]', {
    ...read,
    summary: 'Tells of each of some items whether it is among the k.',
    complexity: LOOKING,
    run: ({ db }, args) => {
      const sketch = needSketch(db, args.string());
      return args.rest().map((item) => new Bool(sketch.has(item)));
    },
  }),
  command('TOPK.COUNT key item [item ...]', {
    ...read,
    summary: 'Returns about how often items came; it may be much too little.',
    complexity: LOOKING,
    deprecated: { since: '2.4', instead: '`TOPK.LIST`' },
    run: ({ db }, args) => {
      const sketch = needSketch(db, args.string());
      return args.rest().map((item) => sketch.count(item));
    },
  }),
  command('TOPK.LIST key [WITHCOUNT]', {
    ...read,
    summary: 'Returns the k items that came most often.',
    complexity: 'O(k*log(k)) where k is how many are kept.',
    run: list,
  }),
  command('TOPK.INFO key', {
    ...readFast,
    summary: 'Tells how a top-k sketch is made.',
    complexity: 'O(1)',
    run: ({ db }, args) => {
      const { k, width, depth, decay } = needSketch(db, args.string()).shape;
      return infoReply({ k, width, depth, decay: doubleReply(decay) });
    },
  }),
];

const MAX_SIZE = 2 ** 32 - 1;
const MAX_INCREMENT = 100_000;
const defaults = { width: 8, depth: 7, decay: 0.9 };

const topKError = (message: string) => redisError(`TopK: ${message}`);

function needSketch(db: Database, key: string): TopK {
  const sketch = db.get(key, 'TopK-TYPE');
  if (!sketch) throw topKError('key does not exist');
  return sketch;
}

function reserve({ db }: Context, args: Args): Reply {
  if (args.left !== 2 && args.left !== 5) throw wrongArity('topk.reserve');
  const key = args.string();
  if (db.has(key)) throw topKError('key already exists');
  const sketch = TopK.create(readShape(args));
  if (!sketch) throw redisError('ERR Insufficient memory to create topk data structure');
  db.set(key, sketch);
  db.changed('topk.reserve', key);
  return ok;
}

function readShape(args: Args): TopKShape {
  const k = readSize(args, 'k');
  if (args.done) return { k, ...defaults };
  const width = readSize(args, 'width');
  const depth = readSize(args, 'depth');
  const decay = parseDouble(args.string());
  if (decay === undefined || decay <= 0 || decay > 1) {
    throw topKError("invalid decay value. must be '<= 1' & '> 0'");
  }
  return { k, width, depth, decay };
}

function readSize(args: Args, name: string): number {
  const size = readWhole(args.string(), [1, MAX_SIZE]);
  if (typeof size !== 'number') throw topKError(`invalid ${name}`);
  return size;
}

/** Pair by pair: what stands before a number that is none has counted, and nothing follows. */
function increment({ db }: Context, args: Args): Reply {
  if (args.left % 2 === 0) throw wrongArity('topk.incrby');
  const key = args.string();
  const sketch = needSketch(db, key);
  const replies: Reply[] = [];
  while (!args.done) {
    const item = args.string();
    const by = readWhole(args.string(), [0, MAX_INCREMENT]);
    if (typeof by !== 'number') {
      replies.push(badIncrement());
      break;
    }
    replies.push(sketch.add(item, by) ?? null);
  }
  db.changed('topk.incrby', key);
  return replies;
}

/** The gap is the module's own: its source goes on in the next line there. */
const badIncrement = () =>
  topKError(
    `increment must be an integer greater or equal to 0${' '.repeat(28)}and smaller or equal to 100,000`,
  );

/** The word counts as far as it is written. */
function list({ db }: Context, args: Args): Reply {
  if (args.left > 2) throw wrongArity('topk.list');
  const key = args.string();
  const word = args.peek()?.toUpperCase();
  if (word !== undefined && !'WITHCOUNT'.startsWith(word)) {
    throw redisError('WITHCOUNT keyword expected');
  }
  const items = needSketch(db, key).list();
  return items.flatMap(({ item, count }) => (word === undefined ? [item] : [item, count]));
}
