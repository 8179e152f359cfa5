/** Synonyms, dictionaries, and the words that a query may have meant. https://redis.io/docs/latest/commands/ft.spellcheck/ */

import type { Args } from '../../commands/args.ts';
import { command } from '../../commands/command.ts';
import { wrongArity } from '../../errors.ts';
import { MapReply, ok, type Reply, SetReply } from '../../resp/reply.ts';
import { doubleReply, namedReplies } from '../replies.ts';
import { badArguments } from './errors.ts';
import { Options } from './options.ts';
import type { Query } from './query.ts';
import { readQuery } from './query-reader.ts';
import {
  replicated,
  type SearchContext,
  type SearchNeeds,
  searchChange,
  searchDrop,
  searched,
  searchLook,
} from './rows.ts';
import { type Guess, guessesFor } from './spelling.ts';
import { fold } from './words.ts';

export const dictionaryCommands = [
  command<SearchNeeds>(
    'FT.SYNUPDATE index synonym_group_id [SKIPINITIALSCAN] term:string [term:string ...]',
    {
      ...searchChange,
      since: '1.2.0',
      complexity: 'O(1), then O(N) for the documents that are there.',
      summary: 'Puts words into a group of synonyms.',
      run: replicated((ctx) => {
        ctx.search.addSynonyms(ctx.argv, searched(ctx));
        return ok;
      }),
    },
  ),
  command<SearchNeeds>('FT.SYNDUMP index', {
    ...searchLook,
    since: '1.2.0',
    complexity: 'O(N) where N is the number of words in groups.',
    summary: 'Lists the words that have synonyms, with their groups.',
    run(ctx, args) {
      const index = ctx.search.open(args.string(), searched(ctx));
      return new MapReply(Array.from(index.synonyms.entries(), ([word, groups]) => [word, groups]));
    },
  }),
  command<SearchNeeds>('FT.DICTADD dict term:string [term:string ...]', {
    ...searchChange,
    since: '1.4.0',
    complexity: 'O(1) for each word.',
    summary: 'Adds words to a dictionary.',
    run: replicated(({ search }, args) => search.addToDictionary(args.string(), args.rest())),
  }),
  command<SearchNeeds>('FT.DICTDEL dict term:string [term:string ...]', {
    ...searchDrop,
    since: '1.4.0',
    complexity: 'O(1) for each word.',
    summary: 'Takes words out of a dictionary.',
    run: replicated(({ search }, args) => search.deleteFromDictionary(args.string(), args.rest())),
  }),
  command<SearchNeeds>('FT.DICTDUMP dict', {
    ...searchLook,
    since: '1.4.0',
    complexity: 'O(N) where N is the size of the dictionary.',
    summary: 'Lists the words of a dictionary.',
    run(ctx, args) {
      const words = [...(ctx.search.dictionary(args.string()) ?? [])].sort();
      return ctx.protocol === 3 ? new SetReply(words) : words;
    },
  }),
  command<SearchNeeds>(
    `FT.SPELLCHECK index query [DISTANCE distance:int] [TERMS <INCLUDE | EXCLUDE> dictionary
     [terms [terms ...]]] [DIALECT dialect:int]`,
    {
      ...searchLook,
      since: '1.4.0',
      summary:
        'Tells which words of a query the index does not know, and what they may have meant.',
      run: spellCheck,
    },
  ),
];

interface Asked {
  distance: number;
  dialect: number;
  readonly include: string[];
  readonly exclude: Set<string>;
}

const MOST_DISTANCE = 4;

function spellCheck(ctx: SearchContext, args: Args): Reply {
  if (args.left < 2) throw wrongArity('ft.spellcheck');
  const index = ctx.search.open(args.string(), searched(ctx));
  const asked = readAsked(ctx);
  const query = readQuery(args.string(), index, {
    ...{ dialect: asked.dialect, parameters: new Map(), isVerbatim: true, keepsStopwords: true },
  });
  const checked = wordsOf(query)
    .filter(({ word }) => !asked.exclude.has(word) && !index.words.get(word))
    .map(({ word, fields }) => ({ word, guesses: guessesFor(word, fields, index, asked) }));
  return ctx.protocol === 3
    ? mapOfGuesses(checked)
    : checked.map(({ word, guesses }) => [
        'TERM',
        word,
        guesses.map(({ score, term }) => [doubleReply(score), term]),
      ]);
}

function mapOfGuesses(
  checked: readonly { readonly word: string; readonly guesses: readonly Guess[] }[],
): Reply {
  const words = checked.map(({ word, guesses }) => [
    word,
    guesses.map(({ score, term }) => new MapReply([[term, doubleReply(score)]])),
  ]);
  return namedReplies([['results', new MapReply(words as [Reply, Reply][])]]);
}

function readAsked({ argv, search }: SearchContext): Asked {
  const options = new Options(argv, 3);
  const asked: Asked = {
    ...{ distance: 1, dialect: search.settings.number('DEFAULT_DIALECT') },
    ...{ include: [], exclude: new Set() },
  };
  while (!options.done) {
    if (options.take('DISTANCE')) asked.distance = readDistance(options);
    else if (options.take('TERMS')) readTerms(asked, options, search);
    else if (options.take('DIALECT')) asked.dialect = options.integer('DIALECT');
    else throw badArguments(`Unknown argument \`${options.peek()}\``);
  }
  return asked;
}

function readDistance(options: Options): number {
  if (options.done) throw badArguments('DISTANCE arg is given but no DISTANCE comes after');
  const distance = Number(options.next());
  if (Number.isInteger(distance) && distance >= 1 && distance <= MOST_DISTANCE) return distance;
  throw badArguments(
    `invalid distance given, distance must be a natural number between 1 to ${MOST_DISTANCE}`,
  );
}

function readTerms(asked: Asked, options: Options, search: SearchContext['search']): void {
  if (options.argv.length - options.at < 2) {
    throw badArguments('TERM arg is given but no TERM params comes after');
  }
  const isInclude = options.take('INCLUDE');
  if (!isInclude && !options.take('EXCLUDE')) {
    throw badArguments('bad format, exclude/include operation was not given');
  }
  const words = search.dictionary(options.next());
  if (!words) throw badArguments('Dict does not exist');
  for (const word of words) {
    if (isInclude) asked.include.push(word);
    else asked.exclude.add(fold(word));
  }
}

/** The words of a query that stand for themselves. */
function wordsOf(query: Query): { readonly word: string; readonly fields: number }[] {
  if (query.kind === 'word') return [{ word: query.word, fields: query.fields }];
  if ('parts' in query) return query.parts.flatMap(wordsOf);
  return 'part' in query ? wordsOf(query.part) : [];
}
