/**
 * The standard streams of a program, in its own worker. Text leaves in parcels, a few times a second:
 * one message for each `print` would drown the page. What nobody will see any more is dropped.
 */
import { type Chunk, SHOWN_AT_MOST } from './screen.ts';

const PARCEL_MS = 40;

/** Programs may come to see another one. */
const realTimeout = setTimeout;

export class Printer {
  readonly #send: (chunks: readonly Chunk[]) => void;
  #parcel: Chunk[] = [];
  #sentAt = 0;
  #printed = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(send: (chunks: readonly Chunk[]) => void) {
    this.#send = send;
  }

  print(stream: Chunk['stream'], text: string): void {
    this.#printed += text.length;
    if (this.#printed - text.length > SHOWN_AT_MOST) return;
    const kept = text.slice(0, SHOWN_AT_MOST + 1);
    const last = this.#parcel.at(-1);
    if (last?.stream === stream) {
      this.#parcel[this.#parcel.length - 1] = { stream, text: last.text + kept };
    } else this.#parcel.push({ stream, text: kept });
    if (performance.now() - this.#sentAt > PARCEL_MS) this.flush();
    else this.#timer ??= realTimeout(() => this.flush(), PARCEL_MS);
  }

  /** Sends what is there. To be called before the program waits, and when it has ended. */
  flush(): void {
    this.#timer = undefined;
    if (this.#parcel.length === 0) return;
    this.#sentAt = performance.now();
    this.#send(this.#parcel);
    this.#parcel = [];
  }

  /** Another program begins to print. */
  reset(): void {
    this.flush();
    this.#printed = 0;
  }
}
