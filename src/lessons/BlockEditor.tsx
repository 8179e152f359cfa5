/** An example as text that can be changed, in its place. */
import { useMemo, useState } from 'react';
import { CodeEditor } from '../editor/CodeEditor.tsx';
import { faultsOf } from '../runtimes/faults.ts';
import { Button } from '../ui/Button.tsx';
import { ConfActions } from './ConfActions.tsx';
import { useLesson, useOpenLesson } from './context.tsx';
import type { CodeBlock } from './lesson.ts';
import { transcriptOf } from './run-text.ts';

export type BlockEditorProps = {
  block: CodeBlock;
  text: string;
  onClose: () => void;
};

export function BlockEditor({ block, text, onClose }: BlockEditorProps) {
  const { id, code } = block;
  const { store } = useOpenLesson();
  const [draft, setDraft] = useState(text);
  const ran = useLesson(({ runs }) => runs[id]);
  const words = useLesson((lesson) => lesson.words[id]);
  const isAsRun = ran?.source === transcriptOf(block, { draft, words });
  const marks = useMemo(
    () => (ran && isAsRun ? faultsOf(code.language, ran) : []),
    [ran, isAsRun, code.language],
  );
  const run = () => {
    store.getState().edit(id, draft);
    store.getState().run(id);
  };
  const restore = () => {
    store.getState().edit(id, undefined);
    onClose();
  };
  return (
    <>
      <div className="flex flex-col items-start gap-2 p-3">
        <CodeEditor
          kind={code.language}
          label="Text of the example"
          labelHidden
          focused
          value={draft}
          onChange={setDraft}
          onRun={run}
          marks={marks}
          minRows={2}
        />
        <div className="flex flex-wrap gap-2">
          <Button icon="play" onClick={run}>
            Run this
          </Button>
          <Button icon="reset" onClick={restore}>
            Restore
          </Button>
          <Button
            variant="quiet"
            onClick={() => {
              store.getState().edit(id, draft);
              onClose();
            }}
          >
            Done
          </Button>
        </div>
      </div>
      {code.language === 'conf' && <ConfActions id={id} text={draft} />}
    </>
  );
}
