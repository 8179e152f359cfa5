/** Every address of the page, and what is loaded when it is first opened. */
import { lazy } from 'react';
import { HomePage } from './HomePage.tsx';

export const routes = [
  { path: '/', Page: HomePage },
  { path: '/lessons/:slug', Page: lazy(() => import('../lessons/LessonView.tsx')) },
  { path: '/scratchpad', Page: lazy(() => import('../scratchpad/ScratchpadView.tsx')) },
  { path: '/review', Page: lazy(() => import('./ReviewPage.tsx')) },
  { path: '/settings', Page: lazy(() => import('./SettingsPage.tsx')) },
] as const;
