/** The conditions of a task, before, while and after it is worked on. */
import { useEffect, useRef } from 'react';
import { cx } from '../ui/cx.ts';
import { InlineProse, Prose } from '../ui/Prose.tsx';
import type { CheckResult, GradeResult } from './grade.ts';
import type { Goal } from './questions.ts';

export type GoalListProps = {
  goals: readonly Goal[];
  /** What holds at this moment; nothing is known of a task that is not begun. */
  now: GradeResult | undefined;
  /** What the last Check said: what fails is explained. */
  verdict: GradeResult | undefined;
};

export function GoalList({ goals, now, verdict }: GoalListProps) {
  return (
    <div>
      <h4 className="mb-1 text-ui font-semibold">It is solved when</h4>
      <ul className="flex flex-col">
        {goals.map((goal) => (
          <GoalRow
            key={goal.id}
            goal={goal}
            now={resultOf(now, goal)}
            verdict={resultOf(verdict, goal)}
          />
        ))}
      </ul>
    </div>
  );
}

const resultOf = (result: GradeResult | undefined, goal: Goal) =>
  result?.checks.find((check) => check.goal.id === goal.id);

type RowProps = {
  goal: Goal;
  now: CheckResult | undefined;
  verdict: CheckResult | undefined;
};

function GoalRow({ goal, now, verdict }: RowProps) {
  const holds = now?.outcome === 'pass';
  const failed = !holds && verdict !== undefined && verdict.outcome !== 'pass';
  return (
    <li data-holds={holds} className="border-t border-line py-2">
      <div className="flex items-start gap-2.5">
        <Tick state={holds ? 'holds' : failed ? 'failed' : 'open'} />
        <InlineProse html={goal.says} className="text-[0.9375rem] leading-6" />
      </div>
      {failed && <Explanation check={verdict} />}
    </li>
  );
}

function Explanation({ check }: { check: CheckResult }) {
  return (
    <div className="mt-2 ml-6.5 flex flex-col gap-2 border-l-2 border-bad pl-3">
      <dl className="grid gap-x-6 gap-y-1 sm:grid-cols-2">
        <Side name="Expected" text={check.expected} />
        <Side
          name={check.outcome === 'error' ? 'The server said' : 'Observed'}
          text={check.observed}
        />
      </dl>
      <Prose html={check.goal.why} small />
    </div>
  );
}

function Side({ name, text }: { name: string; text: string }) {
  return (
    <div className="min-w-0">
      <dt className="text-small font-semibold text-ink-2">{name}</dt>
      <dd className="term">{text}</dd>
    </div>
  );
}

const marks = {
  open: { word: 'open', className: 'text-border', path: '' },
  holds: { word: 'holds', className: 'text-ok', path: 'M4.2 8.2l2.6 2.6 5-5.4' },
  failed: {
    word: 'does not hold',
    className: 'text-bad',
    path: 'M5.2 5.2l5.6 5.6M10.8 5.2l-5.6 5.6',
  },
} as const;

/** A box that is ticked, crossed or empty; it flashes once when it becomes ticked. */
function Tick({ state }: { state: keyof typeof marks }) {
  const { word, className, path } = marks[state];
  const flash = useFlashOn(state === 'holds');
  return (
    <span ref={flash} className={cx('mt-1 inline-flex shrink-0 rounded-small', className)}>
      <svg viewBox="0 0 16 16" width="16" height="16" fill="none" aria-hidden="true">
        <rect
          x="1.5"
          y="1.5"
          width="13"
          height="13"
          rx="2.5"
          stroke="currentColor"
          strokeWidth={state === 'open' ? 1.2 : 1.6}
        />
        <path d={path} stroke="currentColor" strokeWidth="1.8" strokeLinecap="round" />
      </svg>
      <span className="sr-only">{word}: </span>
    </span>
  );
}

function useFlashOn(on: boolean) {
  const element = useRef<HTMLSpanElement>(null);
  const before = useRef(on);
  useEffect(() => {
    if (on && !before.current) {
      element.current?.classList.add('just-changed');
    } else if (!on) element.current?.classList.remove('just-changed');
    before.current = on;
  }, [on]);
  return element;
}
