/** The Topology panel of the open lesson. */
import { use } from 'react';
import { TopologyPanel } from '../scenes/topology/TopologyPanel.tsx';
import { useLesson, useOpenLesson } from './context.tsx';

export default function TopologyTab() {
  const open = useOpenLesson();
  const { topology } = use(open.room());
  const watching = useLesson(({ panel }) => panel === 'topology');
  const openConsole = (address: string, name: string) => {
    open.console?.getState().addTab(name, address);
    open.store.getState().showPanel('console');
  };
  return <TopologyPanel store={topology} watching={watching} onConsole={openConsole} />;
}
