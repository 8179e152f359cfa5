/**
 * Lets Enter act while nothing has the focus, which is how a page stands after it was opened.
 * Nobody's focus is taken: a screen reader starts at the top, and the arrows still scroll.
 */
import { useEffect } from 'react';

export function useEnterAnywhere(enabled: boolean, act: () => void): void {
  useEffect(() => {
    if (!enabled) return;
    const onKeyDown = (event: KeyboardEvent) => {
      const focused = document.activeElement;
      const free = focused === document.body || focused instanceof HTMLHeadingElement;
      if (event.key !== 'Enter' || !free) return;
      // Whatever receives the focus now must not be entered by the same keystroke.
      event.preventDefault();
      act();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [enabled, act]);
}
