/** The time that a key has left: a number, and a thin line that drains from when it was first seen. */
import { useState } from 'react';
import { secondsInWords } from './measures.ts';

export type TtlProps = {
  /** In ms of lab time; undefined when it never expires. */
  expiresAt: number | undefined;
  now: number;
};

export function Ttl({ expiresAt, now }: TtlProps) {
  const [first] = useState(() => (expiresAt ?? now) - now);
  if (expiresAt === undefined) return <span className="text-ink-2">none</span>;
  const left = Math.max(0, expiresAt - now);
  const whole = Math.max(first, left, 1);
  return (
    <span className="relative inline-block pb-0.5">
      {secondsInWords(left / 1000)}
      <span aria-hidden="true" className="absolute inset-x-0 bottom-0 h-0.5 bg-line">
        <span
          className="block h-full bg-accent transition-[width] duration-1000 ease-linear"
          style={{ width: `${(100 * left) / whole}%` }}
        />
      </span>
    </span>
  );
}
