/** Home's console: a server of its own, and the first command written and waiting for Enter. */
import { useState } from 'react';
import { ConsoleView } from '../console/ConsoleView.tsx';
import type { ConsoleStore } from '../console/store.ts';
import { startWorld } from '../wire/link.ts';
import { openConsole } from './consoles.ts';
import { progressStore, storage } from './stores.ts';

export default function LiveConsole({ firstCommand }: { firstCommand: string }) {
  const [store] = useState(() => homeConsole(firstCommand));
  return <ConsoleView store={store} />;
}

/** It outlives the screen: who comes back to it finds what was typed. */
let home: ConsoleStore | undefined;

function homeConsole(firstCommand: string): ConsoleStore {
  if (home) return home;
  const world = startWorld({ topology: { kind: 'standalone' }, seed: 1 });
  const { resp } = progressStore.getState().settings;
  home = openConsole(world, { protocol: resp, storage });
  home.getState().suggest(firstCommand);
  return home;
}
