/** Follows a pointer from press to release, wherever on the page it goes. */
import type { PointerEvent } from 'react';

export type Drag = {
  /** Where the pointer is, in CSS pixels of the window. */
  onMove: (at: { x: number; y: number }) => void;
  /** The pointer was let go; moved tells a drag from a click. */
  onEnd: (at: { x: number; y: number }, moved: boolean) => void;
};

/** A pointerdown handler that starts the drag. A press that does not move stays a click. */
export function dragOn(start: () => Drag) {
  return (event: PointerEvent<HTMLElement>) => {
    if (event.button !== 0) return;
    const from = { x: event.clientX, y: event.clientY };
    const drag = start();
    const ended = new AbortController();
    const listen = { signal: ended.signal };
    let moved = false;
    const follow = ({ clientX: x, clientY: y }: globalThis.PointerEvent) => {
      moved ||= Math.abs(x - from.x) + Math.abs(y - from.y) > SLACK_PX;
      if (moved) drag.onMove({ x, y });
    };
    const end = ({ clientX: x, clientY: y }: globalThis.PointerEvent) => {
      ended.abort();
      if (moved) swallowClick();
      drag.onEnd({ x, y }, moved);
    };
    window.addEventListener('pointermove', follow, listen);
    window.addEventListener('pointerup', end, listen);
    window.addEventListener('pointercancel', end, listen);
  };
}

/** How far a pointer may stray in a click. */
const SLACK_PX = 4;

/** What was dragged was not clicked, even if the pointer is let go above it. */
function swallowClick(): void {
  const swallow = (click: Event) => click.stopPropagation();
  window.addEventListener('click', swallow, { capture: true, once: true });
  setTimeout(() => window.removeEventListener('click', swallow, { capture: true }));
}
