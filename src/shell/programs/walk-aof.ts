/** Goes through the commands of an append-only file, up to the first thing that is wrong. */
export class AofWalk {
  /** Up to here the file is whole. */
  end: number;
  /** The line that was reached, counted from 1. */
  line = 1;
  /** What is wrong, with the offset at which it is. */
  problem: string | undefined;
  /** Where the first thing stands that is newer than was asked for. */
  tooNew: number | undefined;
  #at: number;
  #isInTransaction = false;
  /** Where what was read last begins. */
  #item: number;

  constructor(
    private readonly bytes: string,
    from: number,
    private readonly name: string,
    /** Seconds since 1970. */
    private readonly until: number | undefined,
  ) {
    this.#at = from;
    this.#item = from;
    this.end = from;
  }

  run(): void {
    for (;;) {
      if (!this.#isInTransaction) this.end = this.#at;
      if (this.#at >= this.bytes.length) break;
      const mark = this.bytes[this.#at];
      if (mark === '#' ? !this.#annotation() : !this.#command(mark)) return;
    }
    if (this.#isInTransaction) this.#fail('Reached EOF before reading EXEC for MULTI');
  }

  #command(mark: string | undefined): boolean {
    if (mark !== '*') {
      this.problem = `AOF ${this.name} format error`;
      return false;
    }
    const count = this.#number('*');
    if (count === undefined) return false;
    for (let index = 0; index < count; index++) {
      const word = this.#string();
      if (word === undefined) return false;
      if (index === 0 && !this.#isInOrder(word.toUpperCase())) return false;
    }
    return true;
  }

  /** MULTI and EXEC come in pairs. */
  #isInOrder(word: string): boolean {
    if (word !== 'MULTI' && word !== 'EXEC') return true;
    const isOpening = word === 'MULTI';
    if (this.#isInTransaction === isOpening) {
      return this.#fail(`Unexpected ${word} in AOF ${this.name}`);
    }
    this.#isInTransaction = isOpening;
    return true;
  }

  /** `#TS:1700000000`: when what follows was written. */
  #annotation(): boolean {
    const end = this.bytes.indexOf('\n', this.#at);
    const text = this.bytes.slice(this.#at, end < 0 ? undefined : end);
    const time = Number(/^#TS:(\d+)/.exec(text)?.[1] ?? Number.NaN);
    if (this.until !== undefined && time > this.until) {
      this.tooNew = this.#at;
      return false;
    }
    this.#at = end < 0 ? this.bytes.length : end + 1;
    return true;
  }

  #number(mark: string): number | undefined {
    this.#item = this.#at;
    const newline = this.bytes.indexOf('\n', this.#at);
    const text = this.bytes.slice(this.#at, newline < 0 ? undefined : newline + 1);
    if (text === '') return undefined;
    if (text[0] !== mark) {
      this.#fail(`Expected prefix '${mark}', got: '${text[0]}'`);
      return undefined;
    }
    const digits = /^-?\d*/.exec(text.slice(1))?.[0] ?? '';
    if (!this.#endsLine(text.slice(1 + digits.length))) return undefined;
    this.#at += text.length;
    return Number(digits);
  }

  #string(): string | undefined {
    const length = this.#number('$');
    if (length === undefined) return undefined;
    this.#item = this.#at;
    const text = this.bytes.slice(this.#at, this.#at + length + 2);
    if (text.length < length + 2) {
      this.#fail(`Expected to read ${length + 2} bytes, got ${text.length} bytes`);
      return undefined;
    }
    if (!this.#endsLine(text.slice(length))) return undefined;
    this.#at += length + 2;
    return text.slice(0, length);
  }

  #endsLine(text: string): boolean {
    if (!text.startsWith('\r\n')) {
      const hex = (at: number) => (text.charCodeAt(at) || 0).toString(16).padStart(2, '0');
      return this.#fail(`Expected \\r\\n, got: ${hex(0)}${hex(1)}`);
    }
    this.line++;
    return true;
  }

  #fail(text: string): false {
    this.problem = `0x${this.#item.toString(16).padStart(16)}: ${text}`;
    return false;
  }
}
