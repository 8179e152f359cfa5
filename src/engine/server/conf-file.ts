/**
 * redis.conf as a server reads it when it starts.
 * https://redis.io/docs/latest/operate/oss_and_stack/management/config/
 */
import { quote } from '../resp/print.ts';
import { splitArgs } from '../resp/split.ts';
import type { Resolve } from '../sentinel/address.ts';
import {
  readSentinelConf,
  type SentinelConf,
  type SentinelLine,
  SentinelLineError,
} from '../sentinel/conf.ts';
import { AclError } from './acl-selector.ts';
import { joinSelectors, User } from './acl-user.ts';
import { type ConfigTexts, findDirective } from './config.ts';
import { ConfigError } from './config-kinds.ts';
import type { CommandTable } from './lookup.ts';

/** What a redis.conf says. */
export interface Conf {
  /** Each directive's text, as CONFIG GET prints it. */
  readonly texts: ConfigTexts;
  readonly users: readonly ConfUser[];
  /** Commands that have another name; '' is none at all. */
  readonly renames: Renames;
  /** The files that loadmodule names. */
  readonly modules: readonly string[];
}

export interface ConfUser {
  readonly name: string;
  readonly rules: readonly string[];
}

/** New names by old ones, in lower case. */
export type Renames = Readonly<Record<string, string>>;

/** A line that a server does not start with. `line` counts from 1, in its own file. */
export class ConfFileError extends Error {
  override readonly name = 'ConfFileError';

  constructor(
    readonly line: number,
    readonly text: string,
    readonly reason: string,
  ) {
    super(reason);
  }

  /** As redis-server prints it before it exits. */
  report(version: string): string {
    return [
      '',
      `*** FATAL CONFIG FILE ERROR (Redis ${version}) ***`,
      `Reading the configuration file, at line ${this.line}`,
      `>>> '${this.text}'`,
      this.reason,
    ].join('\n');
  }
}

export interface ConfReader {
  readonly table: CommandTable;
  /** The texts of the files that an `include` names; a pattern may name several, or none. */
  include(pattern: string): readonly string[];
}

/** Reads a redis.conf, each line checked. Throws a ConfFileError at the first mistake. */
export function readConf(text: string, reader: ConfReader): Conf {
  const draft: Draft = { texts: {}, users: [], renames: {}, modules: [] };
  readLines(text, reader, draft);
  return draft;
}

/**
 * Reads a sentinel.conf: the same, and what its `sentinel` lines say, which are looked at when all
 * others are right. Throws a ConfFileError at the first mistake.
 */
export function readSentinelFile(text: string, reader: ConfReader, resolve: Resolve) {
  const sentinelLines: SentinelLine[] = [];
  const draft: Draft = {
    texts: { port: '26379', 'protected-mode': 'no' },
    users: [],
    renames: {},
    modules: [],
    sentinelLines,
  };
  readLines(text, reader, draft);
  try {
    const sentinel: SentinelConf = readSentinelConf(sentinelLines, resolve);
    return { texts: draft.texts, users: draft.users, renames: draft.renames, sentinel };
  } catch (error) {
    if (!(error instanceof SentinelLineError)) throw error;
    throw new ConfFileError(error.at.line, error.at.text, error.message);
  }
}

interface Draft extends Conf {
  readonly texts: Record<string, string>;
  readonly users: ConfUser[];
  readonly renames: Record<string, string>;
  readonly modules: string[];
  /** Where they are welcome. */
  readonly sentinelLines?: SentinelLine[];
}

function readLines(text: string, reader: ConfReader, draft: Draft): void {
  for (const [index, row] of text.split('\n').entries()) {
    const line = row.trim();
    if (line === '' || line.startsWith('#')) continue;
    try {
      readLine(index + 1, line, reader, draft);
    } catch (error) {
      if (error instanceof ConfigError) throw new ConfFileError(index + 1, line, error.message);
      throw error;
    }
  }
}

const badDirective = () => new ConfigError('Bad directive or wrong number of arguments');

function readLine(number: number, line: string, reader: ConfReader, draft: Draft): void {
  const words = splitArgs(line);
  if (!words) throw new ConfigError('Unbalanced quotes in configuration line');
  const [word = '', ...values] = words;
  const name = word.toLowerCase();
  if (findDirective(name)) readDirective(name, values, draft.texts);
  else if (name === 'include' && values.length === 1) {
    for (const text of reader.include(values[0] as string)) readLines(text, reader, draft);
  } else if (name === 'rename-command' && values.length === 2) {
    rename(values[0] as string, values[1] as string, reader.table, draft.renames);
  } else if (name === 'loadmodule' && values.length >= 1) {
    draft.modules.push(values[0] as string);
  } else if (name === 'user' && values.length >= 1) {
    draft.users.push(readUser(values, reader.table, draft.users));
  } else if (name === 'sentinel' && values.length > 0) {
    if (!draft.sentinelLines) {
      throw new ConfigError('sentinel directive while not in sentinel mode');
    }
    draft.sentinelLines.push({ line: number, text: line, words: values });
  } else if (!obsolete.has(name)) throw badDirective();
}

