/** Progress as a file: what goes out comes back in the same, and nothing else comes in. */
import { mergeProgress } from './merge.ts';
import type { Progress } from './progress.ts';
import { type Problem, parseSaved, toSaved } from './schema.ts';

const FORMAT = 'keyspace-progress';
/** The progress of 35 lessons is some hundred kB; a larger file is something else. */
const MAX_CHARS = 5_000_000;
const MAX_PROBLEMS = 8;

/** The text of the file. `at` is the time of the export, in ms since 1970. */
export function exportText(progress: Progress, at: number): string {
  const file = { format: FORMAT, exportedAt: new Date(at).toISOString(), ...toSaved(progress) };
  return `${JSON.stringify(file, null, 2)}\n`;
}

export type ImportResult =
  | { readonly kind: 'progress'; readonly progress: Progress }
  | { readonly kind: 'refused'; readonly problems: readonly Problem[] };

/** Reads the text of a file. Never throws; at most eight problems are named. */
export function importText(text: string): ImportResult {
  if (text.length > MAX_CHARS) return refused('', 'the file is larger than 5 MB');
  let file: unknown;
  try {
    file = JSON.parse(text);
  } catch (error) {
    return refused('', `the file is not JSON: ${error instanceof Error ? error.message : error}`);
  }
  if (!isExport(file)) return refused('format', `is not "${FORMAT}": another program wrote this`);
  const parsed = parseSaved(file);
  switch (parsed.kind) {
    case 'progress':
      return parsed;
    case 'newer':
      return refused(
        'version',
        `${parsed.version} is newer than this page: reload it and try again`,
      );
    case 'invalid':
      return { kind: 'refused', problems: parsed.problems.slice(0, MAX_PROBLEMS) };
  }
}

export type ImportMode = 'merge' | 'replace';

/** What the progress would be after the import. */
export function afterImport(current: Progress, file: Progress, mode: ImportMode): Progress {
  return mode === 'replace' ? file : mergeProgress(current, { ...file, epoch: current.epoch });
}

/** What a progress amounts to, for the preview. */
export interface Summary {
  readonly lessonsBegun: number;
  readonly exercises: number;
  readonly solved: number;
  readonly settings: number;
}

export function summaryOf(progress: Progress): Summary {
  const items = Object.values(progress.items);
  return {
    lessonsBegun: Object.keys(progress.lessons).length,
    exercises: items.length,
    solved: items.filter((item) => item.solved).length,
    settings: Object.keys(progress.settings).length,
  };
}

const isExport = (file: unknown) =>
  typeof file === 'object' && file !== null && 'format' in file && file.format === FORMAT;

const refused = (path: string, message: string): ImportResult => ({
  kind: 'refused',
  problems: [{ path, message }],
});
