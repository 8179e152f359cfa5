import { matches } from '../bytes/glob.ts';
import { type RedisError, redisError } from '../errors.ts';
import { ConfigError } from './config-kinds.ts';
import { directives } from './config-rows.ts';
import type { Directive, Reading } from './directive.ts';
import type { Settings } from './settings.ts';

/** Acts upon a new text of a directive; may refuse it by returning why. */
type Listener = (text: string) => string | undefined;

/** Directives and their texts, by every name. */
export type ConfigTexts = Readonly<Record<string, string>>;

const byName: ReadonlyMap<string, Directive> = new Map(
  directives.flatMap((directive) =>
    [directive.name, ...directive.aliases].map((name) => [name, directive] as const),
  ),
);

/** Every name of every directive, in the order of the rows. */
export const directiveNames: readonly string[] = [...byName.keys()];

/** The directive of this name, in any case. */
export const findDirective = (name: string): Directive | undefined =>
  byName.get(name.toLowerCase());

/**
 * The configuration of a server: the text of each directive, and in Settings the values that are
 * read on every command. https://redis.io/docs/latest/operate/oss_and_stack/management/config/
 */
export class Config {
  readonly #texts = new Map<Directive, string>();
  readonly #listeners = new Map<Directive, Listener>();

  constructor(
    private readonly settings: Settings,
    /** What redis.conf and the command line say. Throws an Error on a mistake. */
    given: ConfigTexts = {},
  ) {
    for (const directive of directives)
      this.#store(directive, directive.read(directive.default, ''));
    for (const [name, text] of Object.entries(given)) this.start(name, text);
  }

  /** What a directive says, as CONFIG GET prints it. The name is one of config-rows.ts. */
  text(name: string): string {
    const directive = findDirective(name);
    if (!directive) throw new Error(`there is no directive ${name}`);
    return this.#texts.get(directive) as string;
  }

  /** Whether a directive such as enable-debug-command, which is no, yes or local, lets a client. */
  allows(name: string, client: { readonly isLocal: boolean }): boolean {
    const text = this.text(name);
    return text === 'yes' || (text === 'local' && client.isLocal);
  }

  /** Sets a directive as redis.conf does, those that need a restart included. */
  start(name: string, text: string): void {
    const directive = findDirective(name);
    if (!directive) throw new Error(`Bad directive or wrong number of arguments: ${name}`);
    this.#store(directive, directive.read(text, this.text(name)));
  }

  /** Has `listener` hear of each change to a directive; there is one for each at most. */
  onChange(name: string, listener: Listener): void {
    const directive = findDirective(name);
    if (directive) this.#listeners.set(directive, listener);
  }

  /** The names that any of the patterns matches, each with its text. Hidden ones go by full name. */
  get(patterns: readonly string[]): [name: string, text: string][] {
    const found = new Set<string>();
    for (const pattern of patterns) {
      for (const name of namesLike(pattern)) found.add(name);
    }
    return [...found].map((name) => [name, this.text(name)]);
  }

  /**
   * Sets several directives together: all of them or, throwing what CONFIG SET answers, none.
   * `mayProtected` lets the protected ones be set.
   */
  set(pairs: readonly (readonly [name: string, text: string])[], mayProtected: boolean): void {
    const chosen = choose(pairs, mayProtected);
    const readings = chosen.map(({ name, directive, text }) => {
      const current = this.#texts.get(directive) as string;
      return { name, directive, current, reading: this.#read(name, directive, text, current) };
    });
    for (const { directive, reading } of readings) this.#store(directive, reading);
    for (const { name, directive, current, reading } of readings) {
      if (reading.text === current) continue;
      const objection = this.#listeners.get(directive)?.(reading.text);
      if (objection === undefined) continue;
      for (const each of readings)
        this.#store(each.directive, each.directive.read(each.current, ''));
      throw failed(name, objection);
    }
  }

  #read(name: string, directive: Directive, text: string, current: string): Reading {
    try {
      return directive.read(text, current);
    } catch (error) {
      if (error instanceof ConfigError) throw failed(name, error.message);
      throw error;
    }
  }

  #store(directive: Directive, reading: Reading): void {
    this.#texts.set(directive, reading.text);
    reading.store(this.settings);
  }
}

/** CONFIG GET repeats a plain name as it was given, and prints the names that a pattern matches. */
function namesLike(pattern: string): readonly string[] {
  if (!/[*?[]/.test(pattern)) return findDirective(pattern) ? [pattern] : [];
  return directiveNames.filter(
    (name) => !findDirective(name)?.isHidden && matches(pattern, name, { nocase: true }),
  );
}

interface Choice {
  readonly name: string;
  readonly directive: Directive;
  readonly text: string;
}

/** Looks all names up before any text is read, as CONFIG SET does. */
function choose(pairs: readonly (readonly [string, string])[], mayProtected: boolean): Choice[] {
  const seen = new Set<string>();
  return pairs.map(([given, text]) => {
    const directive = findDirective(given);
    if (!directive) {
      throw redisError(`ERR Unknown option or number of arguments for CONFIG SET - '${given}'`);
    }
    const name = given.toLowerCase();
    if (directive.changes === 'start') throw failed(name, "can't set immutable config");
    if (directive.changes === 'protected' && !mayProtected) {
      throw failed(name, "can't set protected config");
    }
    if (seen.has(name)) throw failed(name, 'duplicate parameter');
    seen.add(name);
    return { name, directive, text };
  });
}

const failed = (name: string, reason: string): RedisError =>
  redisError(`ERR CONFIG SET failed (possibly related to argument '${name}') - ${reason}`);
