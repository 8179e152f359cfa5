import { redisError, syntaxError } from '../errors.ts';
import { mapOf, type Reply } from '../resp/reply.ts';
import type { Args } from './args.ts';
import { command } from './command.ts';
import type { Context } from './context.ts';

/** The longest common subsequence of two strings. https://redis.io/docs/latest/commands/lcs/ */
export const lcsCommands = [
  command('LCS key1:key key2:key [LEN] [IDX] [MINMATCHLEN min-match-len:int] [WITHMATCHLEN]', {
    summary: 'Finds the longest common subsequence of two string values.',
    since: '7.0.0',
    group: 'string',
    complexity: 'O(N*M) where N and M are the lengths of the two strings',
    flags: ['readonly'],
    keyUse: ['RO access'],
    override: { keys: [{ begin: { index: 1 }, find: { lastKey: 1, step: 1, limit: 0 } }] },
    run: lcs,
  }),
];

interface Options {
  readonly len: boolean;
  readonly idx: boolean;
  readonly withMatchLen: boolean;
  readonly minMatchLen: number;
}

function lcs(ctx: Context, args: Args): Reply {
  const [a, b] = [args.string(), args.string()].map((key) => {
    const value = ctx.db.lookUp(key);
    if (value && value.type !== 'string') {
      throw redisError('ERR The specified keys must contain string values');
    }
    return value?.bytes ?? '';
  }) as [string, string];
  const options = readOptions(args);
  if (a.length * b.length > MAX_CELLS) {
    throw redisError(
      'ERR Insufficient memory, transient memory for LCS exceeds proto-max-bulk-len',
    );
  }
  const table = lengths(a, b);
  const total = table[a.length * (b.length + 1) + b.length] ?? 0;
  if (options.len) return total;
  if (!options.idx) return common(a, b, table);
  return mapOf({ matches: matchesOf(a, b, table, options), len: total });
}

/** The table of lengths takes four bytes a cell. */
const MAX_CELLS = 2 ** 27;

function readOptions(args: Args): Options {
  let [len, idx, withMatchLen, minMatchLen] = [false, false, false, 0];
  while (!args.done) {
    if (args.token('IDX')) idx = true;
    else if (args.token('LEN')) len = true;
    else if (args.token('WITHMATCHLEN')) withMatchLen = true;
    else if (args.left > 1 && args.token('MINMATCHLEN')) minMatchLen = Math.max(args.index(), 0);
    else throw syntaxError();
  }
  if (idx && len) {
    throw redisError('ERR If you want both the length and indexes, please just use IDX.');
  }
  return { len, idx, withMatchLen, minMatchLen };
}

/** The length of the longest common subsequence of every pair of prefixes, row by row. */
function lengths(a: string, b: string): Uint32Array {
  const width = b.length + 1;
  const table = new Uint32Array((a.length + 1) * width);
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      const above = table[(i - 1) * width + j] ?? 0;
      const left = table[i * width + j - 1] ?? 0;
      const both = (table[(i - 1) * width + j - 1] ?? 0) + 1;
      table[i * width + j] = a[i - 1] === b[j - 1] ? both : Math.max(above, left);
    }
  }
  return table;
}

/** Walks from the end: where both agree the byte belongs, otherwise towards the longer rest. */
function* walk(a: string, b: string, table: Uint32Array): Generator<[number, number]> {
  const width = b.length + 1;
  let i = a.length;
  let j = b.length;
  while (i > 0 && j > 0) {
    if (a[i - 1] === b[j - 1]) {
      i--;
      j--;
      yield [i, j];
    } else if ((table[(i - 1) * width + j] ?? 0) > (table[i * width + j - 1] ?? 0)) {
      i--;
    } else {
      j--;
    }
  }
}

function common(a: string, b: string, table: Uint32Array): string {
  const bytes: string[] = [];
  for (const [i] of walk(a, b, table)) bytes.push(a[i] as string);
  return bytes.reverse().join('');
}

/** The runs that match, from the last to the first: where they stand in both strings. */
function matchesOf(a: string, b: string, table: Uint32Array, options: Options): Reply {
  const runs: { a: number; b: number; length: number }[] = [];
  for (const [i, j] of walk(a, b, table)) {
    const last = runs.at(-1);
    if (last && last.a === i + 1 && last.b === j + 1) {
      last.a = i;
      last.b = j;
      last.length++;
    } else {
      runs.push({ a: i, b: j, length: 1 });
    }
  }
  return runs
    .filter((run) => run.length >= options.minMatchLen)
    .map((run) => {
      const ends = [run.a, run.b].map((from) => [from, from + run.length - 1]);
      return options.withMatchLen ? [...ends, run.length] : ends;
    });
}
