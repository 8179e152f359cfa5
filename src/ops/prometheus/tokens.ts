/** Reads the text of a PromQL expression as tokens. */

/** An expression that cannot be read or evaluated, in Prometheus's words. */
export class PromqlError extends Error {
  override readonly name = 'PromqlError';
}

export interface Token {
  readonly kind: 'name' | 'number' | 'duration' | 'string' | 'sign' | 'end';
  readonly text: string;
  /** Where it begins, counted from 0. */
  readonly at: number;
}

const patterns: readonly (readonly [Token['kind'] | 'space', RegExp])[] = [
  ['space', /(?:\s|#[^\n]*)+/y],
  ['duration', /(?:\d+(?:ms|[smhdwy]))+(?![\w.])/y],
  ['number', /0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y],
  ['name', /[a-zA-Z_:][\w:]*/y],
  ['string', /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`[^`]*`/y],
  ['sign', /=~|!~|!=|==|>=|<=|[-+*/%^=<>(){}[\],@:]/y],
];

/** Where a place of the text is, as Prometheus says it in errors: line and column from 1. */
export function place(text: string, at: number): string {
  const before = text.slice(0, at).split('\n');
  return `${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
}

export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const found = next(text, at);
    if (!found) {
      const quote = /["'`]/.test(text[at] as string);
      const what = quote
        ? 'unterminated quoted string'
        : `unexpected character: ${quoted(text, at)}`;
      throw new PromqlError(`${place(text, at)}: parse error: ${what}`);
    }
    const [kind, value] = found;
    if (kind !== 'space') tokens.push({ kind, text: value, at });
    at += value.length;
  }
  tokens.push({ kind: 'end', text: '', at });
  return tokens;
}

const quoted = (text: string, at: number) => `'${String.fromCodePoint(text.codePointAt(at) ?? 0)}'`;

function next(text: string, at: number): readonly [Token['kind'] | 'space', string] | undefined {
  for (const [kind, pattern] of patterns) {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    if (found) return [kind, found];
  }
  return undefined;
}
