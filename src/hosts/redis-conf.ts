import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { matches } from '../engine/bytes/glob.ts';
import { type Conf, readConf } from '../engine/server/conf-file.ts';
import { commandTable } from '../engine/server/table.ts';

/** Reads a configuration; `include` finds files of this machine. Throws as readConf does. */
export const readServerConf = (text: string): Conf =>
  readConf(text, { table: commandTable, include: readFiles });

/** The files that a pattern names, in order. Only the last part of the path may be a pattern. */
function readFiles(pattern: string): string[] {
  if (!/[*?[]/.test(pattern)) return [readFileSync(pattern, 'latin1')];
  const folder = dirname(pattern);
  const names = readdirSync(folder).filter((name) => matches(basename(pattern), name));
  return names.sort().map((name) => readFileSync(join(folder, name), 'latin1'));
}
