/** A section of a lesson with its blocks. What is shown is not rendered anew when more comes. */
import { memo } from 'react';
import { InlineProse, Prose } from '../ui/Prose.tsx';
import { CodeBlockView } from './CodeBlockView.tsx';
import { DemoView } from './DemoView.tsx';
import { InterviewBlock, PredictBlock, QuizBlock, TaskBlock } from './ExerciseBlocks.tsx';
import type { Block, Section } from './lesson.ts';
import { SetupView } from './SetupView.tsx';
import { ThenAndNowView } from './ThenAndNowView.tsx';

export const SectionView = memo(function SectionView({ section }: { section: Section }) {
  const { id, title, blocks } = section;
  return (
    <section aria-labelledby={title === '' ? undefined : id} className="flex flex-col gap-6">
      {title !== '' && (
        <h2 id={id} className="mt-6 max-w-measure text-[1.4rem] leading-[1.25] font-semibold">
          <InlineProse html={title} />
        </h2>
      )}
      {blocks.map((block) => (
        <BlockView key={block.line} block={block} />
      ))}
    </section>
  );
});

const BlockView = memo(function BlockView({ block }: { block: Block }) {
  switch (block.kind) {
    case 'prose':
      return <Prose html={block.html} />;
    case 'code':
      return <CodeBlockView block={block} />;
    case 'setup':
      return <SetupView block={block} />;
    case 'then-and-now':
      return <ThenAndNowView block={block} />;
    case 'demo':
      return <DemoView demo={block} />;
    case 'quiz':
      return <QuizBlock quiz={block.quiz} />;
    case 'predict':
      return <PredictBlock predict={block.predict} />;
    case 'challenge':
      return <TaskBlock challenge={block.challenge} />;
    case 'interview':
      return <InterviewBlock interview={block.interview} />;
  }
});
