/**
 * Splits a typed line into arguments as redis-cli and inline commands do: blanks separate, double
 * quotes take escapes (\n \r \t \b \a \xHH), single quotes only \'. Works on bytes. Returns undefined
 * when a quote is not closed, or is closed in the middle of a word.
 */
export function splitArgs(line: string): string[] | undefined {
  // As in C, a NUL byte ends the line.
  const nul = line.indexOf('\0');
  const text = nul < 0 ? line : line.slice(0, nul);
  const args: string[] = [];
  let at = 0;
  for (;;) {
    while (at < text.length && isSpace(text[at] as string)) at++;
    if (at >= text.length) return args;
    const word = readWord(text, at);
    if (!word) return undefined;
    args.push(word.text);
    at = word.end;
  }
}

interface Word {
  readonly text: string;
  readonly end: number;
}

function readWord(line: string, start: number): Word | undefined {
  let text = '';
  let at = start;
  while (at < line.length) {
    const c = line[at] as string;
    if (c === ' ' || c === '\t' || c === '\n' || c === '\r') break;
    if (c === '"' || c === "'") {
      const quoted = c === '"' ? readDouble(line, at + 1) : readSingle(line, at + 1);
      if (!quoted) return undefined;
      text += quoted.text;
      const next = line[quoted.end];
      // A closing quote must end the word.
      if (next !== undefined && !isSpace(next)) return undefined;
      return { text, end: quoted.end };
    }
    text += c;
    at++;
  }
  return { text, end: at };
}

const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  b: '\b',
  a: '\x07',
};

function readDouble(line: string, start: number): Word | undefined {
  let text = '';
  for (let at = start; at < line.length; at++) {
    const c = line[at] as string;
    if (c === '"') return { text, end: at + 1 };
    if (c !== '\\' || at + 1 >= line.length) {
      text += c;
      continue;
    }
    const hex = /^x[0-9a-fA-F]{2}/.test(line.slice(at + 1, at + 4));
    const next = line[at + 1] as string;
    text += hex
      ? String.fromCharCode(Number.parseInt(line.slice(at + 2, at + 4), 16))
      : (escapes[next] ?? next);
    at += hex ? 3 : 1;
  }
  return undefined;
}

function readSingle(line: string, start: number): Word | undefined {
  let text = '';
  for (let at = start; at < line.length; at++) {
    const c = line[at] as string;
    if (c === "'") return { text, end: at + 1 };
    const escaped = c === '\\' && line[at + 1] === "'";
    text += escaped ? "'" : c;
    if (escaped) at++;
  }
  return undefined;
}

/** Blanks before a word and behind a closing quote; inside a word \v and \f are plain characters. */
const isSpace = (c: string) => c === ' ' || (c >= '\t' && c <= '\r');
