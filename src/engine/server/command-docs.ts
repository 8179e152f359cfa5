import type { Command } from '../commands/command.ts';
import type { Arg } from '../commands/syntax.ts';
import { MapReply, mapOf, type Reply, SetReply, Status } from '../resp/reply.ts';
import { subcommandsOf } from './command-info.ts';
import type { CommandTable } from './lookup.ts';

type Fields = Record<string, Reply>;

/**
 * What COMMAND DOCS says of a command: in words, and its arguments as a tree.
 * https://redis.io/docs/latest/commands/command-docs/
 */
export function commandDocs(table: CommandTable, command: Command<never>): Reply {
  const { summary, since, group, complexity, deprecated, history = [], isInternal } = command;
  const fields: Fields = { summary, since, group };
  if (complexity !== '') fields.complexity = complexity;
  if (command.module !== undefined) fields.module = command.module;
  const docFlags = [...(deprecated ? ['deprecated'] : []), ...(isInternal ? ['syscmd'] : [])];
  if (docFlags.length > 0) fields.doc_flags = statuses(docFlags);
  if (deprecated) {
    fields.deprecated_since = deprecated.since;
    fields.replaced_by = deprecated.instead;
  }
  if (history.length > 0) fields.history = new SetReply(history.map((change) => [...change]));
  const args = argumentDocs(command);
  if (args.length > 0) fields.arguments = args;
  const subcommands = subcommandsOf(table, command);
  if (subcommands.length > 0) fields.subcommands = docsByName(table, subcommands);
  return mapOf(fields);
}

/** The docs of several commands, by their names. */
export const docsByName = (table: CommandTable, commands: readonly Command<never>[]): MapReply =>
  new MapReply(commands.map((command) => [command.name, commandDocs(table, command)]));

const statuses = (words: readonly string[]) => new SetReply(words.map((word) => new Status(word)));

/** The argument tree. Each key names the key spec that finds it, in the order of both. */
function argumentDocs({ args, keys }: Command<never>): Reply[] {
  let nextKey = 0;
  const keySpecIndex = () => Math.min(nextKey++, keys.length - 1);
  return args.map((arg) => mapOf(describe(arg, { keySpecIndex })));
}

interface Tree {
  /** The index of the key spec of the next key. */
  keySpecIndex(): number;
}

interface Traits {
  readonly optional?: boolean;
  readonly multiple?: boolean;
  readonly multipleToken?: boolean;
  readonly token?: string;
}

const types = {
  string: 'string',
  key: 'key',
  int: 'integer',
  double: 'double',
  pattern: 'pattern',
  unixtime: 'unix-time',
} as const;

function describe(arg: Arg, tree: Tree, traits: Traits = {}): Fields {
  switch (arg.kind) {
    case 'optional':
      return describe(arg.item, tree, { ...traits, optional: true });
    case 'repeat':
      return describe(arg.item, tree, { ...traits, multiple: true });
    case 'token': {
      // A syntax line writes the empty string as two quotes.
      const token = arg.token === '""' ? '' : arg.token;
      return fields(token.toLowerCase(), 'pure-token', { ...traits, token });
    }
    case 'value': {
      const index = arg.type === 'key' ? { key_spec_index: tree.keySpecIndex() } : {};
      return fields(arg.name, types[arg.type], traits, index);
    }
    case 'choice':
      return group('oneof', arg.options, tree, traits);
    case 'block':
      return describeBlock(arg.items, tree, traits);
  }
}

/**
 * `COUNT count` is one argument with a token, `LIMIT offset count` a block with one. In
 * `BYRADIUS radius <M | KM>` the token is that of the first argument.
 */
function describeBlock(items: readonly Arg[], tree: Tree, traits: Traits): Fields {
  const [head, next, ...rest] = items;
  if (head?.kind !== 'token' || !next || next.kind === 'token') {
    return group('block', items, tree, traits);
  }
  const multipleToken = traits.multiple === true;
  const behind = { ...traits, multipleToken, token: head.token };
  // What may follow a token is not the token's own value: FULL [COUNT count].
  if (rest.length === 0 && next.kind === 'optional') return group('block', [next], tree, behind);
  if (rest.length === 0) return describe(next, tree, behind);
  if (rest.every(({ kind }) => kind === 'value' || kind === 'repeat')) {
    return group('block', [next, ...rest], tree, behind);
  }
  return group('block', [next, ...rest], tree, traits, { token: head.token });
}

/** `first` are traits of the first item alone. */
function group(
  type: 'oneof' | 'block',
  items: readonly Arg[],
  tree: Tree,
  traits: Traits,
  first: Traits = {},
): Fields {
  const inner = items.map((item, i) => describe(item, tree, i === 0 ? first : {}));
  const name = inner.map((each) => each.name).join(type === 'oneof' ? '-' : '_');
  return { ...fields(name, type, traits), arguments: inner.map(mapOf) };
}

function fields(name: string, type: string, traits: Traits, index: Fields = {}): Fields {
  const { optional, multiple, multipleToken, token } = traits;
  const flags = [
    ...(optional ? ['optional'] : []),
    ...(multiple ? ['multiple'] : []),
    ...(multipleToken ? ['multiple_token'] : []),
  ];
  return {
    name,
    type,
    ...index,
    ...(token !== undefined && { token }),
    ...(flags.length > 0 && { flags: statuses(flags) }),
  };
}
