/** What comes after the short answer of a lesson: its sections, and what to do next. */
import { useEffect, useRef } from 'react';
import { GROWTH } from '../ui/PageHeading.tsx';
import type { Lesson } from './lesson.ts';
import { NextStep } from './NextStep.tsx';
import { SectionView } from './SectionView.tsx';
import { useReadSection } from './use-read-section.tsx';

export default function Sections({ lesson }: { lesson: Lesson }) {
  const root = useRef<HTMLDivElement>(null);
  useReadSection(lesson);
  useEffect(() => {
    root.current?.dispatchEvent(new Event(GROWTH, { bubbles: true }));
  }, []);
  return (
    <div ref={root} className="contents">
      {lesson.sections.map((section) => (
        <SectionView key={section.id} section={section} />
      ))}
      <NextStep lesson={lesson} />
    </div>
  );
}
