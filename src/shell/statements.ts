/**
 * A script as the statements that a terminal would run one after the other, so that what each
 * prints is seen before the next begins.
 */
export function statements(script: string): string[] {
  const found: string[] = [];
  let open = '';
  for (const line of script.split('\n')) {
    open = open === '' ? line : `${open}\n${line}`;
    if (isOpen(open)) continue;
    const parts = beside(open).flatMap(sequence);
    found.push(...parts.filter((each) => !/^\s*(#.*)?$/.test(each)));
    open = '';
  }
  if (open.trim() !== '') found.push(open);
  return found;
}

/**
 * What makes a whole of what stands between semicolons: blocks, functions, here-documents, and what
 * holds only for the shell that runs it.
 */
const COMPOUND =
  /[(){}]|<<|(^|[\s;])(if|for|while|until|case|select|function|set|shopt|exec|trap|alias)\s/;

/** The parts of `a & b`: each but the last ends with its "&", and runs beside what follows. */
function beside(text: string): string[] {
  const { rest, places } = withoutQuotes(text);
  if (!rest.includes('&') || rest.includes('<<')) return [text];
  const ends = [...rest.matchAll(/(?<![&<>|])&(?![&>])/g)]
    .filter(({ index }) => !isWithinBlock(rest.slice(0, index)))
    .map(({ index }) => (places[index] as number) + 1);
  return [...ends, text.length].map((end, i) => text.slice(i === 0 ? 0 : ends[i - 1], end));
}

/** The parts of `a; b; c`, each of which can be run by itself. */
function sequence(text: string): string[] {
  const { rest, places } = withoutQuotes(text);
  if (!rest.includes(';') || COMPOUND.test(rest)) return [text];
  const ends = [...places.filter((_, i) => rest[i] === ';'), text.length];
  return ends.map((end, i) => text.slice(i === 0 ? 0 : (ends[i - 1] as number) + 1, end));
}

/** Whether more lines belong to it: a quote, a here-document or a block has not ended. */
function isOpen(text: string): boolean {
  if (/(^|[^\\])(\\\\)*\\$/.test(text) || /(\||&&)\s*$/.test(text)) return true;
  const { rest, isQuoted } = withoutQuotes(text);
  return isQuoted || awaitsDocument(text) || isWithinBlock(rest);
}

/** Whether a block has begun that has not ended. */
function isWithinBlock(rest: string): boolean {
  const words = rest.split(/[\s;]+/);
  const count = (...names: string[]) => words.filter((word) => names.includes(word)).length;
  if (count('if') > count('fi') || count('case') > count('esac')) return true;
  if (count('do') > count('done') || count('for', 'while', 'until') > count('done')) return true;
  const depth = (opening: string, closing: string) =>
    rest.split(opening).length - rest.split(closing).length;
  return depth('{', '}') > 0 || depth('(', ')') > 0;
}

/** The text with everything quoted, and every comment, left out; and where each character stood. */
function withoutQuotes(text: string): { rest: string; places: number[]; isQuoted: boolean } {
  let rest = '';
  const places: number[] = [];
  let quote = '';
  for (let at = 0; at < text.length; at++) {
    const char = text[at] as string;
    if (char === '\\' && quote !== "'") at++;
    else if (quote !== '') quote = char === quote ? '' : quote;
    else if (char === '"' || char === "'") quote = char;
    else if (char === '#' && /(^|\s)$/.test(rest)) {
      const end = text.indexOf('\n', at);
      at = end < 0 ? text.length : end - 1;
    } else {
      rest += char;
      places.push(at);
    }
  }
  return { rest, places, isQuoted: quote !== '' };
}

/** Whether a here-document has begun whose last line has not come. */
function awaitsDocument(text: string): boolean {
  const lines = text.split('\n');
  for (const [index, line] of lines.entries()) {
    const mark = /<<-?\s*(['"]?)(\w+)\1/.exec(line)?.[2];
    if (mark && !lines.slice(index + 1).some((each) => each.trim() === mark)) return true;
  }
  return false;
}

/** The statement without the `&` that has it run beside what follows; undefined where it has none. */
export function withoutAmpersand(statement: string): string | undefined {
  const { rest, places } = withoutQuotes(statement);
  const at = /(?<![&<>|])&\s*$/.exec(rest)?.index;
  return at === undefined ? undefined : statement.slice(0, places[at]);
}

/**
 * The words of a statement that calls one program and leaves nothing for a shell to do; undefined
 * for everything else.
 */
export function plainCall(statement: string): readonly string[] | undefined {
  const joined = statement.replace(/\\\n/g, ' ');
  const { rest, isQuoted } = withoutQuotes(joined);
  const isAssignment = /^\s*\w+=/.test(rest);
  if (
    isQuoted ||
    isAssignment ||
    /[|&;<>$`(){}*?~!\n]|\[/.test(rest) ||
    /"[^"]*[$`\\]/.test(joined)
  )
    return undefined;
  const words = wordsOf(joined);
  return words.length > 0 ? words : undefined;
}

/** Whether what its programs print goes to another program, a file or a variable. */
export const isPiped = (statement: string): boolean =>
  /[|>]/.test(withoutQuotes(statement).rest.replaceAll('||', '')) ||
  /(\$\(|`)[^)`]*redis-/.test(statement);

/** Words, with the quotes around them taken away and comments left out. */
function wordsOf(text: string): string[] {
  const words: string[] = [];
  const pattern = /\s*(#.*$|(?:'[^']*'|"[^"]*"|\\.|[^\s'"\\])+)/gy;
  for (const [, word = ''] of text.matchAll(pattern)) {
    if (word.startsWith('#')) break;
    words.push(word.replace(/'([^']*)'|"([^"]*)"|\\(.)/g, (_, a, b, c) => a ?? b ?? c ?? ''));
  }
  return words;
}
