/** Puts the cursor of a field where the console wants it: after a completion, an earlier line. */
import { type RefObject, useLayoutEffect } from 'react';

export function useCursor(
  input: RefObject<HTMLInputElement | null>,
  cursor: number,
  value: string,
): void {
  useLayoutEffect(() => {
    const field = input.current;
    if (!field || field.selectionStart === cursor) return;
    // Elsewhere the focus is not ours to take, and a selection is not ours to end.
    if (field.selectionStart !== field.selectionEnd) return;
    field.setSelectionRange(cursor, cursor);
    // Beyond the edge, the field does not follow its cursor by itself.
    if (cursor === field.value.length) field.scrollLeft = field.scrollWidth;
  }, [input, cursor, value]);
}
