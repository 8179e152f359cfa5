/**
 * What a replica says to its primary before the data comes, and how it reads the answers: PING, AUTH,
 * what it is, and PSYNC.
 */
import { encodeCommand } from '../resp/encode.ts';

type Log = (level: 'notice' | 'warning' | 'debug', message: string) => void;

export interface Introduction {
  readonly user: string;
  readonly password: string;
  readonly port: number;
  /** Where it wants to be reached, if not where it comes from. */
  readonly address: string;
}

/** Reads an answer. False when there is no going on. */
type Expectation = (answer: string) => boolean;

/**
 * The questions of a handshake, in order. `answered` is given one line after the other; false ends the
 * attempt. When `isDone`, the primary may be asked for the data.
 */
export class Handshake {
  readonly #expected: Expectation[] = [];
  #isGreeted = false;

  constructor(
    private readonly send: (bytes: string) => void,
    private readonly log: Log,
    private readonly introduction: Introduction,
  ) {}

  get isDone(): boolean {
    return this.#isGreeted && this.#expected.length === 0;
  }

  greet(): void {
    this.log('notice', 'Non blocking connect for SYNC fired the event.');
    this.#ask(['PING'], (answer) => this.#pong(answer));
  }

  answered(answer: string): boolean {
    const expectation = this.#expected.shift();
    return expectation === undefined || expectation(answer);
  }

  #ask(argv: readonly string[], expectation: Expectation): void {
    this.#expected.push(expectation);
    this.send(encodeCommand(argv));
  }

  #pong(answer: string): boolean {
    // A primary that wants a password first is alive all the same.
    if (!/^(\+|-NOAUTH|-NOPERM|-ERR operation not permitted)/.test(answer)) {
      this.log('warning', `Error reply to PING from master: '${answer}'`);
      return false;
    }
    this.log('notice', 'Master replied to PING, replication can continue...');
    this.#isGreeted = true;
    this.#introduce();
    return true;
  }

  #introduce(): void {
    const { user, password, port, address } = this.introduction;
    if (password !== '') {
      this.#ask(user === '' ? ['AUTH', password] : ['AUTH', user, password], (answer) => {
        if (answer.startsWith('-')) this.log('warning', `Unable to AUTH to MASTER: ${answer}`);
        return !answer.startsWith('-');
      });
    }
    this.#configure('listening-port', String(port));
    if (address !== '') this.#configure('ip-address', address);
    this.#configure('capa', 'eof', 'capa', 'psync2');
  }

  #configure(option: string, ...values: readonly string[]): void {
    this.#ask(['REPLCONF', option, ...values], (answer) => {
      if (answer.startsWith('-')) {
        this.log(
          'notice',
          `(Non critical) Master does not understand REPLCONF ${option}: ${answer}`,
        );
      }
      return true;
    });
  }
}
