/**
 * Reads the one-line syntax of a command, as printed on its redis.io page, and derives from it what
 * COMMAND INFO and COMMAND DOCS need: arity, key positions and the argument tree.
 *
 *   LPUSH key element [element ...]
 *   LMOVE source:key destination:key <LEFT | RIGHT> <LEFT | RIGHT>
 *   LMPOP numkeys:int key [key ...] <LEFT | RIGHT> [COUNT count:int]
 *   CONFIG|GET parameter [parameter ...]
 *
 * The first word is the name, with `|` between a container and its subcommand. A lower-case word is
 * a value, an upper-case word is a literal token, `[ ]` is optional, `< | >` is a choice, and
 * `x [x ...]` repeats x. `name:type` types a value; the bare word `key` is a key.
 */

export type ValueType = 'string' | 'key' | 'int' | 'double' | 'pattern' | 'unixtime';

export type Arg =
  | { readonly kind: 'value'; readonly name: string; readonly type: ValueType }
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'block'; readonly items: readonly Arg[] }
  | { readonly kind: 'choice'; readonly options: readonly Arg[] }
  | { readonly kind: 'optional'; readonly item: Arg }
  | { readonly kind: 'repeat'; readonly item: Arg };

/** Where keys stand in an argv. https://redis.io/docs/latest/develop/reference/key-specs/ */
export interface KeySpec {
  readonly begin:
    | { readonly index: number }
    | { readonly keyword: string; readonly startFrom: number }
    | 'unknown';
  readonly find:
    | { readonly lastKey: number; readonly step: number; readonly limit: number }
    | { readonly keyNumIndex: number; readonly firstKey: number; readonly step: number }
    | 'unknown';
}

export interface Syntax {
  /** Lower case, as COMMAND INFO prints it: `lpush`, `config|get`. */
  readonly name: string;
  readonly args: readonly Arg[];
  /** Counts the name's own words; negative means "at least". https://redis.io/docs/latest/commands/command/ */
  readonly arity: number;
  readonly keys: readonly KeySpec[];
}

export function parseSyntax(text: string): Syntax {
  const [word = '', ...lexemes] =
    text.match(/\.\.\.|[[\]<>]|[^\s[\]<>|]+(?:\|[^\s[\]<>|]+)?|\|/g) ?? [];
  const words = word.split('|').length;
  const args = readSequence(lexemes, () => lexemes.length === 0);
  const { min, open } = measureAll(args);
  const arity = open ? -(min + words) : min + words;
  return { name: word.toLowerCase(), args, arity, keys: findKeys(args, words) };
}

/** The smallest number of arguments, and whether there may be more. */
interface Measure {
  readonly min: number;
  readonly open: boolean;
}

function measureAll(args: readonly Arg[]): Measure {
  const sizes = args.map(measure);
  return { min: sizes.reduce((sum, s) => sum + s.min, 0), open: sizes.some((s) => s.open) };
}

function measure(arg: Arg): Measure {
  switch (arg.kind) {
    case 'value':
    case 'token':
      return { min: 1, open: false };
    case 'block':
      return measureAll(arg.items);
    case 'optional':
      return { min: 0, open: true };
    case 'repeat':
      return { min: measure(arg.item).min, open: true };
    case 'choice': {
      const sizes = arg.options.map(measure);
      const min = Math.min(...sizes.map((s) => s.min));
      return { min, open: sizes.some((s) => s.open || s.min !== min) };
    }
  }
}

function readSequence(lexemes: string[], done: () => boolean): Arg[] {
  const items: Arg[] = [];
  while (!done()) {
    const next = lexemes.shift();
    if (next === undefined) throw new SyntaxError('unbalanced brackets');
    if (next === '[') {
      const group = readGroup(lexemes, ']');
      if (group.repeats) foldRepeat(items, group.items);
      else items.push({ kind: 'optional', item: group.item });
    } else if (next === '<') {
      items.push(readGroup(lexemes, '>').item);
    } else {
      items.push(readWord(next));
    }
  }
  return items;
}

interface Group {
  readonly items: readonly Arg[];
  readonly item: Arg;
  readonly repeats: boolean;
}

