/** Lessons with an even number do what they say; two files, so that they are tested side by side. */
import { testLessons } from '../conformance/engine-lessons.ts';

testLessons(
  import.meta.glob<string>('../../content/[0-9][02468]-*.md', {
    query: '?raw',
    import: 'default',
    eager: true,
  }),
);
