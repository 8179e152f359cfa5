import { RedisError } from '../errors.ts';
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
import { inResp2 } from './resp2.ts';

export interface PrintOptions {
  /** 2 prints what a RESP2 client gets of the reply; otherwise each type is printed as what it is. */
  readonly protocol?: 2 | 3;
}

/**
 * A reply exactly as redis-cli prints it on a terminal, without the last newline. The console, the
 * lessons and the transcripts share it. https://redis.io/docs/latest/develop/tools/cli/
 */
export function printReply(reply: Reply, { protocol = 3 }: PrintOptions = {}): string {
  return print(protocol === 2 ? inResp2(reply) : reply, '');
}

/** Out-of-band data as redis-cli shows it: for invalidated keys it has a line of its own. */
export function printPush(push: Push): string {
  const [kind, keys] = push.items;
  if (kind !== 'invalidate' || !isArray(keys)) return printReply(push);
  return `-> invalidate: ${keys.map((key) => `'${key}'`).join(', ')}`;
}

/** Bytes in double quotes: printable ASCII as it is, everything else escaped. */
export function quote(bytes: string): string {
  return `"${bytes.replace(UNPRINTABLE, escaped)}"`;
}

/** Everything but the printable characters that stand for themselves. */
const UNPRINTABLE = /[^ !#-[\]-~]/g;

const escapes: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '"': '\\"',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\x07': '\\a',
  '\b': '\\b',
};

const escaped = (char: string): string =>
  escapes[char] ?? `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`;

function print(reply: Reply, indent: string): string {
  if (reply === null || reply instanceof NullArray) return '(nil)';
  if (typeof reply === 'string') return quote(reply);
  if (typeof reply === 'number' || typeof reply === 'bigint') return `(integer) ${reply}`;
  if (reply instanceof Status) return reply.text;
  if (reply instanceof RedisError) return `(error) ${reply.message}`;
  if (reply instanceof Double) return `(double) ${reply.text}`;
  if (reply instanceof Bool) return reply.value ? '(true)' : '(false)';
  // redis-cli 7.0 gives up on big numbers and attributes; later ones print them plainly, too.
  if (reply instanceof BigNumber) return reply.digits;
  if (reply instanceof Verbatim) return reply.text;
  if (reply instanceof NoReply) return '';
  if (reply instanceof Many) return reply.replies.map((each) => print(each, indent)).join('\n');
  if (reply instanceof Attribute) return printAttribute(reply, indent);
  if (reply instanceof MapReply) return printMap(reply.entries, indent, '#');
  if (reply instanceof SetReply) return printItems(reply.items, indent, '~', 'set');
  if (reply instanceof Push) return printItems(reply.items, indent, ')', 'push');
  if (reply instanceof Pairs) return printItems(reply.entries, indent, ')', 'array');
  return printItems(reply, indent, ')', 'array');
}

function printAttribute({ entries, reply }: Attribute, indent: string): string {
  const head = entries.length === 0 ? '' : `${printMap(entries, indent, '|')}\n${indent}`;
  return head + print(reply, indent);
}

/** `1) "a"`, each further item on a line of its own under the first. */
function printItems(
  items: readonly Reply[],
  indent: string,
  mark: string,
  kind: 'array' | 'set' | 'push',
): string {
  if (items.length === 0) return `(empty ${kind})`;
  return printLines(items, indent, mark, print);
}

/** `1# "key" => value`. */
function printMap(
  entries: readonly (readonly [Reply, Reply])[],
  indent: string,
  mark: string,
): string {
  if (entries.length === 0) return '(empty hash)';
  return printLines(entries, indent, mark, ([key, value], deeper) => {
    // Only what has several lines begins on one of its own.
    const gap = isMultiline(value) ? `\n${deeper}` : '';
    return `${print(key, deeper)} => ${gap}${print(value, deeper)}`;
  });
}

/** Numbered lines; the first follows its parent's label, the others are indented to stand below. */
function printLines<T>(
  items: readonly T[],
  indent: string,
  mark: string,
  printItem: (item: T, deeper: string) => string,
): string {
  const width = String(items.length).length;
  const deeper = indent + ' '.repeat(width + 2);
  return items
    .map((item, i) => `${String(i + 1).padStart(width)}${mark} ${printItem(item, deeper)}`)
    .join(`\n${indent}`);
}

/** Whether an aggregate takes several lines: it, or its only element, has several elements. */
function isMultiline(reply: Reply): boolean {
  const elements = elementsOf(reply);
  const [only] = elements;
  return elements.length > 1 || (only !== undefined && isMultiline(only));
}

/** What stands on lines of its own in an aggregate; of a map these are the values. */
function elementsOf(reply: Reply): readonly Reply[] {
  if (reply instanceof MapReply) return reply.entries.map(([, value]) => value);
  if (reply instanceof Pairs) return reply.entries;
  if (reply instanceof SetReply || reply instanceof Push) return reply.items;
  return isArray(reply) ? reply : [];
}

const isArray = (reply: Reply | undefined): reply is readonly Reply[] => Array.isArray(reply);
