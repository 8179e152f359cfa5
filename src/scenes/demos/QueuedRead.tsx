/** Commands collected in a pipeline: none has a reply, and so no value, until the batch is sent. */
import { useState } from 'react';
import { Button } from '../../ui/Button.tsx';
import type { ParametersOf } from './parameters.ts';
import { Controls, Problem } from './parts.tsx';
import { useStage, useTask } from './use-stage.tsx';

export default function QueuedRead({ parameters }: { parameters: ParametersOf<'queued-read'> }) {
  const { commands } = parameters;
  const stage = useStage();
  const [queued, setQueued] = useState(0);
  const [replies, setReplies] = useState<readonly string[]>();
  const { busy, problem, start } = useTask();
  const next = commands[queued];
  const send = async () => {
    const client = stage.client();
    setReplies(await client.batch(commands.slice(0, queued)));
    client.close();
  };
  const again = async () => {
    await stage.empty();
    setQueued(0);
    setReplies(undefined);
  };
  const isOver = replies !== undefined;
  return (
    <div className="flex flex-col gap-3">
      <table className="w-full max-w-measure table-fixed border-collapse">
        <caption className="sr-only">The pipeline</caption>
        <thead>
          <tr className="text-left text-small text-ink-2 [&>th]:pb-1 [&>th]:font-normal">
            <th scope="col">In the pipeline</th>
            <th scope="col">Its value, in your program</th>
          </tr>
        </thead>
        <tbody aria-live="polite">
          {commands.slice(0, queued).map((command, index) => (
            <tr key={index} className="border-t border-line align-baseline">
              <td className="term py-1 font-semibold">{command}</td>
              <td className="term py-1 text-ink-2">
                {replies?.[index] ?? <span className="term-note">none yet</span>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <Controls>
        <Button
          icon="plus"
          aria-disabled={!next || isOver}
          onClick={() => !isOver && next && setQueued(queued + 1)}
        >
          {next && !isOver ? (
            <>
              Queue <code>{next}</code>
            </>
          ) : (
            'All queued'
          )}
        </Button>
        <Button
          icon="play"
          busy={busy}
          aria-disabled={queued === 0 || isOver}
          onClick={() => queued > 0 && !isOver && start(send)}
        >
          Send: one round trip
        </Button>
        <Button variant="quiet" icon="reset" onClick={() => start(again)}>
          From the beginning
        </Button>
      </Controls>
      <Problem text={problem} />
    </div>
  );
}
