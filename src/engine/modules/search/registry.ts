/**
 * The search module of one server: its indexes and what else it knows. Indexes follow the keys of
 * database 0: which were written is noted at once, and read when somebody asks.
 * https://redis.io/docs/latest/develop/ai/search-and-query/
 */
import { redisError } from '../../errors.ts';
import type { Database } from '../../keyspace/database.ts';
import { Cursors } from './cursors.ts';
import { hasPrefix, readDefinition } from './definition.ts';
import { sourceAt } from './document.ts';
import { badQuery, noIndex } from './errors.ts';
import { Options } from './options.ts';
import { readFields } from './schema.ts';
import { SearchIndex } from './search-index.ts';
import { Settings } from './settings.ts';

type Argv = readonly string[];

export class Search {
  readonly settings = new Settings();
  readonly cursors = new Cursors();
  readonly #indexes = new Map<string, SearchIndex>();
  readonly #aliases = new Map<string, string>();
  readonly #dictionaries = new Map<string, Set<string>>();
  /** The commands that made each index, for files and replicas: none of them skips a document. */
  readonly #histories = new Map<string, Argv[]>();
  /** The keys that were written since anybody asked, in the order of their last writes. */
  readonly #written = new Set<string>();
  /** All keys may have changed. */
  #isStale = false;

