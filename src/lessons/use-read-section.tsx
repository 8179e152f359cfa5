/** Remembers how far a lesson was read: the last section whose heading has come into sight. */
import { useEffect, useRef } from 'react';
import { useProgress } from '../progress/context.tsx';
import type { Lesson } from './lesson.ts';

export function useReadSection({ slug, sections }: Lesson) {
  const root = useRef<HTMLElement>(null);
  const reach = useProgress((state) => state.reachSection);
  useEffect(() => {
    const headings = sections
      .map(({ id }) => document.getElementById(id))
      .filter((heading) => heading !== null && root.current?.contains(heading));
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
  return root;
}
