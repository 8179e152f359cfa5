/**
 * Home: one sentence, the next step, the course map, and beneath it a console with its first
 * command typed. Not a landing page: everything on it is for use.
 */
import { Link } from 'wouter';
import { CourseLegend, CourseMap } from '../lessons/CourseMap.tsx';
import { entries, entryOf } from '../lessons/catalog.ts';
import { useProgress } from '../progress/context.tsx';
import { nextSteps, type Step } from '../review/next-step.ts';
import { buttonClass } from '../ui/Button.tsx';
import { PageHeading } from '../ui/PageHeading.tsx';
import { HomeConsole } from './HomeConsole.tsx';
import { useNow } from './use-now.tsx';

export function HomePage() {
  const now = useNow();
  return (
    <HomeConsole>
      <div className="px-edge pt-5 pb-3">
        <div className="mb-5 flex flex-wrap items-center justify-between gap-x-10 gap-y-4">
          <PageHeading>
            35 interview questions about Redis, each answered on a server that runs in this page.
          </PageHeading>
          <NextSteps now={now} />
        </div>
        <CourseMap now={now} />
        <CourseLegend />
      </div>
    </HomeConsole>
  );
}

function NextSteps({ now }: { now: number }) {
  const progress = useProgress((state) => state.progress);
  const steps = nextSteps(entries, progress, now).slice(0, 2);
  return (
    <div className="flex flex-wrap gap-2">
      {steps.map((step, index) => (
        <StepLink key={step.do} step={step} first={index === 0} now={now} />
      ))}
    </div>
  );
}

function StepLink({ step, first, now }: { step: Step; first: boolean; now: number }) {
  const link = linkOf(step);
  if (!link) return <p className="text-ink-2">{restWords(step, now)}</p>;
  return (
    <Link href={link.href} className={buttonClass(first ? 'primary' : 'plain')}>
      {link.text}
    </Link>
  );
}

function linkOf(step: Step): { href: string; text: string } | undefined {
  switch (step.do) {
    case 'review':
      return { href: '/review', text: `Review ${amountOf(step)} due` };
    case 'continue': {
      const at = step.section === null ? '' : `#${step.section}`;
      return { href: `/lessons/${step.lesson}${at}`, text: `Continue: ${titleOf(step.lesson)}` };
    }
    case 'start':
      return { href: `/lessons/${step.lesson}`, text: `Start: ${titleOf(step.lesson)}` };
    case 'rest':
      return undefined;
  }
}

const amountOf = ({ count, due }: { count: number; due: number }) =>
  count === due ? String(due) : `${count} of ${due}`;

const titleOf = (slug: string) => entryOf(slug)?.title ?? slug;

function restWords(step: Step, now: number): string {
  if (step.do !== 'rest' || step.nextDue === null) return 'Nothing is due.';
  const days = Math.ceil((step.nextDue - now) / (24 * 60 * 60 * 1000));
  return `Nothing is due. The next review is in ${days} ${days === 1 ? 'day' : 'days'}.`;
}
