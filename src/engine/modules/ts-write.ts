/** Commands that make series and put samples into them. */
import { parseInteger } from '../bytes/numbers.ts';
import type { Args } from '../commands/args.ts';
import { command } from '../commands/command.ts';
import type { Context } from '../commands/context.ts';
import { redisError, wrongArity } from '../errors.ts';
import { isError, ok, type Reply } from '../resp/reply.ts';
import {
  type DuplicatePolicy,
  duplicatePolicies,
  type SeriesSettings,
  TimeSeries,
} from '../values/time-series.ts';
import {
  needSeries,
  readCount,
  readNumber,
  readTime,
  readValue,
  seriesAt,
  tsError,
  tsGrow,
  tsWrite,
} from './ts-common.ts';
import { readSpan, Words } from './ts-query.ts';
import { compact, compactDeleted, liveRules } from './ts-rules.ts';

const POLICIES = '<BLOCK | FIRST | LAST | MIN | MAX | SUM>';
const ENCODING = '[ENCODING <UNCOMPRESSED | COMPRESSED>]';
const IGNORE = '[IGNORE ignoreMaxTimediff:int ignoreMaxValDiff:double]';
const LABELS = '[LABELS label value [label value ...]]';
const LIMITS = '[RETENTION retentionPeriod:int]';
const SIZE = '[CHUNK_SIZE size:int]';
const POLICY = `[DUPLICATE_POLICY ${POLICIES}]`;

const counting = {
  ...tsGrow,
  complexity:
    'O(M) where M is the number of compaction rules, or O(N) when a bucket must be reckoned anew.',
  override: { ...tsGrow.override, arity: -3 },
} as const;

export const tsWriteCommands = [
  command(`TS.CREATE key ${LIMITS} ${ENCODING} ${SIZE} ${POLICY} ${IGNORE} ${LABELS}`, {
    ...tsGrow,
    summary: 'Creates a series.',
    complexity: 'O(1)',
    override: { categories: ['write', 'fast', 'timeseries'] },
    run: create,
  }),
  command(`TS.ALTER key ${LIMITS} ${SIZE} ${POLICY} ${IGNORE} ${LABELS}`, {
    ...tsGrow,
    summary: 'Changes how a series is kept, and its labels.',
    complexity: 'O(N) where N is the number of labels.',
    run: alter,
  }),
  command(
    `TS.ADD key timestamp value:double ${LIMITS} ${ENCODING} ${SIZE} ${POLICY}
     [ON_DUPLICATE ${POLICIES}] ${IGNORE} ${LABELS}`,
    {
      ...tsGrow,
      summary: 'Adds a sample to a series, which is created when there is none.',
      complexity: counting.complexity,
      run: add,
    },
  ),
  command('TS.MADD key timestamp value:double [key timestamp value:double ...]', {
    ...tsGrow,
    summary: 'Adds samples to one series or to several.',
    complexity: 'O(N*M) where N is the number of samples and M that of compaction rules.',
    run: addMany,
  }),
  command(
    `TS.INCRBY key addend:double [TIMESTAMP timestamp] ${LIMITS} ${ENCODING} ${SIZE} ${POLICY}
     ${IGNORE} ${LABELS}`,
    {
      ...counting,
      summary: 'Adds a sample that is more than the newest by so much, or puts it in its place.',
      run: (ctx, args) => step(ctx, args, 'ts.incrby', 1),
    },
  ),
  command(
    `TS.DECRBY key subtrahend:double [TIMESTAMP timestamp] ${LIMITS} ${ENCODING} ${SIZE} ${POLICY}
     ${IGNORE} ${LABELS}`,
    {
      ...counting,
      summary: 'Adds a sample that is less than the newest by so much, or puts it in its place.',
      run: (ctx, args) => step(ctx, args, 'ts.decrby', -1),
    },
  ),
  command('TS.DEL key from_timestamp to_timestamp', {
    ...tsWrite,
    summary: 'Takes the samples between two times out of a series.',
    since: '1.6.0',
    complexity: 'O(N) where N is the number of samples taken out.',
    run: del,
  }),
];

const MIN_CHUNK = 48;
const MAX_CHUNK = 1_048_576;

/** What is named of the settings. The module looks each word up by itself, in this order. */
function readSettings(name: string, argv: readonly string[]): Partial<SeriesSettings> {
  const words = new Words(name, argv, 1);
  return {
    ...readLabels(words),
    ...readRetention(words),
    ...readChunkSize(words),
    ...readEncoding(words),
    ...(words.has('DUPLICATE_POLICY') && { policy: readPolicy(words, 'DUPLICATE_POLICY') }),
    ...readIgnore(words),
  };
}

