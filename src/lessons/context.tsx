/** Hands the open lesson to everything on its page. */
import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import type { OpenLesson } from './open.ts';
import type { LessonState } from './store.ts';

export const LessonContext = createContext<OpenLesson | undefined>(undefined);

export function useOpenLesson(): OpenLesson {
  const open = useContext(LessonContext);
  if (!open) throw new Error('this needs a LessonContext around it');
  return open;
}

/** Selects from the open lesson's store. */
export function useLesson<Selected>(select: (state: LessonState) => Selected): Selected {
  return useStore(useOpenLesson().store, select);
}
