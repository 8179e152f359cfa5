/** A block of code: an example that runs here, or code that is only shown. */
import { useId, useState } from 'react';
import { ScreenView } from '../runtimes/ScreenView.tsx';
import { layOut } from '../transcript/layout.ts';
import { ReplyText, TranscriptView } from '../transcript/TranscriptView.tsx';
import type { Outcome } from '../transcript/transcript.ts';
import { Button } from '../ui/Button.tsx';
import { Icon } from '../ui/Icon.tsx';
import { BlockEditor } from './BlockEditor.tsx';
import { BlockFrame, BlockHeader } from './BlockFrame.tsx';
import { ConfActions } from './ConfActions.tsx';
import { useLesson, useOpenLesson } from './context.tsx';
import { LuaActions } from './LuaActions.tsx';
import type { CodeBlock } from './lesson.ts';
import { RunNotes, RunTranscript } from './RunView.tsx';
import { runsHere, textOf, transcriptOf } from './run-text.ts';
import type { Run } from './runner.ts';

export function CodeBlockView({ block }: { block: CodeBlock }) {
  return runsHere(block) ? <Example block={block} /> : <Still block={block} />;
}

function Example({ block }: { block: CodeBlock }) {
  const { id } = block;
  const heading = useId();
  const run = useLesson(({ runs }) => runs[id]);
  const draft = useLesson(({ drafts }) => drafts[id]);
  const waiting = useLesson(({ busy }) => busy.indexOf(id));
  const beside = useLesson((lesson) => lesson.beside.includes(id));
  const running = waiting >= 0 || beside;
  const [editing, setEditing] = useState(false);
  const words = useLesson((lesson) => lesson.words[id]);
  const source = transcriptOf(block, { draft, words });
  const close = () => {
    setEditing(false);
    document.getElementById(heading)?.focus();
  };
  const text = textOf(block, draft);
  return (
    <BlockFrame id={id} labelledBy={heading} busy={running}>
      <BlockHeader
        block={block}
        heading={heading}
        text={text}
        edited={draft !== undefined}
        onEdit={editing ? undefined : () => setEditing(true)}
      >
        {running ? <StopButton id={id} beside={beside} /> : !editing && <RunButton id={id} />}
      </BlockHeader>
      {editing && <BlockEditor block={block} text={text} onClose={close} />}
      {(!editing || run) && (
        <div className={editing ? 'border-t border-line px-3 py-2.5' : 'px-3 py-2.5'}>
          {/* A text that was changed since it ran is shown as it will run. */}
          <Body
            block={block}
            draft={draft}
            source={source}
            run={editing || run?.source === source ? run : undefined}
            bare={editing}
          />
        </div>
      )}
      {block.code.language === 'conf' && !editing && <ConfActions id={id} text={text} />}
      {block.code.language === 'lua' && <LuaActions block={block} text={text} />}
      <RunNotes run={run} waiting={waiting > 0} />
    </BlockFrame>
  );
}

function RunButton({ id }: { id: string }) {
  const { store } = useOpenLesson();
  return (
    <Button variant="quiet" icon="play" onClick={() => store.getState().run(id)}>
      Run
    </Button>
  );
}

/** Ends all that runs, or the one program that runs beside it. */
function StopButton({ id, beside }: { id: string; beside: boolean }) {
  const { store } = useOpenLesson();
  const stop = () => store.getState().stop(beside ? id : undefined);
  return (
    <Button variant="quiet" icon="stop" onClick={stop}>
      Stop
    </Button>
  );
}

type BodyProps = {
  block: CodeBlock;
  draft: string | undefined;
  source: string;
  run: Run | undefined;
  /** The code itself stands in the editor above. */
  bare: boolean;
};

/** Commands with their replies among them, or a script or program with its output below it. */
function Body({ block, draft, source, run, bare }: BodyProps) {
  if (block.code.language === 'redis') return <RunTranscript source={source} run={run} />;
  const calls = callsOf(run?.source ?? '');
  return (
    <>
      {!bare &&
        (draft === undefined ? (
          <CodeLines lines={block.code.lines} />
        ) : (
          <pre className="term">{draft}</pre>
        ))}
      {run?.screen && (
        <div className={bare ? '' : 'mt-2.5 border-t border-line pt-2'}>
          <ScreenView screen={run.screen} />
        </div>
      )}
      {run && run.outcomes.length > 0 && (
        <div className={bare ? 'term' : 'term mt-2.5 border-t border-line pt-2'}>
          {run.outcomes.map(({ reply = 'waits' }, at) => (
            <div key={at}>
              {run.outcomes.length > 1 && <p className="font-semibold">&gt; {calls[at]}</p>}
              <ReplyText text={reply} />
            </div>
          ))}
        </div>
      )}
    </>
  );
}

/** What a library was asked, without its text. */
const callsOf = (source: string): string[] =>
  source
    .split('\n')
    .map((row) => row.replace(/^> (FUNCTION LOAD REPLACE) .*/, '$1 …').replace(/^> /, ''));

/** Code that cannot be run in the page (yet), with what it prints where the lesson says so. */
function Still({ block }: { block: CodeBlock }) {
  const { code, output, run } = block;
  const heading = useId();
  const isRedis = code.language === 'redis';
  return (
    <BlockFrame id={block.id} labelledBy={heading} busy={false}>
      <BlockHeader block={block} heading={heading} text={textOf(block, undefined)} edited={false}>
        {run && (
          <span className="flex min-h-target items-center gap-1.5 px-2 text-small text-ink-2">
            <Icon name="clock" /> not simulated here yet
          </span>
        )}
      </BlockHeader>
      <div className="px-3 py-2.5">
        {isRedis ? (
          <TranscriptView source={code.source} outcomes={recordedIn(code.source)} />
        ) : (
          <CodeLines lines={code.lines} />
        )}
      </div>
      {output !== undefined && (
        <div className="border-t border-line px-3 py-2.5">
          <p className="text-small text-ink-2">It prints</p>
          <div className="term">
            <ReplyText text={output} />
          </div>
        </div>
      )}
    </BlockFrame>
  );
}

/** What a transcript that is not run here says that it prints. */
const recordedIn = (source: string): Outcome[] =>
  layOut(source).flatMap((part) => (part.kind === 'step' ? [part.step] : []));

/** Lines that were coloured when the lesson was built; what is too long scrolls in its place. */
function CodeLines({ lines }: { lines: readonly string[] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
    <pre className="term code-lines" tabIndex={0}>
      <code dangerouslySetInnerHTML={{ __html: lines.join('\n') }} />
    </pre>
  );
}
