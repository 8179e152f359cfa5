/** What the page can run of a lesson so far, and the transcript that it comes to. */
import type { Language } from '../quiz/questions.ts';
import { type LuaWords, luaTranscript, noWords, typedWords } from '../runtimes/lua-text.ts';
import { isProgramLanguage, type Program, type ProgramLanguage } from '../runtimes/program.ts';
import { commandsOf } from '../transcript/layout.ts';
import { parseTranscript } from '../transcript/parse.ts';
import { readTyped } from '../transcript/typed.ts';
import type { Block, CodeBlock, Lesson } from './lesson.ts';
import { neededBefore, type Runnable } from './stretches.ts';

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
  if (language === 'lua') return luaTranscript(text, noWords);
  return isProgramLanguage(language) ? text : readTyped(text);
}

/** Programs with a pane of their own run beside whatever else runs. */
export const runsBeside = (block: Runnable): boolean =>
  block.kind === 'code' &&
  programLanguageOf(block) !== undefined &&
  (block.task !== undefined || block.endless);

/** What the reader has made of a block; nothing where it is as the lesson says. */
export interface Edited {
  readonly draft?: string | undefined;
  /** Of a Lua text: what it is called with. */
  readonly words?: LuaWords | undefined;
}

/** What a block runs. */
export function transcriptOf(block: Runnable | CodeBlock, { draft, words }: Edited): string {
  const { code } = block;
  if (block.kind === 'code' && code.language === 'lua') {
    return luaTranscript(draft ?? code.source, words ?? wordsOf(block));
  }
  if (isProgramLanguage(code.language)) return draft ?? code.source;
  return draft === undefined ? code.source : readTyped(draft);
}

/** What the reader edits, copies and takes to the scratchpad. */
export const textOf = ({ code }: CodeBlock, draft: string | undefined): string =>
  draft ?? (code.language === 'redis' ? commandsOf(code.source) : code.source);

/** What the lesson calls a Lua text with. */
export const wordsOf = ({ keys, args }: Pick<CodeBlock, 'keys' | 'args'>): LuaWords => ({
  keys: typedWords(keys),
  args: typedWords(args),
});

/** The commands of the examples that a block builds on. */
export const commandsBefore = (lesson: Lesson, { id }: CodeBlock): string[] =>
  neededBefore(lesson, id)
    .filter(({ code }) => code.language === 'redis')
    .flatMap(({ code }) => parseTranscript(code.source))
    .flatMap((step) =>
      step.kind === 'command' ? [step.command] : step.kind === 'pipeline' ? step.commands : [],
    );
