import { useEffect, useRef } from 'react';

/** Keeps the newest of a list in sight, unless the reader has scrolled back. */
export function useStayAtEnd(newest: number | undefined) {
  const list = useRef<HTMLDivElement>(null);
  const height = useRef(0);
  useEffect(() => {
    const { current } = list;
    if (!current || newest === undefined) return;
    const wasAtEnd = current.scrollTop + current.clientHeight >= height.current - 24;
    height.current = current.scrollHeight;
    if (wasAtEnd) current.scrollTop = current.scrollHeight;
  }, [newest]);
  return list;
}
