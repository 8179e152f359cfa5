/** One instance of a service and what its pools go through; each deed is told by its numbers. */
import { Breaker, Pool, percentile, type Served, serve } from './pool.ts';
import { type BusyWire, type WiredBackend, wiredBackend } from './pool-wire.ts';
import type { DemoClient, Stage } from './stage.ts';

export const SIZE = 10;
export const PATIENCE_MS = 200;
export const SERVER = { maxclients: '16', timeout: '300' };
const VISITORS_A_SECOND = 100;
const VISIT_MS = 20;

export interface Health {
  readonly lent: number;
  readonly idle: number;
  readonly opened: number;
  /** Of the second pool, where consumers have one of their own. */
  readonly consumersLent: number;
  /** Of the last second of visitors. */
  readonly visit: Served | undefined;
  readonly clients: number;
  readonly received: number;
  readonly rejected: number;
}

export interface Rules {
  readonly isSplit: boolean;
  readonly hasBreaker: boolean;
}

/** The instance: made anew by `begin`. */
export class Instance {
  readonly #stage: Stage;
  #backend: WiredBackend | undefined;
  #observer: DemoClient | undefined;
  #web: Pool | undefined;
  #jobs: Pool | undefined;
  #breaker = new Breaker();
  #visit: Served | undefined;

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  async begin(): Promise<Health> {
    this.#backend?.closeAll();
    await this.#stage.empty();
    await this.#stage.world.control({ do: 'pace', rate: 0 });
    this.#backend = wiredBackend(
      (to, on) => this.#stage.world.dial(to, on),
      (ms) => this.#stage.advance(ms),
    );
    this.#observer = this.#stage.client();
    [this.#web, this.#jobs] = [new Pool(this.#backend, SIZE), new Pool(this.#backend, SIZE)];
    this.#breaker = new Breaker();
    this.#visit = undefined;
    return this.#look();
  }

  /** A second of visitors at the web pool. */
  async second({ hasBreaker }: Rules): Promise<Health> {
    const { backend, web } = await this.#here();
    this.#visit = await serve(backend, web, {
      perSecond: VISITORS_A_SECOND,
      seconds: 1,
      serviceMs: VISIT_MS,
      journeysMs: 0,
      connectMs: 2,
      patienceMs: PATIENCE_MS,
      ...(hasBreaker && { breaker: this.#breaker }),
    });
    return this.#look();
  }

  /** Takes a connection and forgets to give it back. */
  async leak(): Promise<Health> {
    const { web } = await this.#here();
    if (!web.isExhausted) await web.take();
    return this.#look();
  }

  /** Consumers wait for jobs that do not come, each on a connection of the pool. */
  async consume(consumers: number, { isSplit }: Rules): Promise<Health> {
    const { web, jobs } = await this.#here();
    const pool = isSplit ? jobs : web;
    for (let n = 0; n < consumers && !pool.isExhausted; n++) {
      const { wire } = await pool.take();
      await (wire as BusyWire).waitForJob('jobs');
    }
    return this.#look();
  }

  /** Another instance opens its whole pool; the server may not have room for it. */
  async another(): Promise<Health> {
    const { backend } = await this.#here();
    await new Pool(backend, SIZE).warm().catch(() => {});
    return this.#look();
  }

  /** Nobody comes for a little longer than the server's `timeout`. */
  async quiet(): Promise<Health> {
    await this.#here();
    this.#visit = undefined;
    await this.#stage.advance(310_000);
    return this.#look();
  }

  async #here() {
    if (!(this.#backend && this.#web && this.#jobs)) await this.begin();
    const [backend, web, jobs] = [this.#backend, this.#web, this.#jobs];
    if (!(backend && web && jobs)) throw new Error('there is no instance');
    return { backend, web, jobs };
  }

  async #look(): Promise<Health> {
    const { web, jobs } = await this.#here();
    const stats = await this.#observer?.info('stats');
    const clients = await this.#observer?.info('clients');
    return {
      lent: web.lent,
      idle: web.idle,
      opened: web.opened,
      consumersLent: jobs.lent,
      visit: this.#visit,
      clients: Number(clients?.get('connected_clients')),
      received: Number(stats?.get('total_connections_received')),
      rejected: Number(stats?.get('rejected_connections')),
    };
  }
}

/** The rows of the panel. */
export function rowsOf(health: Health): readonly { name: string; text: string; isBad: boolean }[] {
  const { lent, idle, visit, clients, received, rejected } = health;
  const wait = visit ? percentile(visit.waitsMs, 0.95) : 0;
  const answered = visit?.waitsMs.length ?? 0;
  return [
    { name: 'Lent, idle', text: `${lent}, ${idle} of ${SIZE}`, isBad: lent === SIZE },
    { name: 'Pool of the consumers', text: `${health.consumersLent} of ${SIZE}`, isBad: false },
    { name: 'Opened by the pool', text: String(health.opened), isBad: false },
    { name: 'Visitors answered', text: String(answered), isBad: visit !== undefined && !answered },
    { name: 'Checkout, 19 of 20 within', text: `${wait} ms`, isBad: wait > PATIENCE_MS / 2 },
    {
      name: `Gave up after ${PATIENCE_MS} ms`,
      text: String(visit?.gaveUp ?? 0),
      isBad: (visit?.gaveUp ?? 0) > 0,
    },
    { name: 'Turned away at once', text: String(visit?.turnedAway ?? 0), isBad: false },
    {
      name: 'connected_clients',
      text: `${clients} of ${SERVER.maxclients}`,
      isBad: clients >= Number(SERVER.maxclients),
    },
    { name: 'total_connections_received', text: String(received), isBad: false },
    { name: 'rejected_connections', text: String(rejected), isBad: rejected > 0 },
  ];
}
