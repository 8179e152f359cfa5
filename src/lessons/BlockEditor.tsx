/** An example as text that can be changed, in its place. */
import { useEffect, useId, useRef, useState } from 'react';
import { Button } from '../ui/Button.tsx';
import { useOpenLesson } from './context.tsx';

export type BlockEditorProps = {
  /** The example's id. */
  id: string;
  text: string;
  onClose: () => void;
};

export function BlockEditor({ id, text, onClose }: BlockEditorProps) {
  const { store } = useOpenLesson();
  const [draft, setDraft] = useState(text);
  const field = useId();
  const area = useFocus();
  const run = () => {
    store.getState().edit(id, draft);
    store.getState().run(id);
  };
  const restore = () => {
    store.getState().edit(id, undefined);
    onClose();
  };
  return (
    <div className="flex flex-col items-start gap-2 p-3">
      <label htmlFor={field} className="sr-only">
        Text of the example
      </label>
      <textarea
        id={field}
        ref={area}
        value={draft}
        rows={draft.split('\n').length + 1}
        spellCheck={false}
        autoCapitalize="off"
        autoCorrect="off"
        onChange={({ target }) => setDraft(target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) run();
          else if (event.key === 'Escape') onClose();
        }}
        className="w-full rounded border border-border bg-paper px-3 py-2 font-mono text-field leading-relaxed"
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
  );
}

function useFocus() {
  const area = useRef<HTMLTextAreaElement>(null);
  useEffect(() => area.current?.focus(), []);
  return area;
}
