/**
 * What of Redis 8.10 is here, command by command: from the rows of the command table, and from notes
 * on what they lack. https://redis.io/docs/latest/commands/
 */
import core from './commands-8.10.json';
import { coverageNotes } from './coverage-notes.ts';
import ofModules from './module-commands-8.10.json';
import { commandTable } from './table.ts';

export type CoverageState = 'done' | 'partial' | 'not simulated';

export interface Coverage {
  /** As it is typed: `CONFIG GET`. */
  readonly name: string;
  readonly group: string;
  readonly since: string;
  readonly state: CoverageState;
  /** What is missing, or why all is. */
  readonly note?: string;
}

/** Those of the server itself, and those that its modules bring. */
const listed = [...core, ...ofModules];

/** Every command and subcommand of Redis 8.10, in the order of their names. */
export function coverage(): Coverage[] {
  return listed.map(([name = '', group = '', since = '']) => {
    const about = { name: name.toUpperCase().replace('|', ' '), group, since };
    const note = coverageNotes[name];
    if (!note && !isThere(name)) {
      return { ...about, state: 'not simulated', note: 'Its module is not here: unknown command.' };
    }
    if (!note) return { ...about, state: 'done' };
    const { partial, missing = '' } = note;
    if (partial === undefined) return { ...about, state: 'not simulated', note: missing };
    return { ...about, state: 'partial', note: partial };
  });
}

/** Commands of modules look at the word that follows themselves: they are no containers. */
const isThere = (name: string): boolean =>
  commandTable.has(name.includes('.') ? (name.split('|')[0] as string) : name);

/** Commands of which neither a row nor a note tells anything, and notes that are no longer true. */
export function coverageMistakes(): string[] {
  const names = new Set(listed.map(([name = '']) => name));
  const untold = core
    .map(([name = '']) => name)
    .filter((name) => !commandTable.has(name) && !coverageNotes[name]);
  const stale = Object.entries(coverageNotes).filter(
    ([name, { example, partial }]) =>
      !names.has(name) || (isThere(name) ? !partial && !example : Boolean(partial)),
  );
  return [
    ...untold.map((name) => `${name}: neither a row nor a note in coverage-notes.ts`),
    ...stale.map(([name]) => `${name}: the note in coverage-notes.ts is no longer true`),
  ];
}
