/** Two regions that take writes at the same time: cut the line, write in both, mend it. */
import { useRef, useState } from 'react';
import { Button } from '../../ui/Button.tsx';
import { KeyValues } from './KeyValues.tsx';
import type { ParametersOf } from './parameters.ts';
import { Controls, Lines, Pane, Problem, Send } from './parts.tsx';
import { type RegionView, regions, TwoRegions } from './two-regions.ts';
import { useStage, useTask } from './use-stage.tsx';

type Parameters = ParametersOf<'active-active'>;

export default function ActiveActive({ parameters }: { parameters: Parameters }) {
  const { views, replies, isCut, busy, problem, send, toggle, again } = useRegions();
  return (
    <div className="flex flex-col gap-3">
      <Controls>
        <Button busy={busy} onClick={toggle}>
          {isCut ? 'Mend the line' : 'Cut the line'}
        </Button>
        <Button icon="reset" variant="quiet" busy={busy} onClick={again}>
          From the beginning
        </Button>
        <span role="status" className="text-ui text-ink-2">
          {stateOf(views, isCut)}
        </span>
      </Controls>
      <Problem text={problem} />
      <div className="grid gap-3 sm:grid-cols-2">
        {regions.map(({ name }, at) => (
          <RegionPane
            key={name}
            name={name}
            commands={parameters.commands}
            view={views?.[at]}
            reply={replies[at] ?? ''}
            busy={busy}
            onSend={(line) => send(at, line)}
          />
        ))}
      </div>
      <p className="text-small text-ink-2">
        A simulation of this page: two of its engines, and before each a process that turns commands
        into operations of a conflict-free data type.
      </p>
    </div>
  );
}

function useRegions() {
  const stage = useStage({ 'enable-debug-command': 'yes' }, { kind: 'servers', servers: 2 });
  const open = useRef<TwoRegions>(undefined);
  const [views, setViews] = useState<readonly RegionView[]>();
  const [replies, setReplies] = useState<readonly string[]>([]);
  const [isCut, setCut] = useState(false);
  const { busy, problem, start } = useTask();
  const act = (task: (both: TwoRegions) => Promise<void>) =>
    start(async () => {
      open.current ??= await TwoRegions.open(stage);
      await task(open.current);
      setCut(open.current.isCut);
      setViews(await open.current.look());
    });
  const send = (at: number, line: string) =>
    act(async (both) => {
      const reply = `${line}: ${await both.send(at, line)}`;
      setReplies((before) =>
        regions.map((_, each) => (each === at ? reply : (before[each] ?? ''))),
      );
    });
  const toggle = () => act((both) => both.cut(!both.isCut));
  const again = () =>
    start(async () => {
      open.current?.close();
      open.current = undefined;
      await stage.empty();
      setViews(undefined);
      setReplies([]);
      setCut(false);
    });
  return { views, replies, isCut, busy, problem, send, toggle, again };
}

function stateOf(views: readonly RegionView[] | undefined, isCut: boolean): string {
  if (!views) return 'Nothing has been written.';
  const areEqual = new Set(views.map(({ digest }) => digest)).size === 1;
  const waiting = views.reduce((sum, view) => sum + view.waiting, 0);
  const line = isCut ? 'The line is cut' : 'The line is whole';
  const rest =
    waiting > 0 ? `, ${waiting} ${waiting === 1 ? 'operation waits' : 'operations wait'}` : '';
  return `${line}${rest}: the servers hold ${areEqual ? 'the same' : 'different things'}.`;
}

function RegionPane(props: {
  name: string;
  commands: readonly string[];
  view: RegionView | undefined;
  reply: string;
  busy: boolean;
  onSend: (line: string) => void;
}) {
  const { name, commands, view, reply, busy, onSend } = props;
  const [line, setLine] = useState('');
  return (
    <Pane title={name}>
      <div className="flex flex-wrap gap-2">
        {commands.map((command) => (
          <Button key={command} busy={busy} onClick={() => onSend(command)}>
            <code>{command}</code>
          </Button>
        ))}
      </div>
      <Send
        label={`A command to ${name}`}
        button="Send"
        value={line}
        onChange={setLine}
        onSend={() => {
          onSend(line);
          setLine('');
        }}
      />
      <p className="text-small break-words text-ink-2">{reply || '\u00a0'}</p>
      <KeyValues keys={view?.keys ?? []} values={view?.values ?? []} />
      <Lines label={`Operations in ${name}`} lines={view?.log ?? []} empty="No operation yet." />
    </Pane>
  );
}
