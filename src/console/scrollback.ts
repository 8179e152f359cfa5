/** What a console has shown: bounded, and long replies folded, so that no reply can freeze the page. */
export type Entry = Content & {
  readonly id: number;
  /** How many lines the text has. */
  readonly lines: number;
};

export type Content =
  /** A line that was typed or pasted, behind the prompt of that moment. */
  | { readonly kind: 'command'; readonly prompt: string; readonly text: string }
  /** `portions`: how often "show more" was asked for. */
  | {
      readonly kind: 'reply';
      readonly text: string;
      readonly argv: readonly string[];
      readonly portions: number;
    }
  | { readonly kind: 'arrival' | 'cli' | 'note'; readonly text: string }
  /** What a pasted session says this command answered where it was copied from. */
  | { readonly kind: 'comparison'; readonly text: string; readonly agrees: boolean };

/** Lines that a console keeps. */
const MAX_LINES = 5000;
/** Characters that a console keeps: a few long replies, whatever their lines. */
const MAX_CHARACTERS = 8_000_000;
/** A long reply shows its beginning, and then so much more each time. */
const FOLD = { lines: 24, characters: 4000 };
const PORTION = { lines: 500, characters: 100_000 };

export const entryOf = (id: number, content: Content): Entry => ({
  ...content,
  id,
  lines: countLines(content.text),
});

/** Adds entries, dropping the oldest beyond what is kept. The newest stays, whatever its size. */
export function append(entries: readonly Entry[], added: readonly Entry[]): readonly Entry[] {
  const all = [...entries, ...added];
  let lines = 0;
  let characters = 0;
  for (let at = all.length - 1; at >= 0; at--) {
    const entry = all[at] as Entry;
    lines += Math.min(entry.lines, FOLD.lines + 1);
    characters += entry.text.length;
    if (lines > MAX_LINES || characters > MAX_CHARACTERS)
      return all.slice(Math.min(at + 1, all.length - 1));
  }
  return all;
}

export interface Folded {
  readonly text: string;
  /** What is not shown; both 0 when all is. */
  readonly hiddenLines: number;
  readonly hiddenCharacters: number;
}

/** The part of a text that is shown after so many portions have been asked for. */
export function fold(text: string, portions: number): Folded {
  const lines = FOLD.lines + portions * PORTION.lines;
  const characters = FOLD.characters + portions * PORTION.characters;
  const end = Math.min(endOfLine(text, lines), characters);
  const hiddenLines = countLines(text.slice(end)) - 1;
  // One line more is no longer than the button that would hide it.
  const fits = text.length <= characters && hiddenLines <= 1;
  if (fits) return { text, hiddenLines: 0, hiddenCharacters: 0 };
  return { text: text.slice(0, end), hiddenLines, hiddenCharacters: text.length - end };
}

/** Where the n-th line ends. */
function endOfLine(text: string, n: number): number {
  let at = -1;
  for (let line = 0; line < n; line++) {
    at = text.indexOf('\n', at + 1);
    if (at < 0) return text.length;
  }
  return at;
}

function countLines(text: string): number {
  let lines = 1;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines++;
  return lines;
}
