/**
 * Pasted text becomes commands. Two things make it more than splitting at line ends: remarks, which a
 * real redis-cli would send as arguments, and whole sessions copied from somewhere, in which the
 * lines after a prompted command are what it answered there, not something to run.
 */
import { type Stripped, stripRemark } from './remark.ts';

export interface PastedStep extends Stripped {
  /** Where it stands in the paste, 1-based. */
  readonly line: number;
  /** The prompt that stood before it. */
  readonly prompt?: Prompt;
  /** The lines after it up to the next prompt: the reply it got where it was copied from. */
  readonly expected?: string;
}

export interface Prompt {
  /** As it stood there, `127.0.0.1:6379[1](TX)>`. */
  readonly text: string;
  /** The database number that it shows, 0 when none. */
  readonly db: number;
  readonly inTransaction: boolean;
}

/**
 * The commands of a paste, in order. As soon as one line has a prompt, the paste is a session, and a
 * line without one after it belongs to a reply. Whole-line remarks and blank lines are dropped.
 */
export function readPaste(text: string): PastedStep[] {
  const steps: PastedStep[] = [];
  let inReply = false;
  text.split(/\r\n|\r|\n/).forEach((row, index) => {
    const prompted = readPrompt(row);
    if (!prompted && inReply) {
      const last = steps.at(-1);
      if (last) steps[steps.length - 1] = { ...last, expected: joined(last.expected, row) };
      return;
    }
    const stripped = stripRemark(prompted?.rest ?? row);
    inReply ||= prompted !== undefined;
    if (stripped.command === '') return;
    const prompt = prompted && { prompt: prompted.prompt };
    steps.push({ line: index + 1, ...stripped, ...prompt });
  });
  return steps.map(trimExpected);
}

const place = String.raw`(?:[\w.-]+|\[[0-9a-fA-F:]+\]):\d+|redis(?: [^\s>]+)?|not connected`;
const marks = String.raw`(?:\[(\d+)\])?(\(TX\))?(?:\(subscribed mode\))?`;
const promptForm = new RegExp(`^\\s*(((?:${place})?${marks})>)(?:\\s+(.*))?$`);

function readPrompt(row: string): { prompt: Prompt; rest: string } | undefined {
  const [all, text, , db, tx, rest] = promptForm.exec(row) ?? [];
  if (all === undefined || text === undefined) return undefined;
  const prompt = { text, db: Number(db ?? 0), inTransaction: tx !== undefined };
  return { prompt, rest: rest ?? '' };
}

const joined = (text: string | undefined, row: string) =>
  text === undefined ? row.trimEnd() : `${text}\n${row.trimEnd()}`;

/** Blank lines around a reply are the layout of the paste, not the reply. */
function trimExpected(step: PastedStep): PastedStep {
  const { expected, ...rest } = step;
  const text = expected?.replace(/^\n+|\n+$/g, '');
  return text === undefined || text === '' ? rest : { ...rest, expected: text };
}
