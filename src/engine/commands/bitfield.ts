import { redisError, syntaxError } from '../errors.ts';
import type { Reply } from '../resp/reply.ts';
import type { Args } from './args.ts';
import { readBitOffset, stringToEdit } from './bitmap.ts';
import { command } from './command.ts';
import type { Context } from './context.ts';

/** Integers of any width at any bit of a string. https://redis.io/docs/latest/commands/bitfield/ */

const GET = 'GET encoding offset';
const WRITING = `[OVERFLOW <WRAP | SAT | FAIL>] <SET encoding offset value:int | INCRBY encoding offset increment:int>`;

export const bitfieldCommands = [
  command(`BITFIELD key [<${GET} | ${WRITING}> [<${GET} | ${WRITING}> ...]]`, {
    summary: 'Reads, sets and counts up integers that lie in a string, several in one call.',
    since: '3.2.0',
    group: 'bitmap',
    complexity: 'O(1) for each operation.',
    flags: ['write', 'denyoom'],
    keyUse: ['RW access update variable_flags'],
    run: (ctx, args) => bitfield(ctx, args, { readOnly: false }),
  }),
  command(`BITFIELD_RO key [${GET} [${GET} ...]]`, {
    summary: 'Reads integers that lie in a string.',
    since: '6.0.0',
    group: 'bitmap',
    complexity: 'O(1) for each operation.',
    flags: ['readonly', 'fast'],
    keyUse: ['RO access'],
    run: (ctx, args) => bitfield(ctx, args, { readOnly: true }),
  }),
];

type Overflow = 'WRAP' | 'SAT' | 'FAIL';

interface Operation {
  readonly kind: 'GET' | 'SET' | 'INCRBY';
  readonly signed: boolean;
  readonly width: number;
  /** In bits. */
  readonly offset: number;
  readonly value: bigint;
  readonly overflow: Overflow;
}

function readOperations(ctx: Context, args: Args, readOnly: boolean): Operation[] {
  const operations: Operation[] = [];
  let overflow: Overflow = 'WRAP';
  while (!args.done) {
    if (args.left >= 2 && args.token('OVERFLOW')) {
      const how = args.oneOf('WRAP', 'SAT', 'FAIL');
      if (!how) throw redisError('ERR Invalid OVERFLOW type specified');
      overflow = how;
      continue;
    }
    const kind = args.left >= 3 ? args.oneOf('GET', 'SET', 'INCRBY') : undefined;
    if (!kind || (kind !== 'GET' && args.left < 3)) throw syntaxError();
    const { signed, width } = readEncoding(args.string());
    const offset = readBitOffset(args.string(), ctx.limits.protoMaxBulkLen, width);
    if (kind !== 'GET' && readOnly) {
      throw redisError('ERR BITFIELD_RO only supports the GET subcommand');
    }
    const value = kind === 'GET' ? 0n : args.int();
    operations.push({ kind, signed, width, offset, value, overflow });
  }
  return operations;
}

function readEncoding(text: string): { signed: boolean; width: number } {
  const [, sign, digits] = /^([iu])([1-9]\d?)$/.exec(text) ?? [];
  const width = Number(digits);
  if (sign && width <= (sign === 'i' ? 64 : 63)) return { signed: sign === 'i', width };
  throw redisError(
    'ERR Invalid bitfield type. Use something like i16 u8. Note that u64 is not supported but i64 is.',
  );
}

function bitfield(ctx: Context, args: Args, { readOnly }: { readOnly: boolean }): Reply {
  const key = args.string();
  const operations = readOperations(ctx, args, readOnly);
  const present = ctx.db.get(key, 'string');
  const writes = operations.filter(({ kind }) => kind !== 'GET');
  if (writes.length === 0) {
    const bytes = present?.view() ?? new Uint8Array();
    return operations.map((operation) => readNumber(bytes, operation));
  }
  const end = Math.max(...writes.map(({ offset, width }) => offset + width));
  const lengthBefore = present?.length ?? 0;
  const bytes = stringToEdit(ctx, key).edit(Math.ceil(end / 8));
  const isLonger = bytes.length > lengthBefore;
  let changed = false;
  const replies = operations.map((operation) => {
    if (operation.kind === 'GET') return readNumber(bytes, operation);
    const { reply, written, isNew } = write(bytes, operation);
    changed ||= written && (isNew || isLonger);
    return reply;
  });
  if (changed) ctx.db.changed('setbit', key);
  return replies;
}

interface Written {
  readonly reply: Reply;
  readonly written: boolean;
  /** It is not the number that was there. */
  readonly isNew: boolean;
}

/** SET answers what was there, INCRBY what is there now; nil when OVERFLOW FAIL prevented it. */
function write(bytes: Uint8Array, operation: Operation): Written {
  const before = readNumber(bytes, operation);
  const wanted = operation.kind === 'SET' ? operation.value : before + operation.value;
  const after = fitted(wanted, operation);
  if (after === undefined) return { reply: null, written: false, isNew: false };
  writeNumber(bytes, operation, after);
  const reply = operation.kind === 'SET' ? before : after;
  return { reply, written: true, isNew: after !== before };
}

/** The number as it fits into the width, by the way of overflow asked for. */
function fitted(wanted: bigint, { signed, width, overflow }: Operation): bigint | undefined {
  const bits = BigInt(width);
  const max = 2n ** (signed ? bits - 1n : bits) - 1n;
  const min = signed ? -(2n ** (bits - 1n)) : 0n;
  if (wanted >= min && wanted <= max) return wanted;
  if (overflow === 'FAIL') return undefined;
  if (overflow === 'SAT') return wanted > max ? max : min;
  return signed ? BigInt.asIntN(width, wanted) : BigInt.asUintN(width, wanted);
}

function readNumber(bytes: Uint8Array, { offset, width, signed }: Operation): bigint {
  let number = 0n;
  for (let bit = offset; bit < offset + width; bit++) {
    const set = ((bytes[Math.floor(bit / 8)] ?? 0) >> (7 - (bit % 8))) & 1;
    number = (number << 1n) | BigInt(set);
  }
  return signed ? BigInt.asIntN(width, number) : number;
}

function writeNumber(bytes: Uint8Array, { offset, width }: Operation, number: bigint): void {
  for (let i = 0; i < width; i++) {
    const bit = offset + i;
    const at = Math.floor(bit / 8);
    const mask = 1 << (7 - (bit % 8));
    const set = (number >> BigInt(width - 1 - i)) & 1n;
    bytes[at] = set === 1n ? (bytes[at] ?? 0) | mask : (bytes[at] ?? 0) & ~mask;
  }
}
