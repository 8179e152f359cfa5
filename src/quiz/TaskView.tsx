/**
 * A task: what is asked, the conditions that will be checked, which fill in as the state changes, and
 * two places for the answer, a box here and the console. Hints come one at a time, then solutions.
 */
import { type ReactNode, useId, useRef } from 'react';
import { CodeEditor } from '../editor/CodeEditor.tsx';
import type { Mark } from '../editor/help.ts';
import { TranscriptView } from '../transcript/TranscriptView.tsx';
import { Button } from '../ui/Button.tsx';
import { Disclosure } from '../ui/Disclosure.tsx';
import { Choice } from '../ui/Fields.tsx';
import { Prose } from '../ui/Prose.tsx';
import { Exercise, Verdict } from './Exercise.tsx';
import { GoalList } from './GoalList.tsx';
import type { GradeResult } from './grade.ts';
import { answerLanguages, type Challenge, type Language, languageNames } from './questions.ts';

export interface TaskState {
  /** asleep: another activity has the server. */
  readonly stage: 'asleep' | 'starting' | 'begun' | 'solved';
  /** What holds at this moment, since the task was begun. */
  readonly now: GradeResult | undefined;
  /** What the last Check said, until something changes. */
  readonly verdict: GradeResult | undefined;
  /** What the answer box is in, and what is in it. */
  readonly language: Language;
  readonly answer: string;
  /** What was written in other languages. */
  readonly others: Readonly<Partial<Record<Language, string>>>;
  readonly hintsShown: number;
  readonly solutionsShown: boolean;
}

export interface TaskActions {
  /** Sets the server up for it; also when it is begun again. */
  start(): void;
  check(): void;
  /** Runs the answer box, from the setup on. */
  runAnswer(): void;
  /** Ends what the answer box runs. */
  stop(): void;
  write(answer: string): void;
  choose(language: Language): void;
  showHint(): void;
  showSolutions(): void;
}

export type TaskViewProps = {
  challenge: Challenge;
  state: TaskState;
  actions: TaskActions;
  /** Something of it is under way or waits for the server. */
  busy: boolean;
  done: boolean;
  /** What the answer box printed, and what is wrong with what stands in it. */
  output: ReactNode;
  marks: readonly Mark[];
  /** Where to go once it is solved. */
  next: ReactNode;
};

export function TaskView(props: TaskViewProps) {
  const { challenge, state, done, next } = props;
  const begun = state.stage !== 'asleep' && state.stage !== 'starting';
  return (
    <Exercise id={challenge.id} kind="Task" title={challenge.title} done={done}>
      <Prose html={challenge.ask} />
      <Setup challenge={challenge} />
      <GoalList
        goals={challenge.goal}
        now={begun ? state.now : undefined}
        verdict={state.verdict}
      />
      <Workbench {...props} begun={begun} />
      {state.stage === 'solved' && (
        <div className="flex flex-col items-start gap-3">
          <Verdict right>All conditions hold.</Verdict>
          {challenge.after && <Prose html={challenge.after} small />}
          {next}
        </div>
      )}
      <Help {...props} />
    </Exercise>
  );
}

function Setup({ challenge }: { challenge: Challenge }) {
  if (challenge.setup.source === '') {
    return <p className="text-ui text-ink-2">The server is empty at first.</p>;
  }
  return (
    <Disclosure summary="What is on the server at first">
      <div className="rounded bg-raised px-3 py-2">
        <TranscriptView source={challenge.setup.source} />
      </div>
    </Disclosure>
  );
}

function Workbench(props: TaskViewProps & { begun: boolean }) {
  const { state, actions, busy, begun } = props;
  /** Whoever has started the task goes on in its box. */
  const started = useRef(false);
  const start = () => {
    started.current = true;
    actions.start();
  };
  const { stage, verdict } = state;
  if (!begun) {
    return (
      <Button variant="primary" className="self-start" busy={busy} onClick={start}>
        Start task
      </Button>
    );
  }
  return (
    <>
      <AnswerBox {...props} focused={started.current} />
      <div className="flex flex-wrap items-center gap-2">
        <Button
          variant={stage === 'solved' ? 'plain' : 'primary'}
          busy={busy}
          onClick={actions.check}
        >
          Check
        </Button>
        <Button icon="reset" onClick={actions.start}>
          Reset task
        </Button>
      </div>
      {verdict && verdict.outcome !== 'pass' && (
        <Verdict right={false}>
          {verdict.outcome === 'error'
            ? 'This could not be checked. See what the server said above.'
            : failedWords(verdict)}
        </Verdict>
      )}
    </>
  );
}

