/**
 * Modules, which this server does not have yet: it says so, but for the questions that
 * can be answered rightly all the same.
 */
import { type Command, command } from '../commands/command.ts';
import { container } from '../commands/help.ts';
import { notSimulated } from '../errors.ts';
import type { Client } from './client.ts';

interface Needs {
  readonly server: { readonly startedAt: number };
  readonly client: Client;
}

const admin = ['admin', 'no_async_loading', 'noscript'] as const;
const row = { group: 'server', since: '1.0.0', complexity: 'O(1)' } as const;

const loading = {
  ...row,
  flags: [...admin, 'protected'],
  run: () => missing('loading modules', 'load it'),
} as const;

const modules = container<unknown>(
  'MODULE',
  { since: '4.0.0', group: 'server', summary: 'A container for module commands.' },
  [
    command('MODULE|LIST', {
      ...row,
      since: '4.0.0',
      summary: 'Lists the modules that are loaded.',
      complexity: 'O(N) where N is the number of loaded modules.',
      flags: ['admin', 'noscript'],
      tips: ['nondeterministic_output_order'],
      run: () => [],
    }),
    command('MODULE|LOAD path [arg [arg ...]]', {
      ...loading,
      since: '4.0.0',
      summary: 'Loads a module.',
    }),
    command('MODULE|LOADEX path [CONFIG name value [CONFIG name value ...]] [ARGS arg [arg ...]]', {
      ...loading,
      since: '7.0.0',
      summary: 'Loads a module with configuration directives.',
    }),
    command('MODULE|UNLOAD name', { ...loading, since: '4.0.0', summary: 'Unloads a module.' }),
  ],
);

function missing(what: string, instead: string): never {
  throw notSimulated(what, instead);
}

export const unsimulatedCommands: readonly Command<Needs>[] = modules;
