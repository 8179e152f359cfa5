import { type RedisError, redisError } from '../errors.ts';
import { Status } from '../resp/reply.ts';
import type { Args } from './args.ts';
import { type Command, command, type Flag, type Group, type Row } from './command.ts';

interface Container {
  readonly since: string;
  readonly group: Group;
  readonly summary: string;
  /** Since when HELP is there; 5.0.0 for most. */
  readonly helpSince?: string;
  /** Of the HELP subcommand, where they differ from `loading stale`. */
  readonly helpFlags?: readonly Flag[];
  /** Of the HELP subcommand, where its group does not give them away. */
  readonly helpOverride?: Row<never>['override'];
}

/** How subcommands with optional arguments complain of too many. */
export const wrongSubcommand = (container: string, { argv }: Args): RedisError =>
  redisError(
    `ERR unknown subcommand or wrong number of arguments for '${argv[1]}'. Try ${container} HELP.`,
  );

/**
 * A container, its subcommands, and HELP, whose text comes from their rows. Redis prints the same
 * form: a heading, then each subcommand with its description indented below.
 */
export function container<Needs>(
  name: string,
  { since, group, summary, ...options }: Container,
  subcommands: readonly Command<Needs>[],
): Command<Needs>[] {
  const complexity = 'Depends on subcommand.';
  const { helpFlags = ['loading', 'stale'], helpSince = '5.0.0', helpOverride } = options;
  const help = command<Needs>(`${name}|HELP`, {
    summary: 'Returns what the subcommands do.',
    since: helpSince,
    group,
    complexity: 'O(1)',
    flags: helpFlags,
    ...(helpOverride && { override: helpOverride }),
    run: () => helpLines(name, subcommands).map((line) => new Status(line)),
  });
  const head = command<Needs>(name, { summary, since, group, complexity, flags: [] });
  return [head, ...subcommands, help];
}

function helpLines(name: string, subcommands: readonly Command<never>[]): string[] {
  const described = subcommands.flatMap(({ syntax, summary }) => [
    syntax
      .slice(name.length + 1)
      .replace(/:(string|key|int|double|pattern|unixtime)\b/g, '')
      .replace(/\s+/g, ' '),
    `    ${summary}`,
  ]);
  return [
    `${name} <subcommand> [<arg> [value] [opt] ...]. Subcommands are:`,
    ...described,
    'HELP',
    '    Prints this help.',
  ];
}
