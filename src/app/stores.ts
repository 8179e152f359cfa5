/** The one place where stores meet what they depend on. */
import { openChannel } from '../progress/channel.ts';
import { createShelf, SHELF_KEY } from '../progress/shelf.ts';
import { createProgressStore } from '../progress/store.ts';
import { schedule } from '../review/schedule.ts';
import { applyLook } from './look.ts';

/** The browser's storage, for whoever keeps something in it. */
export const storage = browserStorage();

export const progressStore = createProgressStore({
  shelf: createShelf(storage, Date.now),
  channel: openChannel(window, SHELF_KEY),
  now: Date.now,
  schedule,
});

applyLook(window, progressStore.getState().settings);
progressStore.subscribe(({ settings }, before) => {
  if (settings !== before.settings) applyLook(window, settings);
});

/** Undefined where the browser refuses even to hand it out, which it does by throwing. */
function browserStorage(): Storage | undefined {
  try {
    return window.localStorage;
  } catch {
    return undefined;
  }
}
