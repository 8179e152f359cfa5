/** The commands of a Redis Sentinel: its own, and those of a server that it keeps. */
import type { Command } from '../commands/command.ts';
import { redisError } from '../errors.ts';
import { sentinelCommands } from '../sentinel/commands.ts';
import { HELLO_CHANNEL } from '../sentinel/hello.ts';
import type { CallContext } from './context.ts';
import type { CommandTable } from './lookup.ts';
import type { Server } from './server.ts';
import { rows } from './table.ts';

type Row = Command<CallContext<Server>>;

/** What a Sentinel has of a server's commands, with all their subcommands. */
const kept = new Set([
  ...['acl', 'auth', 'client', 'command', 'hello', 'info', 'ping', 'psubscribe', 'publish'],
  ...['punsubscribe', 'role', 'shutdown', 'subscribe', 'unsubscribe'],
]);

/** Other Sentinels publish their hellos here as well; nobody else publishes. */
const publish: NonNullable<Row['run']> = ({ sentinel }, args) => {
  const [channel = '', message = ''] = args.rest();
  if (channel !== HELLO_CHANNEL) {
    throw redisError('ERR Only HELLO messages are accepted by Sentinel instances.');
  }
  sentinel?.hear(message);
  return 1;
};

/** What is done otherwise than by a server. */
const instead: ReadonlyMap<string, NonNullable<Row['run']>> = new Map([
  ['publish', publish],
  ['role', ({ sentinel }) => ['sentinel', [...(sentinel?.state.primaries.keys() ?? [])]]],
]);

const keptRows = rows
  .filter(({ name }) => kept.has(name.split('|')[0] ?? ''))
  .map((row) => {
    const run = instead.get(row.name);
    return run ? { ...row, run } : row;
  });

const own: readonly Row[] = sentinelCommands;

/** Every command by its lower-case name, as `commandTable` is for a server. */
export const sentinelTable: CommandTable = new Map(
  [...keptRows, ...own].map((row) => [row.name, row]),
);