  /** A key was written, or is gone. */
  touched(db: Database, key: string): void {
    if (this.#indexes.size === 0 || db.index !== 0) return;
    this.#written.delete(key);
    this.#written.add(key);
  }

  /** A database was emptied, whichever: the module forgets all that it knows. */
  flushed(): void {
    this.#indexes.clear();
    this.#aliases.clear();
    this.#dictionaries.clear();
    this.#histories.clear();
    this.#written.clear();
    this.cursors.clear();
  }

  /** Database 0 holds something else now. */
  replaced(): void {
    this.#isStale = true;
  }

  get indexes(): Iterable<SearchIndex> {
    return this.#indexes.values();
  }

  get aliases(): Iterable<readonly [alias: string, index: string]> {
    return this.#aliases;
  }

  /** The index of a name or an alias, up to date. Throws when there is none. */
  open(name: string, db: Database): SearchIndex {
    const index = this.find(name);
    if (!index) throw noIndex(name);
    index.uses++;
    this.#followUp(db);
    return index;
  }

  /** The index of a name or an alias, as it is. */
  find(name: string): SearchIndex | undefined {
    return this.named(name) ?? this.#indexes.get(this.#aliases.get(name) ?? '');
  }

  named(name: string): SearchIndex | undefined {
    return this.#indexes.get(name);
  }

  dictionary(name: string): ReadonlySet<string> | undefined {
    return this.#dictionaries.get(name);
  }

  /** FT.CREATE. */
  create(argv: Argv, db: Database): void {
    const [, name = ''] = argv;
    if (this.#indexes.has(name)) throw redisError('SEARCH_INDEX_EXISTS Index already exists');
    const index = new SearchIndex(readDefinition(argv));
    this.#followUp(db);
    this.#indexes.set(name, index);
    const { skipsScanAt } = index.definition;
    this.#histories.set(name, [without(argv, skipsScanAt)]);
    if (skipsScanAt === undefined) rebuild(index, db);
  }

  /** FT.ALTER: more fields, in documents that are there already too. */
  alter(argv: Argv, db: Database): void {
    const options = new Options(argv, 2);
    const skipsScan = options.take('SKIPINITIALSCAN');
    if (!options.take('SCHEMA')) throw redisError('ALTER must be followed by SCHEMA');
    if (!options.take('ADD')) throw redisError('Unknown action passed to ALTER SCHEMA');
    const index = this.open(argv[1] as string, db);
    index.fields = readFields(options, index.fields, index.definition.isJson);
    this.#histories.get(index.name)?.push(without(argv, skipsScan ? 2 : undefined));
    if (!skipsScan) rebuild(index, db);
  }

  drop(index: SearchIndex): void {
    this.#indexes.delete(index.name);
    this.#histories.delete(index.name);
    this.cursors.drop(index.name);
    for (const [alias, name] of this.#aliases) {
      if (name === index.name) this.#aliases.delete(alias);
    }
  }

  /** FT.SYNUPDATE. */
  addSynonyms(argv: Argv, db: Database): void {
    const index = this.open(argv[1] as string, db);
    const options = new Options(argv, 3);
    const skipsScan = options.take('SKIPINITIALSCAN');
    index.synonyms.add(argv[2] as string, argv.slice(options.at));
    this.#histories.get(index.name)?.push(without(argv, skipsScan ? 3 : undefined));
    if (!skipsScan) rebuild(index, db);
  }

  addAlias(alias: string, name: string): void {
    if (this.#indexes.has(alias)) {
      throw redisError('SEARCH_ALIAS_CONFLICT Alias conflicts with an existing index name');
    }
    if (this.#aliases.has(alias)) throw redisError('SEARCH_INDEX_EXISTS Alias already exists');
    this.#aliases.set(alias, this.#target(name).name);
  }

  moveAlias(alias: string, name: string): void {
    if (this.#indexes.has(alias)) throw foreignAlias();
    this.#aliases.set(alias, this.#target(name).name);
  }

  /** An alias is for an index, not for another alias. */
  #target(name: string): SearchIndex {
    const index = this.#indexes.get(name);
    if (index) return index;
    if (!this.#aliases.has(name)) throw noIndex(name);
    throw redisError('SEARCH_INDEX_NOT_FOUND Unknown index name (or name is an alias itself)');
  }

  deleteAlias(alias: string): void {
    if (this.#indexes.has(alias)) throw foreignAlias();
    if (!this.#aliases.delete(alias)) throw redisError('Alias does not exist');
  }

  /** Returns how many were new. */
  addToDictionary(name: string, terms: readonly string[]): number {
    const dictionary = this.#dictionaries.get(name) ?? new Set<string>();
    const before = dictionary.size;
    for (const term of terms) if (term !== '') dictionary.add(term);
    if (dictionary.size > 0) this.#dictionaries.set(name, dictionary);
    return dictionary.size - before;
  }

  /** Returns how many were there. */
  deleteFromDictionary(name: string, terms: readonly string[]): number {
    const dictionary = this.#dictionaries.get(name);
    const gone = terms.filter((term) => dictionary?.delete(term)).length;
    if (dictionary?.size === 0) this.#dictionaries.delete(name);
    return gone;
  }

  /** The commands that make all of this anew. */
  get commands(): Argv[] {
    const aliases = [...this.#aliases].map(([alias, name]) => ['FT.ALIASADD', alias, name]);
    const dictionaries = [...this.#dictionaries].map(([name, terms]) => [
      'FT.DICTADD',
      name,
      ...terms,
    ]);
    return [...[...this.#histories.values()].flat(), ...aliases, ...dictionaries];
  }

  /** Runs such commands; the keys are there already. */
  restore(commands: readonly Argv[], db: Database): void {
    this.replaced();
    for (const argv of commands) {
      const [name = '', first = '', second = '', ...rest] = argv;
      switch (name.toUpperCase()) {
        case 'FT.ALTER':
        case 'FT._ALTERIFNX':
          this.alter(argv, db);
          break;
        case 'FT.SYNUPDATE':
          this.addSynonyms(argv, db);
          break;
        case 'FT.ALIASADD':
          this.addAlias(first, second);
          break;
        case 'FT.DICTADD':
          this.addToDictionary(first, [second, ...rest]);
          break;
        default:
          if (!this.#indexes.has(first)) this.create(argv, db);
      }
    }
  }

  /** Reads the keys that were written. */
  #followUp(db: Database): void {
    if (this.#isStale) {
      this.#isStale = false;
      this.#written.clear();
      for (const index of this.#indexes.values()) rebuild(index, db);
    }
    // To look at a key that has expired deletes it, which is news again.
    while (this.#written.size > 0) {
      const keys = [...this.#written];
      this.#written.clear();
      for (const key of keys) this.#read(key, db);
    }
    for (const index of this.#indexes.values()) if (index.isWorn) renumber(index, db);
  }

  #read(key: string, db: Database): void {
    for (const index of this.#indexes.values()) {
      if (hasPrefix(index.definition, key)) {
        index.refresh(key, sourceAt(db, key, index.definition.isJson));
      }
    }
  }
}

/** A command without one of its words. */
const without = (argv: Argv, at: number | undefined): Argv =>
  at === undefined ? argv : argv.toSpliced(at, 1);

const foreignAlias = () =>
  redisError('SEARCH_INDEX_NOT_FOUND Alias does not belong to provided spec');

/** Reads every key anew. */
function rebuild(index: SearchIndex, db: Database): void {
  const keys = Array.from(db.entries(), ([key]) => key);
  readAll(
    keys.filter((key) => hasPrefix(index.definition, key)),
    index,
    db,
  );
}

/** Reads the documents of an index anew, in the order in which they were written. */
const renumber = (index: SearchIndex, db: Database): void => readAll([...index.keys()], index, db);

function readAll(keys: readonly string[], index: SearchIndex, db: Database): void {
  index.clear();
  for (const key of keys) index.refresh(key, sourceAt(db, key, index.definition.isJson));
}

/** The error of a command that adds a field which is there, to those that do not mind. */
export const isDuplicateField = (error: unknown): boolean =>
  error instanceof Error && error.message.startsWith(badQuery('Duplicate field').message);