function failedWords({ checks }: GradeResult): string {
  const failed = checks.filter(({ outcome }) => outcome !== 'pass').length;
  return `${failed} of ${checks.length} conditions ${failed === 1 ? 'does' : 'do'} not hold yet.`;
}

function AnswerBox(props: TaskViewProps & { focused: boolean }) {
  const { challenge, state, actions, busy, output, marks } = props;
  const field = useId();
  // On a phone that would raise the keyboard.
  const focused = props.focused && window.matchMedia('(pointer: fine)').matches;
  const languages = answerLanguages(challenge);
  return (
    <div className="flex flex-col items-start gap-2">
      {languages.length > 1 && (
        <Choice
          label="Answer in"
          value={state.language}
          options={languages.map((value) => ({ value, label: languageNames[value] }))}
          onChange={actions.choose}
        />
      )}
      <CodeEditor
        kind={state.language}
        label="Answer here, or in the console"
        focused={focused}
        value={state.answer}
        onChange={actions.write}
        onRun={actions.runAnswer}
        marks={marks}
        describedBy={`${field}-note`}
      />
      <p id={`${field}-note`} className="text-small text-ink-2">
        {notes[state.language] ?? commandsNote} It runs from the task’s setup, each time.
      </p>
      <div className="flex flex-wrap gap-2">
        <Button
          icon="play"
          busy={busy}
          aria-disabled={state.answer.trim() === ''}
          onClick={actions.runAnswer}
        >
          Run
        </Button>
        {busy && (
          <Button icon="stop" onClick={actions.stop}>
            Stop
          </Button>
        )}
      </div>
      {output}
    </div>
  );
}

const commandsNote = (
  <>
    One command in each row. <code>B&gt;</code> before it: from another connection.{' '}
    <code>@pipeline</code> and <code>@end</code> around rows: in one write.
  </>
);

/** What an answer is, where it is no list of commands. */
const notes: Readonly<Partial<Record<Language, ReactNode>>> = {
  python: 'A program with redis-py. The server listens at localhost:6379.',
  node: 'A program with ioredis or node-redis. The server listens at localhost:6379.',
  shell: 'A script of bash, with redis-cli and redis-server in it.',
  lua: 'A script without KEYS and ARGV, run by EVAL.',
  conf: 'A server is started with this redis.conf, in the place of the one that runs.',
  acl: 'A server is started with these users, in the place of the one that runs.',
  'sentinel-conf': 'It is read as redis-sentinel reads it.',
};

function Help({ challenge, state, actions }: TaskViewProps) {
  const { hintsShown, solutionsShown } = state;
  const { hints, solutions } = challenge;
  const left = hints.length - hintsShown;
  return (
    <div className="flex flex-col items-start gap-3">
      {hintsShown > 0 && (
        <ol className="flex flex-col gap-2 border-l-2 border-line pl-4">
          {hints.slice(0, hintsShown).map((hint, index) => (
            <li key={hint}>
              <p className="text-small font-semibold text-ink-2">Hint {index + 1}</p>
              <Prose html={hint} small />
            </li>
          ))}
        </ol>
      )}
      {left > 0 ? (
        <Button variant="quiet" icon="hint" className="-ml-3" onClick={actions.showHint}>
          Show hint {hintsShown + 1} of {hints.length}
        </Button>
      ) : (
        !solutionsShown && (
          <Button variant="quiet" icon="eye" className="-ml-3" onClick={actions.showSolutions}>
            Show solutions
          </Button>
        )
      )}
      {solutionsShown &&
        solutions.map(({ title, code }) => (
          <div key={title} className="w-full">
            <p className="mb-1 text-ui font-semibold">Solution: {title}</p>
            <div className="rounded bg-raised px-3 py-2">
              {code.language === 'redis' ? (
                <TranscriptView source={code.source} />
              ) : (
                <pre className="term code-lines">{code.source}</pre>
              )}
            </div>
          </div>
        ))}
    </div>
  );
}
