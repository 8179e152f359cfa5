import type { Arg } from './docs.ts';

/**
 * How far typed words have come in a command's syntax. Optional arguments that stand together may
 * come in any order, a oneof takes one of its choices, a block its parts in turn, and what may
 * repeat takes as many words as fit. What is left is the hint, and says what may come next.
 */

/** What of an argument is still to come. */
export interface Piece {
  readonly arg: Arg;
  /** whole: all of it. value: all but its token. again: it may be repeated. */
  readonly part: 'whole' | 'value' | 'again';
}

/** Something that may be typed next: a fixed word with what follows it, or a value of a type. */
export type Next =
  | { readonly token: string; readonly syntax: string }
  | { readonly type: string; readonly name: string };

/** What may follow `words`, or undefined when they do not fit the arguments. */
export function matchArgs(args: readonly Arg[], words: readonly string[]): Piece[] | undefined {
  const match = matchSequence(args, words, 0);
  return match && match.at === words.length ? match.rest : undefined;
}

/** The syntax as redis-cli shows it: `key value [NX|XX] [GET] …`. */
export const renderPieces = (pieces: readonly Piece[]): string => pieces.map(render).join(' ');

export const whole = (arg: Arg): Piece => ({ arg, part: 'whole' });

/** Everything of which one may, or must, come first. */
export function nextOf(pieces: readonly Piece[]): Next[] {
  const next: Next[] = [];
  for (const { arg, part } of pieces) {
    next.push(...startsOf(arg, part === 'whole' || (part === 'again' && arg.multipleToken)));
    if (part === 'value' || (part === 'whole' && !arg.optional)) break;
  }
  return next;
}

function startsOf(arg: Arg, withToken: boolean): Next[] {
  if (arg.token !== undefined && withToken) {
    return [{ token: arg.token, syntax: render(whole({ ...arg, optional: false })) }];
  }
  if (arg.type === 'oneof') return arg.args.flatMap((choice) => startsOf(choice, true));
  if (arg.type === 'block') return nextOf(arg.args.map(whole));
  return [{ type: arg.type, name: arg.name }];
}

function render({ arg, part }: Piece): string {
  if (part === 'value') return renderValue(arg);
  const once = renderToken(arg) + renderValue(arg);
  if (part === 'again') return `[${arg.multipleToken ? once : renderValue(arg)} ...]`;
  const text = arg.multiple ? `${once} ${render({ arg, part: 'again' })}` : once;
  return arg.optional ? `[${text}]` : text;
}

function renderToken({ token, type }: Arg): string {
  if (token === undefined) return '';
  return type === 'pure-token' ? token || '""' : `${token} `;
}

function renderValue(arg: Arg): string {
  if (arg.type === 'pure-token') return '';
  if (arg.type === 'oneof') return arg.args.map((choice) => render(whole(choice))).join('|');
  if (arg.type === 'block') return renderPieces(arg.args.map(whole));
  return arg.name;
}

/** How far it went; `rest` is what still belongs to it where the words ended there. */
interface Match {
  readonly at: number;
  readonly rest: Piece[];
}

type Words = readonly string[];

function matchSequence(args: readonly Arg[], words: Words, start: number): Match | undefined {
  let at = start;
  let left = args;
  while (left.length > 0 && at < words.length) {
    const [group, following] = splitGroup(left);
    const match = group[0]?.optional
      ? matchAnyOrder(group, words, at)
      : matchRepeated(group[0] as Arg, words, at);
    if (!match) return undefined;
    const counted = group[0]?.name === 'numkeys' ? Number(words[match.at - 1]) : undefined;
    left = counted === undefined ? following : countKeys(following, counted);
    if (match.at === words.length) return { ...match, rest: [...match.rest, ...left.map(whole)] };
    at = match.at;
  }
  return { at, rest: left.map(whole) };
}

/** The first argument, or all the optional ones that stand together, and what follows. */
function splitGroup(args: readonly Arg[]): [readonly Arg[], readonly Arg[]] {
  let end = 1;
  if (args[0]?.optional) while (args[end]?.optional) end++;
  return [args.slice(0, end), args.slice(end)];
}

/** After `numkeys 2` there are two keys; after `numkeys 0` none. */
function countKeys([keys, ...others]: readonly Arg[], count: number): readonly Arg[] {
  if (keys?.type !== 'key') return keys ? [keys, ...others] : others;
  if (count === 0) return others;
  return [{ ...keys, optional: false, multiple: count > 1, count }, ...others];
}

/** Optional arguments: each at most once, in any order, until a word fits none. */
function matchAnyOrder(group: readonly Arg[], words: Words, start: number): Match {
  const left = [...group];
  let at = start;
  while (at < words.length) {
    const found = findMatch(left, words, at);
    if (!found) return { at, rest: [] };
    left.splice(left.indexOf(found.arg), 1);
    at = found.match.at;
    if (at === words.length) return { at, rest: [...found.match.rest, ...left.map(whole)] };
  }
  return { at, rest: left.map(whole) };
}

function findMatch(args: readonly Arg[], words: Words, at: number) {
  for (const arg of args) {
    const match = matchRepeated(arg, words, at);
    if (match) return { arg, match };
  }
  return undefined;
}

/** An argument, as often as it may come and fits. */
function matchRepeated(arg: Arg, words: Words, start: number): Match | undefined {
  let match = matchOnce(arg, words, start, true);
  for (let times = 1; match; times++) {
    const missing = arg.count === undefined ? undefined : arg.count - times;
    if (missing === 0 || (!arg.multiple && missing === undefined)) return match;
    if (match.at === words.length) return { ...match, rest: [...match.rest, more(arg, missing)] };
    const next = matchOnce(arg, words, match.at, arg.multipleToken);
    if (!next) return missing === undefined ? match : undefined;
    match = next;
  }
  return undefined;
}

/** The repetition of an argument: as one likes, or `missing` times more. */
function more(arg: Arg, missing: number | undefined): Piece {
  if (missing === undefined) return { arg, part: 'again' };
  return whole({ ...arg, multiple: missing > 1, count: missing });
}

function matchOnce(arg: Arg, words: Words, start: number, withToken: boolean): Match | undefined {
  let at = start;
  if (arg.token !== undefined && withToken) {
    if (!isToken(arg.token, words[at] as string)) return undefined;
    at++;
    if (arg.type === 'pure-token') return { at, rest: [] };
    if (at === words.length) return { at, rest: [{ arg, part: 'value' }] };
  }
  if (arg.type === 'oneof') return findMatch(arg.args, words, at)?.match;
  if (arg.type === 'block') return matchBlock(arg, words, at);
  return fits(arg.type, words[at] as string) ? { at: at + 1, rest: [] } : undefined;
}

/** A block of nothing but optional parts must still take a word. */
function matchBlock({ args }: Arg, words: Words, start: number): Match | undefined {
  const match = matchSequence(args, words, start);
  return match && match.at > start ? match : undefined;
}

const isToken = (token: string, word: string) => token.toLowerCase() === word.toLowerCase();

const forms: Readonly<Record<string, RegExp>> = {
  integer: /^[-+]?\d+$/,
  'unix-time': /^[-+]?\d+$/,
  double: /^[-+]?(?:inf(?:inity)?|(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)$/i,
};

const fits = (type: string, word: string) => forms[type]?.test(word) ?? true;
