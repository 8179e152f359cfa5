/**
 * Which blocks of a lesson build on which. A stretch begins in an empty lab: at the beginning of the
 * lesson, at every `setup`, at every block marked `fresh` or with a lab of its own; the blocks up to
 * the next one share its lab. So an example can be run again, or alone, and gives the same replies.
 */
import {
  type Block,
  blocksOf,
  type CodeBlock,
  type Lab,
  type Lesson,
  type SetupBlock,
} from './lesson.ts';

export type Runnable = Extract<Block, CodeBlock | SetupBlock>;

export interface Stretch {
  readonly lab: Lab;
  /** Not empty. */
  readonly blocks: readonly Runnable[];
}

/** All that can run in a lesson, in order. */
export function stretchesOf(lesson: Pick<Lesson, 'lab' | 'sections'>): Stretch[] {
  const stretches: { lab: Lab; blocks: Runnable[] }[] = [];
  for (const block of blocksOf(lesson)) {
    if (!isRunnable(block)) continue;
    const own = block.kind === 'code' ? block.lab : undefined;
    const begins = block.kind === 'setup' || block.fresh || own !== undefined;
    const last = stretches.at(-1);
    if (begins || !last) stretches.push({ lab: own ?? lesson.lab, blocks: [block] });
    else last.blocks.push(block);
  }
  return stretches;
}

/** What must have run, in an empty lab, for block `id` to print what it says. */
export function neededBefore(
  lesson: Pick<Lesson, 'lab' | 'sections'>,
  id: string,
): readonly Runnable[] {
  for (const { blocks } of stretchesOf(lesson)) {
    const at = blocks.findIndex((block) => block.id === id);
    if (at >= 0) return blocks.slice(0, at);
  }
  return [];
}

const isRunnable = (block: Block): block is Runnable =>
  block.kind === 'setup' || (block.kind === 'code' && block.run);
