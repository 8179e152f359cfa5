/** Ways of waiting for a lock: how often the server is asked, and how long the last one waits. */
import { Button } from '../../ui/Button.tsx';
import { groups } from '../measures.ts';
import {
  type ContestResult,
  contend,
  SLICE_MS,
  type WayName,
  wayNames,
  ways,
} from './contention.ts';
import type { ParametersOf } from './parameters.ts';
import { Bars, Controls, Problem } from './parts.tsx';
import type { Stage } from './stage.ts';
import { useSeries, useStage } from './use-stage.tsx';

type Parameters = ParametersOf<'lock-contention'>;

const LOCK = 'lock:report';
const RELEASE =
  "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) else return 0 end";

export default function LockContention({ parameters }: { parameters: Parameters }) {
  const stage = useStage();
  const measure = (way: WayName) => run(stage, way, parameters);
  const { values, busy, problem, run: start } = useSeries(wayNames, measure);
  const textOf = (index: number, text: (result: ContestResult) => string) => {
    const result = values[index];
    if (result) return text(result);
    return busy && index === values.length ? 'running' : '–';
  };
  return (
    <div className="flex flex-col gap-4">
      <Controls>
        <Button icon="play" busy={busy} onClick={start}>
          Let {parameters.clients} clients come
        </Button>
        <span className="text-ui text-ink-2">
          <code>SET {LOCK} … NX PX</code>, held for {parameters.holdMs}&#8239;ms
        </span>
      </Controls>
      <Problem text={problem} />
      <Bars
        caption="Questions asked until every client has had the lock"
        heads={['How they wait', 'Questions']}
        logarithmic
        bars={wayNames.map((way, index) => ({
          label: way,
          value: values[index]?.tries,
          text: textOf(index, ({ tries }) => groups(tries)),
          mark: way === 'backoff with jitter',
        }))}
      />
      <Bars
        caption="When the last client got the lock"
        heads={['How they wait', 'The last got it after']}
        bars={wayNames.map((way, index) => ({
          label: way,
          value: values[index]?.lastMs,
          text: textOf(index, ({ lastMs }) => `${(lastMs / 1000).toFixed(2)} s`),
          mark: way === 'backoff with jitter',
        }))}
      />
      <Chart results={values} />
      <p role="status" className="text-small text-ink-2">
        {values.length === wayNames.length ? verdict(values, parameters) : ''} Counted on the engine
        in this page, in its own time.
      </p>
    </div>
  );
}

const HEIGHT = 80;
const dashes = ['1 3', '6 4', '', ''];
const strokes = ['stroke-ink-2', 'stroke-ink-2', 'stroke-ink-2', 'stroke-accent'];

/** Questions in each tenth of a second, by a logarithm, as they come to the server. */
function Chart({ results }: { results: readonly ContestResult[] }) {
  const longest = Math.max(10, ...results.map(({ slices }) => slices.length - 1));
  const most = Math.log10(1 + Math.max(10, ...results.flatMap(({ slices }) => slices)));
  return (
    <figure className="m-0">
      <svg
        viewBox={`0 0 ${longest} ${HEIGHT}`}
        preserveAspectRatio="none"
        aria-hidden="true"
        className="h-24 w-full rounded border border-border"
      >
        {results.map(({ slices }, index) => (
          <polyline
            key={wayNames[index]}
            points={slices
              .map(
                (count, at) => `${at},${HEIGHT * (0.98 - (0.94 * Math.log10(1 + count)) / most)}`,
              )
              .join(' ')}
            fill="none"
            strokeWidth={strokes[index] === 'stroke-accent' ? 2 : 1.3}
            strokeDasharray={dashes[index]}
            vectorEffect="non-scaling-stroke"
            className={strokes[index]}
          />
        ))}
      </svg>
      <figcaption className="text-small text-ink-2">
        Questions in each {SLICE_MS}&#8239;ms, by a logarithm, from the first moment to the last.
        Dotted: at once. Dashed: every 40&#8239;ms. Thin: backoff. Thick: with jitter.
      </figcaption>
    </figure>
  );
}

function verdict(results: readonly ContestResult[], { clients, holdMs }: Parameters): string {
  const [atOnce, , , jitter] = results;
  if (!atOnce || !jitter) return '';
  const least = ((clients - 1) * holdMs) / 1000;
  return `With jitter ${groups(jitter.tries)} questions instead of ${groups(atOnce.tries)}. One after the other, without a gap, it would take ${least.toFixed(2)} s.`;
}

/** In time that stands still but for what the contest lets go by. */
async function run(stage: Stage, way: WayName, parameters: Parameters): Promise<ContestResult> {
  await stage.empty();
  await stage.world.control({ do: 'pace', rate: 0 });
  const clients = Array.from({ length: parameters.clients }, () => stage.client());
  try {
    return await contend(
      {
        async take(number) {
          const words = ['SET', LOCK, `token-${number}`, 'NX', 'PX', '60000'];
          return (await clients[number]?.ask(...words)) !== null;
        },
        async release(number) {
          await clients[number]?.ask('EVAL', RELEASE, '1', LOCK, `token-${number}`);
        },
        advance: (ms) => stage.advance(ms),
      },
      { ...parameters, way: ways[way] },
    );
  } finally {
    for (const client of clients) client.close();
  }
}
