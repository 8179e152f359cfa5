/**
 * MIGRATE and modules, which this server does not have yet: they say so, but for the questions that
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

const moving = [
  command(
    `MIGRATE host port:int <key | ""> destination-db:int timeout:int [COPY] [REPLACE]
     [AUTH password | AUTH2 username password] [KEYS key [KEYS key ...]]`,
    {
      summary: 'Moves keys to another server.',
      since: '2.6.0',
      group: 'generic',
      complexity: 'O(N) for DUMP and DEL here and RESTORE there.',
      flags: ['write'],
      keyUse: ['RW access delete', 'RW access delete incomplete'],
      tips: ['nondeterministic_output'],
      history: [
        ['3.0.0', 'COPY and REPLACE.'],
        ['3.0.6', 'KEYS.'],
        ['4.0.7', 'AUTH.'],
        ['6.0.0', 'AUTH2.'],
      ],
      override: {
        arity: -6,
        categories: ['keyspace', 'dangerous'],
        keys: [
          { begin: { index: 3 }, find: { lastKey: 0, step: 1, limit: 0 } },
          { begin: { keyword: 'KEYS', startFrom: -2 }, find: { lastKey: -1, step: 1, limit: 0 } },
        ],
      },
      findKeys: keysToMigrate,
      run: () => missing('moving keys between servers', 'send them there'),
    },
  ),
];

/** The keys after KEYS where the single key is empty; otherwise that one. */
function keysToMigrate(argv: readonly string[]): number[] {
  const at = argv.findIndex((arg, i) => i > 5 && arg.toUpperCase() === 'KEYS');
  if (at < 0) return [3];
  return argv[3] !== '' ? [] : argv.map((_, i) => i).slice(at + 1);
}

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

export const unsimulatedCommands: readonly Command<Needs>[] = [...moving, ...modules];
