/**
 * A button that opens a short list of actions. Arrows move, Home/End jump, a letter finds, Esc
 * closes and gives the focus back. https://www.w3.org/WAI/ARIA/apg/patterns/menu-button/
 */
import {
  type FocusEvent,
  type KeyboardEvent,
  type ReactNode,
  useEffect,
  useId,
  useRef,
  useState,
} from 'react';
import { type ButtonVariant, buttonClass } from './Button.tsx';
import { cx } from './cx.ts';
import { Icon, type IconName } from './Icon.tsx';

export type MenuItem = {
  readonly label: string;
  readonly icon?: IconName;
  /** Shown as ticked or not; makes the item a choice rather than an action. */
  readonly checked?: boolean;
  readonly run: () => void;
};

export type MenuProps = {
  label: string;
  /** What the button shows; the label alone is its accessible name. */
  children?: ReactNode;
  icon?: IconName | undefined;
  items: readonly MenuItem[];
  align?: 'start' | 'end' | undefined;
  variant?: ButtonVariant | undefined;
};

export function Menu(props: MenuProps) {
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const list = useId();
  useFirstItemFocus(root, open);

  const close = () => {
    setOpen(false);
    root.current?.querySelector<HTMLElement>('[aria-haspopup]')?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (!open) return;
    if (event.key === 'Escape') close();
    else if (!moveFocus(root.current, event.key)) return;
    event.preventDefault();
    event.stopPropagation();
  };
  const onBlur = (event: FocusEvent) => {
    if (!event.currentTarget.contains(event.relatedTarget)) setOpen(false);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys and blur bubble up from button and items.
    <div ref={root} className="relative" onKeyDown={onKeyDown} onBlur={onBlur}>
      <MenuButton {...props} open={open} list={list} onOpen={setOpen} />
      {open && (
        <div id={list} role="menu" aria-label={props.label} className={listClass(props.align)}>
          {props.items.map((item) => (
            <Item key={item.label} item={item} onDone={close} />
          ))}
        </div>
      )}
    </div>
  );
}

const listClass = (align: MenuProps['align']) =>
  cx(
    'absolute top-full z-30 mt-1 min-w-44 rounded border border-border bg-paper py-1 font-sans shadow-float',
    align === 'end' ? 'right-0' : 'left-0',
  );

type MenuButtonProps = MenuProps & { open: boolean; list: string; onOpen: (open: boolean) => void };

function MenuButton(props: MenuButtonProps) {
  const { label, children, icon = 'more', variant = 'quiet', open, list, onOpen } = props;
  return (
    <button
      type="button"
      aria-label={label}
      title={children ? undefined : label}
      aria-haspopup="menu"
      aria-expanded={open}
      aria-controls={open ? list : undefined}
      onClick={() => onOpen(!open)}
      onKeyDown={(event) => {
        if (!open && event.key === 'ArrowDown') onOpen(true);
      }}
      className={buttonClass(variant, children ? undefined : 'min-w-target px-0')}
    >
      {children ?? <Icon name={icon} />}
    </button>
  );
}

function Item({ item, onDone }: { item: MenuItem; onDone: () => void }) {
  const { checked } = item;
  const role =
    checked === undefined
      ? ({ role: 'menuitem' } as const)
      : ({ role: 'menuitemcheckbox', 'aria-checked': checked } as const);
  return (
    <button
      type="button"
      {...role}
      tabIndex={-1}
      onClick={() => {
        onDone();
        item.run();
      }}
      className={cx(
        'flex min-h-target w-full items-center gap-2 px-3 text-left text-ui',
        '-outline-offset-2 hover:bg-raised focus:bg-raised',
      )}
    >
      {checked !== undefined && (
        <Icon name="check" className={cx('shrink-0', !checked && 'invisible')} />
      )}
      {item.icon && <Icon name={item.icon} className="shrink-0 text-ink-2" />}
      {item.label}
    </button>
  );
}

function useFirstItemFocus(root: { readonly current: HTMLElement | null }, open: boolean) {
  useEffect(() => {
    if (open) itemsIn(root.current)[0]?.focus();
  }, [root, open]);
}

/** Moves the focus for a key that moves it, and says whether it did. */
function moveFocus(root: HTMLElement | null, key: string): boolean {
  const items = itemsIn(root);
  const target = itemOfKey(key, items, items.indexOf(document.activeElement as HTMLElement));
  target?.focus();
  return target !== undefined;
}

function itemOfKey(key: string, items: readonly HTMLElement[], index: number) {
  switch (key) {
    case 'ArrowDown':
      return items[(index + 1) % items.length];
    case 'ArrowUp':
      return items.at(index - 1);
    case 'Home':
      return items[0];
    case 'End':
      return items.at(-1);
    default:
      return /^\p{L}$/u.test(key)
        ? items.find((item) => item.textContent.toLowerCase().startsWith(key.toLowerCase()))
        : undefined;
  }
}

const itemsIn = (root: HTMLElement | null) => [
  ...(root?.querySelectorAll<HTMLElement>('[role^="menuitem"]') ?? []),
];
