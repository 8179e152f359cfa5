/**
 * What an index is of: which keys, which fields, and what is kept of them.
 * https://redis.io/docs/latest/commands/ft.create/
 */
import { parseDouble } from '../../bytes/numbers.ts';
import { notSimulated } from '../../errors.ts';
import { badArguments, badDefinition, badQuery, unknownArgument } from './errors.ts';
import { type Expression, readExpression } from './expression.ts';
import { Options } from './options.ts';
import { type Field, readFields } from './schema.ts';
import { defaultStopwords, fold } from './words.ts';

export interface Definition {
  readonly name: string;
  readonly isJson: boolean;
  readonly prefixes: readonly string[];
  readonly filter: { readonly text: string; readonly expression: Expression } | undefined;
  readonly language: string | undefined;
  readonly languageField: string | undefined;
  readonly score: number;
  readonly scoreField: string | undefined;
  readonly payloadField: string | undefined;
  /** What FT.INFO repeats of the options: NOOFFSETS, NOHL, NOFIELDS, NOFREQS. */
  readonly flags: readonly string[];
  readonly stopwords: ReadonlySet<string>;
  /** The stopwords as they were given; undefined is the usual ones. */
  readonly ownStopwords: readonly string[] | undefined;
  /** Only what is written from now on: where among the words of the command it says so. */
  readonly skipsScanAt: number | undefined;
  readonly fields: readonly Field[];
}

type Draft = { -readonly [Key in keyof Definition]: Definition[Key] };

/** Reads what follows the name of an index in FT.CREATE. */
export function readDefinition(argv: readonly string[]): Definition {
  const options = new Options(argv, 2);
  const draft = blank(argv[1] as string);
  for (;;) {
    if (options.done) throw badArguments('No schema found');
    const word = options.next();
    if (word.toUpperCase() === 'SCHEMA') break;
    readOption(draft, options, word);
  }
  if (draft.flags.includes('MAXTEXTFIELDS') && draft.flags.includes('NOFIELDS')) {
    throw badQuery('MAXTEXTFIELDS cannot be used with NOFIELDS');
  }
  draft.fields = readFields(options, [], draft.isJson);
  return draft;
}

const blank = (name: string): Draft => ({
  ...{ name, isJson: false, prefixes: [''], filter: undefined, score: 1, scoreField: undefined },
  ...{ language: undefined, languageField: undefined, payloadField: undefined, flags: [] },
  ...{ stopwords: defaultStopwords, ownStopwords: undefined, skipsScanAt: undefined, fields: [] },
});

const FLAGS: readonly string[] = ['MAXTEXTFIELDS', 'NOOFFSETS', 'NOHL', 'NOFIELDS', 'NOFREQS'];

function readOption(draft: Draft, options: Options, word: string): void {
  const option = word.toUpperCase();
  if (FLAGS.includes(option)) draft.flags = [...draft.flags, option];
  else if (option === 'ON') draft.isJson = readSource(options);
  else if (option === 'PREFIX') {
    const prefixes = options.list('PREFIX');
    if (prefixes.length > 0) draft.prefixes = prefixes;
  } else if (option === 'FILTER') {
    const text = options.value('FILTER');
    draft.filter = { text, expression: readExpression(text) };
  } else if (option === 'LANGUAGE') draft.language = readLanguage(options.value('LANGUAGE'));
  else if (option === 'LANGUAGE_FIELD') {
    draft.languageField = options.value('LANGUAGE_FIELD');
  } else if (option === 'SCORE') draft.score = readScore(options.value('SCORE'));
  else if (option === 'SCORE_FIELD') draft.scoreField = options.value('SCORE_FIELD');
  else if (option === 'PAYLOAD_FIELD') draft.payloadField = options.value('PAYLOAD_FIELD');
  else if (option === 'STOPWORDS') {
    draft.ownStopwords = options.list('STOPWORDS');
    draft.stopwords = new Set(draft.ownStopwords.map(fold));
  } else if (option === 'SKIPINITIALSCAN') draft.skipsScanAt = options.at - 1;
  else if (option === 'TEMPORARY') throw notSimulated('TEMPORARY', 'drop an index nobody uses');
  else if (option === 'INDEXALL') options.value('INDEXALL');
  else throw unknownArgument(word);
}

function readSource(options: Options): boolean {
  const source = options.value('ON');
  if (source.toUpperCase() === 'JSON') return true;
  if (source.toUpperCase() === 'HASH') return false;
  throw badDefinition(`Invalid rule type: ${source}`);
}

function readScore(text: string): number {
  const score = parseDouble(text);
  if (score === undefined || !(score >= 0 && score <= 1)) throw badDefinition('Invalid score');
  return score;
}

const LANGUAGES: ReadonlySet<string> = new Set(
  `arabic armenian basque catalan chinese danish dutch english finnish french german greek hindi
   hungarian indonesian irish italian lithuanian nepali norwegian portuguese romanian russian serbian
   spanish swedish tamil turkish yiddish`.split(/\s+/),
);

/** Whether there is a stemmer for a language in the module. */
export const isLanguage = (name: string): boolean => LANGUAGES.has(name.toLowerCase());

/** The one language whose stems are known here. */
export const ENGLISH = 'english';

/** A language by its name; only one is simulated. */
function readLanguage(name: string): string {
  if (!isLanguage(name)) throw badDefinition('Invalid language');
  const language = name.toLowerCase();
  if (language !== ENGLISH) throw otherLanguage(language);
  return language;
}

export const otherLanguage = (language: string) =>
  notSimulated(`the language ${language}`, 'find words by their stems in it');

/** Whether a key is one that the index follows, by its name. */
export const hasPrefix = ({ prefixes }: Definition, key: string): boolean =>
  prefixes.some((prefix) => key.startsWith(prefix));
