import { utf8Encode } from '../engine/bytes/bytes.ts';
import { type Candidate, commonStart, complete, keyCandidates } from './complete.ts';
import type { Docs } from './docs.ts';
import { atEnd, type Draft, type Edit, edits, emptyDraft, replaceWord } from './edit.ts';
import { hintFor } from './hints.ts';
import type { History } from './history.ts';

/** The line being typed: its hint, its completions, and the earlier lines that it may become. */
export interface EditorState {
  readonly draft: Draft;
  /** What is left of the syntax, for behind the cursor. */
  readonly hint: string;
  readonly completion?: OpenCompletion;
  readonly search?: Search;
}

export interface OpenCompletion {
  readonly start: number;
  readonly candidates: readonly Candidate[];
  /** -1 while none is chosen. */
  readonly selected: number;
}

/** Ctrl-R: `at` is the line found, undefined when none has the text in it. */
export interface Search {
  readonly query: string;
  readonly at: number | undefined;
  readonly found: string;
  /** What to go back to. */
  readonly before: Draft;
}

export interface EditorEffects {
  readonly history: History;
  /** Undefined until the server has been asked. */
  docs(): Docs | undefined;
  hintsOn(): boolean;
  /** Keys that begin so, in bytes; a selection when there are many. */
  keys(prefix: string): Promise<readonly string[]>;
  changed(state: EditorState): void;
}

export class LineEditor {
  state: EditorState = { draft: emptyDraft, hint: '' };
  readonly #effects: EditorEffects;
  /** Where in the history the draft stands; its end is the line being written. */
  #at: number | undefined;
  #written: Draft = emptyDraft;

  constructor(effects: EditorEffects) {
    this.#effects = effects;
  }

  /** The reader typed, or moved the cursor. */
  type(draft: Draft): void {
    const { search, completion, draft: before } = this.state;
    if (search) this.#search(draft.text, undefined);
    else if (draft.text === before.text) {
      this.#set({ ...this.state, draft, hint: this.#hint(draft) });
    } else {
      this.#show(draft);
      if (completion) this.#narrow(completion);
    }
  }

  edit(edit: Edit): void {
    this.#show(edits[edit](this.state.draft));
  }

  /** Puts a line in, as if typed. */
  replace(draft: Draft): void {
    this.#show(draft);
  }

  /** Takes the line: what was typed, or what Ctrl-R found. Empty afterwards. */
  take(): string {
    this.acceptSearch();
    const { text } = this.state.draft;
    this.#at = undefined;
    this.#show(emptyDraft);
    return text;
  }

  /** Shows the hint again when what it comes from has changed. */
  refresh(): void {
    this.#set({ ...this.state, hint: this.#hint(this.state.draft) });
  }

  /** ↑ and ↓: through the completions when they are open, else through the history. */
  move(step: -1 | 1): void {
    if (this.state.completion) this.#select(step);
    else this.#recall(step);
  }

  /** Tab: completes what all candidates share, then offers them one after the other. */
  async complete(): Promise<void> {
    if (this.state.search) this.acceptSearch();
    else if (this.state.completion) this.#select(1);
    else await this.#complete(this.state.draft);
  }

  /** Takes the chosen candidate, or the one given. False when none is chosen. */
  choose(index = this.state.completion?.selected ?? -1): boolean {
    const { completion, draft } = this.state;
    const candidate = completion?.candidates[index];
    if (!completion || !candidate) return false;
    this.#show(followed(replaceWord(draft, completion.start, candidate.text)));
    return true;
  }

  /** Esc: closes what is open. False when nothing was. */
  dismiss(): boolean {
    const { search, completion, draft } = this.state;
    if (search) this.#show(search.before);
    else if (completion) this.#set({ draft, hint: this.#hint(draft) });
    return search !== undefined || completion !== undefined;
  }

  /** Ctrl-R: begins to search, or goes on to an older line. */
  searchBack(): void {
    const { search, draft } = this.state;
    if (!search)
      this.#set({
        draft,
        hint: '',
        search: { query: '', at: undefined, found: '', before: draft },
      });
    else this.#search(search.query, search.at === undefined ? undefined : search.at - 1);
  }

  /** The line found becomes the draft. */
  acceptSearch(): void {
    const { search } = this.state;
    if (search) this.#show(search.at === undefined ? search.before : atEnd(search.found));
  }

  async #complete(draft: Draft): Promise<void> {
    const docs = this.#effects.docs();
    if (!docs) return;
    const { start, candidates, keyPrefix } = complete(docs, draft.text.slice(0, draft.cursor));
    const keys = keyPrefix === undefined ? [] : await this.#effects.keys(utf8Encode(keyPrefix));
    if (draft === this.state.draft) this.#offer(start, [...candidates, ...keyCandidates(keys)]);
  }

  #search(query: string, from: number | undefined): void {
    const { search, draft } = this.state;
    const { history } = this.#effects;
    const at = query === '' ? undefined : history.search(query, from);
    const found = at === undefined ? '' : (history.lines[at] ?? '');
    this.#set({ draft, hint: '', search: { query, at, found, before: search?.before ?? draft } });
  }

  #recall(step: -1 | 1): void {
    const { lines } = this.#effects.history;
    const end = lines.length;
    const from = this.#at ?? end;
    const at = Math.min(Math.max(from + step, 0), end);
    if (at === from) return;
    if (from === end) this.#written = this.state.draft;
    this.#at = at === end ? undefined : at;
    this.#show(at === end ? this.#written : atEnd(lines[at] ?? ''));
  }

  /** Inserts what is certain, and lists the rest. */
  #offer(start: number, candidates: readonly Candidate[]): void {
    const { draft } = this.state;
    const [only] = candidates;
    if (!only) return;
    if (candidates.length === 1) {
      this.#show(followed(replaceWord(draft, start, only.text)));
      return;
    }
    const common = commonStart(candidates);
    const longer = common.length > draft.cursor - start ? replaceWord(draft, start, common) : draft;
    this.#set({
      draft: longer,
      hint: this.#hint(longer),
      completion: { start, candidates, selected: -1 },
    });
  }

  /** Typing on leaves those candidates that still fit. */
  #narrow({ start, candidates }: OpenCompletion): void {
    const { draft, hint } = this.state;
    const word = draft.text.slice(start, draft.cursor).toLowerCase();
    const left = candidates.filter(({ text }) => text.toLowerCase().startsWith(word));
    if (draft.cursor < start || left.length === 0) return;
    this.#set({ draft, hint, completion: { start, candidates: left, selected: -1 } });
  }

  #select(step: -1 | 1): void {
    const { completion, draft } = this.state;
    if (!completion) return;
    const { candidates, selected } = completion;
    const count = candidates.length;
    const next = selected < 0 && step < 0 ? count - 1 : (selected + step + count) % count;
    this.#set({ draft, hint: '', completion: { ...completion, selected: next } });
  }

  /** A new line, and nothing open. */
  #show(draft: Draft): void {
    this.#set({ draft, hint: this.#hint(draft) });
  }

  #hint({ text, cursor }: Draft): string {
    const docs = this.#effects.hintsOn() ? this.#effects.docs() : undefined;
    return docs && cursor === text.length ? hintFor(docs, text) : '';
  }

  #set(state: EditorState): void {
    this.state = state;
    this.#effects.changed(state);
  }
}

/** A word that is complete is followed by a blank. */
function followed(draft: Draft): Draft {
  if (draft.cursor < draft.text.length) return draft;
  return atEnd(`${draft.text} `);
}
