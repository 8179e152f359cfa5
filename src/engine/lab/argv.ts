import type { Arg, Syntax, ValueType } from '../commands/syntax.ts';
import type { Random } from '../time/random.ts';

/** What stands in the place of an argument: `name` and `type` are the syntax line's own. */
export type Fill = (name: string, type: ValueType) => string;

/**
 * Random arguments that fit a command's syntax, its name first: what the engine and a redis-server
 * are compared with. Now and then something is left out, added or replaced, because most of what a
 * server says about arguments it says about wrong ones.
 */
export function argvOf(syntax: Syntax, random: Random, fill: Fill): string[] {
  const words = syntax.name.split('|');
  const args = fillAll(syntax.args, random, fill);
  if (random.below(20) === 0) spoil(args, random, fill);
  return [...words, ...args];
}

/** One of them. */
export const pick = <T>(random: Random, items: readonly T[]): T =>
  items[random.below(items.length)] as T;

function fillAll(args: readonly Arg[], random: Random, fill: Fill): string[] {
  const parts: string[][] = [];
  args.forEach((arg, i) => {
    const part = fillOne(arg, random, fill);
    const counted = isCount(args[i - 1]);
    // What numkeys and the like count is known only now.
    if (counted && random.below(10) > 0) {
      parts[parts.length - 1] = [String(part.length / widthOf(arg))];
    }
    parts.push(part);
  });
  if (random.below(4) === 0) swapOptions(args, parts, random);
  return parts.flat();
}

function fillOne(arg: Arg, random: Random, fill: Fill): string[] {
  switch (arg.kind) {
    case 'value':
      return [fill(arg.name, arg.type)];
    case 'token':
      return [random.below(3) === 0 ? arg.token.toLowerCase() : arg.token];
    case 'block':
      return fillAll(arg.items, random, fill);
    case 'choice':
      return fillOne(pick(random, arg.options), random, fill);
    case 'optional':
      return random.below(5) < 2 ? fillOne(arg.item, random, fill) : [];
    case 'repeat': {
      const times = random.below(8) === 0 ? 4 + random.below(9) : 1 + random.below(3);
      return Array.from({ length: times }, () => fillOne(arg.item, random, fill)).flat();
    }
  }
}

/** Options may come in any order: exchanges two neighbours. */
function swapOptions(args: readonly Arg[], parts: string[][], random: Random): void {
  if (args.length < 2) return;
  const at = random.below(args.length - 1);
  if (args[at]?.kind !== 'optional' || args[at + 1]?.kind !== 'optional') return;
  const [first = [], second = []] = parts.splice(at, 2);
  parts.splice(at, 0, second, first);
}

function spoil(args: string[], random: Random, fill: Fill): void {
  const at = random.below(args.length + 1);
  const how = random.below(4);
  if (how === 0) args.splice(at, 1);
  else if (how === 1) args.splice(at, 0, fill('', 'string'));
  else if (how === 2) args.splice(at, 1, fill('', 'int'));
  else if (args[at] !== undefined) args.push(args[at]);
}

const isCount = (arg: Arg | undefined): boolean =>
  arg?.kind === 'value' && /^num(keys|fields)$/.test(arg.name);

/** How many arguments one of a row takes: a field with its value takes two. */
function widthOf(arg: Arg): number {
  return arg.kind === 'repeat' && arg.item.kind === 'block' ? arg.item.items.length : 1;
}
