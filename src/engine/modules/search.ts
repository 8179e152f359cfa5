/** The search module. https://redis.io/docs/latest/develop/ai/search-and-query/ */
import { aggregateCommands } from './search/aggregate-command.ts';
import { configCommands } from './search/config-commands.ts';
import { dictionaryCommands } from './search/dictionary-commands.ts';
import { indexCommands } from './search/index-commands.ts';
import { infoCommands } from './search/info-command.ts';
import { searchCommands } from './search/search-command.ts';
import { suggestCommands } from './search/suggest-commands.ts';

export const searchModuleCommands = [
  ...indexCommands,
  ...searchCommands,
  ...aggregateCommands,
  ...infoCommands,
  ...dictionaryCommands,
  ...suggestCommands,
  ...configCommands,
];
