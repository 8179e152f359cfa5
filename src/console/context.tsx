/** Hands a console's store, and what the page does for it, to the parts of its view. */
import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import type { ConsoleState, ConsoleStore } from './store.ts';

export interface ConsoleView {
  readonly store: ConsoleStore;
  /** A key in a reply was clicked: its bytes, and its database. Without it, keys are plain text. */
  readonly onInspect?: ((key: string, db: number) => void) | undefined;
}

export const ConsoleContext = createContext<ConsoleView | null>(null);

export function useConsoleView(): ConsoleView {
  const view = useContext(ConsoleContext);
  if (!view) throw new Error('this needs a ConsoleContext around it');
  return view;
}

export function useConsole<T>(select: (state: ConsoleState) => T): T {
  return useStore(useConsoleView().store, select);
}
