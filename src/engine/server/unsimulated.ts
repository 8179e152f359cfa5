/**
 * What a server in a page cannot do, or cannot yet: it says so, but for the questions that can be
 * answered rightly all the same.
 */
import type { Args } from '../commands/args.ts';
import { type Command, command } from '../commands/command.ts';
import { container } from '../commands/help.ts';
import { notSimulated } from '../errors.ts';
import { ok, type Reply } from '../resp/reply.ts';
import type { Client } from './client.ts';
import type { Modules } from './modules.ts';

interface Needs {
  readonly server: { readonly startedAt: number; readonly modules: Modules };
  readonly client: Client;
}

const admin = ['admin', 'no_async_loading', 'noscript'] as const;
const row = { group: 'server', since: '1.0.0', complexity: 'O(1)' } as const;

const loading = {
  ...row,
  flags: [...admin, 'protected'],
  run({ server: { modules } }: Needs, args: Args): Reply {
    modules.load(args.string());
    return ok;
  },
} as const;

const modules = container<Needs>(
  'MODULE',
  { since: '4.0.0', group: 'server', summary: 'A container for module commands.' },
  [
    command<Needs>('MODULE|LIST', {
      ...row,
      since: '4.0.0',
      summary: 'Lists the modules that are loaded.',
      complexity: 'O(N) where N is the number of loaded modules.',
      flags: ['admin', 'noscript'],
      tips: ['nondeterministic_output_order'],
      run: ({ server: { modules } }) => modules.list(),
    }),
    command<Needs>('MODULE|LOAD path [arg [arg ...]]', {
      ...loading,
      since: '4.0.0',
      summary: 'Loads a module.',
    }),
    command<Needs>(
      'MODULE|LOADEX path [CONFIG name value [CONFIG name value ...]] [ARGS arg [arg ...]]',
      {
        ...loading,
        since: '7.0.0',
        summary: 'Loads a module with configuration directives.',
      },
    ),
    command<Needs>('MODULE|UNLOAD name', {
      ...loading,
      since: '4.0.0',
      summary: 'Unloads a module.',
      run: ({ server: { modules } }, args) => modules.unload(args.string()),
    }),
  ],
);

const watching = {
  ...row,
  since: '8.6.0',
  flags: ['admin', 'noscript'],
  tips: ['request_policy:special'],
  run: () => missing('measuring what single keys cost', 'count processor time and bytes by key'),
} as const;

const hotKeys = container<unknown>(
  'HOTKEYS',
  {
    since: '8.6.0',
    helpSince: '8.6.1',
    group: 'server',
    summary: 'A container for the commands that find the keys which cost most.',
  },
  [
    command(
      `HOTKEYS|START METRICS count:int [CPU] [NET] [COUNT k:int] [DURATION seconds:int]
       [SAMPLE ratio:int] [SLOTS count:int slot:int [slot:int ...]]`,
      { ...watching, summary: 'Starts to watch keys.', override: { arity: -2 } },
    ),
    command('HOTKEYS|STOP', { ...watching, summary: 'Stops watching; what was seen is kept.' }),
    command('HOTKEYS|GET', {
      ...watching,
      summary: 'Returns the keys that cost most.',
      tips: ['nondeterministic_output', 'request_policy:special', 'response_policy:special'],
    }),
    command('HOTKEYS|RESET', { ...watching, summary: 'Forgets what was seen.' }),
  ],
);

const backingUp = {
  ...row,
  since: '8.10.0',
  flags: ['admin', 'noscript'],
  run: () => missing('BACKUP', 'keep the files of a backup; see BGSAVE'),
} as const;

const backups = container<unknown>(
  'BACKUP',
  {
    since: '8.10.0',
    helpSince: '8.10.0',
    group: 'server',
    summary: 'A container for the commands that copy the data while it is in use.',
  },
  [
    command('BACKUP|START', { ...backingUp, summary: 'Starts a backup.' }),
    command('BACKUP|SEAL', {
      ...backingUp,
      summary: 'Ends a backup: what comes later is not in it.',
    }),
    command('BACKUP|ABORT', { ...backingUp, summary: 'Gives a backup up.' }),
    command('BACKUP|CLEANUP', { ...backingUp, summary: 'Deletes the files of a backup.' }),
    command('BACKUP|STATUS', {
      ...backingUp,
      flags: ['admin', 'stale'],
      summary: 'Tells how far a backup is.',
    }),
    command('BACKUP|LIST', {
      ...backingUp,
      flags: ['admin', 'stale'],
      summary: 'Lists the files of a backup.',
    }),
  ],
);

const trimming = command(
  'TRIMSLOTS <RANGES numranges:int startslot:int endslot:int [startslot:int endslot:int ...]>',
  {
    ...row,
    summary: 'Deletes the keys of slots that have moved away: for nodes among themselves.',
    since: '8.4.0',
    complexity: 'O(N) where N is the number of keys deleted.',
    flags: ['write'],
    override: { arity: -5, categories: ['keyspace', 'dangerous'] },
    isInternal: true,
    run: () => missing('TRIMSLOTS', 'delete the keys of these slots'),
  },
);

function missing(what: string, instead: string): never {
  throw notSimulated(what, instead);
}

export const unsimulatedCommands: readonly Command<Needs>[] = [
  ...modules,
  ...hotKeys,
  ...backups,
  trimming,
];
