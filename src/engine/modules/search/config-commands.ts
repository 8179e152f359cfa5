/** FT.CONFIG, and what of the module is not simulated. https://redis.io/docs/latest/commands/ft.config-get/ */
import type { Args } from '../../commands/args.ts';
import { command } from '../../commands/command.ts';
import { notSimulated, redisError } from '../../errors.ts';
import { MapReply, ok, type Reply, Status } from '../../resp/reply.ts';
import {
  type SearchContext,
  type SearchNeeds,
  searchChange,
  searchDrop,
  searchLook,
  searchRead,
} from './rows.ts';

const instead = { since: '8.0.0', instead: '`CONFIG`' };

const missing = (what: string, real: string) => () => {
  throw notSimulated(what, real);
};

/** Of the first version of the module: documents were given to it, not written as hashes. */
const retired = (name: string, isWrite: boolean, hasKey: boolean) =>
  command<SearchNeeds>(hasKey ? `${name} index key [arguments]` : `${name} index [arguments]`, {
    ...(isWrite ? searchDrop : searchRead),
    summary: 'Of the first version of the module; write hashes instead.',
    ...(hasKey ? { keyUse: ['RW access update'] } : {}),
    isInternal: true,
    tips: [],
    override: { categories: [isWrite ? 'write' : 'read', 'search'], arity: -1 },
    run: missing(name, 'still know it, but not document it'),
  });

export const configCommands = [
  command<SearchNeeds>('FT.CONFIG', {
    ...searchLook,
    summary: 'Reads and sets what the module is configured with.',
    deprecated: instead,
    complexity: 'O(1)',
    tips: [],
    override: { categories: ['admin', 'search'], arity: -2 },
    run: config,
  }),
  command<SearchNeeds>('FT.PROFILE index <SEARCH | HYBRID | AGGREGATE> [LIMITED] QUERY query', {
    ...searchRead,
    since: '2.2.0',
    summary: 'Runs a query and tells what each part of it cost.',
    override: { ...searchRead.override, arity: -5 },
    run: missing('FT.PROFILE', 'tell what each part of the query cost'),
  }),
  command<SearchNeeds>(
    `FT.HYBRID index SEARCH query VSIM vector_field $vector_param PARAMS nargs:int name:string
     value:string`,
    {
      ...searchRead,
      since: '8.4.4',
      summary: 'Joins what a query finds with the nearest vectors.',
      override: { ...searchRead.override, arity: -7 },
      run: missing('FT.HYBRID', 'join two searches into one ranking'),
    },
  ),
  command<SearchNeeds>('FT.SYNADD index term:string [term:string ...]', {
    ...searchChange,
    summary: 'Of the first version of the module; see FT.SYNUPDATE.',
    isInternal: true,
    tips: [],
    override: { categories: ['search'], arity: -1 },
    run: missing('FT.SYNADD', 'say that it is gone: see FT.SYNUPDATE'),
  }),
  ...['FT.ADD', 'FT.SAFEADD', 'FT.DEL'].map((name) => retired(name, true, true)),
  retired('FT.GET', false, true),
  retired('FT.MGET', false, false),
  ...['FT.DROP', 'FT._DROPIFX'].map((name) => retired(name, true, false)),
];

function config({ search, argv, protocol }: SearchContext, args: Args): Reply {
  const subcommand = args.string().toUpperCase();
  const [, , name, value, ...extra] = argv;
  if (name === undefined || !['GET', 'SET', 'HELP'].includes(subcommand)) {
    throw redisError('No such configuration action');
  }
  if (subcommand === 'SET') {
    search.settings.set(name, value);
    return extra.length > 0 ? new Status('EXCESSARGS') : ok;
  }
  const found = search.settings.matching(name);
  if (subcommand === 'HELP') {
    return found.map(([each, current, help]) => [
      each,
      ...[new Status('Description'), help, new Status('Value'), current],
    ]);
  }
  const pairs = found.map(([each, current]) => [each, current] as const);
  return protocol === 3 ? new MapReply(pairs) : pairs;
}
