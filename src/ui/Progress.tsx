/** How far something has come, and that something is still coming. */
import { useEffect, useState } from 'react';

export type ProgressProps = {
  label: string;
  value: number;
  max: number;
  /** What is counted: "kB", "keys", "steps". Shown behind the numbers. */
  unit?: string | undefined;
  /** Leaves the numbers to the reader's ear where the context already shows them. */
  bare?: boolean | undefined;
};

export function Progress({ label, value, max, unit, bare }: ProgressProps) {
  const text = `${value} of ${max}${unit ? `\u202f${unit}` : ''}`;
  const percent = max > 0 ? Math.min(100, (100 * value) / max) : 0;
  return (
    <div className="flex items-center gap-2 font-sans text-small text-ink-2">
      <div
        role="progressbar"
        aria-label={label}
        aria-valuenow={value}
        aria-valuemin={0}
        aria-valuemax={max}
        aria-valuetext={text}
        className="h-1 min-w-16 grow overflow-hidden rounded-round bg-sunk"
      >
        <div
          className="h-full forced-colors:[forced-color-adjust:none] bg-accent transition-[width]"
          style={{ width: `${percent}%` }}
        />
      </div>
      {!bare && <span className="tabular-nums">{text}</span>}
    </div>
  );
}

/** Appears only when the wait is long enough to be noticed: 300 ms. */
export function Loading({ text }: { text: string }) {
  const shown = useAfter(300);
  return (
    <p role="status" className="p-4 text-ui text-ink-2">
      {shown && text}
    </p>
  );
}

function useAfter(delayMs: number): boolean {
  const [passed, setPassed] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setPassed(true), delayMs);
    return () => clearTimeout(timer);
  }, [delayMs]);
  return passed;
}
