/** Two instances behind a balancer, Redis and a database behind them: what each is asked. */
import { type ReactNode, useRef, useState } from 'react';
import { utf8Decode } from '../../engine/bytes/bytes.ts';
import { Button } from '../../ui/Button.tsx';
import { cx } from '../../ui/cx.ts';
import { Checkbox } from '../../ui/Fields.tsx';
import { Controls, Lines, Pane, Problem } from './parts.tsx';
import { REST_MS, type Served, ServiceMap, type Ways } from './service-map.ts';
import type { DemoClient, Stage } from './stage.ts';
import { useStage, useTask } from './use-stage.tsx';

const NODE = 'redis';
const TIMEOUT_MS = 100;

interface View {
  readonly instances: readonly { name: string; requests: number; breaker: string }[];
  readonly queries: number;
  readonly asked: number;
  readonly still: boolean;
}

const NOTHING: View = { instances: [], queries: 0, asked: 0, still: false };

export default function ServiceMapView() {
  const [ways, setWays] = useState<Ways>({ cached: false, shared: false });
  const { view, lines, busy, problem, act, again } = useLandscape();
  const { still } = view;
  return (
    <div className="@container flex flex-col gap-3">
      <div className="flex flex-wrap gap-x-6">
        <Checkbox
          label="Ask the cache first"
          checked={ways.cached}
          onChange={() => setWays({ ...ways, cached: !ways.cached })}
        />
        <Checkbox
          label="Sessions in Redis"
          checked={ways.shared}
          onChange={() => setWays({ ...ways, shared: !ways.shared })}
        />
      </div>
      <Controls>
        <Button icon="play" busy={busy} onClick={() => act((land) => land.requests(2, ways))}>
          Two requests
        </Button>
        <Button busy={busy} onClick={() => act((land) => land.login(ways))}>
          Log in
        </Button>
        <Button busy={busy} onClick={() => act((land) => land.deploy())}>
          Deploy anew
        </Button>
        <Button busy={busy} onClick={() => act((land) => land.standStill(!still))}>
          {still ? 'Let Redis go on' : 'Let Redis stand still'}
        </Button>
        <Button icon="clock" busy={busy} onClick={() => act((land) => land.stage.advance(REST_MS))}>
          {REST_MS / 1000}&#8239;s later
        </Button>
        <Button icon="reset" variant="quiet" busy={busy} onClick={again}>
          From the beginning
        </Button>
      </Controls>
      <Problem text={problem} />
      <Landscape view={view} />
      <Lines label="What happened" lines={lines} empty="Nothing has been asked for yet." />
    </div>
  );
}

function Landscape({ view: { instances, queries, asked, still } }: { view: View }) {
  const services = instances.length > 0 ? instances : UNUSED;
  return (
    <div className="grid grid-cols-2 gap-2 @min-[36rem]:grid-cols-4">
      {services.map(({ name, requests, breaker }) => (
        <Pane key={name} title={name}>
          <Fact label="requests">{requests}</Fact>
          <Fact label="breaker" bad={breaker === 'open'}>
            {breaker}
          </Fact>
        </Pane>
      ))}
      <Pane title="Redis">
        <Fact label="commands">{asked}</Fact>
        <Fact label="process" bad={still}>
          {still ? 'stands still' : 'runs'}
        </Fact>
      </Pane>
      <Pane title="Database">
        <Fact label="queries">{queries}</Fact>
      </Pane>
    </div>
  );
}

const UNUSED = ['web1', 'web2'].map((name) => ({ name, requests: 0, breaker: 'closed' }));

function Fact(props: { label: string; bad?: boolean; children: ReactNode }) {
  return (
    <p className="flex flex-wrap justify-between gap-x-2 text-ui tabular-nums">
      <span className="text-ink-2">{props.label}</span>
      <span className={cx('font-semibold', props.bad && 'text-bad')}>{props.children}</span>
    </p>
  );
}

function useLandscape() {
  const stage = useStage();
  const land = useRef<Land>(undefined);
  const [view, setView] = useState(NOTHING);
  const [lines, setLines] = useState<readonly string[]>([]);
  const { busy, problem, start } = useTask();
  const act = (what: (land: Land) => Promise<void>) =>
    start(async () => {
      land.current ??= new Land(stage, (line) => setLines((before) => [...before, line]));
      await what(land.current);
      setView(land.current.view());
    });
  const again = () =>
    start(async () => {
      await stage.empty();
      land.current = undefined;
      setLines([]);
      setView(NOTHING);
    });
  return { view, lines, busy, problem, act, again };
}

/** The services with a real server of the page behind them; the database is a count. */
class Land {
  readonly #map: ServiceMap;
  readonly #tell: (line: string) => void;
  #client: DemoClient | undefined;
  #queries = 0;
  #asked = 0;
  #still = false;

  constructor(
    readonly stage: Stage,
    tell: (line: string) => void,
  ) {
    this.#tell = tell;
    this.#map = new ServiceMap({
      redis: (...argv) => this.#redis(argv),
      database: async () => {
        this.#queries += 1;
        return 'Ada';
      },
      now: stage.now,
    });
  }

  async requests(count: number, ways: Ways): Promise<void> {
    for (let n = 0; n < count; n++) this.#tell(inWords(await this.#map.request(ways)));
  }

  async login(ways: Ways): Promise<void> {
    const { by, kept } = await this.#map.login(ways);
    this.#tell(`Login at ${by}${kept ? '' : ': it could not be kept'}.`);
  }

  async deploy(): Promise<void> {
    this.#map.deploy();
    this.#tell('New processes serve now. What the old ones had in memory is gone.');
  }

  async standStill(still: boolean): Promise<void> {
    await this.stage.world.control({ do: still ? 'pause' : 'resume', node: NODE });
    this.#still = still;
    this.#tell(still ? 'Redis stands still.' : 'Redis goes on.');
  }

  view(): View {
    const instances = this.#map.instances.map(({ name, requests, breaker }) => ({
      name,
      requests,
      breaker: breaker.state,
    }));
    return { instances, queries: this.#queries, asked: this.#asked, still: this.#still };
  }

  /** A connection that was waited for in vain is given up, as clients do. */
  async #redis(argv: readonly string[]): Promise<string | null> {
    this.#asked += 1;
    this.#client ??= this.stage.client();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('timed out')), TIMEOUT_MS);
    });
    const reply = this.#client.ask(...argv);
    reply.catch(() => {});
    try {
      const answer = await Promise.race([reply, late]);
      return typeof answer === 'string' ? utf8Decode(answer) : answer === null ? null : 'OK';
    } catch (error) {
      this.#client.close();
      this.#client = undefined;
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }
}

function inWords({ by, known, from, ms }: Served): string {
  const who = known ? 'signed in' : 'asked to log in';
  return `${by}: answered from the ${from}, ${who}, ${ms} ms.`;
}
