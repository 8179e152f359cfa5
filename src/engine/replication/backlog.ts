/**
 * The end of the stream of writes, kept so that a replica whose connection broke can go on where it
 * was. Redis keeps it in blocks and forgets whole ones, so that a little more than repl-backlog-size
 * may be there; so does this.
 */
export class Backlog {
  /** Offset of the first byte that is kept; offsets count from 1. */
  firstByte: number;
  /** How many bytes are kept. */
  length = 0;
  #size: number;
  readonly #blocks: Block[] = [];

  /** An empty one, the next byte being that after `offset`. */
  constructor(size: number, offset: number) {
    this.#size = size;
    this.firstByte = offset + 1;
  }

  resize(size: number): void {
    this.#size = size;
    this.#trim();
  }

  append(bytes: string): void {
    this.length += bytes.length;
    let rest = bytes;
    const last = this.#blocks.at(-1);
    if (last && last.used < last.room) rest = last.take(rest);
    while (rest !== '') {
      const block = new Block(this.#roomFor(rest.length));
      rest = block.take(rest);
      this.#blocks.push(block);
    }
    this.#trim();
  }

  /** Everything from an offset on; undefined when some of it is not here. */
  from(offset: number): string | undefined {
    if (offset < this.firstByte || offset > this.firstByte + this.length) return undefined;
    let skip = offset - this.firstByte;
    let out = '';
    for (const block of this.#blocks) {
      if (skip >= block.used) skip -= block.used;
      else {
        out += skip === 0 ? block.bytes : block.bytes.slice(skip);
        skip = 0;
      }
    }
    return out;
  }

  /** What a block has room for that is made when there are so many bytes. */
  #roomFor(bytes: number): number {
    const usual = Math.min(Math.max(bytes, SMALLEST_BLOCK), Math.max(this.#size / 16, 1));
    return sizeClass(Math.floor(usual) + BLOCK_HEADER) - BLOCK_HEADER;
  }

  #trim(): void {
    for (let first = this.#blocks[0]; first; first = this.#blocks[0]) {
      if (this.#blocks.length === 1 || this.length - first.used <= this.#size) return;
      this.#blocks.shift();
      this.length -= first.used;
      this.firstByte += first.used;
    }
  }
}

/** Bytes, as Redis allocates: a block is at least so big, and begins with a header. */
const SMALLEST_BLOCK = 16 * 1024;
const BLOCK_HEADER = 40;

/** What jemalloc gives for so many bytes: four sizes between one power of two and the next. */
function sizeClass(bytes: number): number {
  const step = Math.max(2 ** (Math.floor(Math.log2(Math.max(bytes - 1, 1))) - 2), 8);
  return Math.ceil(bytes / step) * step;
}

class Block {
  bytes = '';
  used = 0;

  constructor(readonly room: number) {}

  /** Takes what it has room for. Returns the rest. */
  take(bytes: string): string {
    const fits = Math.min(bytes.length, this.room - this.used);
    this.bytes += fits === bytes.length ? bytes : bytes.slice(0, fits);
    this.used += fits;
    return fits === bytes.length ? '' : bytes.slice(fits);
  }
}
