import { fromUint8 } from '../bytes/bytes.ts';
import { redisError, syntaxError } from '../errors.ts';
import type { Reply } from '../resp/reply.ts';
import { StringValue } from '../values/string.ts';
import { Args } from './args.ts';
import { command } from './command.ts';
import type { Context } from './context.ts';

/** Strings as rows of bits, the most significant bit of the first byte being bit 0. https://redis.io/docs/latest/commands/?group=bitmap */

const reading = { group: 'bitmap', flags: ['readonly'], keyUse: ['RO access'] } as const;

const operationNames = ['AND', 'OR', 'XOR', 'NOT', 'DIFF', 'DIFF1', 'ANDOR', 'ONE'] as const;

export const bitmapCommands = [
  command('SETBIT key offset:int value:int', {
    summary: 'Sets or clears a bit, and returns what it was. The string grows as needed.',
    since: '2.2.0',
    group: 'bitmap',
    complexity: 'O(1)',
    flags: ['write', 'denyoom'],
    keyUse: ['RW access update'],
    run: setBit,
  }),
  command('GETBIT key offset:int', {
    ...reading,
    flags: ['readonly', 'fast'],
    summary: 'Returns a bit; beyond the end of the string it is 0.',
    since: '2.2.0',
    complexity: 'O(1)',
    run({ db, limits }, args) {
      const key = args.string();
      const offset = readBitOffset(args.string(), limits.protoMaxBulkLen);
      const bytes = db.get(key, 'string')?.view();
      return bytes ? bitAt(bytes, offset) : 0;
    },
  }),
  command('BITCOUNT key [start:int end:int [BYTE | BIT]]', {
    ...reading,
    summary: 'Counts the bits that are set, in the whole string or in a range of it.',
    since: '2.6.0',
    complexity: 'O(N)',
    history: [['7.0.0', 'Added BYTE and BIT.']],
    run: count,
  }),
  command('BITPOS key bit:int [start:int [end:int [BYTE | BIT]]]', {
    ...reading,
    summary: 'Finds the first bit that is set, or the first that is clear.',
    since: '2.8.7',
    complexity: 'O(N)',
    history: [['7.0.0', 'Added BYTE and BIT.']],
    run: position,
  }),
  command(`BITOP <${operationNames.join(' | ')}> destkey:key key [key ...]`, {
    readsKeys: true,
    summary: 'Combines strings bit by bit and stores the result.',
    since: '2.6.0',
    group: 'bitmap',
    complexity: 'O(N)',
    flags: ['write', 'denyoom'],
    keyUse: ['OW update', 'RO access'],
    history: [['8.2.0', 'Added DIFF, DIFF1, ANDOR and ONE.']],
    optionsSince: { DIFF: '8.2.0', DIFF1: '8.2.0', ANDOR: '8.2.0', ONE: '8.2.0' },
    run: combine,
  }),
];

const MAX_BIT = 2 ** 32;
const badOffset = () => redisError('ERR bit offset is not an integer or out of range');
const badBit = () => redisError('ERR bit is not an integer or out of range');

/** Reads a bit offset; in BITFIELD `#3` means three times the width. */
export function readBitOffset(text: string, maxBytes: number, width = 0): number {
  const isMultiple = width > 0 && text.startsWith('#');
  const digits = isMultiple ? text.slice(1) : text;
  const number = /^(0|[1-9]\d{0,15})$/.test(digits) ? Number(digits) : Number.NaN;
  const offset = isMultiple ? number * width : number;
  if (!(offset < MAX_BIT) || offset / 8 >= maxBytes) throw badOffset();
  return offset;
}

const bitAt = (bytes: Uint8Array, offset: number): number =>
  ((bytes[Math.floor(offset / 8)] ?? 0) >> (7 - (offset % 8))) & 1;

/** The string at a key to be changed in place, made when there is none. */
export function stringToEdit({ db }: Context, key: string): StringValue {
  const present = db.get(key, 'string');
  if (present) return present;
  const value = new StringValue('', 'edited');
  db.set(key, value);
  return value;
}

function setBit(ctx: Context, args: Args): Reply {
  const key = args.string();
  const offset = readBitOffset(args.string(), ctx.limits.protoMaxBulkLen);
  const bit = args.index(badBit);
  if (bit !== 0 && bit !== 1) throw badBit();
  const at = Math.floor(offset / 8);
  const lengthBefore = ctx.db.get(key, 'string')?.length ?? 0;
  const bytes = stringToEdit(ctx, key).edit(at + 1);
  const before = bitAt(bytes, offset);
  const mask = 1 << (7 - (offset % 8));
  bytes[at] = bit === 1 ? (bytes[at] ?? 0) | mask : (bytes[at] ?? 0) & ~mask;
  if (before !== bit || bytes.length > lengthBefore) ctx.db.changed('setbit', key);
  return before;
}

/** A range of bits, from the first to behind the last. */
interface BitRange {
  readonly from: number;
  readonly to: number;
}

/** `start end [BYTE | BIT]`, both inclusive and counted from the end when negative. */
function toBits(start: number, end: number, isBit: boolean, length: number): BitRange {
  const size = isBit ? length * 8 : length;
  const first = Math.max(start < 0 ? size + start : start, 0);
  const last = Math.min(Math.max(end < 0 ? size + end : end, 0), size - 1);
  const unit = isBit ? 1 : 8;
  return first > last ? { from: 0, to: 0 } : { from: first * unit, to: (last + 1) * unit };
}

function readUnit(args: Args): boolean {
  if (args.done) return false;
  const unit = args.left === 1 ? args.oneOf('BIT', 'BYTE') : undefined;
  if (!unit) throw syntaxError();
  return unit === 'BIT';
}