function readGroup(lexemes: string[], close: string): Group {
  const options: Arg[][] = [];
  for (;;) {
    options.push(readSequence(lexemes, () => ['|', close, '...'].includes(lexemes[0] ?? '')));
    const end = lexemes.shift();
    if (end === '|') continue;
    if (end === undefined) throw new SyntaxError('unbalanced brackets');
    if (end === '...' && lexemes.shift() !== close) {
      throw new SyntaxError('"..." must end its group');
    }
    const items = options[0] ?? [];
    const item: Arg =
      options.length > 1 ? { kind: 'choice', options: options.map(block) } : block(items);
    return { items, item, repeats: end === '...' };
  }
}

/** `a b [a b ...]`: replaces the last items, which the group repeats, with one repeat node. */
function foldRepeat(items: Arg[], group: readonly Arg[]): void {
  const tail = items.splice(items.length - group.length);
  const same = JSON.stringify(tail) === JSON.stringify(group);
  if (!same) throw new SyntaxError('"..." repeats something else');
  items.push({ kind: 'repeat', item: block(group) });
}

const block = (items: readonly Arg[]): Arg =>
  items.length === 1 ? (items[0] as Arg) : { kind: 'block', items };

function readWord(word: string): Arg {
  const [name = '', type] = word.split(/:(?=(?:string|key|int|double|pattern|unixtime)$)/);
  if (!type && !/^[a-z][a-z0-9_/-]*$/.test(name)) return { kind: 'token', token: name };
  return { kind: 'value', name, type: (type ?? (name === 'key' ? 'key' : 'string')) as ValueType };
}

const isKey = (arg: Arg): boolean => arg.kind === 'value' && arg.type === 'key';

function holdsKey(arg: Arg): boolean {
  if (arg.kind === 'block') return arg.items.some(holdsKey);
  if (arg.kind === 'choice') return arg.options.some(holdsKey);
  if (arg.kind === 'optional' || arg.kind === 'repeat') return holdsKey(arg.item);
  return isKey(arg);
}

/** Walks the arguments left to right; positions are exact until the first optional or repeat. */
function findKeys(args: readonly Arg[], firstIndex: number): KeySpec[] {
  const specs: KeySpec[] = [];
  let index = firstIndex;
  let exact = true;
  args.forEach((arg, i) => {
    const rest = args.slice(i + 1);
    const counted = isNumKeys(args[i - 1]);
    const required = arg.kind === 'optional' ? arg.item : arg;
    if (required.kind === 'repeat' && holdsKey(required.item)) {
      const step = measure(required.item).min;
      if (counted) {
        specs.push({ begin: { index: index - 1 }, find: { keyNumIndex: 0, firstKey: 1, step } });
      } else if (exact) {
        const lastKey = -1 - measureAll(rest).min;
        specs.push({ begin: { index }, find: { lastKey, step, limit: 0 } });
      }
    } else if (exact && isKey(required)) {
      specs.push({ begin: { index }, find: { lastKey: 0, step: 1, limit: 0 } });
    } else if (!exact || arg.kind === 'optional') {
      specs.push(...findKeysByKeyword([required, ...rest], index));
    }
    const size = measure(arg);
    index += size.min;
    if (size.open) exact = false;
  });
  return specs;
}

/** `[STORE destination:key]` and `STREAMS key [key ...] id [id ...]`: a token leads to the key. */
function findKeysByKeyword([head, ...rest]: readonly Arg[], startFrom: number): KeySpec[] {
  if (head?.kind === 'choice') {
    return head.options.flatMap((option) => findKeysByKeyword([option], startFrom));
  }
  if (head?.kind === 'block') return findKeysByKeyword(head.items, startFrom);
  if (head?.kind !== 'token') return [];
  const begin = { keyword: head.token, startFrom };
  const [first, second] = rest;
  if (first && isKey(first)) return [{ begin, find: { lastKey: 0, step: 1, limit: 0 } }];
  if (first?.kind !== 'repeat' || !isKey(first.item)) return [];
  return [{ begin, find: { lastKey: -1, step: 1, limit: second?.kind === 'repeat' ? 2 : 0 } }];
}

const isNumKeys = (arg: Arg | undefined): boolean =>
  arg?.kind === 'value' && arg.name === 'numkeys';
