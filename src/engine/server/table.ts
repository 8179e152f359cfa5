import type { Command } from '../commands/command.ts';
import { genericCommands } from '../commands/generic.ts';
import { stringCommands } from '../commands/string.ts';
import { connectionCommands } from './connection.ts';
import type { CallContext } from './context.ts';
import type { CommandTable } from './lookup.ts';
import { pubsubCommands } from './pubsub.ts';
import type { Server } from './server.ts';
import { slowlogCommands } from './slowlog.ts';
import { transactionCommands } from './transactions.ts';

/** Every row of every folder. That this list compiles proves that the server provides what they need. */
export const rows: readonly Command<CallContext<Server>>[] = [
  ...genericCommands,
  ...stringCommands,
  ...connectionCommands,
  ...transactionCommands,
  ...pubsubCommands,
  ...slowlogCommands,
];

/** Every command by its lower-case name, subcommands as `config|get`. */
export const commandTable: CommandTable = new Map(rows.map((row) => [row.name, row]));