function count({ db }: Context, args: Args): Reply {
  const key = args.string();
  const isWhole = args.done;
  if (!isWhole && (args.left < 2 || args.left > 3)) throw syntaxError();
  const [start, end] = isWhole ? [0, -1] : [args.index(), args.index()];
  const isBit = readUnit(args);
  const bytes = db.get(key, 'string')?.view();
  if (!bytes || (start < 0 && end < 0 && start > end)) return 0;
  return countBits(bytes, toBits(start, end, isBit, bytes.length));
}

const ONES = Uint8Array.from({ length: 256 }, (_, byte) => {
  let ones = 0;
  for (let rest = byte; rest > 0; rest >>= 1) ones += rest & 1;
  return ones;
});

function countBits(bytes: Uint8Array, { from, to }: BitRange): number {
  let sum = 0;
  let at = from;
  while (at < to && at % 8 !== 0) sum += bitAt(bytes, at++);
  while (at + 8 <= to) {
    sum += ONES[bytes[at / 8] ?? 0] ?? 0;
    at += 8;
  }
  while (at < to) sum += bitAt(bytes, at++);
  return sum;
}

function position({ db }: Context, args: Args): Reply {
  const key = args.string();
  const bit = args.index();
  if (bit !== 0 && bit !== 1) throw redisError('ERR The bit argument must be 1 or 0.');
  if (args.left > 3) throw syntaxError();
  const start = args.done ? 0 : args.index();
  const [end] = args.left > 0 ? args.take(1) : [];
  // The unit stands behind the end, and is looked at first.
  const isBit = readUnit(args);
  const endGiven = end !== undefined;
  const last = endGiven ? new Args([end], 0).index() : -1;
  const bytes = db.get(key, 'string')?.view();
  if (!bytes) return bit === 1 ? -1 : 0;
  const range = toBits(start, last, isBit, bytes.length);
  if (range.from >= range.to) return -1;
  const found = findBit(bytes, bit, range);
  if (found !== undefined) return found;
  // Without an end the string is taken to go on with zeros for ever.
  return bit === 0 && !endGiven ? bytes.length * 8 : -1;
}

function findBit(bytes: Uint8Array, bit: 0 | 1, { from, to }: BitRange): number | undefined {
  const boring = bit === 1 ? 0 : 255;
  for (let at = from; at < to; ) {
    if (at % 8 === 0 && bytes[at / 8] === boring) at += 8;
    else if (bitAt(bytes, at) === bit) return at;
    else at++;
  }
  return undefined;
}

type Operation = (typeof operationNames)[number];

const operations: Record<'AND' | 'OR' | 'XOR', (a: number, b: number) => number> = {
  AND: (a, b) => a & b,
  OR: (a, b) => a | b,
  XOR: (a, b) => a ^ b,
};

function combine(ctx: Context, args: Args): Reply {
  const operation = args.oneOf(...operationNames);
  if (!operation) throw syntaxError();
  const destination = args.string();
  const keys = args.rest();
  if (operation === 'NOT' && keys.length !== 1) {
    throw redisError('ERR BITOP NOT must be called with a single source key.');
  }
  if (/DIFF|ANDOR/.test(operation) && keys.length < 2) {
    throw redisError(`ERR BITOP ${operation} must be called with at least two source keys.`);
  }
  const sources = keys.map((key) => ctx.db.get(key, 'string')?.view() ?? new Uint8Array());
  const result = resultOf(operation, sources);
  if (result.length > 0) {
    ctx.db.set(destination, new StringValue(fromUint8(result), 'edited'));
    ctx.db.changed('set', destination);
  } else if (ctx.db.has(destination) && ctx.db.delete(destination)) {
    ctx.db.changed('del', destination);
  }
  return result.length;
}

function resultOf(operation: Operation, sources: readonly Uint8Array[]): Uint8Array {
  if (operation === 'NOT') return invert(sources[0]);
  if (operation === 'ONE') return inOne(sources);
  if (operation === 'AND' || operation === 'OR' || operation === 'XOR') {
    return merge(operation, sources);
  }
  // The first against all the others together.
  const [first = new Uint8Array(), ...others] = sources;
  const any = merge('OR', others);
  if (operation === 'DIFF')
    return merge('AND', [first, invert(padded(any, first.length))], any.length);
  if (operation === 'DIFF1')
    return merge('AND', [any, invert(padded(first, any.length))], first.length);
  return merge('AND', [first, any]);
}

/** The bits that are set in exactly one of the sources. */
function inOne(sources: readonly Uint8Array[]): Uint8Array {
  const once = new Uint8Array(Math.max(...sources.map(({ length }) => length)));
  const often = new Uint8Array(once.length);
  for (const source of sources) {
    source.forEach((byte, i) => {
      often[i] = (often[i] as number) | ((once[i] as number) & byte);
      once[i] = (once[i] as number) | byte;
    });
  }
  return once.map((byte, i) => byte & ~(often[i] as number));
}

function padded(source: Uint8Array, length: number): Uint8Array {
  const longer = new Uint8Array(Math.max(source.length, length));
  longer.set(source);
  return longer;
}

const invert = (source: Uint8Array | undefined): Uint8Array =>
  source?.map((byte) => ~byte) ?? new Uint8Array();

/** Shorter strings count as if zeros followed. */
function merge(
  operation: 'AND' | 'OR' | 'XOR',
  sources: readonly Uint8Array[],
  minLength = 0,
): Uint8Array {
  const apply = operations[operation];
  const result = new Uint8Array(Math.max(minLength, ...sources.map(({ length }) => length)));
  result.set(sources[0] ?? []);
  for (const source of sources.slice(1)) {
    for (let i = 0; i < result.length; i++) result[i] = apply(result[i] ?? 0, source[i] ?? 0);
  }
  return result;
}
