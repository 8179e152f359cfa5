/** What the page can run of a lesson so far, and the transcript that it comes to. */
import { commandsOf } from '../transcript/layout.ts';
import { readTyped } from '../transcript/typed.ts';
import type { CodeBlock } from './lesson.ts';
import type { Runnable } from './stretches.ts';

/** Commands are run as they stand, a Lua script by EVAL. */
export const runsHere = ({ run, code }: CodeBlock): boolean =>
  run && (code.language === 'redis' || code.language === 'lua');

/** What a block runs: what the reader has made of it, or what the lesson says. */
export function transcriptOf(block: Runnable | CodeBlock, draft: string | undefined): string {
  const { code } = block;
  if (block.kind === 'code' && code.language === 'lua') return evalOf(block, draft ?? code.source);
  return draft === undefined ? code.source : readTyped(draft);
}

/** What the reader edits, copies and takes to the scratchpad. */
export const textOf = ({ code }: CodeBlock, draft: string | undefined): string =>
  draft ?? (code.language === 'redis' ? commandsOf(code.source) : code.source);

function evalOf({ keys, args }: CodeBlock, script: string): string {
  const words = [quoted(script), String(keys.length), ...[...keys, ...args].map(quoted)];
  return `> EVAL ${words.join(' ')}`;
}

/** As redis-cli reads it: in double quotes, what would end the row escaped. */
const quoted = (text: string): string =>
  `"${text.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\t', '\\t')}"`;
