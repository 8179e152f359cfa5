/**
 * Remarks after a command. redis-cli knows none: it would send `# remark` as arguments, and a
 * variadic command would silently take them. Pasted examples have them all the same, so they are
 * cut off here, and whoever shows the command can say so.
 */
export interface Stripped {
  /** The line without its remark, trimmed. */
  readonly command: string;
  /** The remark with its `#`, where there was one. */
  readonly remark?: string;
}

/** Cuts a whole-line remark or an unquoted ` #…` tail off a line. */
export function stripRemark(line: string): Stripped {
  const words: string[] = [];
  for (const { word, start } of splitRoughly(line)) {
    if (word.startsWith('#') && !isArgument(word, words)) {
      return { command: line.slice(0, start).trim(), remark: line.slice(start).trim() };
    }
    words.push(word);
  }
  return { command: line.trim() };
}

/** The few places where Redis itself wants a word that begins with `#`. */
function isArgument(word: string, before: readonly string[]): boolean {
  const command = before[0]?.toUpperCase() ?? '';
  if (/^BITFIELD(_RO)?$/.test(command)) return /^#\d+$/.test(word);
  if (/^SORT(_RO)?$/.test(command)) return word === '#' && /^get$/i.test(before.at(-1) ?? '');
  if (command === 'ACL') return /^#[0-9a-f]{64}$/i.test(word);
  return false;
}

/** Words at blanks, quotes holding them together; where each starts. */
function* splitRoughly(line: string): Generator<{ word: string; start: number }> {
  const word = /(?:"(?:\\.|[^"\\])*(?:"|$)|'(?:\\'|[^'])*(?:'|$)|[^\s"'])+/g;
  for (const match of line.matchAll(word)) yield { word: match[0], start: match.index };
}
