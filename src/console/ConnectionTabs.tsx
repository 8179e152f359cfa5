/** The row above a console: its connections, the protocol, and what can be done to them. */
import { useState } from 'react';
import { Button, IconButton } from '../ui/Button.tsx';
import { Menu, type MenuItem } from '../ui/Menu.tsx';
import { TabList } from '../ui/Tabs.tsx';
import { useConsole, useConsoleView } from './context.tsx';
import type { TabState } from './tab.ts';

export function ConnectionTabs({ group }: { group: string }) {
  const tabs = useConsole((state) => state.tabs);
  const active = useConsole((state) => state.active);
  const { store } = useConsoleView();
  const [renaming, setRenaming] = useState(false);
  const { selectTab, closeTab } = store.getState();
  if (renaming) return <NameField onDone={() => setRenaming(false)} />;
  return (
    <TabList
      label="Connections"
      group={group}
      tabs={tabs.map((tab) => ({
        id: tab.id,
        label: tab.name,
        badge: <StatusBadge tab={tab} />,
        closable: tabs.length > 1,
      }))}
      selected={active}
      onSelect={selectTab}
      onClose={closeTab}
      trailing={<Actions onRename={() => setRenaming(true)} />}
      className="px-edge-tabs"
    />
  );
}

/** What sets this connection apart: its database, a transaction, what it listens to. */
function StatusBadge({ tab }: { tab: TabState }) {
  const words = statusWords(tab);
  if (words === '') return null;
  return <span className="font-mono text-tiny text-ink-2">{words}</span>;
}

function statusWords({ status }: TabState): string {
  const { db, inTransaction, subscribed, activity, connected } = status;
  const words = [
    !connected && 'off',
    db !== 0 && `db ${db}`,
    inTransaction && 'TX',
    subscribed && 'subscribed',
    activity === 'monitor' && 'MONITOR',
    activity === 'waiting' && '…',
  ];
  return words.filter(Boolean).join(' ');
}

function Actions({ onRename }: { onRename: () => void }) {
  const { store } = useConsoleView();
  const protocol = useConsole((state) => state.tab.status.protocol);
  const several = useConsole((state) => state.tabs.length > 1);
  const follows = useConsole((state) => state.tab.status.follows);
  const servers = useConsole((state) => state.servers);
  const { closeTab, clear, speak, follow } = store.getState();
  const other = protocol === 2 ? 3 : 2;
  const items: MenuItem[] = [
    { label: 'Rename this connection', icon: 'edit', run: onRename },
    { label: 'Clear the screen', icon: 'cross', run: clear },
    { label: `Switch to RESP${other}`, icon: 'console', run: () => speak(other) },
  ];
  if (several) {
    const close = () => closeTab(store.getState().active);
    items.push({ label: 'Close this connection', icon: 'minus', run: close });
  }
  return (
    <>
      <NewConnection />
      {servers.length > 0 && (
        <Button
          variant="quiet"
          aria-pressed={follows}
          aria-label="Follow redirections, as redis-cli -c"
          title="redis-cli -c: goes where a cluster sends it"
          onClick={() => follow(!follows)}
          className="px-1.5 font-mono text-small aria-pressed:bg-sunk aria-pressed:text-ink"
        >
          -c
        </Button>
      )}
      <Button
        variant="quiet"
        aria-label={`Protocol RESP${protocol}, switch to RESP${other}`}
        title={`Speaks RESP${protocol}; switch to RESP${other}`}
        onClick={() => speak(other)}
        className="px-1.5 text-small"
      >
        RESP{protocol}
      </Button>
      <Menu label="Console actions" items={items} align="end" />
    </>
  );
}

/** To the usual server; where there are several, to the one that is chosen. */
function NewConnection() {
  const { store } = useConsoleView();
  const servers = useConsole((state) => state.servers);
  const { addTab } = store.getState();
  if (servers.length === 0) {
    return <IconButton label="New connection" icon="plus" onClick={() => addTab()} />;
  }
  const items = servers.map(({ name, address }) => ({
    label: `${name}, ${address}`,
    run: () => addTab(name, address),
  }));
  return <Menu label="New connection" icon="plus" items={items} align="end" />;
}

function NameField({ onDone }: { onDone: () => void }) {
  const { store } = useConsoleView();
  const { tab, renameTab } = store.getState();
  const save = (form: FormData) => {
    const name = String(form.get('name')).trim();
    if (name !== '') renameTab(tab.id, name);
    onDone();
  };
  return (
    <form action={save} className="flex items-center gap-2 border-b border-line px-3">
      <input
        name="name"
        aria-label="Name of this connection"
        defaultValue={tab.name}
        maxLength={24}
        // biome-ignore lint/a11y/noAutofocus: the reader has just asked to write here.
        autoFocus
        onKeyDown={(event) => event.key === 'Escape' && onDone()}
        className="min-h-target min-w-0 grow bg-transparent text-field"
      />
      <Button type="submit" variant="quiet">
        Rename
      </Button>
    </form>
  );
}
