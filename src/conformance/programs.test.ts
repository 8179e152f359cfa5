/** The programs of the lessons print under CPython and Node what they print in the page. */
import { afterAll, expect, test } from 'vitest';
import { topologyOf } from '../lessons/labs.ts';
import { blocksOf, type CodeBlock, filesOf, type Lesson } from '../lessons/lesson.ts';
import { parseLesson } from '../lessons/parse.ts';
import { neededBefore, type Runnable, stretchesOf } from '../lessons/stretches.ts';
import { replay } from '../transcript/replay.ts';
import { doorOf } from './lab-place.ts';
import { NativePrograms, ServedLab } from './native-programs.ts';
import { Rig } from './rig.ts';

const files = import.meta.glob<string>('../../content/[0-9]*.md', {
  query: '?raw',
  import: 'default',
  eager: true,
});
const lessons = Object.entries(files).map(([path, text]) => parseLesson(path, text));
const native = openNative();
afterAll(() => native?.close());

type Program = { name: string; lesson: Lesson; block: CodeBlock; language: 'python' | 'node' };

/** Those that say what they print. */
const programs: readonly Program[] = lessons.flatMap((lesson) =>
  blocksOf(lesson).flatMap((block) => {
    if (block.kind !== 'code' || !block.run || block.output === undefined) return [];
    const { language } = block.code;
    if (language !== 'python' && language !== 'node') return [];
    return [{ name: `${lesson.slug}/${block.id}`, lesson, block, language }];
  }),
);

/** Why a program has nothing to be compared with. */
function lacks({ block }: Program): string | undefined {
  const standIn = /^(?:from|import) (rejson|redistimeseries|rediscluster|schedule)\b/m;
  const [, name] = standIn.exec(block.code.source) ?? [];
  if (name !== undefined) return `${name} is a stand-in of the page`;
  return block.endless ? 'it never ends' : undefined;
}

const leftOut = programs.filter(lacks);
afterAll(() => {
  for (const program of leftOut) console.log(`not compared: ${program.name}, ${lacks(program)}`);
});

// Some wait half a second for a server: a machine that others use may be slower once.
test.runIf(native).concurrent.each(programs.filter((program) => !lacks(program)))(
  '$name',
  { retry: 2 },
  async ({ lesson, block, language }) => {
    const topology = topologyOf(labOf(lesson, block));
    const served = new ServedLab({ topology, config: lesson.config });
    await served.open();
    try {
      await prepare(served, neededBefore(lesson, block.id));
      const about = { files: filesOf(lesson), served };
      const printed = await native?.run(language, block.code.source, about);
      expect(printed?.trimEnd()).toBe(block.output);
    } finally {
      await served.close();
    }
  },
);

/** With CI=true all must be here. */
function openNative(): NativePrograms | undefined {
  try {
    return new NativePrograms();
  } catch (error) {
    if (process.env.CI === 'true') throw error;
    console.warn(`programs not compared: ${error instanceof Error ? error.message : error}`);
    return undefined;
  }
}

/** What the page runs before a program is run alone. */
async function prepare({ lab }: ServedLab, blocks: readonly Runnable[]): Promise<void> {
  const rig = new Rig(doorOf(lab));
  for (const { code } of blocks) {
    if (code.language === 'redis') await replay(code.source, rig);
  }
  await rig.close();
}

const labOf = (lesson: Lesson, { id }: CodeBlock) =>
  stretchesOf(lesson).find(({ blocks }) => blocks.some((each) => each.id === id))?.lab ??
  lesson.lab;
