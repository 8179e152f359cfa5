/** Cuts JSON text into tokens, named as lua-cjson names them in its errors. */
import { utf8Encode } from '../../bytes/bytes.ts';

export type TokenType =
  | 'T_OBJ_BEGIN'
  | 'T_OBJ_END'
  | 'T_ARR_BEGIN'
  | 'T_ARR_END'
  | 'T_COLON'
  | 'T_COMMA'
  | 'T_STRING'
  | 'T_NUMBER'
  | 'T_BOOLEAN'
  | 'T_NULL'
  | 'T_END'
  | 'T_ERROR';

export class Tokens {
  type: TokenType = 'T_END';
  /** Of a string, a number or a boolean; of an error, what is wrong. */
  value: string | number | boolean = '';
  /** Where the token starts; of an error in a string, where the error is. */
  start = 0;
  /** Where the next token starts, or the space before it. */
  position = 0;
  readonly #text: string;
  readonly #allowsInvalidNumbers: boolean;

  /** `allowsInvalidNumbers` lets hexadecimal, infinite and similar numbers pass. */
  constructor(text: string, allowsInvalidNumbers: boolean) {
    this.#text = text;
    this.#allowsInvalidNumbers = allowsInvalidNumbers;
  }

  /** What an error message calls the current token. */
  get found(): string {
    return this.type === 'T_ERROR' ? String(this.value) : this.type;
  }

  next(): TokenType {
    const text = this.#text;
    while (isSpace(text.charCodeAt(this.position))) this.position++;
    this.start = this.position;
    const first = text[this.position] ?? '\0';
    const single = SINGLE[first];
    if (single) {
      if (single !== 'T_END') this.position++;
      this.type = single;
    } else if (first === '"') this.#string();
    else if (first === '-' || (first >= '0' && first <= '9')) this.#startOfNumber();
    else this.#word();
    return this.type;
  }

  #fail(reason: string): void {
    this.type = 'T_ERROR';
    this.value = reason;
    this.start = this.position;
  }

  #startOfNumber(): void {
    if (!this.#allowsInvalidNumbers && this.#isInvalidNumber()) this.#fail('invalid number');
    else this.#number();
  }

  #word(): void {
    for (const [word, type, value] of WORDS) {
      if (this.#text.startsWith(word, this.position)) {
        this.position += word.length;
        this.type = type;
        this.value = value;
        return;
      }
    }
    if (this.#allowsInvalidNumbers && this.#isInvalidNumber()) this.#number();
    else this.#fail('invalid token');
  }

  /** Whether strtod() could read a number here that JSON does not have. */
  #isInvalidNumber(): boolean {
    INVALID_NUMBER.lastIndex = this.position;
    return INVALID_NUMBER.test(this.#text);
  }

  #number(): void {
    NUMBER.lastIndex = this.position;
    const found = NUMBER.exec(this.#text);
    if (!found) {
      this.#fail('invalid number');
      return;
    }
    this.position += found[0].length;
    this.type = 'T_NUMBER';
    this.value = readNumber(found);
  }

  #string(): void {
    const text = this.#text;
    let bytes = '';
    for (let at = this.position + 1; ; ) {
      PLAIN.lastIndex = at;
      const plain = PLAIN.exec(text)?.[0] ?? '';
      bytes += plain;
      at += plain.length;
      if (text[at] === '"') {
        this.position = at + 1;
        this.type = 'T_STRING';
        this.value = bytes;
        return;
      }
      const escaped = readEscape(text, at);
      if (typeof escaped === 'string') {
        this.position = at;
        this.#fail(escaped);
        return;
      }
      bytes += escaped.bytes;
      at += escaped.length;
    }
  }
}

const SINGLE: Readonly<Record<string, TokenType>> = {
  '{': 'T_OBJ_BEGIN',
  '}': 'T_OBJ_END',
  '[': 'T_ARR_BEGIN',
  ']': 'T_ARR_END',
  ':': 'T_COLON',
  ',': 'T_COMMA',
  // The parser works on a C string, which a zero ends.
  '\0': 'T_END',
};

const WORDS: readonly (readonly [string, TokenType, boolean])[] = [
  ['true', 'T_BOOLEAN', true],
  ['false', 'T_BOOLEAN', false],
  ['null', 'T_NULL', false],
];

/** Space, tab, line feed, carriage return. */
const isSpace = (code: number): boolean =>
  code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0d;

const INVALID_NUMBER = /\+|-?(?:0[x0-9]|inf|nan)/iy;
const NUMBER =
  /([+-]?)(?:0x([0-9a-f]+)(?:\.([0-9a-f]*))?(?:p([+-]?\d+))?|((?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)|(inf(?:inity)?)|nan)/iy;

function readNumber([, sign, hex, hexFraction = '', exponent = '0', decimal, infinity]: string[]) {
  const magnitude =
    hex !== undefined
      ? Number(`0x${hex}${hexFraction}`) * 2 ** (Number(exponent) - 4 * hexFraction.length)
      : decimal !== undefined
        ? Number(decimal)
        : infinity
          ? Number.POSITIVE_INFINITY
          : Number.NaN;
  return sign === '-' ? -magnitude : magnitude;
}

const PLAIN = /[^"\\\0]*/y;

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

/** The escape at `at`, which is neither plain nor a closing quote; or what is wrong with it. */
function readEscape(text: string, at: number): { bytes: string; length: number } | string {
  if (text[at] !== '\\') return 'unexpected end of string';
  const letter = text[at + 1] ?? '';
  const bytes = ESCAPES[letter];
  if (bytes !== undefined) return { bytes, length: 2 };
  return letter === 'u' ? readUnicodeEscape(text, at) : 'invalid escape code';
}

const UNICODE = /\\u(?:(?!d[89a-f])([0-9a-f]{4})|(d[89ab][0-9a-f]{2})\\u(d[c-f][0-9a-f]{2}))/iy;

/** One code unit, or a pair of surrogates. */
function readUnicodeEscape(text: string, at: number): { bytes: string; length: number } | string {
  UNICODE.lastIndex = at;
  const found = UNICODE.exec(text);
  if (!found) return 'invalid unicode escape code';
  const [{ length }, unit, high, low] = found;
  const units = unit === undefined ? [high, low] : [unit];
  const characters = String.fromCharCode(
    ...units.map((digits) => Number.parseInt(digits ?? '', 16)),
  );
  return { bytes: utf8Encode(characters), length };
}
