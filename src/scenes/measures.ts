/** Amounts as they are shown beside keys: short, with their unit, in a form that does not jump. */
import { utf8Decode } from '../engine/bytes/bytes.ts';
import { quote } from '../engine/resp/print.ts';

const THIN = '\u202f';

/** `56 B`, `1.2 kB`, `3.4 MB`. */
export function bytesInWords(bytes: number): string {
  if (bytes < 1000) return `${bytes}${THIN}B`;
  if (bytes < 1_000_000) return `${(bytes / 1000).toFixed(bytes < 10_000 ? 1 : 0)}${THIN}kB`;
  return `${(bytes / 1_000_000).toFixed(1)}${THIN}MB`;
}

/** `59 s`, `12 min`, `3 h`, `2 d`: rounded up, as time that is left is. */
export function secondsInWords(seconds: number): string {
  if (seconds < 120) return `${Math.ceil(seconds)}${THIN}s`;
  if (seconds < 7200) return `${Math.ceil(seconds / 60)}${THIN}min`;
  if (seconds < 172_800) return `${Math.ceil(seconds / 3600)}${THIN}h`;
  return `${Math.ceil(seconds / 86_400)}${THIN}d`;
}

const nouns: Readonly<Record<string, readonly [string, string]>> = {
  string: ['byte', 'bytes'],
  list: ['item', 'items'],
  set: ['member', 'members'],
  hash: ['field', 'fields'],
  zset: ['member', 'members'],
  stream: ['entry', 'entries'],
  'ReJSON-RL': ['document', 'documents'],
  'TSDB-TYPE': ['series', 'series'],
  'MBbloom--': ['filter', 'filters'],
  MBbloomCF: ['filter', 'filters'],
  'CMSk-TYPE': ['sketch', 'sketches'],
  'TopK-TYPE': ['sketch', 'sketches'],
  'TDIS-TYPE': ['digest', 'digests'],
};

/** `3 fields`; of a string its bytes. */
export function sizeInWords(type: string, size: number): string {
  const [one, many] = nouns[type] ?? ['', ''];
  return `${groups(size)}${THIN}${size === 1 ? one : many}`;
}

/** Digits in groups of three. */
export const groups = (number: number): string =>
  number.toLocaleString('en-US').replaceAll(',', THIN);

const readable = /^[\p{L}\p{N}\p{P}\p{S}\p{Zs}]*$/u;

/** A key's bytes as text where they are text, else escaped as redis-cli does. */
export function textOfKey(bytes: string): string {
  const text = utf8Decode(bytes);
  return text !== '' && readable.test(text) ? text : quote(bytes);
}
