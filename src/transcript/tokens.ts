/**
 * What the parts of a command line and of a reply are, for colouring: at build time in lessons, at
 * run time in the console. Deliberately small: it knows what a reader sees, not what Redis parses.
 */
import { readRow, waits } from './parse.ts';
import { stripRemark } from './remark.ts';

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
}

export type TokenKind =
  | 'command'
  | 'option' // a word in capitals, as EX or WITHSCORES
  | 'argument'
  | 'string'
  | 'number'
  | 'comment'
  | 'prompt'
  | 'directive'
  | 'error'
  | 'nil'
  | 'index' // `1)` before an element
  | 'type' // `(integer)`
  | 'status' // OK, and all unquoted text
  | 'space';

/** A row of a transcript, prompt included. Joined, the tokens are the row again. */
export function tokenizeRow(row: string): Token[] {
  const read = readRow(row);
  if (read.kind === 'blank') return row === '' ? [] : [{ kind: 'space', text: row }];
  if (read.kind === 'remark') return [{ kind: 'comment', text: row }];
  if (read.kind === 'directive') return [{ kind: 'directive', text: row }];
  if (read.kind === 'reply') return tokenizeReply(row);
  const rest = read.kind === 'command' ? read.command : read.text;
  const prompt: Token = { kind: 'prompt', text: row.slice(0, row.length - rest.length) };
  return [prompt, ...(read.kind === 'command' ? tokenizeCommand(rest) : tokenizeReply(rest))];
}

const containers =
  /^(acl|client|cluster|command|config|function|latency|memory|module|object|pubsub|script|sentinel|slowlog|xgroup|xinfo)$/i;

/** A command line without its prompt. */
export function tokenizeCommand(line: string): Token[] {
  const { remark } = stripRemark(line);
  const end = remark === undefined ? line.length : line.lastIndexOf(remark);
  const tokens: Token[] = [];
  let words = 0;
  let named = 1;
  for (const [text] of line
    .slice(0, end)
    .matchAll(/\s+|(?:"(?:\\.|[^"\\])*"?|'[^']*'?|[^\s"'])+/g)) {
    if (text.trim() === '') tokens.push({ kind: 'space', text });
    else {
      if (words === 0 && containers.test(text)) named = 2;
      tokens.push({ kind: words++ < named ? 'command' : kindOfWord(text), text });
    }
  }
  return remark === undefined ? tokens : [...tokens, { kind: 'comment', text: line.slice(end) }];
}

function kindOfWord(word: string): TokenKind {
  if (/^["']/.test(word)) return 'string';
  if (/^[-+]?\d+(\.\d+)?$/.test(word)) return 'number';
  return /^[A-Z][A-Z]+$/.test(word) ? 'option' : 'argument';
}

/** One line of a reply as redis-cli prints it. */
export function tokenizeReply(line: string): Token[] {
  if (line === waits) return [{ kind: 'nil', text: line }];
  const parts = /^(\(error\).*)|^(\s*(?:\d+[)#~]\s+)+)|^(\s*\|)/.exec(line);
  const [lead = '', error, index, bar] = parts ?? [];
  if (error !== undefined) return [{ kind: 'error', text: error }];
  const head: Token[] = lead === '' ? [] : [{ kind: 'index', text: lead }];
  if (bar !== undefined) return [...head, ...tokenizeReply(line.slice(lead.length))];
  const tail = line.slice(lead.length);
  // An element may be an error too; a value of a map follows its key after an arrow.
  if (index !== undefined && /^\(error\)/.test(tail)) return [...head, ...tokenizeReply(tail)];
  return [...head, ...tokenizeValues(tail)];
}

const values = [
  ['nil', /^\((?:nil|empty (?:array|hash|set|list or set))\)/],
  ['error', /^\(error\).*/],
  ['type', /^\((?:integer|double|true|false|big number)\)/],
  ['string', /^"(?:\\.|[^"\\])*"/],
  ['number', /^-?\d+(?:\.\d+)?(?:e[-+]?\d+)?(?=\s|$)/],
  ['index', /^=>|^\d+[)#~](?=\s)/],
  ['space', /^\s+/],
  ['status', /^\S+/],
] as const satisfies readonly (readonly [TokenKind, RegExp])[];

function tokenizeValues(text: string): Token[] {
  const tokens: Token[] = [];
  for (let rest = text; rest !== ''; ) {
    const [kind, found] = firstMatch(rest);
    tokens.push({ kind, text: found });
    rest = rest.slice(found.length);
  }
  return tokens;
}

function firstMatch(text: string): [TokenKind, string] {
  for (const [kind, form] of values) {
    const [found] = form.exec(text) ?? [];
    if (found !== undefined) return [kind, found];
  }
  return ['status', text];
}
