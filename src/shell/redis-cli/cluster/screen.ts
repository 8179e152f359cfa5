import type { Call } from '../../program.ts';

/** Why a subcommand ends: what it says, already printed or not, and status 1. */
export class ClusterFailure extends Error {
  override readonly name = 'ClusterFailure';
}

/** The colours of each kind of line, on a terminal that calls itself an xterm. */
const colours = { info: '29;1', good: '32;1', bad: '31;1', warning: '33;1' } as const;

/** What the cluster manager prints and asks. */
export class ClusterScreen {
  readonly #call: Call;
  readonly #isYes: boolean;
  readonly #answers: string[] | undefined;

  constructor(call: Call, isYes: boolean) {
    this.#call = call;
    this.#isYes = isYes;
    this.#answers = call.stdin?.split('\n');
  }

  print(text: string): void {
    this.#call.print(text);
  }

  complain(text: string): void {
    this.#call.complain(text);
  }

  /** A whole line, coloured as the real tool does it. */
  say(kind: keyof typeof colours, text: string): void {
    const isColoured = /xterm/.test(this.#call.env.TERM ?? '');
    this.print(isColoured ? `\u001b[${colours[kind]}m${text}\n\u001b[0m` : `${text}\n`);
  }

  /** The next line that is typed, or piped in. Throws when nothing more comes. */
  ask(question: string): string {
    this.print(question);
    const answer = this.#answers?.shift();
    if (answer === undefined || (answer === '' && this.#answers?.length === 0)) {
      this.print('\n');
      throw new ClusterFailure(
        'redis-cli: nothing answers here. Pipe the answers in, a line each (echo yes | redis-cli ...), or use --cluster-yes.',
      );
    }
    return answer.trim();
  }

  /** Whether it may go on. Some questions --cluster-yes does not answer. */
  confirm(question: string, ignoresYes = false): boolean {
    if (this.#isYes && !ignoresYes) return true;
    return this.ask(`${question} (type 'yes' to accept): `).toLowerCase() === 'yes';
  }
}
