/** What several demonstrations are made of. */
import { type ReactNode, useEffect, useId, useRef } from 'react';
import { cx } from '../../ui/cx.ts';

/** The row of controls. */
export function Controls({ children }: { children: ReactNode }) {
  return <div className="no-print flex flex-wrap items-center gap-2">{children}</div>;
}

/** A part with a heading of its own, as one of several side by side. */
export function Pane(props: { title: ReactNode; children: ReactNode; className?: string }) {
  const heading = useId();
  return (
    <article
      aria-labelledby={heading}
      className={cx(
        'flex min-w-0 flex-col gap-2 rounded border border-border p-3',
        props.className,
      )}
    >
      <h4 id={heading} className="text-ui font-semibold">
        {props.title}
      </h4>
      {props.children}
    </article>
  );
}

/** Where a number was measured; it is never Redis's own. */
export function MeasuredHere({ children }: { children?: ReactNode }) {
  return (
    <p className="text-small text-ink-2">
      Measured now, in this browser, on the engine in this page. {children}
    </p>
  );
}

export function Problem({ text }: { text: string | undefined }) {
  if (text === undefined) return null;
  return (
    <p role="alert" className="text-ui text-bad">
      It could not be run: {text}
    </p>
  );
}

/** What happened, newest last and in sight; read out as it comes. */
export function Lines(props: { label: string; lines: readonly ReactNode[]; empty: string }) {
  const { label, lines, empty } = props;
  const list = useNewestInSight(lines.length);
  return (
    <div
      ref={list}
      role="log"
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
      tabIndex={0}
      className="flex h-28 flex-col gap-0.5 overflow-y-auto rounded bg-raised px-2.5 py-1.5 text-ui"
    >
      {lines.length === 0 && <p className="text-ink-2">{empty}</p>}
      {lines.map((line, index) => (
        <p key={index}>{line}</p>
      ))}
    </div>
  );
}

function useNewestInSight(count: number) {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (list.current) list.current.scrollTop = list.current.scrollHeight;
  }, [count]);
  return list;
}

export interface Bar {
  readonly label: string;
  readonly value: number | undefined;
  /** The value as it is read. */
  readonly text: string;
  readonly mark?: boolean;
}

/** Bars with their numbers, as a table for those who do not see them. */
export function Bars(props: {
  caption: string;
  heads: readonly [string, string];
  bars: readonly Bar[];
  /** Each tenth of the width is a factor instead of an amount. */
  logarithmic?: boolean;
}) {
  const { caption, heads, bars, logarithmic } = props;
  const values = bars.flatMap(({ value }) => (value === undefined ? [] : [value]));
  const most = Math.max(...values, 0);
  const least = Math.min(...values, most);
  return (
    <table className="w-full border-collapse text-ui tabular-nums">
      <caption className="sr-only">{caption}</caption>
      <thead>
        <tr className="text-left align-bottom text-small text-ink-2 [&>th]:min-w-20 [&>th]:pb-1 [&>th]:font-normal">
          <th scope="col">{heads[0]}</th>
          <td aria-hidden="true" />
          <th scope="col" className="text-right">
            {heads[1]}
          </th>
        </tr>
      </thead>
      <tbody>
        {bars.map(({ label, value, text, mark }) => (
          <tr key={label}>
            <th scope="row" className="py-0.5 pr-3 text-left font-normal whitespace-nowrap">
              {label}
            </th>
            <td aria-hidden="true" className="w-full">
              <span
                className={cx('block h-3.5 rounded-small', mark ? 'bg-accent' : 'bg-ink-2')}
                style={{ width: `${widthOf(value, least, most, logarithmic === true)}%` }}
              />
            </td>
            <td className="pl-3 text-right whitespace-nowrap">{text}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function widthOf(value: number | undefined, least: number, most: number, log: boolean): number {
  if (value === undefined || most === 0) return 0;
  if (!log) return Math.max(0.5, (100 * value) / most);
  // The smallest still has a bar: a tenth of the width.
  const span = Math.log(most / least) || 1;
  return 10 + (90 * Math.log(value / least)) / span;
}

/** One of many small things: filled while it is there, a cross when it is gone. */
export function Cell({ there, round = false }: { there: boolean; round?: boolean }) {
  return (
    <span
      className={cx(
        'flex size-3.5 items-center justify-center border text-[0.7rem] leading-none',
        round ? 'rounded-round' : 'rounded-small',
        there ? 'border-accent bg-accent' : 'border-border text-ink-2',
      )}
    >
      {there ? '' : '×'}
    </span>
  );
}

/** A field of one line with its button. */
export function Send(props: {
  label: string;
  button: string;
  value: string;
  disabled?: boolean;
  onChange: (value: string) => void;
  onSend: () => void;
}) {
  const field = useId();
  const { label, button, value, disabled, onChange, onSend } = props;
  return (
    <form
      className="flex gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        if (!disabled && value.trim() !== '') onSend();
      }}
    >
      <label htmlFor={field} className="sr-only">
        {label}
      </label>
      <input
        id={field}
        value={value}
        disabled={disabled}
        placeholder={label}
        autoComplete="off"
        onChange={({ target }) => onChange(target.value)}
        className="min-h-target w-full min-w-0 rounded border border-border bg-paper px-2 text-field placeholder:text-ink-2 disabled:opacity-55"
      />
      <button
        type="submit"
        disabled={disabled}
        className="min-h-target shrink-0 rounded border border-border px-3 text-ui hover:bg-raised disabled:opacity-55"
      >
        {button}
      </button>
    </form>
  );
}
