import { fromUint8, toUint8 } from '../../engine/bytes/bytes.ts';
import { absolute } from '../../engine/bytes/path.ts';
import { encodeCommand } from '../../engine/resp/encode.ts';
import type { Call } from '../program.ts';
import { addressOf, Link, LinkError } from './link.ts';
import type { Options } from './options.ts';

/** Modes of redis-cli that ask a server for its snapshot as a replica would: --rdb, --functions-rdb. */

/** --rdb: writes the snapshot to a file, or to standard output for "-". */
export async function fetchSnapshot(call: Call, options: Options, file: string): Promise<number> {
  // To be sure of the words with which a server that is not there, or wants a password, refuses.
  (await Link.open(call, options)).close();
  const capabilities: string[][] = [
    ['capa', 'eof'],
    ['rdb-only', '1'],
  ];
  if (options.mode.kind === 'functions-rdb') capabilities.push(['rdb-filter-only', 'functions']);
  for (const words of capabilities) call.complain(`sending REPLCONF ${words.join(' ')}\n`);
  return saveSnapshot(call, options, { address: addressOf(options), file, capabilities });
}

export interface SnapshotOrder {
  readonly address: string;
  readonly file: string;
  /** What is announced to the server before it is asked. */
  readonly capabilities: readonly (readonly string[])[];
}

/** Asks for a snapshot and writes it. Its words go to standard error, as redis-cli's do. */
export async function saveSnapshot(
  call: Call,
  options: Options,
  { address, file, capabilities }: SnapshotOrder,
): Promise<number> {
  const transfer = new Transfer(call, address);
  const { user, password } = options;
  if (password !== undefined) transfer.order(['AUTH', ...(user ? [user] : []), password]);
  for (const words of capabilities) transfer.order(['REPLCONF', ...words]);
  transfer.order(['SYNC']);
  for (let n = password === undefined ? 0 : -1; n < capabilities.length; n++) await transfer.line();
  const { size, mark } = await transfer.header();
  const amount = mark === undefined ? `${size}` : 'bytes of bulk transfer until EOF marker';
  const what = mark === undefined ? `writing ${amount} bytes` : `writing ${amount}`;
  call.complain(`SYNC sent to master, ${what} to '${file}'\n`);
  const path = absolute(file, call.folder);
  const folder = path.slice(0, path.lastIndexOf('/')) || '/';
  if (file !== '-' && call.machine.files.hasFolder?.(folder) === false) {
    call.complain(`Error opening '${file}': No such file or directory\n`);
    return 1;
  }
  const bytes = await transfer.body(size, mark);
  if (file === '-') call.print(bytes);
  else call.machine.files.write(path, bytes);
  const after = mark === undefined ? '.' : ` after ${bytes.length} bytes`;
  call.complain(`Transfer finished with success${after}\n`);
  transfer.close();
  return 0;
}

/** A connection on which what comes is not RESP only: a snapshot has no line end behind it. */
class Transfer {
  readonly #socket;
  #bytes = '';
  #lost: LinkError | undefined;
  #wake = () => {};

  constructor(call: Call, address: string) {
    const lose = () => {
      this.#lost = new LinkError('I/O error reading bulk count from SYNC');
      this.#wake();
    };
    this.#socket = call.machine.dial(address, {
      onData: (bytes) => {
        this.#bytes += fromUint8(bytes);
        this.#wake();
      },
      onClose: lose,
    });
    call.signal.addEventListener('abort', lose, { once: true });
  }

  order(argv: readonly string[]): void {
    this.#socket.send(toUint8(encodeCommand(argv)));
  }

  /** The next line, without its end; empty ones are a sign of life and skipped. */
  async line(): Promise<string> {
    for (;;) {
      await this.#until(() => this.#bytes.includes('\n'));
      const end = this.#bytes.indexOf('\n');
      const line = this.#bytes.slice(0, end).replace(/\r$/, '');
      this.#bytes = this.#bytes.slice(end + 1);
      if (line !== '') return line;
    }
  }

  /** How long the snapshot is, or what will stand at its end. */
  async header(): Promise<{ size: number; mark: string | undefined }> {
    const line = await this.line();
    if (line.startsWith('-')) throw new LinkError(`SYNC with master failed: ${line}`);
    const mark = /^\$EOF:(.{40})/.exec(line)?.[1];
    return { size: Number(line.slice(1)) || 0, mark };
  }

  async body(size: number, mark: string | undefined): Promise<string> {
    if (mark === undefined) {
      await this.#until(() => this.#bytes.length >= size);
      return this.#bytes.slice(0, size);
    }
    await this.#until(() => this.#bytes.includes(mark));
    return this.#bytes.slice(0, this.#bytes.indexOf(mark));
  }

  close(): void {
    this.#socket.close();
  }

  async #until(isThere: () => boolean): Promise<void> {
    while (!isThere()) {
      if (this.#lost) throw this.#lost;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}
