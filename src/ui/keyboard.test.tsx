/** @vitest-environment happy-dom */
import { act, type ReactNode, useState } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, expect, test } from 'vitest';
import { Dock, type DockSnap } from './Dock.tsx';
import { Menu } from './Menu.tsx';
import { NoticesProvider, useNotices } from './Notices.tsx';
import { Tabs } from './Tabs.tsx';

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

let root: Root | undefined;

afterEach(() => {
  act(() => root?.unmount());
  document.body.replaceChildren();
});

test('arrows, Home and End move through tabs, around the ends, and select', () => {
  show(<ThreeTabs />);
  focus('[role=tab][aria-selected=true]');
  expect([press('ArrowRight'), press('ArrowRight'), press('ArrowRight')]).toEqual(['B', 'C', 'A']);
  expect([press('ArrowLeft'), press('Home'), press('End')]).toEqual(['C', 'A', 'C']);
  expect(one('[role=tabpanel]').textContent).toBe('panel C');
  expect(all('[role=tab][tabindex="0"]')).toHaveLength(1);
});

test('each tab names its panel and the other way round', () => {
  show(<ThreeTabs />);
  const tab = one('[role=tab][aria-selected=true]');
  const panel = one('[role=tabpanel]');
  expect(tab.getAttribute('aria-controls')).toBe(panel.id);
  expect(panel.getAttribute('aria-labelledby')).toBe(tab.id);
});

test('Delete closes a closable tab and no other', () => {
  const closed: string[] = [];
  show(<ThreeTabs onClose={(id) => closed.push(id)} />);
  focus('[role=tab][aria-selected=true]');
  press('Delete');
  press('ArrowRight');
  press('Delete');
  expect(closed).toEqual(['b']);
});

test('a menu opens on its first item, moves, finds by letter, and gives the focus back', () => {
  const ran: string[] = [];
  const items = ['Clear output', 'Reset task', 'Restart server'];
  show(
    <Menu label="Reset" items={items.map((label) => ({ label, run: () => ran.push(label) }))} />,
  );
  focus('[aria-haspopup]');
  press('ArrowDown');
  expect(focused()).toBe('Clear output');
  expect([press('ArrowDown'), press('End'), press('ArrowDown'), press('r')]).toEqual([
    'Reset task',
    'Restart server',
    'Clear output',
    'Reset task',
  ]);
  press('Escape');
  expect(all('[role=menu]')).toHaveLength(0);
  expect(document.activeElement?.getAttribute('aria-label')).toBe('Reset');
  press('ArrowDown');
  act(() => (document.activeElement as HTMLElement).click());
  expect(ran).toEqual(['Clear output']);
});

test('the dock is made wider and narrower with the arrows, within its limits', () => {
  show(<OpenDock />);
  const handle = one('[role=separator]');
  const width = () => Number(handle.getAttribute('aria-valuenow'));
  handle.focus();
  press('ArrowLeft');
  expect(width()).toBe(44);
  press('Home');
  press('ArrowLeft');
  expect(width()).toBe(70);
  press('End');
  press('ArrowRight');
  expect(width()).toBe(25);
});

test('an announcement made twice is news twice', () => {
  show(
    <NoticesProvider>
      <Announcing />
    </NoticesProvider>,
  );
  const region = one('[role=status]');
  const said: (string | null)[] = [];
  for (let time = 0; time < 2; time++) {
    act(() => one('button').click());
    said.push(region.textContent);
  }
  expect(said.map((text) => text?.trim())).toEqual(['Passed', 'Passed']);
  expect(said[0]).not.toBe(said[1]);
});

function ThreeTabs({ onClose }: { onClose?: (id: string) => void }) {
  const [selected, setSelected] = useState('a');
  const tabs = ['a', 'b', 'c'].map((id) => ({
    id,
    label: id.toUpperCase(),
    closable: id === 'b',
    panel: `panel ${id.toUpperCase()}`,
  }));
  return (
    <Tabs
      label="Letters"
      tabs={tabs}
      selected={selected}
      onSelect={setSelected}
      onClose={onClose}
    />
  );
}

function OpenDock() {
  const [width, setWidth] = useState(42);
  const [snap, setSnap] = useState<DockSnap>('bar');
  return (
    <Dock
      label="Console"
      dock="console"
      open
      onOpen={() => {}}
      width={width}
      onWidth={setWidth}
      snap={snap}
      onSnap={setSnap}
    >
      page
    </Dock>
  );
}

function Announcing() {
  const { announce } = useNotices();
  return (
    <button type="button" onClick={() => announce('Passed')}>
      Check
    </button>
  );
}

function show(content: ReactNode): void {
  const container = document.body.appendChild(document.createElement('div'));
  root = createRoot(container);
  act(() => root?.render(content));
}

const all = (selector: string) => [...document.querySelectorAll<HTMLElement>(selector)];

function one(selector: string): HTMLElement {
  const [element] = all(selector);
  if (!element) throw new Error(`nothing matches ${selector}`);
  return element;
}

const focus = (selector: string) => act(() => one(selector).focus());
const focused = () => document.activeElement?.textContent;

/** Presses a key where the focus is, and answers what has the focus then. */
function press(key: string) {
  const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true });
  act(() => void document.activeElement?.dispatchEvent(event));
  return focused();
}
