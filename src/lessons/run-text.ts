/** What the page can run of a lesson so far, and the transcript that it comes to. */
import type { Language } from '../quiz/questions.ts';
import { isProgramLanguage, type Program, type ProgramLanguage } from '../runtimes/program.ts';
import { commandsOf } from '../transcript/layout.ts';
import { readTyped } from '../transcript/typed.ts';
import type { Block, CodeBlock } from './lesson.ts';
import type { Runnable } from './stretches.ts';

/** Commands are run as they stand, a Lua script by EVAL, a program by its own runtime. */
export const runsHere = ({ run, code }: Pick<CodeBlock, 'run' | 'code'>): boolean =>
  run && (code.language === 'redis' || code.language === 'lua' || isProgramLanguage(code.language));

/** What "Run all" runs: examples that come to an end by themselves. */
export const isEnding = (block: Block): boolean =>
  block.kind === 'code' && runsHere(block) && !block.endless;

/** What runs a block, where it is a program. */
export const programLanguageOf = ({
  code,
}: Pick<CodeBlock, 'code'>): ProgramLanguage | undefined =>
  isProgramLanguage(code.language) ? code.language : undefined;

/** What a text is to its runtime, where it is a program: all of it but the code. */
export const programOf = (
  language: Language | undefined,
  files: NonNullable<Program['files']>,
): Omit<Program, 'code'> | undefined =>
  language !== undefined && isProgramLanguage(language) ? { language, files } : undefined;

/** What the answer to a task runs. A script of Lua is given neither KEYS nor ARGV. */
export function answerOf(language: Language, text: string): string {
  if (language === 'lua') return evalOf({ keys: [], args: [] }, text);
  return isProgramLanguage(language) ? text : readTyped(text);
}

/** Programs with a pane of their own run beside whatever else runs. */
export const runsBeside = (block: Runnable): boolean =>
  block.kind === 'code' &&
  programLanguageOf(block) !== undefined &&
  (block.task !== undefined || block.endless);

/** What a block runs: what the reader has made of it, or what the lesson says. */
export function transcriptOf(block: Runnable | CodeBlock, draft: string | undefined): string {
  const { code } = block;
  if (block.kind === 'code' && code.language === 'lua') return evalOf(block, draft ?? code.source);
  if (isProgramLanguage(code.language)) return draft ?? code.source;
  return draft === undefined ? code.source : readTyped(draft);
}

/** What the reader edits, copies and takes to the scratchpad. */
export const textOf = ({ code }: CodeBlock, draft: string | undefined): string =>
  draft ?? (code.language === 'redis' ? commandsOf(code.source) : code.source);

function evalOf({ keys, args }: Pick<CodeBlock, 'keys' | 'args'>, script: string): string {
  const words = [quoted(script), String(keys.length), ...[...keys, ...args].map(quoted)];
  return `> EVAL ${words.join(' ')}`;
}

/** As redis-cli reads it: in double quotes, what would end the row escaped. */
const quoted = (text: string): string =>
  `"${text.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\t', '\\t')}"`;