function readLabels(words: Words): Partial<SeriesSettings> {
  const at = words.indexOf('LABELS');
  if (at < 0) return {};
  const labels: [string, string][] = [];
  for (let i = at + 1; i + 1 < words.end; i += 2) {
    const [name, value] = [words.argv[i] as string, words.argv[i + 1] as string];
    if (name === '' || value === '' || /[(),]/.test(value)) throw tsError("Couldn't parse LABELS");
    labels.push([name, value]);
  }
  return { labels };
}

function readRetention(words: Words): Partial<SeriesSettings> {
  const at = words.indexOf('RETENTION');
  if (at < 0) return {};
  const retention = wholeNumber(words.at(at + 1));
  if (retention === undefined) throw tsError("Couldn't parse RETENTION");
  if (retention < 0) throw redisError("TSDB: Couldn't parse RETENTION");
  return { retention };
}

function readChunkSize(words: Words): Partial<SeriesSettings> {
  const at = words.indexOf('CHUNK_SIZE');
  if (at < 0) return {};
  const chunkSize = wholeNumber(words.at(at + 1));
  if (chunkSize === undefined) throw tsError("Couldn't parse CHUNK_SIZE");
  if (chunkSize < MIN_CHUNK || chunkSize > MAX_CHUNK || chunkSize % 8 !== 0) {
    throw tsError(
      `CHUNK_SIZE value must be a multiple of 8 in the range [${MIN_CHUNK} .. ${MAX_CHUNK}]`,
    );
  }
  return { chunkSize };
}

function readEncoding(words: Words): Partial<SeriesSettings> {
  if (words.has('UNCOMPRESSED')) return { isCompressed: false };
  const at = words.indexOf('ENCODING');
  if (at < 0) return {};
  const word = words.at(at + 1)?.toLowerCase();
  if (word === undefined) throw wrongArity(words.name);
  if (word !== 'compressed') throw tsError('unknown ENCODING parameter');
  return { isCompressed: true };
}

function readPolicy(words: Words, option: string): DuplicatePolicy {
  const word = words.at(words.indexOf(option) + 1)?.toLowerCase();
  if (word === undefined) throw tsError("Couldn't parse DUPLICATE_POLICY");
  const policy = duplicatePolicies.find((each) => each === word);
  if (!policy) throw tsError('Unknown DUPLICATE_POLICY');
  return policy;
}

function readIgnore(words: Words): Partial<SeriesSettings> {
  const at = words.indexOf('IGNORE');
  if (at < 0) return {};
  const ignoreTime = wholeNumber(words.at(at + 1));
  const ignoreValue = readNumber(words.at(at + 2) ?? '');
  if (ignoreTime === undefined || ignoreValue === undefined) throw tsError("Couldn't parse IGNORE");
  if (ignoreTime < 0 || ignoreValue < 0) throw tsError('IGNORE arguments cannot be negative');
  return { ignoreTime, ignoreValue };
}

function wholeNumber(text: string | undefined): number | undefined {
  const value = text === undefined ? undefined : parseInteger(text);
  return value === undefined ? undefined : Number(value);
}

function create({ db, argv }: Context, args: Args): Reply {
  const settings = readSettings('ts.create', argv);
  const key = args.string();
  if (db.has(key)) throw tsError('key already exists');
  db.set(key, new TimeSeries(settings));
  db.changed('ts.create', key);
  return ok;
}

/** What is not named stays as it is; how samples are stored cannot be changed. */
function alter({ db, argv }: Context, args: Args): Reply {
  const { isCompressed: _, ...settings } = readSettings('ts.alter', argv);
  const key = args.string();
  Object.assign(needSeries(db, key).settings, settings);
  db.changed('ts.alter', key);
  return ok;
}

function add(ctx: Context, args: Args): Reply {
  const { db, argv } = ctx;
  const [key = '', timeText = '', valueText = ''] = args.take(3);
  const value = readValue(valueText);
  if (value === undefined) throw tsError('invalid value');
  const time = readTime(ctx, timeText);
  const present = db.lookUp(key);
  if (present && present.type !== 'TSDB-TYPE') throw tsError('the key is not a TSDB key');
  const words = new Words('ts.add', argv, 1);
  const policy =
    present && words.has('ON_DUPLICATE') ? readPolicy(words, 'ON_DUPLICATE') : undefined;
  const series = present ?? new TimeSeries(readSettings('ts.add', argv));
  if (!present) db.set(key, series);
  if (timeText === '*') ctx.propagate(...argv.with(2, String(time)));
  return put(ctx, { key, series, time, value, policy, event: 'ts.add' });
}

