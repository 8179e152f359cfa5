/**
 * Tabs as the WAI-ARIA authoring practices describe them: one stop in the tab order, arrows and
 * Home/End move and select, Delete closes a closable tab.
 * https://www.w3.org/WAI/ARIA/apg/patterns/tabs/
 */
import { type KeyboardEvent, type ReactNode, useId, useRef } from 'react';
import { cx } from './cx.ts';
import { Icon } from './Icon.tsx';

export type Tab<Id extends string = string> = {
  readonly id: Id;
  readonly label: string;
  /** A short remark behind the label: a count, an unread mark. Read out with the label. */
  readonly badge?: ReactNode;
  readonly closable?: boolean;
};

export type TabListProps<Id extends string> = {
  /** Names the row for a screen reader ("Connections"). */
  label: string;
  tabs: readonly Tab<Id>[];
  selected: Id;
  onSelect: (id: Id) => void;
  onClose?: ((id: Id) => void) | undefined;
  /** Ties tabs to their panels; take it from useId and give it to TabPanel too. */
  group: string;
  /** Buttons at the end of the row: "+", "more". They are not tabs. */
  trailing?: ReactNode;
  className?: string | undefined;
};

export function TabList<Id extends string>(props: TabListProps<Id>) {
  const { label, tabs, selected, onSelect, onClose, group, trailing, className } = props;
  const row = useRef<HTMLDivElement>(null);

  const focusTab = (index: number) => {
    const tab = tabs[(index + tabs.length) % tabs.length];
    if (!tab) return;
    onSelect(tab.id);
    row.current?.querySelector<HTMLElement>(`[id="${tabId(group, tab.id)}"]`)?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const index = tabs.findIndex((tab) => tab.id === selected);
    const target = targetOfKey(event.key, index, tabs.length);
    if (target !== undefined) focusTab(target);
    else if (event.key === 'Delete' && tabs[index]?.closable) onClose?.(selected);
    else return;
    event.preventDefault();
  };

  return (
    <div className={cx('flex min-w-0 items-stretch border-b border-line font-sans', className)}>
      <div
        ref={row}
        role="tablist"
        aria-label={label}
        onKeyDown={onKeyDown}
        className="flex min-w-0 overflow-x-auto [scrollbar-width:none]"
      >
        {tabs.map((tab) => (
          <TabButton
            key={tab.id}
            tab={tab}
            group={group}
            selected={tab.id === selected}
            onSelect={() => onSelect(tab.id)}
            onClose={tab.closable && onClose ? () => onClose(tab.id) : undefined}
          />
        ))}
      </div>
      {trailing && <div className="ml-auto flex shrink-0 items-center">{trailing}</div>}
    </div>
  );
}

function TabButton(props: {
  tab: Tab;
  group: string;
  selected: boolean;
  onSelect: () => void;
  onClose: (() => void) | undefined;
}) {
  const { tab, group, selected, onSelect, onClose } = props;
  return (
    <div
      role="presentation"
      className={cx(
        '-mb-px flex shrink-0 items-center border-b-2',
        selected ? 'border-accent text-ink' : 'border-transparent text-ink-2 hover:text-ink',
      )}
    >
      <button
        type="button"
        role="tab"
        id={tabId(group, tab.id)}
        aria-selected={selected}
        aria-controls={selected ? panelId(group, tab.id) : undefined}
        tabIndex={selected ? 0 : -1}
        onClick={onSelect}
        className={cx(
          'flex min-h-target items-center gap-1.5 px-3 text-ui -outline-offset-2',
          selected && 'font-semibold',
        )}
      >
        {tab.label}
        {tab.badge}
      </button>
      {onClose && (
        // Delete closes from the keyboard; a second tab stop inside a tab list would not be heard.
        <span
          aria-hidden="true"
          title={`Close ${tab.label}`}
          onClick={onClose}
          className="-ml-2 flex size-6 cursor-pointer items-center justify-center rounded hover:bg-sunk"
        >
          <Icon name="cross" className="size-3" />
        </span>
      )}
    </div>
  );
}

export type TabPanelProps = {
  group: string;
  id: string;
  selected: boolean;
  className?: string | undefined;
  children: ReactNode;
};

/** The panel of one tab. It stays mounted while hidden, so that a console keeps its scroll. */
export function TabPanel({ group, id, selected, className, children }: TabPanelProps) {
  return (
    <div
      role="tabpanel"
      id={panelId(group, id)}
      aria-labelledby={tabId(group, id)}
      hidden={!selected}
      className={className}
    >
      {children}
    </div>
  );
}

export type TabsProps<Id extends string> = Omit<TabListProps<Id>, 'tabs' | 'group'> & {
  tabs: readonly (Tab<Id> & { readonly panel: ReactNode })[];
  panelClassName?: string | undefined;
};

/** A row of tabs with its panels, where both stand together and only the selected one is mounted. */
export function Tabs<Id extends string>({ panelClassName, ...list }: TabsProps<Id>) {
  const group = useId();
  return (
    <>
      <TabList {...list} group={group} />
      {list.tabs
        .filter((tab) => tab.id === list.selected)
        .map((tab) => (
          <TabPanel key={tab.id} group={group} id={tab.id} selected className={panelClassName}>
            {tab.panel}
          </TabPanel>
        ))}
    </>
  );
}

function targetOfKey(key: string, index: number, count: number): number | undefined {
  switch (key) {
    case 'ArrowRight':
      return index + 1;
    case 'ArrowLeft':
      return index - 1;
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return undefined;
  }
}

const tabId = (group: string, id: string) => `${group}-tab-${id}`;
const panelId = (group: string, id: string) => `${group}-panel-${id}`;
