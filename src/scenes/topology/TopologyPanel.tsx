/** The data centre of a lesson: who is there, how they stand to one another, and the means to break it. */
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { Button } from '../../ui/Button.tsx';
import { EmptyState } from '../../ui/States.tsx';
import { ClockBar } from './ClockBar.tsx';
import { Diagram } from './Diagram.tsx';
import { Inspector } from './Inspector.tsx';
import { ListView } from './ListView.tsx';
import { SlotBar } from './SlotBar.tsx';
import type { TopologyStore } from './store.ts';
import { Timeline } from './Timeline.tsx';

export type TopologyPanelProps = {
  store: TopologyStore;
  /** It is in sight: only then are the servers asked. */
  watching: boolean;
  /** Opens a console on a server. */
  onConsole: (address: string, name: string) => void;
};

export function TopologyPanel({ store, watching, onConsole }: TopologyPanelProps) {
  useWatching(store, watching);
  const { loaded, problem, scene } = useStore(store);
  const [asList, setAsList] = useState(false);
  if (scene.nodes.length === 0) {
    return <EmptyState text={loaded ? 'No server has been started.' : 'Looking at the servers…'} />;
  }
  return (
    <section aria-label="Topology" className="flex h-full min-h-0 flex-col">
      <ClockBar store={store} />
      <div className="min-h-0 overflow-y-auto">
        <div className="flex items-center justify-between gap-2 px-2 pt-1">
          <p className="px-2 text-small text-ink-2">{countInWords(scene.nodes.length)}</p>
          <Button
            variant="quiet"
            aria-pressed={asList}
            onClick={() => setAsList(!asList)}
            className="px-2 text-small aria-pressed:bg-sunk aria-pressed:text-ink"
          >
            As a list
          </Button>
        </div>
        {problem !== undefined && (
          <p role="alert" className="px-4 py-1 text-ui text-bad">
            {problem}
          </p>
        )}
        {asList ? <ListView store={store} onConsole={onConsole} /> : <Diagram store={store} />}
        <SlotBar shares={scene.shares} cluster={scene.cluster} />
        {!asList && <Inspector store={store} onConsole={onConsole} />}
      </div>
      <Timeline store={store} />
    </section>
  );
}

const countInWords = (count: number) =>
  count === 1 ? '1 server' : `${count} servers; press one to see what it believes`;

function useWatching(store: TopologyStore, on: boolean): void {
  useEffect(() => (on ? store.getState().watch() : undefined), [store, on]);
}
