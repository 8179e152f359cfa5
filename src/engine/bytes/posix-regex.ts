/**
 * POSIX extended regular expressions, which ARGREP takes. All ways through an expression are walked at
 * once, so that no expression takes longer than its length times that of the text.
 * https://pubs.opengroup.org/onlinepubs/9799919799/basedefs/V1_chap09.html
 */

/** Whether a text has a part that an expression matches; undefined when the expression is none. */
export function compileRegex(
  expression: string,
  options: { readonly ignoreCase: boolean },
): ((text: string) => boolean) | undefined {
  try {
    const states = new Parser(expression, options.ignoreCase).parse();
    return (text) => matches(states, text);
  } catch (error) {
    if (error instanceof BadRegex) return undefined;
    throw error;
  }
}

class BadRegex extends Error {}

/** A character must be of a set, or a place must be such; or the way goes on in several directions. */
type State =
  | { readonly kind: 'char'; readonly accepts: (char: string) => boolean; next: number }
  | { readonly kind: 'start' | 'end'; next: number }
  | { readonly kind: 'split'; readonly next: number[] }
  | { readonly kind: 'match' };

interface Program {
  readonly states: readonly State[];
  readonly start: number;
}

/** Repetitions are written out; more states than these would be too many. */
const MOST_STATES = 20_000;
const MOST_REPETITIONS = 255;

function matches({ states, start }: Program, text: string): boolean {
  let current = new Set<number>();
  for (let at = 0; at <= text.length; at++) {
    follow(states, start, { at, length: text.length }, current);
    const next = new Set<number>();
    for (const number of current) {
      const state = states[number] as State;
      if (state.kind === 'match') return true;
      if (state.kind !== 'char' || at === text.length) continue;
      if (!state.accepts(text[at] as string)) continue;
      follow(states, state.next, { at: at + 1, length: text.length }, next);
    }
    current = next;
  }
  return false;
}

/** Adds a state and all that are reached from it without a character. */
function follow(
  states: readonly State[],
  from: number,
  place: { readonly at: number; readonly length: number },
  found: Set<number>,
): void {
  const waiting = [from];
  for (let number = waiting.pop(); number !== undefined; number = waiting.pop()) {
    if (found.has(number)) continue;
    found.add(number);
    const state = states[number] as State;
    if (state.kind === 'split') waiting.push(...state.next);
    else if (state.kind === 'start' && place.at === 0) waiting.push(state.next);
    else if (state.kind === 'end' && place.at === place.length) waiting.push(state.next);
  }
}

/** A part of an expression: makes its states before a given one, and returns where it begins. */
type Part = (next: number) => number;

