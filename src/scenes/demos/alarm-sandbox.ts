/** The server that the alarm rules look at, and the ways to make each of them true or false. */
import type { Readings, RuleId } from './alarm-rules.ts';
import type { DemoClient, Stage } from './stage.ts';

const MANY = 1000;
const ASSUMED_RATIO = 1.8;
const LONG_SCRIPT = 'local x = 0 for i = 1, 3000000 do x = x + i % 7 end return x';

export class Sandbox {
  readonly #crowd: DemoClient[] = [];
  readonly #worker: DemoClient;
  /** What is assumed of the resident size, as a multiple of what is used. */
  assumedRatio: number | undefined;

  private constructor(
    readonly stage: Stage,
    readonly client: DemoClient,
  ) {
    this.#worker = stage.client();
  }

  /** A server with some keys, all of which have been found. */
  static async open(stage: Stage): Promise<Sandbox> {
    const sandbox = new Sandbox(stage, stage.client());
    const names = Array.from({ length: 20 }, (_, index) => `product:${index}`);
    await sandbox.client.batch(names.map((name) => `SET ${name} lamp`));
    await sandbox.client.batch(names.map((name) => `GET ${name}`));
    // What is asked for the first time takes longer than ever after: that is no alarm.
    await readServer(sandbox);
    await sandbox.client.ask('SLOWLOG', 'RESET');
    return sandbox;
  }

  cross(rule: RuleId): Promise<void> {
    return crossings[rule](this);
  }

  mend(rule: RuleId): Promise<void> {
    return mendings[rule](this);
  }

  async gather(): Promise<void> {
    for (let n = 0; n < MANY; n++) this.#crowd.push(this.stage.client());
    await Promise.all(this.#crowd.map((client) => client.ask('PING')));
  }

  async scatter(): Promise<void> {
    for (const client of this.#crowd.splice(0)) client.close();
    await this.client.ask('PING');
  }

  /** Blocks a worker; it is not waited for. */
  async block(): Promise<void> {
    this.#worker.ask('BRPOP', 'jobs', '0').catch(() => {});
    await this.client.ask('PING');
  }

  close(): void {
    for (const client of [...this.#crowd, this.#worker, this.client]) client.close();
  }
}

/** The server as it is now. */
export async function readServer({ client, assumedRatio }: Sandbox): Promise<Readings> {
  const info = await fieldsOf(client);
  const slow = await client.ask('SLOWLOG', 'GET', '-1');
  const entries = Array.isArray(slow) ? slow : [];
  const times = entries.map((entry) => (Array.isArray(entry) ? Number(entry[2]) : 0));
  const usedMemory = info('used_memory');
  return {
    usedMemory,
    maxmemory: info('maxmemory'),
    residentSize: assumedRatio ? usedMemory * assumedRatio : info('used_memory_rss'),
    hits: info('keyspace_hits'),
    misses: info('keyspace_misses'),
    slowestUsec: Math.max(0, ...times),
    clients: info('connected_clients'),
    blocked: info('blocked_clients'),
  };
}

async function fieldsOf(client: DemoClient): Promise<(name: string) => number> {
  const fields = await client.info('everything');
  return (name) => Number(fields.get(name) ?? 0);
}

type Actions = { readonly [R in RuleId]: (sandbox: Sandbox) => Promise<void> };

const crossings: Actions = {
  memory: async ({ client }) => {
    const info = await fieldsOf(client);
    await client.ask('CONFIG', 'SET', 'maxmemory', String(Math.round(info('used_memory') * 1.1)));
  },
  hits: async ({ client }) => {
    await client.batch(Array.from({ length: 30 }, (_, index) => `GET missing:${index}`));
  },
  slow: async ({ client }) => {
    await client.ask('EVAL', LONG_SCRIPT, '0');
  },
  clients: (sandbox) => sandbox.gather(),
  fragmentation: async (sandbox) => {
    sandbox.assumedRatio = ASSUMED_RATIO;
  },
  blocked: (sandbox) => sandbox.block(),
};

const mendings: Actions = {
  memory: async ({ client }) => {
    await client.ask('CONFIG', 'SET', 'maxmemory', '100mb');
  },
  hits: async ({ client }) => {
    await client.ask('CONFIG', 'RESETSTAT');
    await client.batch(Array.from({ length: 20 }, (_, index) => `GET product:${index}`));
  },
  slow: async ({ client }) => {
    await client.ask('SLOWLOG', 'RESET');
  },
  clients: (sandbox) => sandbox.scatter(),
  fragmentation: async (sandbox) => {
    sandbox.assumedRatio = undefined;
  },
  blocked: async ({ client }) => {
    await client.ask('LPUSH', 'jobs', 'a');
  },
};
