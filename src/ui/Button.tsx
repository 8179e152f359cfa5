/** Buttons. The verb is the label; the variant says how much weight the action has on its screen. */
import type { ComponentProps } from 'react';
import { cx } from './cx.ts';
import { Icon, type IconName } from './Icon.tsx';

/** primary: the one next step. plain: operable. quiet: chrome. danger: takes something away. */
export type ButtonVariant = 'primary' | 'plain' | 'quiet' | 'danger';

const variants: Record<ButtonVariant, string> = {
  primary: 'border-accent bg-accent text-on-accent font-semibold hover:border-ink',
  plain: 'border-border bg-paper text-ink hover:bg-raised',
  quiet: 'border-transparent text-ink-2 hover:bg-raised hover:text-ink',
  danger: 'border-bad text-bad hover:bg-bad-soft',
};

const shape =
  'inline-flex min-h-target items-center justify-center gap-1.5 rounded border px-3 py-1 font-sans text-ui ' +
  'no-underline select-none ' +
  'aria-disabled:opacity-55 aria-disabled:cursor-not-allowed disabled:opacity-55';

/** The classes of a button, for an anchor that should look like one. */
export function buttonClass(variant: ButtonVariant = 'plain', className?: string): string {
  return cx(shape, variants[variant], className);
}

export type ButtonProps = ComponentProps<'button'> & {
  variant?: ButtonVariant | undefined;
  icon?: IconName | undefined;
  /** Says that the action is under way: the button stays focusable but does nothing. */
  busy?: boolean | undefined;
};

export function Button({ variant, icon, busy, className, children, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      aria-disabled={busy || rest['aria-disabled']}
      onClick={busy ? undefined : rest.onClick}
      className={buttonClass(variant, className)}
    >
      {icon && <Icon name={icon} />}
      {children}
    </button>
  );
}

export type IconButtonProps = Omit<ComponentProps<'button'>, 'children' | 'aria-label'> & {
  /** What the button does: its accessible name, and the title shown on hover. */
  label: string;
  icon: IconName;
  variant?: ButtonVariant | undefined;
};

export function IconButton({
  label,
  icon,
  variant = 'quiet',
  className,
  ...rest
}: IconButtonProps) {
  return (
    <button
      type="button"
      title={label}
      {...rest}
      aria-label={label}
      className={buttonClass(variant, cx('min-w-target px-0', className))}
    >
      <Icon name={icon} />
    </button>
  );
}
