/** For what may wait until the screen has been painted, and what is too much for one paint. */
import { startTransition, useEffect, useState } from 'react';

/** False while the first paint is under way, true from then on. */
export function useAfterPaint(): boolean {
  return usePartByPart(1, 1, 0) === 1;
}

/**
 * How many of `total` parts to show: `first` at once, and after each paint `step` more. The browser
 * can answer the reader between two of them.
 */
export function usePartByPart(total: number, step: number, first = step): number {
  const [shown, setShown] = useState(first);
  useEffect(
    () => (shown < total ? afterPaint(() => setShown(shown + step)) : undefined),
    [shown, total, step],
  );
  return Math.min(shown, total);
}

/** The frame that shows what there is comes first, then the task. Returns how to call it off. */
function afterPaint(task: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const frame = requestAnimationFrame(() => {
    // What is not loaded yet is waited for: a fallback in its place would stand for 300 ms.
    timer = setTimeout(() => startTransition(task));
  });
  return () => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
  };
}
