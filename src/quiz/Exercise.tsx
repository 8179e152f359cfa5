/** The frame of everything that can be passed: what it is, what it asks, whether it is done. */
import { type ReactNode, useId } from 'react';
import { Icon } from '../ui/Icon.tsx';

export type ExerciseProps = {
  /** Its address within the page. */
  id: string;
  /** "Choice", "Prediction", "Task", "Question". */
  kind: string;
  title?: string | undefined;
  /** It has been passed, now or on another day. */
  done: boolean;
  children: ReactNode;
};

export function Exercise({ id, kind, title, done, children }: ExerciseProps) {
  const heading = useId();
  return (
    <article
      id={id}
      aria-labelledby={heading}
      className="flex flex-col gap-4 border-t border-line pt-5 pb-2"
    >
      <h3 id={heading} className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
        <span className="text-small font-semibold text-accent">{kind}</span>
        {title && <span className="text-h3 font-semibold">{title}</span>}
        {done && (
          <span className="inline-flex items-center gap-1 self-center text-small text-ok">
            <Icon name="check" /> done
          </span>
        )}
      </h3>
      {children}
    </article>
  );
}

/** What came of an answer: a word with its shape, and a sentence. Read out when it appears. */
export function Verdict({ right, children }: { right: boolean | 'partly'; children: ReactNode }) {
  const look = verdicts[right === 'partly' ? 'partly' : right ? 'right' : 'wrong'];
  return (
    <p role="status" className={`flex items-start gap-2 text-ui font-semibold ${look.className}`}>
      <Icon name={look.icon} className="mt-0.5 shrink-0" />
      <span>{children}</span>
    </p>
  );
}

const verdicts = {
  right: { icon: 'check', className: 'text-ok' },
  partly: { icon: 'minus', className: 'text-wait' },
  wrong: { icon: 'cross', className: 'text-bad' },
} as const;
