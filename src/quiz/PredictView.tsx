/** The reader says what a command will answer, and how sure they are; then it runs. */
import { type FormEvent, useId, useState } from 'react';
import { ReplyText, TranscriptView } from '../transcript/TranscriptView.tsx';
import type { Outcome } from '../transcript/transcript.ts';
import { Button } from '../ui/Button.tsx';
import { cx } from '../ui/cx.ts';
import { Choice } from '../ui/Fields.tsx';
import { Prose } from '../ui/Prose.tsx';
import { isPredicted, rightChoice } from './answers.ts';
import { Exercise, Verdict } from './Exercise.tsx';
import type { Predict } from './questions.ts';
import type { Confidence } from './rating.ts';

export interface Observed {
  /** What each step of what was given has printed. */
  readonly given: readonly Outcome[];
  /** What the command itself printed. */
  readonly answer: Outcome;
}

export type PredictViewProps = {
  predict: Predict;
  done: boolean;
  /** Runs what is given and then the command, on a server of their own. */
  onRun: () => Promise<Observed>;
  onAnswer: (right: boolean, confidence: Confidence) => void;
};

export function PredictView({ predict, done, onRun, onAnswer }: PredictViewProps) {
  const [guess, setGuess] = useState('');
  const [confidence, setConfidence] = useState<Confidence>('think so');
  const [observed, setObserved] = useState<Observed>();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const run = async () => {
    setBusy(true);
    setProblem(undefined);
    try {
      const seen = await onRun();
      setObserved(seen);
      onAnswer(isPredicted(answerOf(seen), guess), confidence);
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
    setBusy(false);
  };
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (guess.trim() === '' || busy) return;
    if (!observed) void run();
    else {
      setGuess('');
      setObserved(undefined);
    }
  };
  return (
    <Exercise id={predict.id} kind="Prediction" done={done}>
      <Prose html={predict.ask} />
      <div className="rounded border border-line bg-raised px-3 py-2">
        <TranscriptView
          source={`${predict.given.source}\n${predict.command.source}`.trim()}
          outcomes={observed && [...observed.given, observed.answer]}
        />
        {!observed && <p className="term term-note">?</p>}
      </div>
      <form onSubmit={onSubmit} className="flex flex-col items-start gap-4">
        <Guess predict={predict} guess={guess} answered={observed} onGuess={setGuess} />
        {!observed && <Sureness value={confidence} onChange={setConfidence} />}
        {problem && <Verdict right={false}>It could not be run: {problem}</Verdict>}
        {observed && <Comparison predict={predict} guess={guess} observed={observed} />}
        {/* One button, so that the focus stays. */}
        <Button
          type="submit"
          variant={observed ? 'plain' : 'primary'}
          icon={observed ? 'reset' : 'play'}
          busy={busy}
          aria-disabled={guess.trim() === ''}
        >
          {observed ? 'Try again' : 'Run'}
        </Button>
      </form>
    </Exercise>
  );
}

const answerOf = ({ answer }: Observed) => answer.reply ?? '…';

function Sureness(props: { value: Confidence; onChange: (value: Confidence) => void }) {
  return <Choice label="How sure are you?" options={degrees} {...props} />;
}

const degrees = [
  { value: 'sure', label: 'Sure' },
  { value: 'think so', label: 'Think so' },
  { value: 'guess', label: 'A guess' },
] as const;

type GuessProps = {
  predict: Predict;
  guess: string;
  answered: Observed | undefined;
  onGuess: (guess: string) => void;
};

function Guess(props: GuessProps) {
  return props.predict.choices.length > 0 ? <GuessChoice {...props} /> : <GuessText {...props} />;
}

function GuessChoice({ predict, guess, answered, onGuess }: GuessProps) {
  const name = useId();
  const right = answered ? rightChoice(predict, answerOf(answered)) : -1;
  return (
    <fieldset className="flex w-full flex-col gap-2">
      <legend className="mb-2 text-ui font-semibold">Its reply</legend>
      {predict.choices.map(({ reply }, index) => (
        <label
          key={reply}
          className={cx(
            'flex min-h-target items-start gap-3 rounded border px-3 py-2',
            answered
              ? index === right
                ? 'border-ok bg-ok-soft'
                : reply === guess
                  ? 'border-bad bg-bad-soft'
                  : 'border-line'
              : cx('cursor-pointer', reply === guess ? 'border-accent bg-raised' : 'border-border'),
          )}
        >
          <input
            type="radio"
            name={name}
            checked={reply === guess}
            disabled={answered !== undefined}
            onChange={() => onGuess(reply)}
            className="mt-1 size-4 shrink-0 accent-accent"
          />
          <span className="term">
            <ReplyText text={reply} />
          </span>
        </label>
      ))}
    </fieldset>
  );
}

function GuessText({ guess, answered, onGuess }: GuessProps) {
  const field = useId();
  return (
    <div className="flex w-full flex-col gap-1">
      <label htmlFor={field} className="text-ui font-semibold">
        Its reply, as redis-cli prints it
      </label>
      <textarea
        id={field}
        value={guess}
        readOnly={answered !== undefined}
        rows={Math.max(2, guess.split('\n').length)}
        spellCheck={false}
        autoCapitalize="off"
        autoCorrect="off"
        onChange={({ target }) => onGuess(target.value)}
        className="w-full max-w-measure rounded border border-border bg-paper px-3 py-2 font-mono text-field"
      />
    </div>
  );
}

type ComparisonProps = {
  predict: Predict;
  guess: string;
  observed: Observed;
};

function Comparison({ predict, guess, observed }: ComparisonProps) {
  const answer = answerOf(observed);
  const right = isPredicted(answer, guess);
  const chosen = predict.choices.find(({ reply }) => reply === guess);
  return (
    <div className="flex flex-col items-start gap-3">
      <Verdict right={right}>{right ? 'As you said.' : 'Redis answers something else.'}</Verdict>
      {!right && (
        <dl className="grid w-full max-w-measure gap-x-6 gap-y-2 sm:grid-cols-2">
          <Side name="You said" text={guess} />
          <Side name="Redis answers" text={answer} />
        </dl>
      )}
      {chosen && <Prose html={chosen.why} small />}
      <Prose html={predict.why} small />
    </div>
  );
}

function Side({ name, text }: { name: string; text: string }) {
  return (
    <div>
      <dt className="text-small font-semibold text-ink-2">{name}</dt>
      <dd className="term">
        <ReplyText text={text} />
      </dd>
    </div>
  );
}
