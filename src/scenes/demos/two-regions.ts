/** Two regions of an Active-Active database, with a line between them that can be cut. */
import { printLog } from '../../ops/enterprise/active-active.ts';
import type { Operation } from '../../ops/enterprise/crdt.ts';
import type { RegionStatus } from '../../ops/enterprise/region-server.ts';
import { readKeyValues } from './KeyValues.tsx';
import { runShell } from './shell.ts';
import { type DemoClient, type Lab, printed } from './stage.ts';

export const regions = [
  { node: 'node1', name: 'Europe', host: '10.0.0.1' },
  { node: 'node2', name: 'America', host: '10.0.0.2' },
] as const;

export interface RegionView {
  readonly keys: readonly string[];
  /** What redis-cli prints of each. */
  readonly values: readonly string[];
  /** Of all that the server holds. */
  readonly digest: string;
  /** Operations that the other region has not confirmed. */
  readonly waiting: number;
  /** One line for each operation that was carried out. */
  readonly log: readonly string[];
}

const PORT = 12_000;
/** How long one waits for deliveries: so many times so many ms of the lab. */
const LOOKS = 20;
const LOOK_MS = 20;

export class TwoRegions {
  readonly #stage: Lab;
  readonly #clients: readonly DemoClient[];
  isCut = false;

  private constructor(stage: Lab) {
    this.#stage = stage;
    this.#clients = regions.map(({ host }) => stage.client(`${host}:${PORT}`));
  }

  static async open(stage: Lab): Promise<TwoRegions> {
    await runShell(stage, `active-active create ${regions.map(({ node }) => node).join(' ')}`);
    return new TwoRegions(stage);
  }

  /** Sends a line to the endpoint of a region; what redis-cli prints of the reply. */
  async send(region: number, line: string): Promise<string> {
    const reply = await this.#clients[region]?.run(line);
    // No two commands here are sent at the same moment.
    await this.#stage.advance(LOOK_MS);
    return reply ?? '';
  }

  async cut(isCut: boolean): Promise<void> {
    const [from, to] = [regions[0].node, regions[1].node];
    await this.#stage.world.control({ do: isCut ? 'cut' : 'heal', from, to });
    this.isCut = isCut;
  }

  /** Both regions, once all that can be delivered has been. */
  async look(): Promise<readonly RegionView[]> {
    for (let looks = 0; looks < LOOKS && !this.isCut; looks++) {
      const waiting = await Promise.all(regions.map((_, at) => this.#waiting(at)));
      if (waiting.every((count) => count === 0)) break;
      await this.#stage.advance(LOOK_MS);
    }
    return Promise.all(regions.map((_, at) => this.#view(at)));
  }

  async #view(at: number): Promise<RegionView> {
    const engine = `${regions[at]?.host}:6379`;
    const client = this.#stage.client(engine);
    const names = await client.ask('KEYS', '*');
    const keys = (Array.isArray(names) ? names.map(String) : []).toSorted();
    const digest = printed(await client.ask('DEBUG', 'DIGEST'));
    client.close();
    const values = await readKeyValues(this.#stage, keys, engine);
    const log = JSON.parse(await this.#manage(at, 'LOG')) as Operation[];
    const waiting = await this.#waiting(at);
    return { keys, values, digest, waiting, log: printLog(log).trimEnd().split('\n') };
  }

  async #waiting(at: number): Promise<number> {
    const status = JSON.parse(await this.#manage(at, 'STATUS')) as RegionStatus;
    return Object.values(status.waiting).reduce((sum, count) => sum + count, 0);
  }

  async #manage(at: number, what: string): Promise<string> {
    return String(await this.#clients[at]?.ask('ACTIVE-ACTIVE', what));
  }

  close(): void {
    for (const client of this.#clients) client.close();
  }
}
