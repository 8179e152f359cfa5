/**
 * Reads JSON from bytes. Mistakes are told as the module tells them, with line and column: what it
 * expected, and where. https://www.rfc-editor.org/rfc/rfc8259
 */
import { utf8Decode, utf8Encode } from '../bytes/bytes.ts';
import { integer, type Json, JsonDouble } from './json.ts';

/** The text is no JSON. */
export class JsonError extends Error {
  override readonly name = 'JsonError';
}

/** The one value in a text. Throws a JsonError. */
export function parseJson(text: string): Json {
  if (!isUtf8(text)) throw new JsonError("Couldn't parse as UTF-8 string");
  return new JsonReader(text).document();
}

const isUtf8 = (bytes: string): boolean =>
  ASCII.test(bytes) || utf8Encode(utf8Decode(bytes)) === bytes;

const HIGH = '\\u0080-\\u00ff';
const ASCII = new RegExp(`^[^${HIGH}]*$`);

const fromCodePoint = (point: number): string => utf8Encode(String.fromCodePoint(point));

const MAX_DEPTH = 127;
const MAX_UINT64 = 2n ** 64n - 1n;
const MIN_INT64 = -(2n ** 63n);

const escapes: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ['\\', '\\'],
  ['/', '/'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
]);

const words: ReadonlyMap<string, [word: string, value: Json]> = new Map([
  ['t', ['true', true]],
  ['f', ['false', false]],
  ['n', ['null', null]],
]);

class JsonReader {
  #at = 0;
  #depth = 0;

  constructor(private readonly text: string) {}

