/**
 * A lesson with its course map at the left and its dock at the right. Its head and short answer are
 * painted first; the sections, which are long, come with the next task.
 */
import { Suspense, useEffect, useRef, useState } from 'react';
import { useProgress, useProgressStore } from '../progress/context.tsx';
import { later } from '../ui/later.tsx';
import { PageHeading } from '../ui/PageHeading.tsx';
import { Loading } from '../ui/Progress.tsx';
import { Prose } from '../ui/Prose.tsx';
import { ErrorBoundary } from '../ui/States.tsx';
import { useAfterPaint } from '../ui/use-after-paint.tsx';
import { CourseDrawer } from './CourseDrawer.tsx';
import { CourseMap } from './CourseMap.tsx';
import { LessonContext } from './context.tsx';
import { LessonDock } from './LessonDock.tsx';
import { LessonTools } from './LessonTools.tsx';
import type { Lesson } from './lesson.ts';
import { openLesson } from './open.ts';

export function LessonPage({ lesson }: { lesson: Lesson }) {
  const progress = useProgressStore();
  const [open] = useState(() => openLesson(lesson, progress));
  useBegin(lesson.slug);
  return (
    <LessonContext value={open}>
      <LessonDock>
        <div className="lesson-columns">
          <MapColumn current={lesson.slug} />
          <LessonText lesson={lesson} />
        </div>
      </LessonDock>
    </LessonContext>
  );
}

function MapColumn({ current }: { current: string }) {
  const column = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const row = column.current?.querySelector<HTMLElement>('[aria-current]');
    const { current: box } = column;
    if (row && box) box.scrollTop = row.offsetTop - box.clientHeight / 2;
  }, []);
  return (
    <div ref={column} className="lesson-map no-print">
      <CourseMap now={Date.now()} current={current} narrow />
    </div>
  );
}

function useBegin(slug: string): void {
  const begin = useProgress((state) => state.begin);
  useEffect(() => begin(slug), [begin, slug]);
}

const Sections = later(() => import('./Sections.tsx'));

function LessonText({ lesson }: { lesson: Lesson }) {
  const painted = useAfterPaint();
  const coming = <Loading text="Loading the lesson…" />;
  return (
    <article className="lesson min-w-0">
      <Head lesson={lesson} />
      <section aria-labelledby="in-30-seconds" className="short-answer">
        <h2 id="in-30-seconds" className="mb-1 text-ui font-semibold text-accent">
          In 30 seconds
        </h2>
        <Prose html={lesson.short} />
      </section>
      <LessonTools />
      <ErrorBoundary what="The rest of the lesson">
        <Suspense fallback={coming}>{painted ? <Sections lesson={lesson} /> : coming}</Suspense>
      </ErrorBoundary>
    </article>
  );
}

function Head({ lesson }: { lesson: Lesson }) {
  const { number, title, question, minutes, slug } = lesson;
  return (
    <header>
      <div className="mb-2 flex flex-wrap items-center gap-x-2 text-ui text-ink-2">
        <CourseDrawer current={slug} />
        <p className="tabular-nums">
          {number} · {title} · {minutes}&#8239;min
        </p>
      </div>
      <PageHeading title={`${number} ${title}`} className="max-w-[36ch] text-title!">
        {question}
      </PageHeading>
    </header>
  );
}
