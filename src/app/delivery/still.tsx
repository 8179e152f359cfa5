/**
 * Stills: home and every lesson as who comes for the first time sees them first, as HTML. Made when
 * the page is built (still-plugin.ts), so that it can be read before any of its code has come.
 */
import { renderToStaticMarkup } from 'react-dom/server';
import { Router } from 'wouter';
import { entries } from '../../lessons/catalog.ts';
import { LessonPage } from '../../lessons/LessonPage.tsx';
import { lessonPath } from '../../lessons/lesson.ts';
import { createShelf } from '../../progress/shelf.ts';
import { createProgressStore } from '../../progress/store.ts';
import { schedule } from '../../review/schedule.ts';
import { Frame } from '../App.tsx';
import { HomePage } from '../HomePage.tsx';

export interface Still {
  /** The address that it is shown at. */
  readonly path: string;
  /** Undefined: that of index.html. */
  readonly title?: string;
  readonly html: string;
}

/** A reader who has done nothing yet. */
const progress = createProgressStore({
  shelf: createShelf({ getItem: () => null, setItem: () => undefined }, Date.now),
  channel: { post: () => undefined, listen: () => () => undefined },
  now: Date.now,
  schedule,
});

export const stills: readonly Still[] = [
  { path: '/', html: htmlOf('/', <HomePage />) },
  ...(await Promise.all(
    entries.map(async ({ slug, number, title, load }) => {
      const path = lessonPath(slug);
      const html = htmlOf(path, <LessonPage lesson={await load()} />);
      return { path, title: `${number} ${title} · Keyspace`, html };
    }),
  )),
];

function htmlOf(path: string, screen: React.ReactNode): string {
  return renderToStaticMarkup(
    <Router ssrPath={path}>
      <Frame progress={progress}>{screen}</Frame>
    </Router>,
  );
}
