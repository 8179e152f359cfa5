import type { Client } from './client.ts';
import type { Output } from './output.ts';

/** What taking turns needs of the server. */
interface TurnHost {
  readonly output: Output;
  run(client: Client, argv: readonly string[]): void;
}

/**
 * One client after the other: a client runs all that it has sent before the next one may. Whoever is
 * freed meanwhile (an element came, a pause ended) goes on when those before it are through, and what
 * all of them are sent leaves at the end. This is a round of Redis's event loop.
 */
export class Turns {
  #isTaken = false;
  readonly #waiting: { readonly client: Client; readonly argv: readonly string[] | undefined }[] =
    [];

  constructor(private readonly host: TurnHost) {}

  /** Whether commands are being run: what they write is sent at the end. */
  get isTaken(): boolean {
    return this.#isTaken;
  }

  /** Runs what a client has sent, as soon as it is its turn; before it a command that was held back. */
  take(client: Client, argv?: readonly string[]): void {
    if (this.#isTaken) {
      this.#waiting.push({ client, argv });
      return;
    }
    this.#isTaken = true;
    try {
      this.#go(client, argv);
      for (const next of this.#waiting) {
        this.#go(next.client, next.argv);
        this.host.output.later(next.client);
      }
    } finally {
      this.#isTaken = false;
      this.#waiting.length = 0;
    }
    this.host.output.flush(client);
  }

  #go(client: Client, argv: readonly string[] | undefined): void {
    if (client.closed) return;
    if (argv) this.host.run(client, argv);
    client.processInput();
  }
}
