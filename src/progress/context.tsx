/** Progress for components: they read with `useProgress` and act through what it returns. */
import { createContext, type ReactNode, useContext } from 'react';
import { useStore } from 'zustand';
import type { ProgressState, ProgressStore } from './store.ts';

const ProgressContext = createContext<ProgressStore | undefined>(undefined);

export function ProgressProvider(props: { store: ProgressStore; children: ReactNode }) {
  return <ProgressContext value={props.store}>{props.children}</ProgressContext>;
}

/** Selects from the store and renders again when the selected part changes. */
export function useProgress<Selected>(select: (state: ProgressState) => Selected): Selected {
  return useStore(useProgressStore(), select);
}

/** The store itself, for actions outside of rendering. */
export function useProgressStore(): ProgressStore {
  const store = useContext(ProgressContext);
  if (!store) throw new Error('useProgress needs a ProgressProvider above it');
  return store;
}
