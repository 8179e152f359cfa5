/**
 * Reads single fields out of JSON as filters of vector sets do: no more of the text is looked at than
 * must be, so that what is broken behind a field does no harm.
 */

/** What a field may hold; objects are not looked into. */
export type Field = number | string | null | readonly Field[];

/** The field of a JSON object, true and false as 1 and 0; undefined when it cannot be read. */
export function fieldOf(json: string, name: string): Field | undefined {
  const reader = new Reader(json);
  if (!reader.take('{')) return undefined;
  for (;;) {
    const key = reader.string();
    if (key === undefined || !reader.take(':')) return undefined;
    if (key === name) return reader.value();
    if (!reader.skip() || !reader.take(',')) return undefined;
  }
}

const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  b: '\b',
  f: '\f',
};

class Reader {
  #at = 0;

  constructor(private readonly text: string) {}

  /** Consumes a character, and blanks before it. */
  take(char: string): boolean {
    if (this.#peek() !== char) return false;
    this.#at++;
    return true;
  }

  string(): string | undefined {
    if (!this.take('"')) return undefined;
    let value = '';
    for (; this.#at < this.text.length; this.#at++) {
      const char = this.text[this.#at] as string;
      if (char === '"') {
        this.#at++;
        return value;
      }
      if (char !== '\\') value += char;
      else {
        const next = this.text[++this.#at] ?? '';
        value += escapes[next] ?? next;
      }
    }
    return undefined;
  }

  value(): Field | undefined {
    const char = this.#peek();
    if (char === '"') return this.string();
    if (char === '[') return this.#array();
    const words = [
      ['true', 1],
      ['false', 0],
      ['null', null],
    ] as const;
    for (const [word, value] of words) {
      if (!this.text.startsWith(word, this.#at)) continue;
      this.#at += word.length;
      return value;
    }
    return this.#number();
  }

  /** Passes over a value, whatever it is. Returns whether it came to its end. */
  skip(): boolean {
    const open = this.#peek();
    if (open !== '{' && open !== '[') return this.value() !== undefined;
    let depth = 0;
    while (this.#at < this.text.length) {
      const char = this.text[this.#at];
      if (char === '"') {
        if (this.string() === undefined) return false;
        continue;
      }
      this.#at++;
      if (char === '{' || char === '[') depth++;
      else if ((char === '}' || char === ']') && --depth === 0) return true;
    }
    return false;
  }

  #array(): Field[] | undefined {
    this.take('[');
    const items: Field[] = [];
    if (this.take(']')) return items;
    for (;;) {
      const item = this.value();
      if (item === undefined) return undefined;
      items.push(item);
      if (this.take(']')) return items;
      if (!this.take(',')) return undefined;
    }
  }

  #number(): number | undefined {
    const pattern = /-?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?/y;
    pattern.lastIndex = this.#at;
    const [digits] = pattern.exec(this.text) ?? [];
    if (digits === undefined) return undefined;
    this.#at += digits.length;
    return Number(digits);
  }

  /** The next character that is no blank. */
  #peek(): string | undefined {
    while (/\s/.test(this.text[this.#at] ?? '')) this.#at++;
    return this.text[this.#at];
  }
}
