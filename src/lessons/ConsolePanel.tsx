/** The console of the open lesson, with a tab for each connection that the lesson names. */
import { use, useState } from 'react';
import { ConsoleView } from '../console/ConsoleView.tsx';
import { type ConsoleStore, createConsoleStore } from '../console/store.ts';
import { useProgress } from '../progress/context.tsx';
import { useOpenLesson } from './context.tsx';
import type { Desk } from './desk.ts';
import { serversOf } from './labs.ts';
import type { Lesson } from './lesson.ts';

export default function ConsolePanel() {
  const open = useOpenLesson();
  const protocol = useProgress((state) => state.settings.resp);
  const { desk, keys } = use(open.room());
  const [store] = useState(() => {
    open.console ??= openConsole(open.lesson, desk, protocol);
    return open.console;
  });
  const inspect = (key: string) => {
    keys.getState().select({ db: store.getState().tab.status.db, key });
    open.store.getState().showPanel('keys');
  };
  return <ConsoleView store={store} onInspect={inspect} />;
}

/** About a frame: what floods in is shown in batches. */
const BATCH_MS = 16;

function openConsole(lesson: Lesson, desk: Desk, protocol: 2 | 3): ConsoleStore {
  const storage = browserStorage();
  const store = createConsoleStore({
    dial: desk.watched('console'),
    now: desk.now,
    schedule: (task) => setTimeout(task, BATCH_MS),
    address: desk.address,
    protocol,
    servers: serversOf(lesson.lab),
    ...(storage && { storage }),
  });
  const [first] = store.getState().tabs;
  for (const name of lesson.tabs) {
    store.getState().addTab();
    store.getState().renameTab(store.getState().active, name);
  }
  if (first) store.getState().selectTab(first.id);
  return store;
}

/** Undefined where the browser refuses even to hand it out, which it does by throwing. */
function browserStorage(): Storage | undefined {
  try {
    return window.localStorage;
  } catch {
    return undefined;
  }
}
