/**
 * Two panes with a handle between them, for mouse, finger and keyboard (arrows, Home, End on the
 * handle). What is in a pane scrolls itself. Sizes are given and reported in percent of the whole, for the second pane.
 */
import type { ReactNode } from 'react';
import { Group, Panel, Separator } from 'react-resizable-panels';
import { cx } from './cx.ts';

export type SplitPaneProps = {
  /** Names the handle: "Width of the console". */
  label: string;
  /** horizontal: side by side. vertical: one above the other. */
  orientation?: 'horizontal' | 'vertical' | undefined;
  first: ReactNode;
  second: ReactNode;
  /** Percent of the whole given to the second pane. */
  size: number;
  /** Told once when the reader lets go, not while dragging. */
  onSize: (percent: number) => void;
  /** Least sizes, as CSS lengths or percentages ("22rem", "25%"). */
  minFirst?: string | undefined;
  minSecond?: string | undefined;
  className?: string | undefined;
};

export function SplitPane(props: SplitPaneProps) {
  const { label, orientation = 'horizontal', first, second, size, onSize, className } = props;
  const { minFirst = '20%', minSecond = '20%' } = props;
  return (
    <Group
      orientation={orientation}
      defaultLayout={{ first: 100 - size, second: size }}
      onLayoutChanged={(layout, meta) => {
        if (meta.isUserInteraction && layout.second) onSize(layout.second);
      }}
      className={className}
    >
      <Panel id="first" minSize={minFirst} style={unscrolled}>
        {first}
      </Panel>
      <Separator
        aria-label={label}
        className={cx(
          'group/handle relative bg-line outline-offset-0 transition-colors hover:bg-accent',
          'data-[separator=active]:bg-accent data-[separator=focus]:bg-accent',
          orientation === 'horizontal' ? 'w-px' : 'h-px',
        )}
      />
      <Panel id="second" minSize={minSecond} style={unscrolled}>
        {second}
      </Panel>
    </Group>
  );
}

/** A pane that scrolled as a whole could not be reached with the keyboard. */
const unscrolled = { overflow: 'hidden' } as const;
