/** Placeholder: the lesson page. Shows what the catalogue knows of the lesson. */
import { Link } from 'wouter';
import { PageHeading } from '../ui/PageHeading.tsx';
import { entryOf } from './catalog.ts';

export default function LessonPage({ params }: { params: { slug: string } }) {
  const entry = entryOf(params.slug);
  return (
    <div className="flex flex-col gap-4 px-edge pt-8">
      <PageHeading title={entry?.title ?? 'No such lesson'}>
        {entry?.question ?? 'There is no such lesson'}
      </PageHeading>
      <p>
        <Link href="/" className="underline">
          Back to the course
        </Link>
      </p>
    </div>
  );
}
