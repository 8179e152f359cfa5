/** Commands for numbers, strings and truth values in documents. */
import type { Args } from '../commands/args.ts';
import { command } from '../commands/command.ts';
import type { Context } from '../commands/context.ts';
import { redisError } from '../errors.ts';
import { Double, type Reply } from '../resp/reply.ts';
import { asNumber, integer, isNumber, type Json, JsonDouble, typeNameOf } from '../values/json.ts';
import type { JsonDocument } from '../values/json-document.ts';
import { printJson } from '../values/json-print.ts';
import {
  changed,
  jsonGrow,
  jsonWrite,
  matchesOf,
  needDocument,
  notA,
  readJson,
  readPath,
  update,
  wrongPathType,
} from './json-common.ts';
import { parsePath, ROOT } from './json-path.ts';
import { type Match, replace } from './json-select.ts';

type Num = number | bigint | JsonDouble;

/** How a number is changed by another, as whole numbers and as fractions. */
interface Arithmetic {
  readonly event: string;
  readonly whole: (a: bigint, b: bigint) => bigint | undefined;
  readonly real: (a: number, b: number) => number;
}

const adding: Arithmetic = {
  event: 'json.numincrby',
  whole: (a, b) => a + b,
  real: (a, b) => a + b,
};

const multiplying: Arithmetic = {
  event: 'json.nummultby',
  whole: (a, b) => a * b,
  real: (a, b) => a * b,
};

const raising: Arithmetic = {
  event: 'json.numpowby',
  // More than 63 bits cannot come out of a larger exponent, but for 0, 1 and -1.
  whole: (a, b) => (b < 0n ? undefined : a ** (b > 64n ? 64n + (b % 2n) : b)),
  real: (a, b) => a ** b,
};

export const jsonScalarCommands = [
  command('JSON.NUMINCRBY key path value:double', {
    ...jsonWrite,
    summary: 'Adds to the number at a path.',
    run: (ctx, args) => reckon(ctx, args, adding),
  }),
  command('JSON.NUMMULTBY key path value:double', {
    ...jsonWrite,
    summary: 'Multiplies the number at a path.',
    deprecated: { since: '2.0', instead: 'JSON.NUMINCRBY' },
    run: (ctx, args) => reckon(ctx, args, multiplying),
  }),
  command('JSON.NUMPOWBY key path value:double', {
    ...jsonWrite,
    summary: 'Raises the number at a path to a power.',
    run: (ctx, args) => reckon(ctx, args, raising),
  }),
  command('JSON.STRAPPEND key [path] value', {
    ...jsonGrow,
    summary: 'Appends to the string at a path.',
    run: appendString,
  }),
  command('JSON.TOGGLE key path', {
    ...jsonWrite,
    summary: 'Turns true at a path into false, and false into true.',
    since: '2.0.0',
    run: toggle,
  }),
];

/** The reply is JSON; for RESP3 an array of numbers, whatever the path. */
function reckon({ db, protocol }: Context, args: Args, how: Arithmetic): Reply {
  const key = args.string();
  const path = readPath(args);
  const text = args.string();
  const document = needDocument(db, key);
  const matches = matchesOf(document, path);
  const isAny = matches.some(({ value }) => isNumber(value));
  if (!isAny && path.isLegacy) {
    throw redisError('ERR Path does not exist or does not contains a number');
  }
  const operand = isAny ? readNumber(text) : 0;
  // All of them are reckoned before the first is changed.
  const results = matches.map(({ value }) => (isNumber(value) ? apply(value, operand, how) : null));
  matches.forEach((match, i) => {
    const result = results[i];
    if (isNumber(result)) put(document, match, result);
  });
  if (isAny) changed(db, key, document, how.event);
  if (protocol === 3) return results.map(asReply);
  if (!path.isLegacy) return printJson(results);
  return printJson(results.findLast((result) => result !== null) as Json);
}

const asReply = (value: Num | null): Reply =>
  value instanceof JsonDouble ? new Double(value.value) : value;

function readNumber(text: string): Num {
  const operand = readJson(text, true);
  if (!isNumber(operand)) throw redisError('bad input number');
  return operand;
}

function apply(value: Num, operand: Num, { whole, real }: Arithmetic): Num {
  if (!(value instanceof JsonDouble) && !(operand instanceof JsonDouble)) {
    const result = whole(BigInt(value), BigInt(operand));
    if (result === undefined || BigInt.asIntN(64, result) !== result) {
      throw redisError('ERR numeric overflow');
    }
    return integer(result);
  }
  const result = real(asNumber(value), asNumber(operand));
  if (!Number.isFinite(result)) throw redisError('ERR result is not a number');
  return new JsonDouble(result);
}

function put(document: JsonDocument, match: Match, value: Json): void {
  if (match.place) replace(match, value);
  else document.root = value;
}

function appendString(ctx: Context, args: Args): Reply {
  const key = args.string();
  const path = parsePath(args.left === 1 ? ROOT : args.string());
  const text = args.string();
  const document = needDocument(ctx.db, key);
  const isAny = matchesOf(document, path).some(({ value }) => typeof value === 'string');
  const tail = isAny ? readString(text) : '';
  return update<number>(ctx, key, path, {
    event: 'json.strappend',
    picks: 'last',
    refusal: () => notA('a string'),
    change(match) {
      if (typeof match.value !== 'string') return undefined;
      const value = match.value + tail;
      put(document, match, value);
      return value.length;
    },
    reply: (length) => length,
  });
}

function readString(text: string): string {
  const value = readJson(text, true);
  if (typeof value !== 'string') throw wrongPathType('string', typeNameOf(value));
  return value;
}

function toggle(ctx: Context, args: Args): Reply {
  const key = args.string();
  const path = readPath(args);
  const document = needDocument(ctx.db, key);
  return update<boolean>(ctx, key, path, {
    event: 'json.toggle',
    picks: 'last',
    refusal: () => notA('a bool'),
    change(match) {
      if (typeof match.value !== 'boolean') return undefined;
      put(document, match, !match.value);
      return !match.value;
    },
    reply: (value) => (path.isLegacy ? String(value) : Number(value)),
  });
}