const classes: Readonly<Record<string, RegExp>> = {
  alpha: /[a-zA-Z]/,
  digit: /\d/,
  alnum: /[a-zA-Z0-9]/,
  upper: /[A-Z]/,
  lower: /[a-z]/,
  space: /[ \t-\r]/,
  blank: /[ \t]/,
  punct: /[!-/:-@[-`{-~]/,
  print: /[ -~]/,
  graph: /[!-~]/,
  xdigit: /[0-9a-fA-F]/,
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what the class is of.
  cntrl: /[\x00-\x1f\x7f]/,
};

const shorthands: Readonly<Record<string, RegExp>> = {
  d: /\d/,
  D: /\D/,
  w: /\w/,
  W: /\W/,
  s: /[ \t-\r]/,
  S: /[^ \t-\r]/,
};

const controls: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  f: '\f',
  e: '\x1b',
};

class Parser {
  readonly #states: State[] = [];
  #at = 0;

  constructor(
    private readonly text: string,
    private readonly ignoreCase: boolean,
  ) {}

  parse(): Program {
    const whole = this.#alternatives();
    if (this.#at < this.text.length) throw new BadRegex('unbalanced )');
    const end = this.#add({ kind: 'match' });
    return { states: this.#states, start: whole(end) };
  }

  #add(state: State): number {
    if (this.#states.length >= MOST_STATES) throw new BadRegex('too large');
    return this.#states.push(state) - 1;
  }

  #alternatives(): Part {
    const parts = [this.#sequence()];
    while (this.#take('|')) parts.push(this.#sequence());
    if (parts.length === 1) return parts[0] as Part;
    return (next) => this.#add({ kind: 'split', next: parts.map((part) => part(next)) });
  }

  #sequence(): Part {
    const parts: Part[] = [];
    while (this.#at < this.text.length && !this.#sees('|') && !this.#sees(')')) {
      parts.push(this.#repeated());
    }
    return (next) => parts.reduceRight((after, part) => part(after), next);
  }

  #repeated(): Part {
    let part = this.#atom();
    for (;;) {
      if (this.#take('*')) part = this.#times(part, 0, undefined);
      else if (this.#take('+')) part = this.#times(part, 1, undefined);
      else if (this.#take('?')) part = this.#times(part, 0, 1);
      else if (this.#sees('{')) part = this.#bounded(part);
      else return part;
    }
  }

  #bounded(part: Part): Part {
    const [all = '', from = '', comma, to = ''] =
      /^\{(\d*)(,?)(\d*)\}/.exec(this.text.slice(this.#at)) ?? [];
    if (all === '' || (from === '' && to === '')) throw new BadRegex('bad repetition');
    this.#at += all.length;
    const least = Number(from);
    const most = comma === '' ? least : to === '' ? undefined : Number(to);
    if (Math.max(least, most ?? 0) > MOST_REPETITIONS || (most ?? least) < least) {
      throw new BadRegex('bad repetition');
    }
    return this.#times(part, least, most);
  }

  #times(part: Part, least: number, most: number | undefined): Part {
    return (next) => {
      let after = next;
      if (most === undefined) {
        const loop: { kind: 'split'; next: number[] } = { kind: 'split', next: [next] };
        after = this.#add(loop);
        loop.next.push(part(after));
      }
      for (let i = least; i < (most ?? least); i++) {
        after = this.#add({ kind: 'split', next: [part(after), next] });
      }
      for (let i = 0; i < least; i++) after = part(after);
      return after;
    };
  }

  #atom(): Part {
    const char = this.text[this.#at++] as string;
    if (char === '(') return this.#group();
    if (char === '[') return this.#char(this.#bracket());
    if (char === '.') return this.#char(() => true);
    if (char === '^') return (next) => this.#add({ kind: 'start', next });
    if (char === '$') return (next) => this.#add({ kind: 'end', next });
    if ('*+?{'.includes(char)) throw new BadRegex('nothing to repeat');
    if (char === '\\') return this.#escape();
    return this.#char((other) => other === char);
  }

  #group(): Part {
    if (this.#sees('?')) throw new BadRegex('no such group');
    const inner = this.#alternatives();
    if (!this.#take(')')) throw new BadRegex('unbalanced (');
    return inner;
  }

  #escape(): Part {
    const char = this.text[this.#at++];
    if (char === undefined) throw new BadRegex('nothing escaped');
    const shorthand = shorthands[char];
    if (shorthand) return this.#char((other) => shorthand.test(other));
    if (char === 'x') return this.#hexadecimal();
    if (/[a-zA-Z0-9]/.test(char) && !controls[char]) throw new BadRegex('no such escape');
    const wanted = controls[char] ?? char;
    return this.#char((other) => other === wanted);
  }

  #hexadecimal(): Part {
    const pattern = /^(?:\{([0-9a-fA-F]+)\}|([0-9a-fA-F]{1,2}))/;
    const [all, braced, plain] = pattern.exec(this.text.slice(this.#at)) ?? [];
    if (all === undefined) throw new BadRegex('bad hexadecimal escape');
    this.#at += all.length;
    const wanted = String.fromCharCode(Number.parseInt(braced ?? plain ?? '0', 16));
    return this.#char((other) => other === wanted);
  }

  #bracket(): (char: string) => boolean {
    const isNegated = this.#take('^');
    const tests: ((char: string) => boolean)[] = [];
    for (let first = true; first || !this.#sees(']'); first = false) {
      if (this.#at >= this.text.length) throw new BadRegex('unbalanced [');
      tests.push(this.#item());
    }
    this.#at++;
    return (char) => tests.some((test) => test(char)) !== isNegated;
  }

  #item(): (char: string) => boolean {
    const [all, name = ''] = /^\[:(\w+):\]/.exec(this.text.slice(this.#at)) ?? [];
    if (all !== undefined) {
      const members = classes[name];
      if (!members) throw new BadRegex('no such class');
      this.#at += all.length;
      return (char) => members.test(char);
    }
    const low = this.text[this.#at++] as string;
    const isRange = this.#sees('-') && !/^-?\]?$/.test(this.text.slice(this.#at, this.#at + 2));
    if (!isRange) return (char) => char === low;
    const high = this.text[this.#at + 1] as string;
    this.#at += 2;
    if (high < low) throw new BadRegex('bad range');
    return (char) => char >= low && char <= high;
  }

  #char(accepts: (char: string) => boolean): Part {
    const test = this.ignoreCase
      ? (char: string) => accepts(char) || accepts(lower(char)) || accepts(upper(char))
      : accepts;
    return (next) => this.#add({ kind: 'char', accepts: test, next });
  }

  #sees(char: string): boolean {
    return this.text[this.#at] === char;
  }

  #take(char: string): boolean {
    const is = this.#sees(char);
    if (is) this.#at++;
    return is;
  }
}

/** Of ASCII letters only, as bytes have no other. */
const lower = (char: string): string => (/[A-Z]/.test(char) ? char.toLowerCase() : char);
const upper = (char: string): string => (/[a-z]/.test(char) ? char.toUpperCase() : char);
