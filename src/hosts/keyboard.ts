import type { Ask } from '../shell/program.ts';

/** Who sits at a terminal, as its programs see it: they ask, one at a time, and wait for a line. */
export class Keyboard {
  readonly #prompt: (text: string) => void;
  #typed: ((line: string | undefined) => void) | undefined;

  /** `prompt` shows that a line is waited for. */
  constructor(prompt: (text: string) => void) {
    this.#prompt = prompt;
  }

  readonly ask: Ask = (prompt) =>
    new Promise((resolve) => {
      this.#typed = resolve;
      this.#prompt(prompt);
    });

  /** A line was typed; undefined is Ctrl-D. */
  type(line: string | undefined): void {
    const typed = this.#typed;
    this.#typed = undefined;
    typed?.(line);
  }
}
