/** Prometheus watches a server: targets, alerts that one can cause, and expressions as lines. */
import { useRef, useState } from 'react';
import { Button } from '../../ui/Button.tsx';
import { cx } from '../../ui/cx.ts';
import { TextField } from '../../ui/Fields.tsx';
import { Chart, type Drawn } from './Chart.tsx';
import {
  type AlertState,
  dashboardJson,
  Observatory,
  type Sight,
  troubles,
} from './observatory.ts';
import type { ParametersOf } from './parameters.ts';
import { Controls, Pane, Problem } from './parts.tsx';
import { messageOf } from './stage.ts';
import { useStage, useTask } from './use-stage.tsx';

type Parameters = ParametersOf<'observatory'>;
type Panel = Parameters['panels'][number];

export default function ObservatoryDemo({ parameters }: { parameters: Parameters }) {
  const { panels } = parameters;
  const { sight, busy, problem, lines, asked, setAsked, isActive, act, again } =
    useObservatory(parameters);
  return (
    <div className="flex flex-col gap-3">
      <Controls>
        <Button icon="play" busy={busy} onClick={() => act((it) => it.minute())}>
          {sight ? 'Another minute' : 'Start, and let a minute pass'}
        </Button>
        {sight && (
          <Button busy={busy} onClick={() => act(async (it) => five(it))}>
            Five minutes
          </Button>
        )}
        <Button icon="reset" variant="quiet" busy={busy} onClick={again}>
          From the beginning
        </Button>
        <span role="status" className="text-ui text-ink-2">
          {sight && summary(sight)}
        </span>
      </Controls>
      <Problem text={problem} />
      {sight && (
        <>
          <Targets sight={sight} />
          <Alerts
            sight={sight}
            busy={busy}
            isActive={isActive}
            onToggle={(id) => act((it) => it.toggle(id).then(() => it.minute()))}
          />
          <div className="grid gap-3 sm:grid-cols-2">
            {panels.map((panel) => (
              <Pane key={panel.title} title={panel.title}>
                <Chart {...panel} drawn={lines.get(panel.expression)} />
              </Pane>
            ))}
          </div>
          <Question
            {...{ asked, setAsked, busy, panels }}
            drawn={lines.get(asked)}
            onAsk={() => act(async () => {})}
          />
        </>
      )}
    </div>
  );
}

function useObservatory({ config, rules, panels }: Parameters) {
  const stage = useStage();
  const open = useRef<Observatory>(undefined);
  const [sight, setSight] = useState<Sight>();
  const [asked, setAsked] = useState('sum by (cmd) (rate(redis_commands_total[1m]))');
  const [lines, setLines] = useState<ReadonlyMap<string, Drawn>>(new Map());
  const { busy, problem, start } = useTask();
  const act = (action: (observatory: Observatory) => Promise<void>) =>
    start(async () => {
      open.current ??= await Observatory.open(stage, config, rules);
      await action(open.current);
      setSight(await open.current.look());
      setLines(await drawAll(open.current, [...panels.map((panel) => panel.expression), asked]));
    });
  const again = () =>
    start(async () => {
      open.current?.close();
      open.current = undefined;
      await stage.empty();
      setSight(undefined);
      setLines(new Map());
    });
  const isActive = (id: string) => open.current?.isActive(id) ?? false;
  return { sight, busy, problem, lines, asked, setAsked, isActive, act, again };
}

type QuestionProps = {
  asked: string;
  setAsked: (asked: string) => void;
  busy: boolean;
  panels: readonly Panel[];
  drawn: Drawn | undefined;
  onAsk: () => void;
};

function Question({ asked, setAsked, busy, panels, drawn, onAsk }: QuestionProps) {
  return (
    <form
      className="flex flex-col gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        onAsk();
      }}
    >
      <TextField
        label="An expression of your own"
        value={asked}
        className="w-full"
        spellCheck={false}
        onChange={(event) => setAsked(event.target.value)}
      />
      <Controls>
        <Button type="submit" busy={busy}>
          Ask
        </Button>
        <Button variant="quiet" onClick={() => download(panels)}>
          Dashboard as JSON
        </Button>
      </Controls>
      <Chart title="Your expression" drawn={drawn} />
    </form>
  );
}

async function five(observatory: Observatory): Promise<void> {
  for (let i = 0; i < 5; i++) await observatory.minute();
}

function summary({ minutes, rules }: Sight): string {
  const count = (state: AlertState) => rules.filter((rule) => rule.state === state).length;
  const time = minutes === 1 ? 'One minute' : `${minutes} minutes`;
  return `${time}: ${count('firing')} firing, ${count('pending')} pending.`;
}

function Targets({ sight }: { sight: Sight }) {
  return (
    <ul aria-label="Targets" className="flex flex-col gap-1 text-ui">
      {sight.targets.map(({ scrapeUrl, health, lastError }) => (
        <li key={scrapeUrl} className="flex flex-wrap gap-x-2">
          <span className={cx('font-semibold', health === 'up' ? 'text-ok' : 'text-bad')}>
            {health.toUpperCase()}
          </span>
          <code className="break-all">{scrapeUrl}</code>
          {lastError !== '' && <span className="text-ink-2">{lastError}</span>}
        </li>
      ))}
    </ul>
  );
}

type AlertsProps = {
  sight: Sight;
  busy: boolean;
  isActive: (id: string) => boolean;
  onToggle: (id: string) => void;
};

const colour: Readonly<Record<AlertState, string>> = {
  inactive: 'text-ok',
  pending: 'text-accent',
  firing: 'text-bad',
};

/** The rules stand in the order of the troubles. */
function Alerts({ sight, busy, isActive, onToggle }: AlertsProps) {
  return (
    <ul aria-label="Alerts" className="flex flex-col">
      {sight.rules.map(({ name, state }, index) => {
        const trouble = troubles[index];
        return (
          <li
            key={name}
            className="flex flex-wrap items-center gap-x-4 gap-y-1 border-t border-line py-1.5"
          >
            <span className="min-w-40 grow text-ui">{name}</span>
            <span className={cx('w-20 text-ui font-semibold', colour[state])}>{state}</span>
            {trouble && (
              <Button
                className="max-sm:w-full sm:w-64"
                busy={busy}
                onClick={() => onToggle(trouble.id)}
              >
                {isActive(trouble.id) ? trouble.mend : trouble.cause}
              </Button>
            )}
          </li>
        );
      })}
    </ul>
  );
}

async function drawAll(
  observatory: Observatory,
  expressions: readonly string[],
): Promise<ReadonlyMap<string, Drawn>> {
  const drawn = new Map<string, Drawn>();
  for (const expression of expressions) {
    drawn.set(expression, await observatory.lines(expression).catch(messageOf));
  }
  return drawn;
}

function download(panels: readonly Panel[]): void {
  const json = dashboardJson('Redis', panels);
  const url = URL.createObjectURL(new Blob([json], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = 'redis-dashboard.json';
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
