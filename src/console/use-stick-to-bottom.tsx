/** Keeps a scrolled box at its end while things are added, unless the reader has scrolled away. */
import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react';

/** A few pixels off the end still count as its end: zoomed pages round. */
const SLACK_PX = 24;

export function useStickToBottom(box: RefObject<HTMLElement | null>, content: unknown): void {
  const sticks = useRef(true);

  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const note = () => {
      const left = element.scrollHeight - element.scrollTop - element.clientHeight;
      sticks.current = left < SLACK_PX;
    };
    element.addEventListener('scroll', note, { passive: true });
    // The keyboard of a phone, or the reader, changes the height.
    const observer = new ResizeObserver(() => {
      if (sticks.current) element.scrollTop = element.scrollHeight;
    });
    observer.observe(element);
    return () => {
      element.removeEventListener('scroll', note);
      observer.disconnect();
    };
  }, [box]);

  useLayoutEffect(() => {
    const element = box.current;
    if (element && sticks.current) element.scrollTop = element.scrollHeight;
  }, [box, content]);
}
