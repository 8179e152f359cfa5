import { xxh3Hex } from '../bytes/xxh3.ts';
import { redisError, wrongArity } from '../errors.ts';
import type { Reply } from '../resp/reply.ts';
import type { Args } from './args.ts';
import { command } from './command.ts';
import type { Context } from './context.ts';

/**
 * Changes that depend on the value that is there: compare and set, compare and delete, and digests in
 * the place of long values. https://redis.io/docs/latest/commands/delex/
 */

export const CONDITIONS =
  'IFEQ ifeq-value | IFNE ifne-value | IFDEQ ifdeq-digest | IFDNE ifdne-digest';
export const conditionsSince = { IFEQ: '8.4.0', IFNE: '8.4.0', IFDEQ: '8.4.0', IFDNE: '8.4.0' };

export const stringCompareCommands = [
  command(`DELEX key [${CONDITIONS}]`, {
    summary: 'Deletes a key if its string value, or the digest of it, is or is not the given one.',
    since: '8.4.0',
    group: 'string',
    complexity: 'O(1) with IFEQ and IFNE, O(N) with digests, where N is the length of the value.',
    flags: ['write', 'fast'],
    keyUse: ['RW delete variable_flags'],
    run: deleteIf,
  }),
  command('DIGEST key', {
    summary: 'Returns the XXH3 digest of a string value, in hexadecimal.',
    since: '8.4.0',
    group: 'string',
    complexity: 'O(N) where N is the length of the string value.',
    flags: ['readonly', 'fast'],
    keyUse: ['RO access'],
    run({ db }, args) {
      const value = db.get(args.string(), 'string');
      return value ? xxh3Hex(value.bytes) : null;
    },
  }),
];

/** Whether a value is the one that is wanted. */
export type Comparison = (bytes: string) => boolean;

type Word = 'IFEQ' | 'IFNE' | 'IFDEQ' | 'IFDNE';

/** What a condition such as `IFEQ value` wants; a missing key fulfils only those with NE. */
export interface ValueCondition {
  readonly holds: Comparison;
  readonly holdsWithoutKey: boolean;
}

/** Consumes a condition on the value if there is one. */
export function readValueCondition(args: Args): ValueCondition | undefined {
  const word = args.left > 1 ? args.oneOf('IFEQ', 'IFNE', 'IFDEQ', 'IFDNE') : undefined;
  return word && conditionOf(word, args.string());
}

function conditionOf(word: Word, operand: string): ValueCondition {
  const wantsEqual = word === 'IFEQ' || word === 'IFDEQ';
  const holdsWithoutKey = !wantsEqual;
  if (word === 'IFEQ' || word === 'IFNE') {
    return { holds: (bytes) => (bytes === operand) === wantsEqual, holdsWithoutKey };
  }
  if (!/^[\da-f]{16}$/i.test(operand)) {
    throw redisError('ERR digest must be exactly 16 hexadecimal characters');
  }
  const digest = operand.toLowerCase();
  return { holds: (bytes) => (xxh3Hex(bytes) === digest) === wantsEqual, holdsWithoutKey };
}

function deleteIf(ctx: Context, args: Args): Reply {
  const { db } = ctx;
  if (args.left !== 1 && args.left !== 3) throw wrongArity('delex');
  const key = args.string();
  const value = db.lookUp(key);
  if (!value) return 0;
  if (!args.done) {
    if (value.type !== 'string') {
      throw redisError('ERR Key should be of string type if conditions are specified');
    }
    const condition = readValueCondition(args);
    if (!condition) throw redisError('ERR Invalid condition. Use IFEQ, IFNE, IFDEQ, or IFDNE');
    if (!condition.holds(value.bytes)) return 0;
  }
  db.delete(key);
  db.changed('del', key);
  ctx.propagate('DEL', key);
  return 1;
}
