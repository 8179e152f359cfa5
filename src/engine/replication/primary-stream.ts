/**
 * The stream that comes from the primary, on its client: what has been read of it and what has been
 * carried out. Only the latter counts as ours, and goes on to replicas of our own, byte for byte.
 */
export class PrimaryStream {
  /** The offset of what has been read, and of what has been carried out. */
  readOffset: number;
  offset: number;
  lastReadAt: number;
  #read = '';
  /** Where `#read` begins in the stream. */
  #start: number;

  constructor(
    offset: number,
    now: number,
    private readonly passOn: (bytes: string) => void,
  ) {
    this.readOffset = offset;
    this.offset = offset;
    this.#start = offset;
    this.lastReadAt = now;
  }

  received(bytes: string, now: number): void {
    this.settle();
    this.lastReadAt = now;
    this.readOffset += bytes.length;
    this.#read += bytes;
  }

  /**
   * A command is over; so many bytes have been read and not yet understood. A transaction counts as
   * one, when EXEC has run.
   */
  ran(pendingInput: number, isInTransaction: boolean): void {
    if (isInTransaction) return;
    this.offset = this.readOffset - pendingInput;
    if (pendingInput === 0) this.settle();
  }

  /** Passes on what has been carried out. */
  settle(): void {
    const done = this.offset - this.#start;
    if (done === 0) return;
    this.passOn(done === this.#read.length ? this.#read : this.#read.slice(0, done));
    this.#read = this.#read.slice(done);
    this.#start = this.offset;
  }
}
