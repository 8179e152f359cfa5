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

/** A program waits for a line. */
export interface Asking {
  readonly prompt: string;
  /** Takes the line; undefined is the end of all input, Ctrl-D. */
  answer(line: string | undefined): void;
}

export interface Screen {
  readonly chunks: readonly Chunk[];
  readonly asking?: Asking | undefined;
  /** While something is loaded that the program needs. */
  readonly loading: Loading | undefined;
}

/** Whether it has printed a table, whose columns would be lost if its lines were broken. */
export function hasColumns(chunks: readonly Chunk[]): boolean {
  const text = chunks.map((chunk) => chunk.text).join('');
  return /\S {2,}\S+ {2,}\S+ {2,}\S/.test(text);
}

export const emptyScreen: Screen = { chunks: [], loading: undefined };

/** Characters that are shown at most. */
export const SHOWN_AT_MOST = 200_000;
/** A chunk of this size is not added to any more: what is shown once is not shown anew. */
const CHUNK_AT_MOST = 4000;

/** What a terminal understands: colours, which are left out here, and to write the last line anew. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const COLOURS = /\u001b\[[\d;]*m/g;
const LINE_AGAIN = '\u001b[0G\u001b[2K';

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
    for (const { stream, text } of printed) {
      const [first = '', ...again] = text.replace(COLOURS, '').split(LINE_AGAIN);
      this.#add(chunks, { stream, text: first });
      for (const line of again) {
        this.#eraseLine(chunks);
        this.#add(chunks, { stream, text: line });
      }
    }
    this.#become({ chunks });
  }

  /** Shows that a program waits for a line; what is typed stays behind its prompt. */
  ask(prompt: string, answer: Asking['answer']): void {
    this.#become({
      asking: {
        prompt,
        answer: (line) => {
          this.endAsking();
          this.print([{ stream: 'out', text: `${prompt}${line ?? ''}\n` }]);
          answer(line);
        },
      },
    });
  }

  endAsking(): void {
    if (this.#screen.asking) this.#become({ asking: undefined });
  }

  load(loading: Loading | undefined): void {
    this.#become({ loading });
  }

  /** Takes what stands in the last line away. */
  #eraseLine(chunks: Chunk[]): void {
    const last = chunks.pop();
    if (!last || last.stream === 'note') return void (last && chunks.push(last));
    const kept = last.text.slice(0, last.text.lastIndexOf('\n') + 1);
    this.#room += last.text.length - kept.length;
    if (kept !== '') chunks.push({ ...last, text: kept });
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
