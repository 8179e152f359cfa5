/** What to do next: after a task, and at the end of a lesson. Nothing ends in silence. */
import { Link } from 'wouter';
import { useProgress } from '../progress/context.tsx';
import { checksDone, isDone } from '../review/mastery.ts';
import { buttonClass } from '../ui/Button.tsx';
import { type Entry, neighboursOf } from './catalog.ts';
import { useOpenLesson } from './context.tsx';
import { type Block, blocksOf, type CheckRef, type Lesson, lessonPath } from './lesson.ts';

/** The next exercise that is not done, after this one or before it. */
export function AfterTask({ id }: { id: string }) {
  const { lesson } = useOpenLesson();
  const progress = useProgress((state) => state.progress);
  const at = lesson.checks.findIndex((check) => check.id === id);
  const others = [...lesson.checks.slice(at + 1), ...lesson.checks.slice(0, Math.max(at, 0))];
  const next = others.find((check) => !isDone(check, lesson, progress));
  if (!next) return <NextLesson lesson={lesson} />;
  return (
    <a href={`#${next.id}`} className={buttonClass('primary')}>
      Next: {titleOf(next, lesson)}
    </a>
  );
}

/** The end of a lesson: what is left of it, and the lessons beside it. */
export function NextStep({ lesson }: { lesson: Lesson }) {
  const progress = useProgress((state) => state.progress);
  const { done, of } = checksDone(lesson, progress);
  const open = lesson.checks.filter((check) => !isDone(check, lesson, progress));
  const { previous } = neighboursOf(lesson.slug);
  return (
    <section aria-labelledby="next-step" className="mt-10 border-t-2 border-ink pt-5">
      <h2 id="next-step" className="mb-2 text-[1.4rem] font-semibold">
        Next
      </h2>
      <p className="max-w-measure text-[0.9375rem]">{standOf(done, of)}</p>
      {open.length > 0 && (
        <ul className="mt-3 border-t border-line">
          {open.map((check) => (
            <li key={check.id} className="border-b border-line">
              <a
                href={`#${check.id}`}
                className="group/open flex min-h-target items-baseline gap-3 rounded py-1.5 text-ui"
              >
                <span className="w-28 shrink-0 text-ink-2">{kindNames[check.kind]}</span>
                <span className="group-hover/open:underline">{titleOf(check, lesson)}</span>
              </a>
            </li>
          ))}
        </ul>
      )}
      <nav aria-label="Lessons beside this one" className="mt-5 flex flex-wrap gap-3">
        <NextLesson lesson={lesson} plain={open.length > 0} />
        {previous && <LessonLink entry={previous} word="Previous" />}
        <Link href="/" className={buttonClass('quiet')}>
          All lessons
        </Link>
      </nav>
      <Docs docs={lesson.docs} />
    </section>
  );
}

function standOf(done: number, of: number): string {
  if (of === 0) return 'This lesson has no exercises. Go on with another one.';
  return done === of
    ? `All ${of} exercises of this lesson are done. They come back for review before they fade.`
    : `${done} of ${of} exercises of this lesson are done. Doing them is what passes it; reading is not.`;
}

/** The official pages on what the lesson tells. */
function Docs({ docs }: { docs: readonly string[] }) {
  return (
    <div className="mt-5 text-ui">
      <h3 className="font-semibold">In the Redis documentation</h3>
      <ul className="flex flex-wrap gap-x-5">
        {docs.map((url) => (
          <li key={url}>
            <a
              href={url}
              target="_blank"
              rel="noreferrer"
              className="inline-flex min-h-target items-center underline decoration-accent underline-offset-2"
            >
              {lastPart(url)}
            </a>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** A page is called by the last part of its address, that of a command in capitals. */
function lastPart(url: string): string {
  const words = inWords(url.replace(/\/$/, '').split('/').at(-1) ?? url);
  return /\/commands\/./.test(url) ? words.toUpperCase() : words;
}

function NextLesson({ lesson, plain }: { lesson: Lesson; plain?: boolean }) {
  const { next } = neighboursOf(lesson.slug);
  return next ? <LessonLink entry={next} word="Next" primary={!plain} /> : null;
}

type LessonLinkProps = { entry: Entry; word: string; primary?: boolean };

function LessonLink({ entry, word, primary }: LessonLinkProps) {
  return (
    <Link href={lessonPath(entry.slug)} className={buttonClass(primary ? 'primary' : 'plain')}>
      {word}: {entry.number} {entry.title}
    </Link>
  );
}

const kindNames: Readonly<Record<CheckRef['kind'], string>> = {
  quiz: 'Choice',
  predict: 'Prediction',
  challenge: 'Task',
  interview: 'Question',
};

const titleOf = ({ id }: CheckRef, lesson: Lesson): string => {
  const block = blocksOf(lesson).find((each) => idOf(each) === id);
  return block?.kind === 'challenge' ? block.challenge.title : inWords(id);
};

function idOf(block: Block): string | undefined {
  switch (block.kind) {
    case 'quiz':
      return block.quiz.id;
    case 'predict':
      return block.predict.id;
    case 'challenge':
      return block.challenge.id;
    case 'interview':
      return block.interview.id;
    default:
      return undefined;
  }
}

const inWords = (id: string) => {
  const words = id.replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
};
