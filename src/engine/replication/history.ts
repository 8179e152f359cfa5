import type { Random } from '../time/random.ts';
import { Backlog } from './backlog.ts';

/** The id of no history. */
export const NO_ID = '0'.repeat(40);

/**
 * The stream of writes by name and length. A server that was a replica and becomes a primary begins a
 * history of its own, and remembers the one that it shared: replicas that followed it may go on from
 * there without copying everything.
 */
export class History {
  id: string;
  /** The history before this one, which is the same up to `secondOffset`, exclusively. */
  secondId = NO_ID;
  secondOffset = -1;
  /** Bytes of the stream so far. */
  offset = 0;
  backlog: Backlog | undefined;

  constructor(private readonly random: Random) {
    this.id = random.hex(40);
  }

  /** A part of the stream, whoever it came from. */
  append(bytes: string): void {
    this.offset += bytes.length;
    this.backlog?.append(bytes);
  }

  /** From now on it is another history. */
  rename(): void {
    this.id = this.random.hex(40);
  }

  forgetSecond(): void {
    this.secondId = NO_ID;
    this.secondOffset = -1;
  }

  /** Begins a history that has been that of `id` until now. */
  shift(id?: string): void {
    this.secondId = this.id;
    this.secondOffset = this.offset + 1;
    if (id === undefined) this.rename();
    else this.id = id;
  }

  /** Takes over somebody else's history at this offset; nothing of it is kept yet. */
  adopt(id: string, offset: number): void {
    this.id = id;
    this.offset = offset;
    this.forgetSecond();
    this.backlog = undefined;
  }

  /** Keeps what is written from now on. */
  keep(size: number): void {
    this.backlog ??= new Backlog(size, this.offset);
  }
}
