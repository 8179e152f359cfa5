/** The address of a lesson: finds it, loads it, or says why there is none. */
import { use } from 'react';
import { Link } from 'wouter';
import { buttonClass } from '../ui/Button.tsx';
import { PageHeading } from '../ui/PageHeading.tsx';
import { type Entry, entryOf, type WrittenLesson } from './catalog.ts';
import { LessonPage } from './LessonPage.tsx';
import type { Lesson } from './lesson.ts';

export default function LessonView({ params }: { params: { slug: string } }) {
  const entry = entryOf(params.slug);
  if (!entry) return <Absent title="No such lesson" text="There is no lesson at this address." />;
  if (!entry.lesson) return <Unwritten entry={entry} />;
  return <Written key={entry.slug} lesson={entry.lesson} />;
}

function Written({ lesson }: { lesson: WrittenLesson }) {
  return <LessonPage lesson={use(loaded(lesson))} />;
}

const loading = new Map<WrittenLesson, Promise<Lesson>>();

/** A lesson is fetched once; a failure is not remembered, so that "Try again" tries again. */
function loaded(lesson: WrittenLesson): Promise<Lesson> {
  const known = loading.get(lesson);
  if (known) return known;
  const promise = lesson.load().catch((error: unknown) => {
    loading.delete(lesson);
    throw error;
  });
  loading.set(lesson, promise);
  return promise;
}

function Unwritten({ entry }: { entry: Entry }) {
  return (
    <Absent
      title={entry.question}
      text={`Lesson ${entry.number}, ${entry.title}, is planned and not written yet.`}
    />
  );
}

function Absent({ title, text }: { title: string; text: string }) {
  return (
    <div className="lesson flex flex-col items-start gap-4">
      <PageHeading title={title}>{title}</PageHeading>
      <p className="text-[0.9375rem]">{text}</p>
      <Link href="/" className={buttonClass('primary')}>
        Go to the course
      </Link>
    </div>
  );
}
