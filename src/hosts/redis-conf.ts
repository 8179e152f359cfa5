import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { matches } from '../engine/bytes/glob.ts';
import { type Conf, readConf } from '../engine/server/conf-file.ts';
import type { ConfigTexts } from '../engine/server/config.ts';
import { commandTable } from '../engine/server/table.ts';

/** Reads a configuration; `include` finds files of this machine. Throws as readConf does. */
export const readServerConf = (text: string): Conf =>
  readConf(text, { table: commandTable, include: readFiles });

/** The first address of `bind`; only this machine unless told otherwise. */
export function listenAddress({ bind }: ConfigTexts): string {
  const address = bind?.split(' ')[0]?.replace(/^-/, '') ?? '127.0.0.1';
  return address === '*' ? '0.0.0.0' : address;
}

/** The files that a pattern names, in order. Only the last part of the path may be a pattern. */
function readFiles(pattern: string): string[] {
  if (!/[*?[]/.test(pattern)) return [readFileSync(pattern, 'latin1')];
  const folder = dirname(pattern);
  const names = readdirSync(folder).filter((name) => matches(basename(pattern), name));
  return names.sort().map((name) => readFileSync(join(folder, name), 'latin1'));
}
