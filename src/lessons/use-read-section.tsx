/** Remembers how far a lesson was read: the last section whose heading has come into sight. */
import { useEffect } from 'react';
import { useProgress } from '../progress/context.tsx';
import type { Lesson } from './lesson.ts';

/** For what shows the sections: they must be in the document when it has been rendered. */
export function useReadSection({ slug, sections }: Lesson): void {
  const reach = useProgress((state) => state.reachSection);
  useEffect(() => {
    const headings = sections.map(({ id }) => document.getElementById(id));
    const observer = new IntersectionObserver(
      (entries) => {
        const seen = entries.filter(({ isIntersecting }) => isIntersecting).at(-1);
        if (seen) reach(slug, seen.target.id);
      },
      // The upper half of the window is where one reads.
      { rootMargin: '0px 0px -50% 0px' },
    );
    for (const heading of headings) if (heading) observer.observe(heading);
    return () => observer.disconnect();
  }, [slug, sections, reach]);
}