interface Addition {
  readonly key: string;
  readonly series: TimeSeries;
  readonly time: number;
  readonly value: number;
  /** Instead of the series' own. */
  readonly policy: DuplicatePolicy | undefined;
  readonly event: string;
}

/** Puts a sample in, and what follows from it into compactions. Returns its time. */
function put({ db }: Context, { key, series, time, value, policy, event }: Addition): number {
  const applied = policy ?? series.settings.policy ?? 'block';
  if (series.ignores(time, value, applied)) return series.last?.time ?? time;
  const refusal = series.add(time, value, applied);
  if (refusal === 'old') throw tsError('Timestamp is older than retention');
  if (refusal === 'duplicate') {
    throw tsError(
      'Error at upsert, update is not supported when DUPLICATE_POLICY is set to BLOCK mode, or either current or new value is NaN and DUPLICATE_POLICY is MAX/MIN/SUM',
    );
  }
  compact(db, key, series, time);
  db.changed(event, key);
  return time;
}

/** Each sample is answered by itself; no series is created. */
function addMany(ctx: Context, args: Args): Reply {
  if (args.left % 3 !== 0) throw wrongArity('ts.madd');
  const replies: Reply[] = [];
  const propagated: string[] = [];
  while (!args.done) {
    const [key = '', timeText = '', valueText = ''] = args.take(3);
    const reply = addOne(ctx, key, timeText, valueText);
    replies.push(reply);
    propagated.push(key, timeText === '*' ? String(ctx.now) : timeText, valueText);
  }
  ctx.propagate(ctx.argv[0] as string, ...propagated);
  return replies;
}

function addOne(ctx: Context, key: string, timeText: string, valueText: string): Reply {
  try {
    const value = readValue(valueText);
    if (value === undefined) throw tsError('invalid value');
    const time = readTime(ctx, timeText);
    const series = ctx.db.lookUp(key);
    if (series?.type !== 'TSDB-TYPE') throw tsError('the key is not a TSDB key');
    return put(ctx, { key, series, time, value, policy: undefined, event: 'ts.add' });
  } catch (error) {
    if (isError(error)) return error;
    throw error;
  }
}

function step(ctx: Context, args: Args, name: 'ts.incrby' | 'ts.decrby', sign: 1 | -1): Reply {
  const { db, argv } = ctx;
  const [key = '', byText = ''] = args.take(2);
  const present = seriesAt(db, key);
  const by = readNumber(byText);
  if (by === undefined) throw tsError('invalid increase/decrease value');
  const time = readStepTime(ctx);
  const series = present ?? new TimeSeries(readSettings(name, argv));
  const { last } = series;
  if (last && time < last.time) {
    throw redisError(
      'TSDB: timestamp must be equal to or higher than the maximum existing timestamp',
    );
  }
  if (last && Number.isNaN(last.value)) throw tsError('cannot increment/decrement NaN value');
  if (!present) db.set(key, series);
  ctx.propagate(...stamped(argv, time));
  const value = (last?.value ?? 0) + sign * by;
  return put(ctx, { key, series, time, value, policy: 'last', event: name });
}

/** Where TIMESTAMP stands; after LABELS it is a label. 0 when it is not there. */
function stampAt(argv: readonly string[]): number {
  const words = new Words('', argv, 3);
  const [at, labels] = [words.indexOf('TIMESTAMP'), words.indexOf('LABELS')];
  return at < 0 || (labels >= 0 && labels < at) ? 0 : at;
}

/** The same command with the time that was taken. */
function stamped(argv: readonly string[], time: number): string[] {
  const at = stampAt(argv);
  if (at > 0) return argv.with(at + 1, String(time));
  return [...argv.slice(0, 3), 'TIMESTAMP', String(time), ...argv.slice(3)];
}

function readStepTime({ argv, now }: Context): number {
  const at = stampAt(argv);
  if (at === 0 || argv[at + 1] === '*') return now;
  const time = readCount(argv[at + 1]);
  if (time === undefined) throw tsError('invalid timestamp');
  return time;
}

function del({ db, argv }: Context, args: Args): Reply {
  const [from, to] = readSpan(argv, 2);
  const key = args.string();
  const series = needSeries(db, key);
  const hasRules = liveRules(db, key, series).length > 0;
  if (hasRules && series.settings.retention > 0 && from < series.horizon) {
    throw tsError(
      'When a series has compactions, deleting samples or compaction buckets beyond the series retention period is not possible',
    );
  }
  const gone = series.delete(from, to);
  if (gone === 0) return 0;
  compactDeleted(db, key, series, from, to);
  db.changed('ts.del', key);
  return gone;
}
