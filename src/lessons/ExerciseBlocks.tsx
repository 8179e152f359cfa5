/** The exercises of a lesson, each with what it needs: a server, and what is remembered of it. */
import { useMemo } from 'react';
import type { Mark } from '../editor/help.ts';
import { InterviewView } from '../interview/InterviewView.tsx';
import { useProgress } from '../progress/context.tsx';
import { itemKey } from '../progress/progress.ts';
import { PredictView } from '../quiz/PredictView.tsx';
import { QuizView } from '../quiz/QuizView.tsx';
import type { Challenge, Interview, Predict, Quiz } from '../quiz/questions.ts';
import { type TaskActions, type TaskState, TaskView } from '../quiz/TaskView.tsx';
import { faultsOf } from '../runtimes/faults.ts';
import { ScreenView } from '../runtimes/ScreenView.tsx';
import { useNotices } from '../ui/Notices.tsx';
import { useLesson, useOpenLesson } from './context.tsx';
import { AfterTask } from './NextStep.tsx';
import { Proof } from './Proof.tsx';
import { RunNotes, RunTranscript } from './RunView.tsx';
import { answerOf } from './run-text.ts';
import type { Run } from './runner.ts';

/** Whether an exercise has been passed: given an answer to, or solved. */
function useDone(id: string, how: 'attempted' | 'solved'): boolean {
  const { slug } = useOpenLesson().lesson;
  const item = useProgress(({ progress }) => progress.items[itemKey(slug, id)]);
  if (!item) return false;
  return how === 'solved' ? item.solved !== null : item.attempts > 0;
}

export function QuizBlock({ quiz }: { quiz: Quiz }) {
  const { slug } = useOpenLesson().lesson;
  const attempt = useProgress((state) => state.attempt);
  return (
    <QuizView
      quiz={quiz}
      done={useDone(quiz.id, 'solved')}
      onAnswer={(right) =>
        attempt(slug, quiz.id, { kind: 'quiz', verdict: right ? 'right' : 'wrong' })
      }
    />
  );
}

export function PredictBlock({ predict }: { predict: Predict }) {
  const { lesson, room } = useOpenLesson();
  const attempt = useProgress((state) => state.attempt);
  const run = async () => {
    const [given = [], [answer] = []] = await (await room()).runAside([
      predict.given.source,
      predict.command.source,
    ]);
    if (!answer) throw new Error('nothing was answered');
    return { given, answer };
  };
  return (
    <PredictView
      predict={predict}
      done={useDone(predict.id, 'attempted')}
      onRun={run}
      onAnswer={(right, confidence) =>
        attempt(lesson.slug, predict.id, {
          kind: 'predict',
          verdict: right ? 'right' : 'wrong',
          confidence: confidence === 'think so' ? 'think-so' : confidence,
        })
      }
    />
  );
}

export function InterviewBlock({ interview }: { interview: Interview }) {
  const { slug } = useOpenLesson().lesson;
  const attempt = useProgress((state) => state.attempt);
  return (
    <InterviewView
      interview={interview}
      done={useDone(interview.id, 'attempted')}
      proof={({ prove }) => prove && <Proof source={prove.source} />}
      onGrade={(verdict) => attempt(slug, interview.id, { kind: 'interview', verdict })}
    />
  );
}

export function TaskBlock({ challenge }: { challenge: Challenge }) {
  const { id } = challenge;
  const state = useLesson(({ tasks }) => tasks[id]);
  const run = useLesson(({ answers }) => answers[id]);
  const busy = useLesson((lesson) => lesson.busy.includes(id));
  const done = useDone(id, 'solved');
  const actions = useTaskActions(id);
  const marks = useMarks(state, run);
  if (!state) return null;
  return (
    <TaskView
      challenge={challenge}
      state={state}
      actions={actions}
      busy={busy}
      done={done}
      output={
        run && (
          <div className="w-full rounded border border-line">
            <div className="px-3 py-2.5">
              {run.screen ? (
                <ScreenView screen={run.screen} />
              ) : (
                <RunTranscript source={run.source} run={run} />
              )}
            </div>
            <RunNotes run={run} waiting={false} />
          </div>
        )
      }
      marks={marks}
      next={<AfterTask id={id} />}
    />
  );
}

/** What is wrong with an answer, as long as it is the one that ran. */
function useMarks(state: TaskState | undefined, run: Run | undefined): readonly Mark[] {
  const { language = 'redis', answer = '' } = state ?? {};
  return useMemo(
    () => (run && run.source === answerOf(language, answer) ? faultsOf(language, run) : []),
    [run, language, answer],
  );
}

function useTaskActions(id: string): TaskActions {
  const { store } = useOpenLesson();
  const { toast, announce } = useNotices();
  const lesson = store.getState();
  return {
    async start() {
      const wasBegun = store.getState().tasks[id]?.stage !== 'asleep';
      const undo = await lesson.startTask(id);
      if (!wasBegun) announce('The task is set up. Answer in the box or in the console.');
      else toast({ text: 'The task is as it was at first.', action: { label: 'Undo', run: undo } });
    },
    check: () => lesson.checkTask(id),
    runAnswer: () => lesson.runAnswer(id),
    stop: () => lesson.stop(),
    write: (answer) => lesson.writeAnswer(id, answer),
    choose: (language) => lesson.chooseLanguage(id, language),
    showHint: () => lesson.showHint(id),
    showSolutions: () => lesson.showSolutions(id),
  };
}
