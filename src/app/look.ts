/**
 * The chosen theme and motion, as attributes of <html> that theme.css reads. They are kept in an
 * entry of their own too, which a script in index.html applies before the first paint.
 */
import type { Settings } from '../progress/progress.ts';

const LOOK_KEY = 'keyspace.look';

export function applyLook(page: Window, { theme, motion }: Settings): void {
  const attributes = { theme, motion };
  const { dataset } = page.document.documentElement;
  for (const [name, value] of Object.entries(attributes)) {
    if (value === 'system') delete dataset[name];
    else dataset[name] = value;
  }
  try {
    page.localStorage.setItem(LOOK_KEY, JSON.stringify(attributes));
  } catch {
    // Without storage the look is right again as soon as the settings are known: never saved.
  }
}
