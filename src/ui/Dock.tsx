/**
 * A page with a dock. From 1024 px the dock stands at the right, sticks to the window and takes
 * the width that the reader gives it (or, placed below, is a strip under the page); on less it is a sheet at the bottom with three heights, above
 * the on-screen keyboard and the phone's safe area. It is the same element in both cases, so what
 * runs in it survives a turn of the phone. Reading works with the dock closed.
 */
import type { CSSProperties, KeyboardEvent, ReactNode } from 'react';
import { useRef } from 'react';
import { IconButton } from './Button.tsx';
import { dragOn } from './use-drag.tsx';
import { useVisualViewport } from './use-visual-viewport.tsx';

/** bar: only the title row. half: shares the screen. full: all but the page's header. */
export type DockSnap = 'bar' | 'half' | 'full';

export type DockProps = Frame & (Beside | Below);

type Frame = {
  /** Names the dock, its handle and its buttons: "Console". */
  label: string;
  /** The page that the dock belongs to. */
  children: ReactNode;
  /** What the dock holds; it fills the height that is left below the title row. */
  dock: ReactNode;
  /** The title row beside the buttons: the label, or a TabList. */
  bar?: ReactNode;
  /** The height below 1024 px. */
  snap: DockSnap;
  onSnap: (snap: DockSnap) => void;
};

/** From 1024 px a column at the right. */
type Beside = {
  placement?: 'beside';
  /** Shown, or folded to a rail. */
  open: boolean;
  onOpen: (open: boolean) => void;
  /** Percent of the window's width, 25 to 70. */
  width: number;
  onWidth: (percent: number) => void;
};

/** From 1024 px a strip of fixed height beneath the page, in sight while the page scrolls. */
type Below = { placement: 'below' };

const snaps: readonly DockSnap[] = ['bar', 'half', 'full'];
const MIN_WIDTH = 25;
const MAX_WIDTH = 70;

export function Dock(props: DockProps) {
  const { label, children, dock, bar, snap } = props;
  const beside = props.placement !== 'below';
  const root = useRef<HTMLDivElement>(null);
  useVisualViewport();
  return (
    <div
      ref={root}
      className="dock-page"
      data-placement={beside ? 'beside' : 'below'}
      data-open={!beside || props.open}
      data-snap={snap}
      style={beside ? ({ '--dock-width': `${props.width}%` } as CSSProperties) : undefined}
    >
      <div className="min-w-0">{children}</div>
      <aside aria-label={label} className="dock no-print bg-paper">
        {beside && props.open && <WidthHandle {...props} root={root} />}
        <div
          onPointerDown={dragSnap({ ...props, root })}
          className="dock-bar flex shrink-0 items-stretch border-b border-line bg-paper"
        >
          <div className="dock-title flex min-w-0 grow items-stretch">
            {bar ?? <span className="self-center pl-edge font-semibold">{label}</span>}
          </div>
          <SheetButtons {...props} />
          {beside && <SideButton {...props} />}
        </div>
        <div className="dock-body min-h-0 grow overflow-hidden">{dock}</div>
      </aside>
    </div>
  );
}

type Root = { root: { readonly current: HTMLElement | null } };

function WidthHandle({ label, width, onWidth, root }: Frame & Beside & Root) {
  const clamp = (percent: number) => Math.min(MAX_WIDTH, Math.max(MIN_WIDTH, Math.round(percent)));
  const percentAt = (x: number) => clamp(100 * (1 - x / window.innerWidth));
  const onKeyDown = (event: KeyboardEvent) => {
    const target = widthOfKey(event.key, width);
    if (target === undefined) return;
    onWidth(clamp(target));
    event.preventDefault();
  };
  const onPointerDown = dragOn(() => ({
    onMove: ({ x }) => root.current?.style.setProperty('--dock-width', `${percentAt(x)}%`),
    onEnd: ({ x }, moved) => moved && onWidth(percentAt(x)),
  }));
  return (
    // biome-ignore lint/a11y/useSemanticElements: a window splitter is a separator, not a rule.
    <div
      role="separator"
      tabIndex={0}
      aria-label={`Width of ${label}`}
      aria-orientation="vertical"
      aria-valuenow={width}
      aria-valuemin={MIN_WIDTH}
      aria-valuemax={MAX_WIDTH}
      onKeyDown={onKeyDown}
      onPointerDown={onPointerDown}
      className="dock-handle"
    />
  );
}

function widthOfKey(key: string, width: number): number | undefined {
  switch (key) {
    case 'ArrowLeft':
      return width + 2;
    case 'ArrowRight':
      return width - 2;
    case 'Home':
      return MAX_WIDTH;
    case 'End':
      return MIN_WIDTH;
    default:
      return undefined;
  }
}

/** The title row of the sheet is also its grip; for the keyboard there are the buttons. */
function dragSnap({ onSnap, root }: Frame & Root) {
  const heightAt = (y: number) => `${Math.max(48, window.innerHeight - y + 16)}px`;
  return dragOn(() => ({
    onMove: ({ y }) => root.current?.style.setProperty('--dock-drag', heightAt(y)),
    onEnd: ({ y }, moved) => {
      root.current?.style.removeProperty('--dock-drag');
      if (moved && isSheet()) onSnap(snapAt(1 - y / window.innerHeight));
    },
  }));
}

const isSheet = () => window.matchMedia('(width < 64rem)').matches;

const snapAt = (share: number): DockSnap => (share < 0.22 ? 'bar' : share < 0.68 ? 'half' : 'full');

function SheetButtons({ label, snap, onSnap }: DockProps) {
  const index = snaps.indexOf(snap);
  const [lower, higher] = [snaps[index - 1], snaps[index + 1]];
  return (
    <div className="flex shrink-0 items-center pr-1 lg:hidden">
      {lower && <IconButton label={`Lower ${label}`} icon="down" onClick={() => onSnap(lower)} />}
      {higher && <IconButton label={`Raise ${label}`} icon="up" onClick={() => onSnap(higher)} />}
    </div>
  );
}

function SideButton({ label, open, onOpen }: Frame & Beside) {
  return (
    <div className="hidden shrink-0 items-center px-1 lg:flex">
      <IconButton
        label={open ? `Close ${label}` : `Open ${label}`}
        icon="panel"
        aria-expanded={open}
        onClick={() => onOpen(!open)}
      />
    </div>
  );
}
