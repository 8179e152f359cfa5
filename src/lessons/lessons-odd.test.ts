/** Lessons with an odd number do what they say; two files, so that they are tested side by side. */
import { testLessons } from '../conformance/engine-lessons.ts';

testLessons(
  import.meta.glob<string>('../../content/[0-9][13579]-*.md', {
    query: '?raw',
    import: 'default',
    eager: true,
  }),
);
