/** What a program has printed, as far as it is kept: a flood must not take the page with it. */

export interface Chunk {
  /** `note` is ours: what the program itself did not print. */
  readonly stream: 'out' | 'err' | 'note';
  readonly text: string;
}

/** How much of what is needed first has been loaded. */
export interface Loading {
  readonly what: string;
  /** A sentence on what it is, and what it is not. */
  readonly about: string;
  /** Bytes. */
  readonly loaded: number;
  readonly total: number;
}

export interface Screen {
  readonly chunks: readonly Chunk[];
  /** While something is loaded that the program needs. */
  readonly loading: Loading | undefined;
}

export const emptyScreen: Screen = { chunks: [], loading: undefined };

/** Characters that are shown at most. */
export const SHOWN_AT_MOST = 200_000;
/** A chunk of this size is not added to any more: what is shown once is not shown anew. */
const CHUNK_AT_MOST = 4000;

/** Gathers what a program prints; `show` hears of every change. */
export class ScreenLog {
  #screen: Screen = emptyScreen;
  #room = SHOWN_AT_MOST;
  readonly #show: (screen: Screen) => void;

  constructor(show: (screen: Screen) => void) {
    this.#show = show;
  }

  print(printed: readonly Chunk[]): void {
    const chunks = [...this.#screen.chunks];
    for (const chunk of printed) this.#add(chunks, chunk);
    this.#become({ chunks });
  }

  load(loading: Loading | undefined): void {
    this.#become({ loading });
  }

  #add(chunks: Chunk[], { stream, text }: Chunk): void {
    if (text === '' || (this.#room === 0 && stream !== 'note')) return;
    const shown = stream === 'note' ? text : text.slice(0, this.#room);
    const last = chunks.at(-1);
    if (last?.stream === stream && last.text.length < CHUNK_AT_MOST) {
      chunks[chunks.length - 1] = { stream, text: last.text + shown };
    } else chunks.push({ stream, text: shown });
    if (stream === 'note') return;
    this.#room -= shown.length;
    if (this.#room > 0) return;
    const limit = SHOWN_AT_MOST.toLocaleString('en');
    chunks.push({ stream: 'note', text: `\nMore than ${limit} characters are not shown.\n` });
  }

  #become(patch: Partial<Screen>): void {
    this.#screen = { ...this.#screen, ...patch };
    this.#show(this.#screen);
  }
}
