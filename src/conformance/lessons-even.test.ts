/** Lessons with an even number beside redis-server; two files, so that they are compared side by side. */
import { compareLessons } from './real-lessons.ts';

compareLessons(
  import.meta.glob<string>('../../content/[0-9][02468]-*.md', {
    query: '?raw',
    import: 'default',
    eager: true,
  }),
);
