/** Home's console: a server of its own, and the first command written and waiting for Enter. */
import { useCallback, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { ConsoleView } from '../console/ConsoleView.tsx';
import type { ConsoleStore } from '../console/store.ts';
import { Kbd } from '../ui/Text.tsx';
import { startWorld, type World } from '../wire/link.ts';
import type { WireError } from '../wire/messages.ts';
import { openConsole } from './consoles.ts';
import { progressStore, storage } from './stores.ts';
import { useEnterAnywhere } from './use-enter-anywhere.tsx';

export default function LiveConsole({ firstCommand }: { firstCommand: string }) {
  const [store] = useState(() => homeConsole(firstCommand));
  const waiting = useStore(
    store,
    ({ tab }) => tab.entries.length === 0 && tab.editor.draft.text === firstCommand,
  );
  const root = useRef<HTMLDivElement>(null);
  const runFirst = useCallback(() => {
    root.current?.querySelector('input')?.focus();
    store.getState().submit();
  }, [store]);
  useEnterAnywhere(waiting, runFirst);
  return (
    <div ref={root} className="relative h-full">
      <ConsoleView store={store} />
      {waiting && (
        <p className="pointer-events-none absolute right-0 bottom-0 hidden min-h-10 items-center gap-1.5 pr-edge text-small text-ink-2 lg:flex">
          <Kbd>Enter</Kbd> runs it
        </p>
      )}
    </div>
  );
}

const server = { topology: { kind: 'standalone' }, seed: 1 } as const;

/** It outlives the screen: who comes back to it finds what was typed. */
let home: ConsoleStore | undefined;

function homeConsole(firstCommand: string): ConsoleStore {
  if (home) return home;
  const world = startWorld(server);
  const { resp } = progressStore.getState().settings;
  home = openConsole(world, { protocol: resp, storage });
  home.getState().suggest(firstCommand);
  world.onCrash((error) => void restart(world, error, home?.getState().note));
  return home;
}

/** A bug of the engine costs what it held, not the console. */
async function restart(world: World, { message }: WireError, note?: (text: string) => void) {
  try {
    await world.control({ do: 'build', startMs: Date.now(), ...server });
    note?.(`The simulated server failed (${message}). A new, empty one has been started.`);
  } catch {
    note?.(`The simulated server could not be started (${message}). Reload the page to try again.`);
  }
}
