/** Keeps a scrolled box at its end while it or its content grows, unless the reader scrolled away. */
import { type RefObject, useEffect, useRef } from 'react';

/** A few pixels off the end still count as its end: zoomed pages round. */
const SLACK_PX = 24;

/** `content` is the box's one child. */
export function useStickToBottom(
  box: RefObject<HTMLElement | null>,
  content: RefObject<HTMLElement | null>,
): void {
  const sticks = useRef(true);

  useEffect(() => {
    const element = box.current;
    if (!element || !content.current) return;
    const note = () => {
      const left = element.scrollHeight - element.scrollTop - element.clientHeight;
      sticks.current = left < SLACK_PX;
    };
    // New lines, lines that the browser has only now laid out, a keyboard that takes half the screen.
    const observer = new ResizeObserver(() => {
      if (sticks.current) element.scrollTop = element.scrollHeight;
    });
    observer.observe(element);
    observer.observe(content.current);
    element.addEventListener('scroll', note, { passive: true });
    return () => {
      element.removeEventListener('scroll', note);
      observer.disconnect();
    };
  }, [box, content]);
}
