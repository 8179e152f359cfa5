/** A server under observation: an exporter, a Prometheus, traffic, and five kinds of trouble. */
import { fetchHttp } from '../../ops/http.ts';
import { runProgram } from '../../runtimes/program.ts';
import { runShell } from './shell.ts';
import { type DemoClient, printed, type Stage } from './stage.ts';

/** What Prometheus says of itself, and the lines that were asked for. */
export interface Sight {
  readonly minutes: number;
  readonly targets: readonly {
    readonly scrapeUrl: string;
    readonly health: string;
    readonly lastError: string;
  }[];
  readonly rules: readonly { readonly name: string; readonly state: AlertState }[];
}

export type AlertState = 'inactive' | 'pending' | 'firing';

/** A series as the API gives it: seconds and values as text. */
export interface Line {
  readonly metric: Readonly<Record<string, string>>;
  readonly values: readonly (readonly [number, string])[];
}

export interface Trouble {
  readonly id: string;
  readonly cause: string;
  readonly mend: string;
}

export const troubles: readonly Trouble[] = [
  { id: 'down', cause: 'Kill the server', mend: 'Start it again' },
  { id: 'memory', cause: 'Fill the memory', mend: 'Allow more memory' },
  { id: 'misses', cause: 'Ask for what is not there', mend: 'Ask for what is there' },
  { id: 'clients', cause: 'Connect 40 clients', mend: 'Disconnect them' },
  { id: 'slow', cause: 'Log every command as slow', mend: 'Log the slow ones only' },
];

const SCRAPE_MS = 15_000;
const SCRAPES_A_MINUTE = 4;
/** How far back the lines reach, in seconds. */
export const SPAN_S = 900;
const API = '127.0.0.1:9090';

export class Observatory {
  readonly #stage: Stage;
  readonly #active = new Set<string>();
  #traffic: DemoClient | undefined;
  #crowd: DemoClient[] = [];
  #minutes = 0;

  private constructor(stage: Stage) {
    this.#stage = stage;
  }

  /** Starts the exporter and the Prometheus. */
  static async open(stage: Stage, config: string, rules: string): Promise<Observatory> {
    const observatory = new Observatory(stage);
    const client = stage.client();
    await client.batch(['CONFIG SET maxmemory 16mb', 'SET product:1 lamp', 'RPUSH queue:mail a b']);
    client.close();
    await runShell(
      stage,
      'docker run -d --network host -e REDIS_EXPORTER_CHECK_SINGLE_KEYS=queue:mail oliver006/redis_exporter',
      { 'rules.yml': rules },
    );
    const { code } = await runProgram(
      { language: 'prometheus-conf', code: config },
      { world: stage.world, signal: new AbortController().signal, show: () => {} },
    );
    if (code !== 0) throw new Error('Prometheus did not take its configuration.');
    return observatory;
  }

  isActive(id: string): boolean {
    return this.#active.has(id);
  }

  /** Causes a trouble, or mends it. */
  async toggle(id: string): Promise<void> {
    const begins = !this.#active.has(id);
    if (begins) this.#active.add(id);
    else this.#active.delete(id);
    if (id === 'down') await this.#kill(begins);
    else if (id === 'clients') await this.#gather(begins ? 40 : 0);
    else if (id === 'memory') await this.#say(`CONFIG SET maxmemory ${begins ? '1mb' : '16mb'}`);
    else if (id === 'slow') {
      await this.#say(`CONFIG SET slowlog-log-slower-than ${begins ? 0 : 10_000}`);
      if (!begins) await this.#say('SLOWLOG RESET');
    }
  }

  /** Lets a minute of lab time go by, scrape after scrape, with traffic. */
  async minute(): Promise<void> {
    for (let i = 0; i < SCRAPES_A_MINUTE; i++) {
      await this.#work();
      await this.#stage.advance(SCRAPE_MS);
      // What was scraped is there once something asked after it has been answered.
      await this.#get('/-/ready');
    }
    this.#minutes++;
  }

  async look(): Promise<Sight> {
    const { activeTargets } = await this.#ask<{ activeTargets: Sight['targets'] }>('targets');
    const { groups } = await this.#ask<{ groups: { rules: Sight['rules'] }[] }>('rules');
    const rules = groups.flatMap((group) => group.rules);
    return { minutes: this.#minutes, targets: activeTargets, rules };
  }

  /** The lines of an expression up to now. Rejects with what is wrong with it. */
  async lines(expression: string): Promise<readonly Line[]> {
    const now = this.#stage.now() / 1000;
    const query = new URLSearchParams({
      ...{ query: expression, step: '15', start: String(now - SPAN_S), end: String(now) },
    });
    return (await this.#ask<{ result: Line[] }>(`query_range?${query}`)).result;
  }

  close(): void {
    this.#traffic?.close();
    for (const client of this.#crowd) client.close();
  }

  async #work(): Promise<void> {
    if (this.#active.has('down')) return;
    this.#traffic ??= this.#stage.client();
    const reads = Array.from({ length: 60 }, () => 'GET product:1');
    const misses = this.#active.has('misses') ? reads.map((_, i) => `GET product:none:${i}`) : [];
    await this.#traffic.batch([...reads, ...misses, 'RPUSH queue:mail job']);
  }

  async #kill(begins: boolean): Promise<void> {
    this.#traffic?.close();
    this.#traffic = undefined;
    await this.#stage.world.control({ do: begins ? 'kill' : 'revive', node: 'redis' });
    if (!begins) await this.#say('SET product:1 lamp');
  }

  async #gather(count: number): Promise<void> {
    for (const client of this.#crowd) client.close();
    this.#crowd = Array.from({ length: count }, () => this.#stage.client());
    await Promise.all(this.#crowd.map((client) => client.run('PING')));
  }

  async #say(line: string): Promise<void> {
    const client = this.#stage.client();
    const reply = await client.ask(...line.split(' '));
    client.close();
    if (printed(reply).startsWith('(error)')) throw new Error(printed(reply));
  }

  async #get(path: string): Promise<string> {
    const limits = {
      after: (ms: number, task: () => void) => {
        const timer = setTimeout(task, ms);
        return () => clearTimeout(timer);
      },
      limitMs: 10_000,
    };
    const { body } = await fetchHttp(this.#stage.world.dial, { address: API, path }, limits);
    return body;
  }

  async #ask<Data>(path: string): Promise<Data> {
    const answer = JSON.parse(await this.#get(`/api/v1/${path}`));
    if (answer.status !== 'success') throw new Error(answer.error);
    return answer.data;
  }
}

/** A dashboard as Grafana imports it: one panel for each expression. */
export function dashboardJson(
  title: string,
  panels: readonly {
    readonly title: string;
    readonly expression: string;
    readonly limit?: number | undefined;
  }[],
): string {
  const dashboard = {
    title,
    schemaVersion: 39,
    time: { from: 'now-15m', to: 'now' },
    panels: panels.map((panel, id) => ({
      ...{ id: id + 1, type: 'timeseries', title: panel.title },
      gridPos: { h: 8, w: 12, x: (id % 2) * 12, y: Math.floor(id / 2) * 8 },
      targets: [{ refId: 'A', expr: panel.expression }],
      fieldConfig: {
        defaults: {
          thresholds: {
            mode: 'absolute',
            steps: [
              { color: 'green', value: null },
              ...(panel.limit === undefined ? [] : [{ color: 'red', value: panel.limit }]),
            ],
          },
        },
        overrides: [],
      },
    })),
  };
  return JSON.stringify(dashboard, null, 2);
}
