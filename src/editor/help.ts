/** What an editor asks of a server to help with typing. The page provides it; see `context.tsx`. */

import type { EditorKind } from './kinds.ts';

/** Something that may be typed. */
export interface Suggestion {
  readonly text: string;
  /** The whole of it, with what follows: `SET key value [NX|XX]`. */
  readonly syntax?: string;
  /** One line of meaning. */
  readonly meaning?: string;
}

export interface Suggestions {
  /** Where in the line the word begins that they replace. */
  readonly start: number;
  readonly all: readonly Suggestion[];
}

/** A line of a text that something is wrong with, from 1. */
export interface Mark {
  readonly line: number;
  readonly message: string;
}

export interface EditorHelp {
  /** What may stand at the end of a line of commands. */
  commands(line: string): Suggestions;
  /** What a command is, by its name with underscores, blanks or nothing between its words. */
  command(name: string): Suggestion | undefined;
  /** The directives of redis.conf with the values that a server begins with. */
  readonly directives: ReadonlyMap<string, string>;
  /** Of ACL, without the `@`. */
  readonly categories: readonly string[];
  /** What can be said against a text before it runs. */
  check(kind: EditorKind, text: string): Promise<readonly Mark[]>;
}

/** Asks a server, once. */
export type LoadHelp = () => Promise<EditorHelp>;
