/** The search module. https://redis.io/docs/latest/develop/ai/search-and-query/ */
import { indexCommands } from './search/index-commands.ts';
import { searchCommands } from './search/search-command.ts';

export const searchModuleCommands = [...indexCommands, ...searchCommands];
