/** Every address of the page, and what is loaded when it is first opened. */
import { later } from '../ui/later.tsx';
import { HomePage } from './HomePage.tsx';

export const routes = [
  { path: '/', Page: HomePage },
  { path: '/lessons/:slug', Page: later(() => import('../lessons/LessonView.tsx')) },
  { path: '/scratchpad', Page: later(() => import('../scratchpad/ScratchpadView.tsx')) },
  { path: '/review', Page: later(() => import('./ReviewPage.tsx')) },
  { path: '/coverage', Page: later(() => import('../coverage/CoveragePage.tsx')) },
  { path: '/settings', Page: later(() => import('./SettingsPage.tsx')) },
] as const;

/** Fetches what the page of a lesson needs to be shown at once, whole. */
export async function loadScreen(path: string): Promise<void> {
  const [, slug] = /^\/lessons\/([^/]+)$/.exec(path) ?? [];
  if (slug !== undefined) await (await import('../lessons/LessonView.tsx')).loadLesson(slug);
}