/** Accepted without any effect: for the sake of old files, and `sentinel` where nothing follows. */
const obsolete = new Set(['list-max-ziplist-entries', 'list-max-ziplist-value', 'sentinel']);

/** Adds one directive to what has been read. */
function readDirective(name: string, values: string[], texts: Record<string, string>): void {
  const directive = findDirective(name);
  if (!directive) throw badDirective();
  const needsOne = values.length === 0 && !mayBeBare.has(name);
  if (needsOne || (values.length > 1 && !takesMany(name, directive.isMulti))) {
    throw new ConfigError('wrong number of arguments');
  }
  if (directive.name === 'replicaof') {
    texts.replicaof = readPrimary(values);
    return;
  }
  const before = texts[directive.name];
  const value = values.join(' ');
  const reading = directive.read(value, before ?? directive.default);
  // Lines of `save` add up, until an empty one starts anew.
  const adds = directive.name === 'save' && before !== undefined && value !== '';
  texts[directive.name] = adds ? `${before} ${reading.text}`.trim() : reading.text;
}

const mayBeBare = new Set(['save', 'bind']);

const takesMany = (name: string, isMulti: boolean): boolean =>
  isMulti || name === 'replicaof' || name === 'slaveof';

/** `host port`, or nothing for "no one". */
function readPrimary(values: readonly string[]): string {
  const [host = '', port = ''] = values;
  if (values.length !== 2) throw new ConfigError('wrong number of arguments');
  if (/^no$/i.test(host) && /^one$/i.test(port)) return '';
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535)
    throw new ConfigError('Invalid master port');
  return `${host} ${port}`;
}

function rename(
  word: string,
  target: string,
  table: CommandTable,
  renames: Record<string, string>,
): void {
  const [old, fresh] = [word.toLowerCase(), target.toLowerCase()];
  // What has been renamed goes by its new name.
  const renamed = Object.keys(renames).find((name) => renames[name] === old);
  const isFree = (name: string) => !table.has(name) || renames[name] !== undefined;
  if (old === '' || old.includes('|') || (renamed === undefined && isFree(old))) {
    throw new ConfigError('No such command in rename-command');
  }
  if (fresh !== '' && (!isFree(fresh) || Object.values(renames).includes(fresh))) {
    throw new ConfigError('Target command name already exists');
  }
  renames[renamed ?? old] = fresh;
}

/** A command that nobody knows may come with a module: that is looked at when the server starts. */
function readUser(
  words: readonly string[],
  table: CommandTable,
  known: readonly ConfUser[],
): ConfUser {
  const [name = '', ...rules] = words;
  // Redis counts from the rules, and names the word that stands there in the whole line.
  const wrong = (index: number, reason: string) =>
    new ConfigError(`Error in user declaration '${['user', ...words][index]}': ${reason}`);
  if (known.some((user) => user.name === name)) {
    throw wrong(1, 'Duplicate user found. A user can only be defined once in config files');
  }
  const joined = joinSelectors(rules);
  if (joined.unmatched !== undefined) {
    throw wrong(rules.indexOf(joined.unmatched), 'Unknown command or category name in ACL');
  }
  const scratch = new User(name, table, false);
  for (const [index, rule] of joined.rules.entries()) {
    try {
      scratch.apply(rule);
    } catch (error) {
      if (!(error instanceof AclError)) throw error;
      if (!error.isUnknownCommand) throw wrong(index, error.message);
    }
  }
  return { name, rules: joined.rules };
}

/** The lines that the arguments of a command line stand for: `--port 7000` is `port "7000"`. */
export function optionLines(args: readonly string[]): string {
  const lines: string[] = [];
  for (const arg of args) {
    if (arg.startsWith('--')) lines.push(arg.slice(2));
    else lines.push(`${lines.pop() ?? ''} ${quote(arg)}`);
  }
  return lines.map((line) => `${line}\n`).join('');
}

/** The table of a server on which some commands have another name, or none. */
export function renamedTable(table: CommandTable, renames: Renames): CommandTable {
  if (Object.keys(renames).length === 0) return table;
  return new Map(
    [...table].flatMap(([name, command]) => {
      const renamed = renames[name] ?? name;
      return renamed === '' ? [] : [[renamed, command] as const];
    }),
  );
}
