/** Follows a pointer from press to release, with the pointer captured by the pressed element. */
import type { PointerEvent } from 'react';

export type Drag = {
  /** Where the pointer is, in CSS pixels of the window. */
  onMove: (at: { x: number; y: number }) => void;
  /** The pointer was let go; moved tells a drag from a click. */
  onEnd: (at: { x: number; y: number }, moved: boolean) => void;
};

/** A pointerdown handler that starts the drag. */
export function dragOn(start: (event: PointerEvent<HTMLElement>) => Drag) {
  return (event: PointerEvent<HTMLElement>) => {
    if (event.button !== 0) return;
    const element = event.currentTarget;
    const from = { x: event.clientX, y: event.clientY };
    const drag = start(event);
    let moved = false;
    const follow = (next: globalThis.PointerEvent) => {
      const distance = Math.abs(next.clientX - from.x) + Math.abs(next.clientY - from.y);
      moved ||= distance > 4;
      if (moved) drag.onMove({ x: next.clientX, y: next.clientY });
    };
    const end = (last: globalThis.PointerEvent) => {
      element.removeEventListener('pointermove', follow);
      element.removeEventListener('pointerup', end);
      element.removeEventListener('pointercancel', end);
      drag.onEnd({ x: last.clientX, y: last.clientY }, moved);
    };
    element.setPointerCapture(event.pointerId);
    element.addEventListener('pointermove', follow);
    element.addEventListener('pointerup', end);
    element.addEventListener('pointercancel', end);
  };
}
