import type { Edit } from './edit.ts';
import type { ConsoleState } from './store.ts';

/**
 * The keys of a terminal. What is not here, the field does by itself. Tab completes only when there
 * is something to complete, so that it still leaves an empty field; Shift+Tab always leaves.
 */

/** Does what a key does in the console; false when the browser should. */
export function pressKey(event: KeyboardEvent, actions: ConsoleState): boolean {
  if (event.isComposing || event.metaKey || event.altKey) return false;
  if (event.ctrlKey) return pressControl(event, actions);
  const { editor } = actions.tab;
  switch (event.key) {
    case 'Enter':
      return editor.completion !== undefined && actions.choose();
    case 'ArrowUp':
    case 'ArrowDown':
      actions.move(event.key === 'ArrowUp' ? -1 : 1);
      return true;
    case 'Tab':
      if (event.shiftKey || (editor.draft.text === '' && !editor.search)) return false;
      void actions.complete();
      return true;
    case 'Escape':
      return leave(event, actions);
    default:
      return false;
  }
}

/** Closes what is open; with nothing open it leaves the field, so that nobody is caught in it. */
function leave(event: KeyboardEvent, actions: ConsoleState): boolean {
  if (!actions.dismiss() && event.target instanceof HTMLElement) event.target.blur();
  // A dialog or sheet around the console is not meant.
  event.stopPropagation();
  return true;
}

const edits: Readonly<Record<string, Edit>> = {
  a: 'start',
  e: 'end',
  k: 'killToEnd',
  u: 'killLine',
  w: 'killWord',
};

function pressControl(event: KeyboardEvent, actions: ConsoleState): boolean {
  const key = event.key.toLowerCase();
  const edit = edits[key];
  if (event.shiftKey) return false;
  if (edit) actions.edit(edit);
  else if (key === 'l') actions.clear();
  else if (key === 'r') actions.searchBack();
  else if (key === 'c' && !hasSelection(event.target)) actions.interrupt();
  else return false;
  return true;
}

/** Ctrl-C copies what is selected, as everywhere else. */
function hasSelection(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLInputElement)) return false;
  return target.selectionStart !== target.selectionEnd || !window.getSelection()?.isCollapsed;
}
