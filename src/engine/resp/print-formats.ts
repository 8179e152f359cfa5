/**
 * Replies in the forms that redis-cli has for programs: --raw, --csv, --json and --quoted-json.
 * All without the last newline. https://redis.io/docs/latest/develop/tools/cli/#csv-output
 */
import { RedisError } from '../errors.ts';
import { quote } from './print.ts';
import {
  Attribute,
  BigNumber,
  Bool,
  Double,
  Many,
  MapReply,
  NoReply,
  NullArray,
  Pairs,
  Push,
  type Reply,
  SetReply,
  Status,
  Verbatim,
} from './reply.ts';

export type Format = 'raw' | 'csv' | 'json' | 'quoted-json';

/**
 * A reply in one of the formats. Pass what the protocol of the connection made of it: redis-cli
 * uses RESP3 for the JSON formats unless told otherwise, and RESP2 for the others.
 */
export function printAs(format: Format, reply: Reply): string {
  return print(spellings[format], reply);
}

/** How a format spells each kind of reply. */
interface Spelling {
  readonly nil: string;
  readonly yes: string;
  readonly no: string;
  readonly text: (bytes: string) => string;
  readonly error: (message: string) => string;
  readonly list: (items: readonly string[]) => string;
  readonly map: (entries: readonly (readonly [key: string, value: string])[]) => string;
}

function print(as: Spelling, reply: Reply): string {
  if (reply === null || reply instanceof NullArray) return as.nil;
  if (typeof reply === 'string') return as.text(reply);
  if (typeof reply === 'number' || typeof reply === 'bigint') return String(reply);
  if (reply instanceof Status || reply instanceof Verbatim) return as.text(reply.text);
  if (reply instanceof RedisError) return as.error(reply.message);
  if (reply instanceof Double) return reply.text;
  if (reply instanceof Bool) return reply.value ? as.yes : as.no;
  if (reply instanceof BigNumber) return reply.digits;
  if (reply instanceof NoReply) return '';
  if (reply instanceof Attribute) return print(as, reply.reply);
  if (reply instanceof Many) return reply.replies.map((each) => print(as, each)).join('\n');
  if (reply instanceof MapReply) {
    return as.map(reply.entries.map(([key, value]) => [print(as, key), print(as, value)]));
  }
  return as.list(itemsOf(reply).map((item) => print(as, item)));
}

function itemsOf(reply: SetReply | Push | Pairs | readonly Reply[]): readonly Reply[] {
  if (reply instanceof SetReply || reply instanceof Push) return reply.items;
  return reply instanceof Pairs ? reply.entries : reply;
}

const jsonWith = (text: (bytes: string) => string): Spelling => ({
  nil: 'null',
  yes: 'true',
  no: 'false',
  text,
  error: (message) => `error:${text(message)}`,
  list: (items) => `[${items.join(',')}]`,
  map: (entries) => `{${entries.map(([key, value]) => `${jsonKey(key)}:${value}`).join(',')}}`,
});

const spellings: Readonly<Record<Format, Spelling>> = {
  raw: {
    nil: '',
    yes: '(true)',
    no: '(false)',
    text: (bytes) => bytes,
    error: (message) => `${message}\n`,
    list: (items) => items.join('\n'),
    map: (entries) => entries.map(([key, value]) => `${key} ${value}`).join('\n'),
  },
  csv: {
    nil: 'NULL',
    yes: 'true',
    no: 'false',
    text: quote,
    error: (message) => `ERROR,${quote(message)}`,
    list: (items) => items.join(','),
    map: (entries) => entries.flat().join(','),
  },
  json: jsonWith(jsonText),
  // Quoted as on the terminal, and the backslashes once more for JSON.
  'quoted-json': jsonWith((bytes) => quote(bytes).replaceAll('\\', '\\\\')),
};

/** Keys that are no strings are put in quotes as they are, as redis-cli 7.0 does. */
const jsonKey = (key: string): string => (/^(error:)?"/.test(key) ? key : `"${key}"`);

/** Bytes above ASCII pass as they are: usually they are UTF-8 already. */
function jsonText(bytes: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what has to be escaped.
  return `"${bytes.replace(/[\\"\x00-\x1f]/g, (char) => jsonEscapes[char] ?? codePoint(char))}"`;
}

const jsonEscapes: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '"': '\\"',
  '\n': '\\n',
  '\f': '\\f',
  '\r': '\\r',
  '\t': '\\t',
  '\b': '\\b',
};

const codePoint = (char: string): string =>
  `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
