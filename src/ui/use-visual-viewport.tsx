/**
 * Publishes what an on-screen keyboard covers as --keyboard-inset on <html>, so that whatever is
 * fixed to the bottom can stand on the keyboard. Browsers that shrink the page instead report 0.
 */
import { useEffect } from 'react';

export function useVisualViewport(): void {
  useEffect(() => {
    const viewport = window.visualViewport;
    if (!viewport) return;
    const publish = () => {
      // A pinch zoom also shrinks the visual viewport, but it is no keyboard.
      const covered =
        viewport.scale > 1.01 ? 0 : window.innerHeight - viewport.height - viewport.offsetTop;
      const inset = `${Math.max(0, Math.round(covered))}px`;
      document.documentElement.style.setProperty('--keyboard-inset', inset);
    };
    publish();
    viewport.addEventListener('resize', publish);
    viewport.addEventListener('scroll', publish);
    return () => {
      viewport.removeEventListener('resize', publish);
      viewport.removeEventListener('scroll', publish);
    };
  }, []);
}
