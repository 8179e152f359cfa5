/**
 * A question as it is asked in an interview: answered in free text or aloud, against a clock if
 * wanted; then held against the ideas of a good answer, each of which can be proved.
 */
import { type ReactNode, useId, useState } from 'react';
import { Exercise, Verdict } from '../quiz/Exercise.tsx';
import type { Idea, Interview } from '../quiz/questions.ts';
import { rateInterview } from '../quiz/rating.ts';
import { Button } from '../ui/Button.tsx';
import { Disclosure } from '../ui/Disclosure.tsx';
import { InlineProse, Prose } from '../ui/Prose.tsx';
import { Countdown } from './Countdown.tsx';

export type Share = 'right' | 'partly' | 'wrong';

export type InterviewViewProps = {
  interview: Interview;
  done: boolean;
  /** The button, and then the output, that demonstrates an idea. */
  proof: (idea: Idea, index: number) => ReactNode;
  /** How much of it the answer had, as the reader judged. */
  onGrade: (share: Share) => void;
};

type Stage = 'answering' | 'comparing' | 'graded';

export function InterviewView({ interview, done, proof, onGrade }: InterviewViewProps) {
  const [stage, setStage] = useState<Stage>('answering');
  const [text, setText] = useState('');
  const [had, setHad] = useState<ReadonlySet<number>>(new Set());
  const share = shareOf(had.size, interview.ideas.length);
  const grade = () => {
    setStage('graded');
    onGrade(share);
  };
  const again = () => {
    setStage('answering');
    setText('');
    setHad(new Set());
  };
  return (
    <Exercise id={interview.id} kind="Interview question" done={done}>
      <Prose html={interview.question} className="text-[1.2rem]! font-semibold" />
      <Answer interview={interview} text={text} stage={stage} onText={setText} />
      {stage === 'answering' ? (
        <Button variant="primary" className="self-start" onClick={() => setStage('comparing')}>
          Compare with a good answer
        </Button>
      ) : (
        <>
          <Ideas
            interview={interview}
            had={had}
            fixed={stage === 'graded'}
            proof={proof}
            onHad={setHad}
          />
          {stage === 'comparing' && (
            <Button variant="primary" className="self-start" onClick={grade}>
              Save: {had.size} of {interview.ideas.length}
            </Button>
          )}
          {stage === 'graded' && (
            <Graded had={had.size} of={interview.ideas.length} share={share} onAgain={again} />
          )}
          <Rest interview={interview} />
        </>
      )}
    </Exercise>
  );
}

const shares = { Good: 'right', Hard: 'partly', Again: 'wrong' } as const;
const shareOf = (had: number, of: number): Share => shares[rateInterview(had, of)];

type AnswerProps = {
  interview: Interview;
  text: string;
  stage: Stage;
  onText: (text: string) => void;
};

function Answer({ interview, text, stage, onText }: AnswerProps) {
  const field = useId();
  return (
    <div className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center justify-between gap-x-4">
        <label htmlFor={field} className="text-ui font-semibold">
          Your answer, in writing or aloud
        </label>
        {stage === 'answering' && <Countdown seconds={interview.seconds} />}
      </div>
      <textarea
        id={field}
        value={text}
        readOnly={stage !== 'answering'}
        rows={stage === 'answering' ? 6 : Math.min(6, Math.max(2, text.split('\n').length + 1))}
        onChange={({ target }) => onText(target.value)}
        className="w-full max-w-measure rounded border border-border bg-paper px-3 py-2 font-serif text-[1.0625rem] leading-relaxed"
      />
    </div>
  );
}

type IdeasProps = {
  interview: Interview;
  had: ReadonlySet<number>;
  fixed: boolean;
  proof: InterviewViewProps['proof'];
  onHad: (had: ReadonlySet<number>) => void;
};

function Ideas({ interview, had, fixed, proof, onHad }: IdeasProps) {
  const toggle = (index: number) => {
    const next = new Set(had);
    if (!next.delete(index)) next.add(index);
    onHad(next);
  };
  return (
    <fieldset className="flex flex-col">
      <legend className="mb-2 text-ui font-semibold">Tick what your answer had</legend>
      {interview.ideas.map((idea, index) => (
        <div key={idea.text} className="border-t border-line py-2">
          <label className="flex min-h-target cursor-pointer items-start gap-3 py-1">
            <input
              type="checkbox"
              checked={had.has(index)}
              disabled={fixed}
              onChange={() => toggle(index)}
              className="mt-1 size-4 shrink-0 accent-accent"
            />
            <InlineProse html={idea.text} className="max-w-measure text-[0.9375rem] leading-6" />
          </label>
          {idea.prove && <div className="pl-7">{proof(idea, index)}</div>}
        </div>
      ))}
    </fieldset>
  );
}

function Graded(props: { had: number; of: number; share: Share; onAgain: () => void }) {
  const { had, of, share, onAgain } = props;
  return (
    <div className="flex flex-col items-start gap-3">
      <Verdict right={share === 'partly' ? 'partly' : share === 'right'}>
        {had} of {of} ideas. {graded[share]}
      </Verdict>
      <Button icon="reset" onClick={onAgain}>
        Answer it again
      </Button>
    </div>
  );
}

const graded: Readonly<Record<Share, string>> = {
  right: 'It comes back when it is about to fade.',
  partly: 'It comes back sooner than a full answer would.',
  wrong: 'It comes back soon.',
};

function Rest({ interview }: { interview: Interview }) {
  return (
    <div className="flex flex-col gap-3">
      <Disclosure summary={<span className="font-semibold">An answer of spoken length</span>}>
        <Prose html={interview.answer} />
      </Disclosure>
      <div>
        <h4 className="text-ui font-semibold">What may be asked next</h4>
        {interview.followUps.map(({ question, answer }) => (
          <Disclosure key={question} summary={<InlineProse html={question} />}>
            <Prose html={answer} small />
          </Disclosure>
        ))}
      </div>
    </div>
  );
}
