/**
 * Two instances of a service behind a balancer: each asks a cache, then a database, keeps sessions
 * in itself or in the cache's server, and has a circuit breaker before that server. What the widget
 * ServiceMap shows; it knows neither the page nor the clock.
 */

/** Ways into the servers behind. */
export interface Behind {
  /** A command's reply, nil as null. Rejects when none came in time. */
  redis(...argv: string[]): Promise<string | null>;
  /** One query. */
  database(): Promise<string>;
  /** The lab's time, ms. */
  now(): number;
}

/** What the reader switches. */
export interface Ways {
  readonly cached: boolean;
  /** Sessions in Redis instead of in the instance. */
  readonly shared: boolean;
}

export interface Served {
  readonly by: string;
  readonly known: boolean;
  readonly from: 'cache' | 'database';
  readonly ms: number;
}

export const REST_MS = 5000;
const FAILURES = 2;
const NAMES = ['web1', 'web2'] as const;
const USER = 'user:42';
const SESSION = 'session:9f2c';

/** Not asked, as the breaker is open, or asked in vain. */
class Unanswered extends Error {}

/** Closed until it has failed twice running; then open for five seconds; then one may try. */
export class Breaker {
  #failed = 0;
  #openedAt: number | undefined;
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  get state(): 'closed' | 'open' | 'half-open' {
    if (this.#openedAt === undefined) return 'closed';
    return this.#now() < this.#openedAt + REST_MS ? 'open' : 'half-open';
  }

  /** Rejects with `Unanswered`, at once while it is open. */
  async call<T>(ask: () => Promise<T>): Promise<T> {
    if (this.state === 'open') throw new Unanswered();
    try {
      const answer = await ask();
      this.#failed = 0;
      this.#openedAt = undefined;
      return answer;
    } catch {
      this.#failed += 1;
      if (this.#failed >= FAILURES) this.#openedAt = this.#now();
      throw new Unanswered();
    }
  }
}

class Instance {
  readonly breaker: Breaker;
  requests = 0;
  /** Gone with the process. */
  #knows = false;
  readonly #behind: Behind;

  constructor(
    readonly name: string,
    behind: Behind,
  ) {
    this.#behind = behind;
    this.breaker = new Breaker(() => behind.now());
  }

  /** Whether the login was kept. */
  async login({ shared }: Ways): Promise<boolean> {
    if (!shared) this.#knows = true;
    else return (await this.#ask('SET', SESSION, '42', 'EX', '1800')) === 'OK';
    return true;
  }

  async serve(ways: Ways): Promise<Pick<Served, 'known' | 'from'>> {
    this.requests += 1;
    const known = ways.shared ? (await this.#ask('GET', SESSION)) === '42' : this.#knows;
    if (ways.cached && (await this.#ask('GET', USER))) return { known, from: 'cache' };
    const user = await this.#behind.database();
    if (ways.cached) await this.#ask('SET', USER, user, 'EX', '3600');
    return { known, from: 'database' };
  }

  /** The reply, or null where there is none: a miss and an outage end alike, at the database. */
  async #ask(...argv: string[]): Promise<string | null> {
    try {
      return await this.breaker.call(() => this.#behind.redis(...argv));
    } catch (error) {
      if (error instanceof Unanswered) return null;
      throw error;
    }
  }
}

/** The balancer: each request goes to the next instance in turn. */
export class ServiceMap {
  instances: readonly Instance[];
  #turn = 0;
  readonly #behind: Behind;

  constructor(behind: Behind) {
    this.#behind = behind;
    this.instances = this.#start();
  }

  async login(ways: Ways): Promise<{ by: string; kept: boolean }> {
    const instance = this.#next();
    return { by: instance.name, kept: await instance.login(ways) };
  }

  async request(ways: Ways): Promise<Served> {
    const instance = this.#next();
    const began = this.#behind.now();
    const served = await instance.serve(ways);
    return { by: instance.name, ms: this.#behind.now() - began, ...served };
  }

  /** New processes instead of the old ones, as a deployment makes them. */
  deploy(): void {
    this.instances = this.#start();
  }

  #start(): readonly Instance[] {
    return NAMES.map((name) => new Instance(name, this.#behind));
  }

  #next(): Instance {
    const instance = this.instances[this.#turn++ % this.instances.length];
    if (!instance) throw new Error('no instance is running');
    return instance;
  }
}
