/**
 * The disks of a lab's hosts, as the page sees them: what crosses by a port of their own
 * (`OpenFiles` in messages.ts), and the page's end of it. Contents are bytes.
 */

/** A host of the lab and what is on its disk. */
export interface HostFiles {
  readonly address: string;
  readonly servers: readonly { readonly name: string; readonly isRunning: boolean }[];
  readonly files: readonly FileEntry[];
}

export interface FileEntry {
  readonly path: string;
  /** In bytes; so many of them, at its end, would not survive a loss of power. */
  readonly size: number;
  readonly unsynced: number;
  /** In ms since 1970. */
  readonly changedAt: number;
}

/** What some bytes of a file are: the engine's `Note`, with the bytes themselves, or their beginning. */
export interface BytesNote {
  readonly at: number;
  readonly length: number;
  readonly part: 'frame' | 'opcode' | 'size' | 'key' | 'data' | 'check' | 'broken';
  readonly depth: number;
  readonly says: string;
  readonly bytes: string;
}

/** Some of the notes of a file, from one of them on. */
export interface Annotated {
  readonly notes: readonly BytesNote[];
  readonly from: number;
  readonly all: number;
}

/** What a loss of power has taken: so many bytes of each file. */
export interface Loss {
  readonly path: string;
  readonly bytes: number;
}

/** Each question with its answer. A file that is not there answers `undefined`. */
export interface FileQuestions {
  list(): readonly HostFiles[];
  read(file: FileName & { readonly from: number; readonly length: number }): string | undefined;
  /** Explains a snapshot or an append-only file. */
  annotate(
    file: FileName & { readonly from: number; readonly count: number },
  ): Annotated | undefined;
  write(file: FileName & { readonly bytes: string }): void;
  remove(file: FileName): void;
  /** The host loses power: its servers end, and what was not synced is gone. */
  crash(place: { readonly host: string }): readonly Loss[];
  /** Stops its servers, if they run, and starts them from their files; what kept one from it. */
  restart(place: { readonly host: string }): readonly string[];
}

export interface FileName {
  readonly host: string;
  readonly path: string;
}

export type FileQuestion = keyof FileQuestions;
type Asked<Q extends FileQuestion> = Parameters<FileQuestions[Q]>[0];
type Answer<Q extends FileQuestion> = ReturnType<FileQuestions[Q]>;

export interface ToFiles {
  readonly id: number;
  readonly ask: FileQuestion;
  readonly about: unknown;
}

export type FromFiles =
  | { readonly id: number; readonly answer: unknown }
  | { readonly id: number; readonly error: string };

/** Asks about files over the port that `OpenFiles` has sent the other end of. */
export class FileClient {
  readonly #port: MessagePort;
  readonly #waiting = new Map<number, { resolve(answer: unknown): void; reject(e: Error): void }>();
  #lastId = 0;

  constructor(port: MessagePort) {
    this.#port = port;
    port.onmessage = ({ data }: MessageEvent<FromFiles>) => {
      const waiting = this.#waiting.get(data.id);
      this.#waiting.delete(data.id);
      if ('error' in data) waiting?.reject(new Error(data.error));
      else waiting?.resolve(data.answer);
    };
  }

  /** Rejects when there is no lab, or when the disk refuses. */
  ask<Q extends FileQuestion>(ask: Q, ...about: Parameters<FileQuestions[Q]>): Promise<Answer<Q>> {
    const id = ++this.#lastId;
    const question: ToFiles = { id, ask, about: about[0] as Asked<Q> };
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve as (answer: unknown) => void, reject });
      this.#port.postMessage(question);
    });
  }

  close(): void {
    this.#port.close();
    for (const { reject } of this.#waiting.values()) reject(new Error('The files were closed.'));
    this.#waiting.clear();
  }
}
