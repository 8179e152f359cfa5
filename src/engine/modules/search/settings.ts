/** What FT.CONFIG GET and SET know: the settings that matter to what is simulated. */
import { parseInteger } from '../../bytes/numbers.ts';
import { redisError } from '../../errors.ts';
import { badArguments, NOT_GIVEN, OUT_OF_BOUNDS, WRONG_TYPE } from './errors.ts';
import { DEFAULT_SCORER, scorers } from './ranking.ts';

interface Setting {
  readonly help: string;
  /** Its value at the start. */
  readonly start: string;
  /** The least and the most; none for what is no number. */
  readonly bounds?: readonly [least: number, most: number];
  /** It cannot be changed while the server runs. */
  readonly isFixed?: boolean;
}

const MOST = Number.MAX_SAFE_INTEGER;

const known: ReadonlyMap<string, Setting> = new Map<string, Setting>([
  [
    'MINPREFIX',
    { help: 'The shortest beginning of a word before a star', start: '2', bounds: [1, MOST] },
  ],
  ['MINSTEMLEN', { help: 'The shortest word that has a stem', start: '4', isFixed: true }],
  [
    'MAXSEARCHRESULTS',
    { help: 'The most results of FT.SEARCH', start: '1000000', bounds: [0, MOST] },
  ],
  [
    'MAXAGGREGATERESULTS',
    { help: 'The most results of FT.AGGREGATE', start: 'unlimited', isFixed: true },
  ],
  [
    'MAXEXPANSIONS',
    { help: 'The most words that a star stands for', start: '200', bounds: [1, MOST] },
  ],
  [
    'MAXPREFIXEXPANSIONS',
    { help: 'The most words that a star stands for', start: '200', bounds: [1, MOST] },
  ],
  [
    'TIMEOUT',
    { help: 'How long a query may take, in milliseconds', start: '500', bounds: [0, MOST] },
  ],
  ['DEFAULT_SCORER', { help: 'The scorer of queries that name none', start: DEFAULT_SCORER }],
  ['ON_TIMEOUT', { help: 'What a query does that takes too long', start: 'return' }],
  [
    'CURSOR_MAX_IDLE',
    { help: 'How long a cursor may be idle, in milliseconds', start: '300000', bounds: [1, MOST] },
  ],
  ['INDEX_CURSOR_LIMIT', { help: 'The most cursors of an index', start: '128', bounds: [0, MOST] }],
  [
    'DEFAULT_DIALECT',
    { help: 'The dialect of queries that name none', start: '1', bounds: [1, 4] },
  ],
]);

/** Two names of one setting. */
const twins: ReadonlyMap<string, string> = new Map([
  ['MAXEXPANSIONS', 'MAXPREFIXEXPANSIONS'],
  ['MAXPREFIXEXPANSIONS', 'MAXEXPANSIONS'],
]);

export class Settings {
  readonly #values = new Map(Array.from(known, ([name, { start }]) => [name, start]));

  text(name: string): string {
    return this.#values.get(name) ?? '';
  }

  number(name: string): number {
    return Number(this.text(name));
  }

  /** The settings of a name, in any case; `*` names all. */
  matching(name: string): (readonly [name: string, value: string, help: string])[] {
    const asked = name.toUpperCase();
    return Array.from(known)
      .filter(([each]) => asked === '*' || each === asked)
      .map(([each, { help }]) => [each, this.text(each), help]);
  }

  set(name: string, value: string | undefined): void {
    const upper = name.toUpperCase();
    const setting = known.get(upper);
    if (!setting) throw redisError('SEARCH_OPTION_INVALID Invalid option');
    if (setting.isFixed) throw redisError('SEARCH_OPTION_BAD Not modifiable at runtime');
    if (value === undefined) throw badArguments(NOT_GIVEN);
    const checked = check(upper, value, setting);
    this.#values.set(upper, checked);
    const twin = twins.get(upper);
    if (twin !== undefined) this.#values.set(twin, checked);
  }
}

function check(name: string, value: string, { bounds }: Setting): string {
  if (name === 'DEFAULT_SCORER') {
    if (scorers.includes(value) && value !== 'BM25STD.NORM') return value;
    throw redisError('SEARCH_VALUE_BAD Invalid default scorer value');
  }
  if (name === 'ON_TIMEOUT') {
    if (/^(return|fail)$/i.test(value)) return value.toLowerCase();
    throw redisError('SEARCH_VALUE_BAD Invalid ON_TIMEOUT value');
  }
  const number = parseInteger(value);
  if (number === undefined || !bounds) throw badArguments(WRONG_TYPE);
  if (name === 'DEFAULT_DIALECT' && number > 4n) {
    throw redisError('SEARCH_VALUE_BAD Default dialect version cannot be higher than 4');
  }
  if (number < bounds[0] || number > bounds[1]) throw badArguments(OUT_OF_BOUNDS);
  return String(number);
}
