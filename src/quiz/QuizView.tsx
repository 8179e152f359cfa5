/** A multiple choice. After the answer every option says why it is right, or which belief it is. */
import { type FormEvent, useId, useState } from 'react';
import { Button } from '../ui/Button.tsx';
import { cx } from '../ui/cx.ts';
import { Icon } from '../ui/Icon.tsx';
import { InlineProse, Prose } from '../ui/Prose.tsx';
import { isRight } from './answers.ts';
import { Exercise, Verdict } from './Exercise.tsx';
import type { Quiz, QuizOption } from './questions.ts';

export type QuizViewProps = {
  quiz: Quiz;
  done: boolean;
  onAnswer: (right: boolean) => void;
};

export function QuizView({ quiz, done, onAnswer }: QuizViewProps) {
  const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set());
  const [answered, setAnswered] = useState(false);
  const name = useId();
  const right = isRight(quiz, chosen);
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (chosen.size === 0) return;
    setAnswered(!answered);
    if (answered) setChosen(new Set());
    else onAnswer(right);
  };
  return (
    <Exercise id={quiz.id} kind="Choice" done={done}>
      <form onSubmit={onSubmit} className="flex flex-col items-start gap-4">
        <fieldset className="flex w-full flex-col gap-2">
          <legend className="mb-3">
            <Prose html={quiz.ask} />
            {quiz.many && (
              <span className="mt-1 block text-small text-ink-2">More than one is right.</span>
            )}
          </legend>
          {quiz.options.map((option, index) => (
            <Option
              key={option.text}
              option={option}
              name={name}
              many={quiz.many}
              chosen={chosen.has(index)}
              answered={answered}
              onChoose={() => setChosen(choose(chosen, index, quiz.many))}
            />
          ))}
        </fieldset>
        {answered && <Verdict right={right}>{verdictOf(quiz, chosen, right)}</Verdict>}
        {/* One button, so that the focus stays. */}
        <Button
          type="submit"
          variant={answered ? 'plain' : 'primary'}
          icon={answered ? 'reset' : undefined}
          aria-disabled={chosen.size === 0}
        >
          {answered ? 'Try again' : 'Check'}
        </Button>
      </form>
    </Exercise>
  );
}

function choose(chosen: ReadonlySet<number>, index: number, many: boolean): ReadonlySet<number> {
  if (!many) return new Set([index]);
  const next = new Set(chosen);
  if (!next.delete(index)) next.add(index);
  return next;
}

function verdictOf(quiz: Quiz, chosen: ReadonlySet<number>, right: boolean): string {
  if (right) return 'Right.';
  const wrong = quiz.options.some(({ correct }, index) => chosen.has(index) && !correct);
  if (!quiz.many) return 'Not right. Read what is said under each answer.';
  return wrong
    ? 'Not right: something chosen does not belong. Read what is said under each answer.'
    : 'Not complete: something that belongs was not chosen.';
}

type OptionProps = {
  option: QuizOption;
  name: string;
  many: boolean;
  chosen: boolean;
  answered: boolean;
  onChoose: () => void;
};

function Option({ option, name, many, chosen, answered, onChoose }: OptionProps) {
  const why = useId();
  return (
    <div className={cx('rounded border px-3', frameOf(option, chosen, answered))}>
      <label
        className={cx('flex min-h-target items-start gap-3 py-2', !answered && 'cursor-pointer')}
      >
        <input
          type={many ? 'checkbox' : 'radio'}
          name={name}
          checked={chosen}
          disabled={answered}
          onChange={onChoose}
          aria-describedby={answered ? why : undefined}
          className="mt-1 size-4 shrink-0 accent-accent"
        />
        <InlineProse html={option.text} className="grow text-[0.9375rem] leading-6" />
        {answered && <Mark correct={option.correct} chosen={chosen} />}
      </label>
      {answered && (
        <div id={why} className="pb-3 pl-7">
          {option.misconception !== undefined && (
            <p className="text-small font-semibold text-ink-2">
              The belief behind it: {option.misconception}
            </p>
          )}
          <Prose html={option.why} small />
        </div>
      )}
    </div>
  );
}

function frameOf({ correct }: QuizOption, chosen: boolean, answered: boolean): string {
  if (!answered) return chosen ? 'border-accent bg-raised' : 'border-border hover:bg-raised';
  if (correct) return 'border-ok bg-ok-soft';
  return chosen ? 'border-bad bg-bad-soft' : 'border-line';
}

function Mark({ correct, chosen }: { correct: boolean; chosen: boolean }) {
  const word = correct ? (chosen ? 'right' : 'right, not chosen') : chosen ? 'wrong' : '';
  if (word === '') return null;
  return (
    <span
      className={cx(
        'flex shrink-0 items-center gap-1 pt-0.5 text-small font-semibold',
        correct ? 'text-ok' : 'text-bad',
      )}
    >
      <Icon name={correct ? 'check' : 'cross'} />
      {word}
    </span>
  );
}
