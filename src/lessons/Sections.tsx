/**
 * What comes after the short answer of a lesson: its sections, and what to do next. They are long:
 * shown all at once they would keep a phone from answering for half a second.
 */
import { useEffect } from 'react';
import { GROWTH } from '../ui/PageHeading.tsx';
import { usePartByPart } from '../ui/use-after-paint.tsx';
import { blocksOf, type Lesson, type Section } from './lesson.ts';
import { NextStep } from './NextStep.tsx';
import { SectionView } from './SectionView.tsx';
import { useReadSection } from './use-read-section.tsx';

const BLOCKS_AT_ONCE = 4;

export default function Sections({ lesson }: { lesson: Lesson }) {
  const blocks = blocksOf(lesson).length;
  const shown = usePartByPart(blocks, BLOCKS_AT_ONCE);
  return (
    <div className="contents">
      {beginningOf(lesson.sections, shown).map((section) => (
        <SectionView key={section.id} section={section} />
      ))}
      {shown === blocks && <End lesson={lesson} />}
    </div>
  );
}

/** As much of the sections as holds so many blocks; those that are whole are the same objects. */
function beginningOf(sections: readonly Section[], count: number): Section[] {
  const begun: Section[] = [];
  let left = count;
  for (const section of sections) {
    if (left <= 0) break;
    const { blocks } = section;
    begun.push(left < blocks.length ? { ...section, blocks: blocks.slice(0, left) } : section);
    left -= blocks.length;
  }
  return begun;
}

/** Comes when all sections are there: now one can go to each of them. */
function End({ lesson }: { lesson: Lesson }) {
  useReadSection(lesson);
  useEffect(() => {
    document.dispatchEvent(new Event(GROWTH));
  }, []);
  return <NextStep lesson={lesson} />;
}
