/** A line being typed, and what the keys of a terminal do to it beyond what an input field knows. */
export interface Draft {
  readonly text: string;
  /** Where the cursor is, in UTF-16 units. */
  readonly cursor: number;
}

export const emptyDraft: Draft = { text: '', cursor: 0 };

/** A line with the cursor at its end. */
export const atEnd = (text: string): Draft => ({ text, cursor: text.length });

export type Edit = keyof typeof edits;

/** Ctrl-A, -E, -K, -U and -W, and the arrows of the touch row. */
export const edits = {
  start: ({ text }: Draft): Draft => ({ text, cursor: 0 }),
  end: ({ text }: Draft): Draft => atEnd(text),
  left: ({ text, cursor }: Draft): Draft => ({ text, cursor: Math.max(cursor - 1, 0) }),
  right: ({ text, cursor }: Draft): Draft => ({ text, cursor: Math.min(cursor + 1, text.length) }),
  killToEnd: ({ text, cursor }: Draft): Draft => ({ text: text.slice(0, cursor), cursor }),
  killLine: (): Draft => emptyDraft,
  killWord({ text, cursor }: Draft): Draft {
    const kept = text.slice(0, cursor).replace(/\S*\s*$/, '');
    return { text: kept + text.slice(cursor), cursor: kept.length };
  },
} as const satisfies Record<string, (draft: Draft) => Draft>;

/** Puts text in at the cursor: what a key of the touch row types. */
export function insert({ text, cursor }: Draft, typed: string): Draft {
  return {
    text: text.slice(0, cursor) + typed + text.slice(cursor),
    cursor: cursor + typed.length,
  };
}

/** A pair such as "" or {} with the cursor inside. */
export function insertPair(draft: Draft, pair: string): Draft {
  const { text, cursor } = insert(draft, pair);
  return { text, cursor: cursor - 1 };
}

/** Replaces what stands from `start` to the cursor. */
export function replaceWord({ text, cursor }: Draft, start: number, word: string): Draft {
  return { text: text.slice(0, start) + word + text.slice(cursor), cursor: start + word.length };
}
