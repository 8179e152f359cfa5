/** The address of a lesson: finds it, loads it, or says why there is none. */
import { use } from 'react';
import { Link } from 'wouter';
import { buttonClass } from '../ui/Button.tsx';
import { PageHeading } from '../ui/PageHeading.tsx';
import { type Entry, entryOf } from './catalog.ts';
import { LessonPage } from './LessonPage.tsx';
import type { Lesson } from './lesson.ts';

export default function LessonView({ params }: { params: { slug: string } }) {
  const entry = entryOf(params.slug);
  if (!entry) return <Absent title="No such lesson" text="There is no lesson at this address." />;
  return <Loaded key={entry.slug} entry={entry} />;
}

function Loaded({ entry }: { entry: Entry }) {
  return <LessonPage lesson={use(loaded(entry))} />;
}

/** Fetches a lesson ahead of its page; nothing if there is none at this address. */
export async function loadLesson(slug: string): Promise<void> {
  const entry = entryOf(slug);
  if (entry) await loaded(entry);
}

const loading = new Map<Entry, Promise<Lesson>>();

/** A lesson is fetched once; a failure is not remembered, so that "Try again" tries again. */
function loaded(entry: Entry): Promise<Lesson> {
  const known = loading.get(entry);
  if (known) return known;
  const promise = entry.load().catch((error: unknown) => {
    loading.delete(entry);
    throw error;
  });
  loading.set(entry, promise);
  return promise;
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
