/**
 * What somebody has typed or pasted into a box becomes a transcript. A bare row is a command; `A> `
 * before it names a client; `@pipeline`, `@end` and the other directives stand as in a transcript.
 * In a session copied from a terminal the rows between the prompts are replies, and are left out.
 */
import { readRow } from './parse.ts';

/** The same number of rows, so that a mistake is told at the row in which it was typed. */
export function readTyped(text: string): string {
  const rows = text.split(/\r\n|\r|\n/).map((row) => row.replace(terminalPrompt, '> ').trimEnd());
  const isSession = rows.some((row) => {
    const read = readRow(row);
    return read.kind === 'command' && read.client === '';
  });
  return rows.map((row) => asTranscriptRow(row, isSession)).join('\n');
}

const terminalPrompt =
  /^\s*(?:(?:[\w.-]+|\[[0-9a-fA-F:]+\]):\d+|redis)(?:\[\d+\])?(?:\(TX\))?(?:\(subscribed mode\))?> ?/;

function asTranscriptRow(row: string, isSession: boolean): string {
  const { kind } = readRow(row);
  if (kind === 'arrival') return '';
  if (kind !== 'reply') return row;
  return isSession ? '' : `> ${row.trim()}`;
}
