/** A redis.conf for the server that runs, which is not started anew: what each directive came to. */
import { useState } from 'react';
import type { Applied } from '../runtimes/apply-conf.ts';
import { Button } from '../ui/Button.tsx';
import { useLesson, useOpenLesson } from './context.tsx';

export type ConfActionsProps = { id: string; text: string };

export function ConfActions({ id, text }: ConfActionsProps) {
  const { store } = useOpenLesson();
  const busy = useLesson((lesson) => lesson.busy.includes(id));
  const [done, setDone] = useState<{ text: string; applied: readonly Applied[] }>();
  const apply = async () => setDone({ text, applied: await store.getState().applyConf(id, text) });
  return (
    <div className="flex flex-col items-start gap-2 border-t border-line px-3 py-2">
      <div className="no-print flex flex-wrap items-center gap-x-3 gap-y-1">
        <Button busy={busy} onClick={apply}>
          Apply to the running server
        </Button>
        <p className="text-small text-ink-2">Run starts a server with this file instead.</p>
      </div>
      <div role="status" className="empty:hidden">
        {done?.text === text && <Outcomes applied={done.applied} />}
      </div>
    </div>
  );
}

function Outcomes({ applied }: { applied: readonly Applied[] }) {
  if (applied.length === 0) return <p className="text-ui text-ink-2">No directive stands here.</p>;
  return (
    <ul className="text-ui">
      {applied.map(({ line, directive, outcome, message }) => (
        <li key={line}>
          Line {line}: <code>{directive}</code>{' '}
          <span className={outcome === 'refused' ? 'text-bad' : 'text-ink-2'}>
            {words[outcome]}
            {message && `: ${message}`}
          </span>
        </li>
      ))}
    </ul>
  );
}

const words: Readonly<Record<Applied['outcome'], string>> = {
  set: 'is set',
  same: 'was so already',
  restart: 'needs a restart: only a server that starts with it takes it',
  refused: 'is refused',
};
