import { matches } from '../bytes/glob.ts';
import type { Args } from '../commands/args.ts';
import { type Command, command } from '../commands/command.ts';
import { container } from '../commands/help.ts';
import { findKeys, hasKeys, type KeyPosition } from '../commands/key-positions.ts';
import { redisError, syntaxError } from '../errors.ts';
import { MapReply, type Reply, SetReply, Status } from '../resp/reply.ts';
import { commandDocs } from './command-docs.ts';
import { commandInfo } from './command-info.ts';
import { type CommandTable, fitsArity, lookUpName } from './lookup.ts';

/** What the server tells of its commands. https://redis.io/docs/latest/commands/command/ */
interface Needs {
  readonly server: { readonly table: CommandTable };
}

const unordered = ['nondeterministic_output_order'];
const row = {
  group: 'server',
  since: '2.8.13',
  complexity: 'O(N) where N is the total number of Redis commands',
  flags: ['loading', 'stale'],
  override: { categories: ['connection'] },
} as const;

const about = {
  since: '2.8.13',
  group: 'server',
  summary: 'Tells of all commands.',
  helpOverride: row.override,
} as const;

const subcommands = [
  command<Needs>('COMMAND|COUNT', {
    ...row,
    summary: 'Counts the commands.',
    complexity: 'O(1)',
    run: ({ server }) => topLevel(server.table).length,
  }),
  command<Needs>('COMMAND|DOCS [command-name [command-name ...]]', {
    ...row,
    summary: 'Returns the documentation of commands.',
    since: '7.0.0',
    complexity: 'O(N) where N is the number of commands to look up',
    tips: unordered,
    run: ({ server: { table } }, args) =>
      new MapReply(
        chosen(table, args).flatMap(([, found]) =>
          found ? [[found.name, commandDocs(table, found)] as const] : [],
        ),
      ),
  }),
  command<Needs>('COMMAND|GETKEYS command [arg [arg ...]]', {
    ...row,
    summary: 'Returns the keys in a command line.',
    complexity: 'O(N) where N is the number of arguments to the command',
    override: { ...row.override, arity: -4 },
    run: ({ server }, args) =>
      keysIn(server.table, args).map(({ index }) => args.argv[index + 2] as string),
  }),
  command<Needs>('COMMAND|GETKEYSANDFLAGS command [arg [arg ...]]', {
    ...row,
    summary: 'Returns the keys in a command line, and how each is used.',
    since: '7.0.0',
    complexity: 'O(N) where N is the number of arguments to the command',
    override: { ...row.override, arity: -4 },
    run: ({ server }, args) =>
      keysIn(server.table, args).map(({ index, use }) => [
        args.argv[index + 2] as string,
        new SetReply(use.split(' ').map((word) => new Status(word))),
      ]),
  }),
  command<Needs>('COMMAND|INFO [command-name [command-name ...]]', {
    ...row,
    summary: 'Describes commands: arity, flags, keys, categories.',
    complexity: 'O(N) where N is the number of commands to look up',
    tips: unordered,
    history: [['7.0.0', 'Tells all commands when none is named.']],
    run: ({ server: { table } }, args) =>
      chosen(table, args).map(([, found]) => (found ? commandInfo(table, found) : null)),
  }),
  command<Needs>(
    'COMMAND|LIST [FILTERBY <MODULE module-name | ACLCAT category | PATTERN pattern:pattern>]',
    {
      ...row,
      summary: 'Lists the names of commands.',
      since: '7.0.0',
      tips: unordered,
      run: list,
    },
  ),
];

const [, ...withHelp] = container<Needs>('COMMAND', about, subcommands);

export const commandCommands = [
  command<Needs>('COMMAND', {
    ...row,
    summary: about.summary,
    tips: unordered,
    override: { ...row.override, arity: -1 },
    isContainer: true,
    run: ({ server: { table } }) => topLevel(table).map((each) => commandInfo(table, each)),
  }),
  ...withHelp,
];

const topLevel = (table: CommandTable): Command<never>[] =>
  [...table.values()].filter(({ words }) => words === 1);

/** The commands that the arguments name, or all. */
function chosen(table: CommandTable, args: Args): [name: string, Command<never> | undefined][] {
  if (args.done) return topLevel(table).map((each) => [each.name, each]);
  return args.rest().map((name) => [name, table.get(name.toLowerCase())]);
}

/** The keys of the command that the arguments are. */
function keysIn(table: CommandTable, args: Args): KeyPosition[] {
  const argv = args.rest();
  const found = lookUpName(table, argv);
  if (!found) throw redisError('ERR Invalid command specified');
  if (!hasKeys(found)) throw redisError('ERR The command has no key arguments');
  if (!fitsArity(found, argv)) {
    throw redisError('ERR Invalid number of arguments specified for command');
  }
  const keys = findKeys(found, argv);
  if (keys && keys.length > 0) return keys;
  if (found.flags.has('no_mandatory_keys')) return [];
  throw redisError('ERR Invalid arguments specified for command');
}

function list({ server: { table } }: Needs, args: Args): Reply {
  const all = [...table.values()];
  if (args.done) return all.map(({ name }) => name);
  if (args.left !== 3 || !args.token('FILTERBY')) throw syntaxError();
  const filter = args.oneOf('MODULE', 'ACLCAT', 'PATTERN');
  const wanted = args.string();
  if (!filter) throw syntaxError();
  const passes: Record<typeof filter, (each: Command<never>) => boolean> = {
    MODULE: ({ module }) => module === wanted,
    ACLCAT: ({ categories }) => categories.some((category) => category === wanted.toLowerCase()),
    PATTERN: ({ name }) => matches(wanted, name, { nocase: true }),
  };
  return all.filter(passes[filter]).map(({ name }) => name);
}