  document(): Json {
    const value = this.#value();
    if (this.#next() !== undefined) throw this.#error('trailing characters');
    return value;
  }

  /** The next character that is no blank, without consuming it. */
  #next(): string | undefined {
    for (;;) {
      const code = this.text.charCodeAt(this.#at);
      if (code !== 32 && code !== 10 && code !== 13 && code !== 9) return this.text[this.#at];
      this.#at++;
    }
  }

  #value(): Json {
    const char = this.#next();
    if (char === undefined) throw this.#atEnd('value');
    if (char === '"') return this.#string();
    if (char === '{' || char === '[') return this.#nested(char);
    const word = words.get(char);
    if (word) return this.#word(...word);
    if (char === '-' || (char >= '0' && char <= '9')) return this.#number();
    throw this.#error('expected value');
  }

  #nested(open: '{' | '['): Json {
    if (++this.#depth > MAX_DEPTH) throw this.#error('recursion limit exceeded');
    this.#at++;
    const value = open === '{' ? this.#object() : this.#array();
    this.#depth--;
    return value;
  }

  #object(): Json {
    const object = new Map<string, Json>();
    for (let isFirst = true; ; isFirst = false) {
      const char = this.#next();
      if (char === undefined) throw this.#atEnd('object');
      if (char === '}') {
        if (!isFirst) throw this.#error('trailing comma');
        this.#at++;
        return object;
      }
      if (char !== '"') throw this.#error('key must be a string');
      const key = this.#string();
      const colon = this.#next();
      if (colon === undefined) throw this.#atEnd('object');
      if (colon !== ':') throw this.#error('expected `:`');
      this.#at++;
      object.set(key, this.#value());
      if (this.#separator('}', 'object')) return object;
    }
  }

  #array(): Json {
    const array: Json[] = [];
    if (this.#next() === undefined) throw this.#atEnd('list');
    if (this.#next() === ']') {
      this.#at++;
      return array;
    }
    for (;;) {
      array.push(this.#value());
      if (this.#separator(']', 'list')) return array;
      if (this.#next() === ']') throw this.#error('trailing comma');
    }
  }

  /** Consumes a comma, or the end; says whether it was the end. */
  #separator(end: '}' | ']', what: 'object' | 'list'): boolean {
    const char = this.#next();
    if (char === undefined) throw this.#atEnd(what);
    if (char !== end && char !== ',') throw this.#error(`expected \`,\` or \`${end}\``);
    this.#at++;
    return char === end;
  }

  #word(word: string, value: Json): Json {
    for (const char of word) {
      if (this.#at >= this.text.length) throw this.#atEnd('value');
      if (this.text[this.#at] !== char) throw this.#error('expected ident');
      this.#at++;
    }
    return value;
  }

  #string(): string {
    this.#at++;
    let value = this.#plain();
    for (;;) {
      const char = this.text[this.#at];
      if (char === undefined) throw this.#atEnd('string');
      if (char === '"') break;
      if (char !== '\\') {
        const message = 'control character (\\u0000-\\u001F) found while parsing a string';
        throw this.#error(message, this.#at + 1);
      }
      value += this.#escape() + this.#plain();
    }
    this.#at++;
    return value;
  }

  /** The characters up to the next that means something else than itself. */
  #plain(): string {
    const start = this.#at;
    PLAIN.lastIndex = start;
    PLAIN.test(this.text);
    this.#at = PLAIN.lastIndex;
    return this.text.slice(start, this.#at);
  }

  #escape(): string {
    const char = this.text[this.#at + 1];
    if (char === undefined) throw this.#atEnd('string', this.text.length);
    const simple = escapes.get(char);
    this.#at += 2;
    if (simple !== undefined) return simple;
    if (char !== 'u') throw this.#error('invalid escape', this.#at);
    const unit = this.#hex();
    if (unit >= 0xdc00 && unit < 0xe000) {
      throw this.#error('lone leading surrogate in hex escape', this.#at);
    }
    if (unit < 0xd800 || unit >= 0xe000) return fromCodePoint(unit);
    if (this.text.slice(this.#at, this.#at + 2) !== '\\u') {
      throw this.#error('unexpected end of hex escape', this.#at + 1);
    }
    this.#at += 2;
    const low = this.#hex();
    if (low < 0xdc00 || low >= 0xe000) {
      throw this.#error('lone leading surrogate in hex escape', this.#at);
    }
    return fromCodePoint(0x10000 + (unit - 0xd800) * 0x400 + (low - 0xdc00));
  }

  #hex(): number {
    const digits = this.text.slice(this.#at, this.#at + 4);
    if (digits.length < 4) throw this.#atEnd('string', this.text.length);
    if (!/^[0-9a-fA-F]{4}$/.test(digits)) throw this.#error('invalid escape', this.#at + 4);
    this.#at += 4;
    return Number.parseInt(digits, 16);
  }

  #number(): Json {
    const start = this.#at;
    const small = this.#smallInteger();
    if (small !== undefined) return small;
    NUMBER.lastIndex = start;
    const found = NUMBER.exec(this.text);
    if (!found) throw this.#badNumber(start);
    const [literal, fraction = ''] = found;
    this.#at += literal.length;
    const next = this.text[this.#at] ?? '';
    if (/^-?0$/.test(literal) && next >= '0' && next <= '9') throw this.#error('invalid number');
    const goesOn = /e/i.test(fraction) ? '' : fraction === '' ? '.eE' : 'eE';
    if (next !== '' && goesOn.includes(next)) throw this.#badNumber(start);
    return fraction === '' ? this.#integer(literal) : this.#double(literal);
  }

  /** What most numbers are; nothing is consumed when it is another. */
  #smallInteger(): number | undefined {
    let value = 0;
    let at = this.#at;
    for (; at < this.#at + SMALL_DIGITS; at++) {
      const digit = this.text.charCodeAt(at) - 48;
      if (!(digit >= 0 && digit <= 9)) break;
      value = value * 10 + digit;
    }
    const isWhole = SMALL_END.includes(this.text[at] ?? ' ');
    const isCanonical = at > this.#at && (this.text[this.#at] !== '0' || at === this.#at + 1);
    if (!isWhole || !isCanonical) return undefined;
    this.#at = at;
    return value;
  }

  #integer(literal: string): Json {
    if (literal === '-0') return new JsonDouble(-0);
    if (literal.length < 16) return Number(literal);
    const value = BigInt(literal);
    if (value > MAX_UINT64 || value < MIN_INT64) return this.#double(literal);
    return integer(value);
  }

  #double(literal: string): Json {
    const value = Number(literal);
    if (!Number.isFinite(value)) throw this.#error('number out of range', this.#at);
    return new JsonDouble(value);
  }

  /** Where a number breaks off: at the first character that cannot go on. */
  #badNumber(start: number): JsonError {
    const [part = ''] = BROKEN_NUMBER.exec(this.text.slice(start)) ?? [];
    this.#at = start + part.length;
    return this.#at >= this.text.length ? this.#atEnd('value') : this.#error('invalid number');
  }

  #atEnd(what: string, at = this.text.length): JsonError {
    const article = what === 'object' ? 'an' : 'a';
    return this.#error(`EOF while parsing ${article} ${what}`, at);
  }

  /** Columns count from 1; at the end of the text the column is that of the last character. */
  #error(message: string, at = this.#at + 1): JsonError {
    const before = this.text.slice(0, at);
    const line = before.split('\n').length;
    const column = before.length - (before.lastIndexOf('\n') + 1);
    return new JsonError(`${message} at line ${line} column ${column}`);
  }
}

const NUMBER = /-?(?:0|[1-9]\d*)((?:\.\d+)?(?:[eE][+-]?\d+)?)/y;
const BROKEN_NUMBER = /^-?(?:\d+(?:\.\d*)?(?:[eE][+-]?)?)?/;
/** What ends a run of characters in a string, or cannot be in one. */
const SPECIAL = '"\\\\\\u0000-\\u001f';
const PLAIN = new RegExp(`[^${SPECIAL}]*`, 'y');
const SMALL_DIGITS = 9;
/** What may stand after a whole number. */
const SMALL_END = ' ,]}\n\r\t';
