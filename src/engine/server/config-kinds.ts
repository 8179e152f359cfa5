/**
 * How the text of a directive is read and printed: yes/no, numbers, memory sizes, choices, names.
 * The error texts are those that CONFIG SET quotes after "possibly related to argument".
 * https://redis.io/docs/latest/operate/oss_and_stack/management/config/
 */
import { parseInteger } from '../bytes/numbers.ts';
import { quote } from '../resp/print.ts';

/** Why a text is no value of its directive. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

export interface Kind<T> {
  /**
   * The value that a text spells. `current` is what the directive says so far, as printed, for those
   * that a text changes only in part. Throws a ConfigError.
   */
  read(text: string, current: string): T;
  /** The value as CONFIG GET prints it. */
  print(value: T): string;
  /** The text as CONFIG REWRITE writes it; as it is printed, unless said. */
  write?(text: string): string;
  /** Takes several words in redis.conf, which are one text with single spaces for CONFIG SET. */
  readonly isMulti?: boolean;
}

export const bool: Kind<boolean> = {
  read(text) {
    const word = text.toLowerCase();
    if (word !== 'yes' && word !== 'no') throw new ConfigError("argument must be 'yes' or 'no'");
    return word === 'yes';
  },
  print: (value) => (value ? 'yes' : 'no'),
};

export interface Range {
  readonly min?: bigint;
  readonly max?: bigint;
  /** What is accepted beyond these is silently moved to them. */
  readonly floor?: bigint;
  readonly ceiling?: bigint;
}

/** The largest values of C's types, which bound most numbers. */
export const INT_MAX = 2n ** 31n - 1n;
export const LONG_MAX = 2n ** 63n - 1n;

export const integer = (range: Range): Kind<bigint> => ({
  read(text) {
    const value = parseInteger(text);
    if (value === undefined) throw new ConfigError("argument couldn't be parsed into an integer");
    return within(value, { max: INT_MAX, ...range });
  },
  print: String,
});

/** Bytes with an optional unit: 100, 100k (1000), 100kb (1024), 1mb, 1gb. */
export const memory = (range: Range): Kind<bigint> => ({
  read(text) {
    const bytes = readMemory(text);
    if (bytes === undefined) throw new ConfigError('argument must be a memory value');
    return within(bytes, { max: LONG_MAX, ...range });
  },
  print: String,
  write: writeMemory,
});

/** A memory size, or a share of maxmemory as `5%`, which is kept as a negative number. */
export const memoryOrPercent: Kind<bigint> = {
  read(text) {
    const percent = /^(\d+)%$/.exec(text)?.[1];
    const bytes = percent === undefined ? readMemory(text) : -BigInt(percent);
    // What is too large for a signed number is a percentage too, in Redis.
    const value = bytes === undefined ? undefined : BigInt.asIntN(64, bytes);
    if (value === undefined) throw new ConfigError('argument must be a memory or percent value');
    if (value < -100n) throw new ConfigError('percentage argument must be less or equal to 100');
    return value;
  },
  print: (value) => (value < 0n ? `${-value}%` : String(value)),
};

/** File permissions in octal, as 700. */
export const octal: Kind<number> = {
  read(text) {
    if (!/^[0-7]*$/.test(text) || Number.parseInt(text, 8) > 0o777) {
      throw new ConfigError("argument couldn't be parsed as an octal number");
    }
    return text === '' ? 0 : Number.parseInt(text, 8);
  },
  print: (value) => value.toString(8),
};

/** One of some words, in any case. `synonyms` says which of the words mean another one. */
export const choice = (
  words: readonly string[],
  synonyms: Readonly<Record<string, string>> = {},
): Kind<string> => ({
  read(text) {
    const word = text.toLowerCase();
    if (!words.includes(word)) throw notOneOf(words);
    return synonyms[word] ?? word;
  },
  print: (value) => value,
});

/** Any of some words together; the first word is what stands for none of the others. */
export const choices = (words: readonly [string, ...string[]]): Kind<ReadonlySet<string>> => ({
  isMulti: true,
  read(text) {
    const given = text.toLowerCase().split(' ');
    if (!given.every((word) => words.includes(word))) throw notOneOf(words);
    return new Set(given.filter((word) => word !== words[0]));
  },
  print: (value) => words.filter((word) => value.has(word)).join(' ') || words[0],
});

/** Any text that `refuse` has nothing against. */
export const string = (refuse: (text: string) => string | undefined = () => undefined) =>
  ({
    read(text) {
      const reason = refuse(text);
      if (reason !== undefined) throw new ConfigError(reason);
      return text;
    },
    print: (value) => value,
    write: quote,
  }) satisfies Kind<string>;

function within(value: bigint, { min = 0n, max = LONG_MAX, floor, ceiling }: Range): bigint {
  if (value < min || value > max) {
    throw new ConfigError(`argument must be between ${min} and ${max} inclusive`);
  }
  if (floor !== undefined && value < floor) return floor;
  return ceiling !== undefined && value > ceiling ? ceiling : value;
}

const units: Readonly<Record<string, bigint>> = {
  '': 1n,
  b: 1n,
  k: 1000n,
  kb: 1024n,
  m: 1000n ** 2n,
  mb: 1024n ** 2n,
  g: 1000n ** 3n,
  gb: 1024n ** 3n,
};

/** The largest value of C's unsigned long. */
export const ULONG_MAX = 2n ** 64n - 1n;

/** Bytes as Redis reads them: what is too large for 64 bits is their maximum, before the unit. */
export function readMemory(text: string): bigint | undefined {
  const [, digits, unit = ''] = /^(\d*)([a-z]*)$/i.exec(text) ?? [];
  const factor = units[unit.toLowerCase()];
  if (digits === undefined || factor === undefined) return undefined;
  const amount = BigInt(digits);
  return BigInt.asUintN(64, (amount > ULONG_MAX ? ULONG_MAX : amount) * factor);
}

/** Bytes in the largest unit that divides them. */
export function writeMemory(bytes: string): string {
  const amount = BigInt(bytes);
  const found = writtenUnits.find((unit) => amount > 0n && amount % (units[unit] ?? 1n) === 0n);
  return found ? `${amount / (units[found] ?? 1n)}${found}` : bytes;
}

const writtenUnits = ['gb', 'mb', 'kb'];

const notOneOf = (words: readonly string[]) =>
  new ConfigError(`argument(s) must be one of the following: ${words.join(', ')}`);
