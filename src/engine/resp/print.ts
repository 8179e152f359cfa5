import { printDouble } from '../bytes/numbers.ts';
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

/**
 * A reply exactly as redis-cli prints it on a terminal, without the last newline. The console, the
 * lessons and the transcripts share it. https://redis.io/docs/latest/develop/tools/cli/
 */
export function printReply(reply: Reply): string {
  return print(reply, '');
}

function print(reply: Reply, indent: string): string {
  if (reply === null || reply instanceof NullArray) return '(nil)';
  if (typeof reply === 'string') return quote(reply);
  if (typeof reply === 'number' || typeof reply === 'bigint') return `(integer) ${reply}`;
  if (reply instanceof Status) return reply.text;
  if (reply instanceof RedisError) return `(error) ${reply.message}`;
  if (reply instanceof Double) return `(double) ${printDouble(reply.value)}`;
  if (reply instanceof Bool) return reply.value ? '(true)' : '(false)';
  if (reply instanceof BigNumber) return reply.digits;
  if (reply instanceof Verbatim) return reply.text;
  if (reply instanceof NoReply) return '';
  if (reply instanceof Many) return reply.replies.map((each) => print(each, indent)).join('\n');
  if (reply instanceof Attribute) return printAttribute(reply, indent);
  if (reply instanceof MapReply) return printMap(reply.entries, indent, '#', 'hash');
  if (reply instanceof SetReply) return printItems(reply.items, indent, '~', 'set');
  if (reply instanceof Push) return printItems(reply.items, indent, ')', 'push');
  if (reply instanceof Pairs) return printItems(reply.entries, indent, ')', 'array');
  return printItems(reply, indent, ')', 'array');
}

function printAttribute({ entries, reply }: Attribute, indent: string): string {
  const head = entries.length === 0 ? '' : `${printMap(entries, indent, '|', 'hash')}\n`;
  return `${head}${indent}${print(reply, indent)}`;
}

/** `1) "a"`, each further item on a line of its own under the first. */
function printItems(
  items: readonly Reply[],
  indent: string,
  mark: string,
  kind: 'array' | 'set' | 'push',
): string {
  if (items.length === 0) return `(empty ${kind})`;
  const width = String(items.length).length;
  const deeper = indent + ' '.repeat(width + 2);
  return items
    .map((item, i) => {
      const label = `${String(i + 1).padStart(width)}${mark} `;
      return `${i === 0 ? '' : indent}${label}${print(item, deeper)}`;
    })
    .join('\n');
}

/** `1# "key" => value`. */
function printMap(
  entries: readonly (readonly [Reply, Reply])[],
  indent: string,
  mark: string,
  kind: 'hash',
): string {
  if (entries.length === 0) return `(empty ${kind})`;
  const width = String(entries.length).length;
  const deeper = indent + ' '.repeat(width + 2);
  return entries
    .map(([key, value], i) => {
      const label = `${String(i + 1).padStart(width)}${mark} `;
      // Only what has several lines begins on one of its own.
      const shown = (countOf(value) > 1 ? `\n${deeper}` : '') + print(value, deeper);
      return `${i === 0 ? '' : indent}${label}${print(key, deeper)} => ${shown}`;
    })
    .join('\n');
}

/** How many lines of its own an aggregate starts; 0 for anything else. */
function countOf(reply: Reply): number {
  if (reply instanceof MapReply || reply instanceof Pairs) return reply.entries.length;
  if (reply instanceof SetReply || reply instanceof Push) return reply.items.length;
  return Array.isArray(reply) ? reply.length : 0;
}

const escapes: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '"': '\\"',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\x07': '\\a',
  '\b': '\\b',
};

/** Bytes in double quotes: printable ASCII as it is, everything else escaped. */
export function quote(bytes: string): string {
  let out = '"';
  for (const c of bytes) {
    const printable = c >= ' ' && c <= '~';
    out += escapes[c] ?? (printable ? c : `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`);
  }
  return `${out}"`;
}
