import type { Command } from '../commands/command.ts';
import { type RedisError, redisError, wrongArity } from '../errors.ts';
import { isError } from '../resp/reply.ts';

/** Every command by its lower-case name, subcommands as `config|get`. */
export type CommandTable = ReadonlyMap<string, Command<never>>;

/** How much of an unknown command is repeated in the error. Bytes. */
const ECHO_BYTES = 128;

/**
 * `lookUp` in one table, faster for names that were spelled like this before: clients spell them in
 * one way or two.
 */
export function lookUpIn(
  table: CommandTable,
): (argv: readonly string[]) => ReturnType<typeof lookUp> {
  const spelled = new Map<string, Command<never>>();
  return (argv) => {
    const name = argv[0] as string;
    const known = spelled.get(name);
    if (known && fitsArity(known, argv)) return known;
    const found = lookUp(table, argv);
    if (!isError(found) && found.words === 1 && spelled.size < MAX_SPELLINGS) {
      spelled.set(name, found);
    }
    return found;
  };
}

/** Every way to write a name with small and capital letters is a spelling. */
const MAX_SPELLINGS = 1000;

/** The command that an argv names, or why it cannot run: unknown, or the wrong number of arguments. */
export function lookUp(table: CommandTable, argv: readonly string[]): Command<never> | RedisError {
  const first = argv[0] as string;
  const found = table.get(first) ?? table.get(first.toLowerCase());
  // The table has subcommands as `config|get`, which nobody may call them.
  if (!found || first.includes('|')) return unknownCommand(argv);
  const command = found.isContainer && argv.length > 1 ? subcommand(table, found, argv) : found;
  if (isError(command)) return command;
  if (fitsArity(command, argv) && command.run) return command;
  // This module names its commands in capitals.
  return wrongArity(command.module === 'vectorset' ? command.name.toUpperCase() : command.name);
}

/** The command that an argv names, whatever its arguments, or undefined. */
export function lookUpName(
  table: CommandTable,
  argv: readonly string[],
): Command<never> | undefined {
  const [first = '', second = ''] = argv;
  const found = table.get(first.toLowerCase());
  if (!found?.isContainer || argv.length === 1) return found;
  return table.get(`${found.name}|${second.toLowerCase()}`);
}

export const fitsArity = ({ arity }: Command<never>, argv: readonly string[]): boolean =>
  arity >= 0 ? argv.length === arity : argv.length >= -arity;

function subcommand(
  table: CommandTable,
  container: Command<never>,
  argv: readonly string[],
): Command<never> | RedisError {
  const word = argv[1] as string;
  const found = table.get(`${container.name}|${word.toLowerCase()}`);
  if (found) return found;
  return redisError(
    `ERR unknown subcommand '${echoed(word)}'. Try ${container.name.toUpperCase()} HELP.`,
  );
}

function unknownCommand(argv: readonly string[]): RedisError {
  const [name = '', ...args] = argv;
  let echo = '';
  for (const arg of args) {
    if (echo.length >= ECHO_BYTES) break;
    echo += `'${echoed(arg, ECHO_BYTES - echo.length)}' `;
  }
  return redisError(`ERR unknown command '${echoed(name)}', with args beginning with: ${echo}`);
}

/** What an error repeats of an argument: as in C, a NUL byte ends it. */
const echoed = (arg: string, bytes = ECHO_BYTES) => arg.slice(0, bytes).split('\0', 1)[0];
