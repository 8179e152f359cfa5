/**
 * The dock of a lesson: console and keys beside the text from 1024 px on, a sheet below it on less.
 * What it holds is fetched when it is first seen; whether and how wide it is open is remembered.
 */
import { type ReactNode, Suspense, useId, useState } from 'react';
import { useProgress } from '../progress/context.tsx';
import { Dock, type DockSnap } from '../ui/Dock.tsx';
import { later } from '../ui/later.tsx';
import { Loading } from '../ui/Progress.tsx';
import { ErrorBoundary } from '../ui/States.tsx';
import { TabList, TabPanel } from '../ui/Tabs.tsx';
import { useLesson, useOpenLesson } from './context.tsx';
import type { Lesson, Panel } from './lesson.ts';
import type { ShownPanel } from './store.ts';
import { useNear } from './use-near.tsx';

const panelNames = {
  console: 'Console',
  topology: 'Topology',
  keys: 'Keys',
  files: 'Files',
} as const;
type Known = ShownPanel;

/**
 * Every lab has disks, and those of several servers a network, whether the lesson speaks of them or
 * not: their tabs are the last ones.
 */
const panelsOf = ({ panels, lab }: Pick<Lesson, 'panels' | 'lab'>): Known[] => {
  const more: Known[] = lab === 'standalone' ? ['files'] : ['topology', 'files'];
  return [...new Set([...panels.filter(isKnown), ...more])];
};

const isKnown = (panel: Panel): panel is Known => Object.hasOwn(panelNames, panel);

const panelViews = {
  console: later(() => import('./ConsolePanel.tsx')),
  keys: later(() => import('./KeysTab.tsx')),
  topology: later(() => import('./TopologyTab.tsx')),
  files: later(() => import('./FilesTab.tsx')),
} as const;

export function LessonDock({ children }: { children: ReactNode }) {
  const { lesson, store } = useOpenLesson();
  const { dockWidth, dockOpen } = useProgress((state) => state.settings);
  const set = useProgress((state) => state.set);
  const [snap, setSnap] = useState<DockSnap>('bar');
  const panels = panelsOf(lesson);
  const wanted = useLesson((state) => state.panel);
  const tab = panels.includes(wanted) ? wanted : (panels[0] ?? 'console');
  const group = useId();
  const select = (panel: Known) => {
    store.getState().showPanel(panel);
    if (snap === 'bar') setSnap('half');
  };
  return (
    <Dock
      label="Workbench"
      open={dockOpen}
      onOpen={(open) => set('dockOpen', open)}
      width={dockWidth}
      onWidth={(width) => set('dockWidth', width)}
      snap={snap}
      onSnap={setSnap}
      bar={
        <TabList
          label="Workbench"
          tabs={panels.map((id) => ({ id, label: panelNames[id] }))}
          selected={tab}
          onSelect={select}
          group={group}
          className="grow border-b-0 pl-1"
        />
      }
      dock={panels.map((panel) => (
        <TabPanel key={panel} group={group} id={panel} selected={panel === tab} className="h-full">
          <PanelBody panel={panel} />
        </TabPanel>
      ))}
    >
      {children}
    </Dock>
  );
}

function PanelBody({ panel }: { panel: Known }) {
  const [place, seen] = useNear<HTMLDivElement>('0px');
  const View = panelViews[panel];
  const name = panelNames[panel];
  return (
    <div ref={place} className="h-full">
      <ErrorBoundary what={`The ${name.toLowerCase()} panel`}>
        <Suspense fallback={<Loading text={`Loading ${name}…`} />}>{seen && <View />}</Suspense>
      </ErrorBoundary>
    </div>
  );
}
