/** A redis-cli in the page: connections as tabs, what they have shown, and the line being typed. */
import { useId } from 'react';
import { TabPanel } from '../ui/Tabs.tsx';
import { ActivityLine } from './ActivityLine.tsx';
import { ConnectionTabs } from './ConnectionTabs.tsx';
import { ConsoleContext, useConsole, type ConsoleView as View } from './context.tsx';
import { KeyRow } from './KeyRow.tsx';
import { Log } from './Log.tsx';
import { PromptLine } from './PromptLine.tsx';

export function ConsoleView({ store, onInspect }: View) {
  return (
    <ConsoleContext value={{ store, onInspect }}>
      <section
        aria-label="Redis console"
        className="flex h-full min-h-0 flex-col bg-paper [container-type:size]"
      >
        <Panel />
      </section>
    </ConsoleContext>
  );
}

function Panel() {
  const group = useId();
  const active = useConsole((state) => state.active);
  return (
    <>
      <ConnectionTabs group={group} />
      <TabPanel group={group} id={active} selected className="flex min-h-0 grow flex-col">
        <Log key={active} />
        <ActivityLine />
        <PromptLine />
      </TabPanel>
      <KeyRow />
    </>
  );
}
