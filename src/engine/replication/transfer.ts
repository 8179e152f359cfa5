/** A snapshot on its way from the primary: of a known length, or up to a mark. */
export class Transfer {
  /** Bytes in all; 0 while that is not known. */
  total = 0;
  read = 0;
  lastReadAt: number;
  #mark: string | undefined;
  #head = '';
  #chunks: string[] = [];
  /** The line that says how the snapshot comes has been read. */
  hasBegun = false;
  /** As much of the end as the mark is long. */
  #tail = '';

  constructor(
    private readonly told: (level: 'notice' | 'warning', message: string) => void,
    now: number,
  ) {
    this.lastReadAt = now;
  }

  /**
   * Takes what has come. Returns the snapshot and what follows it when it is whole, 'failed' when it
   * will never be, undefined while more is to come.
   */
  take(bytes: string, now: number): { snapshot: string; rest: string } | 'failed' | undefined {
    this.lastReadAt = now;
    let rest = bytes;
    if (!this.hasBegun) {
      const begun = this.#begin(bytes);
      if (begun === undefined || begun === 'failed') return begun;
      rest = begun.rest;
    }
    this.#chunks.push(rest);
    this.read += rest.length;
    return this.#mark === undefined ? this.#takeLength() : this.#takeToMark(this.#mark, rest);
  }

  /** Reads the line that says how the snapshot will come; empty ones say that it takes a while. */
  #begin(bytes: string): { rest: string } | 'failed' | undefined {
    this.#head = (this.#head + bytes).replace(/^[\r\n]+/, '');
    const end = this.#head.indexOf('\n');
    if (end < 0) return undefined;
    const line = this.#head.slice(0, end).replace(/\r$/, '');
    const rest = this.#head.slice(end + 1);
    if (line.startsWith('-')) {
      this.told('warning', `MASTER aborted replication with an error: ${line.slice(1)}`);
      return 'failed';
    }
    if (!line.startsWith('$')) {
      this.told(
        'warning',
        `Bad protocol from MASTER, the first byte is not '$' (we received '${line}'), are you sure the host and port are right?`,
      );
      return 'failed';
    }
    this.hasBegun = true;
    if (line.startsWith('$EOF:') && line.length >= 45) {
      this.#mark = line.slice(5, 45);
      this.told(
        'notice',
        'MASTER <-> REPLICA sync: receiving streamed RDB from master with EOF to disk',
      );
    } else {
      this.total = Number(line.slice(1));
      this.told(
        'notice',
        `MASTER <-> REPLICA sync: receiving ${this.total} bytes from master to disk`,
      );
    }
    return { rest };
  }

  #takeLength(): { snapshot: string; rest: string } | undefined {
    if (this.read < this.total) return undefined;
    const all = this.#chunks.join('');
    return { snapshot: all.slice(0, this.total), rest: all.slice(this.total) };
  }

  /** Nothing follows the mark: the primary waits until the snapshot has been loaded. */
  #takeToMark(mark: string, bytes: string): { snapshot: string; rest: string } | undefined {
    this.#tail = (this.#tail + bytes).slice(-mark.length);
    if (this.#tail !== mark) return undefined;
    return { snapshot: this.#chunks.join('').slice(0, -mark.length), rest: '' };
  }
}
