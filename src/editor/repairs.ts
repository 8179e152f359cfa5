/** What may mend a line of a redis.conf that a server has refused: one change that can be made for it. */
import type { Mark } from './help.ts';

export interface Repair {
  /** What it does, as words on a button. */
  readonly label: string;
  /** The whole text, mended. */
  readonly text: string;
}

/** `directives`: the names that there are. */
export function repairsOf(text: string, mark: Mark, directives: Iterable<string>): Repair[] {
  const rows = text.split('\n');
  const row = rows[mark.line - 1] ?? '';
  const become = (label: string, ...mended: readonly string[]): Repair => ({
    label,
    text: rows.toSpliced(mark.line - 1, 1, ...mended).join('\n'),
  });
  const missing = /^No (tls-\S+) configured/.exec(mark.message)?.[1];
  if (missing !== undefined) return [become(`Add ${missing}`, row, keyBeside(missing, text))];
  const found =
    separateRemark(row, become) ??
    closeQuote(row, mark, become) ??
    nameMeant(row, mark, [...directives], become) ??
    valueMeant(row, mark, become);
  return found ? [found] : [];
}

type Become = (label: string, ...mended: readonly string[]) => Repair;

/** A `#` behind a value is read as one more value. */
function separateRemark(row: string, become: Become): Repair | undefined {
  const [, indent = '', directive, remark] = /^(\s*)([^\s#][^"'#]*?)\s+(#.*)$/.exec(row) ?? [];
  if (directive === undefined || remark === undefined) return undefined;
  return become('Put the remark on a line of its own', indent + remark, indent + directive);
}

function closeQuote(row: string, { message }: Mark, become: Become): Repair | undefined {
  if (!/unbalanced quotes/i.test(message)) return undefined;
  const [quote = '"'] = /["']/.exec(row) ?? [];
  return become(`Close the quote`, row.trimEnd() + quote);
}

function nameMeant(
  row: string,
  { message }: Mark,
  directives: readonly string[],
  become: Become,
): Repair | undefined {
  const [name] = row.trim().split(/\s+/);
  if (!name || directives.includes(name.toLowerCase()) || !/bad directive/i.test(message)) {
    return undefined;
  }
  const meant = nearest(name, directives);
  return meant === undefined ? undefined : become(`Write ${meant}`, row.replace(name, meant));
}

/** A value in other words, or with a blank too many. */
function valueMeant(row: string, { message }: Mark, become: Become): Repair | undefined {
  const [, value = ''] = row.trim().split(/\s+/);
  const write = (meant: string) => become(`Write ${meant}`, row.replace(value, meant));
  if (/must be 'yes' or 'no'/.test(message)) {
    if (/^(true|on|1|enabled?)$/i.test(value)) return write('yes');
    if (/^(false|off|0|disabled?)$/i.test(value)) return write('no');
  }
  const choices = /one of the following: (.*)/.exec(message)?.[1]?.split(', ');
  const meant = choices && nearest(value, choices);
  if (meant !== undefined) return write(meant);
  const joined = row.replace(/(\d)\s+([kmg]b?)\s*$/i, '$1$2');
  return joined === row ? undefined : become(`Write ${joined.trim()}`, joined);
}

/** Where a key would lie beside its certificate. */
function keyBeside(missing: string, text: string): string {
  const [, path = '/etc/redis/redis.crt'] = /^\s*tls-(?:cert|key)-file\s+(\S+)/m.exec(text) ?? [];
  const ending = missing.includes('key') ? '.key' : '.crt';
  return `${missing} ${path.replace(/(\.\w+)?$/, ending)}`;
}

/** The word that is fewest changes away, where that is not too many. */
function nearest(word: string, words: readonly string[]): string | undefined {
  const ranked = words
    .map((each) => ({ each, changes: changesBetween(word.toLowerCase(), each) }))
    .sort((a, b) => a.changes - b.changes);
  const [best] = ranked;
  return best && best.changes <= Math.max(1, word.length / 4) ? best.each : undefined;
}

/** How many letters must be put in, taken out or changed (Levenshtein). */
function changesBetween(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + same));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
