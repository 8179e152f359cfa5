/** How long writes fail when a primary dies, measured; and what a promise of nines leaves for it. */
import type { DemoClient, Lab } from './stage.ts';

/** Shares of the time that one may promise. */
export const promises = [0.99, 0.999, 0.9995, 0.9999, 0.99999] as const;

const YEAR_S = 365.25 * 24 * 3600;

/** Seconds of a year in which the promise lets the service be away. */
export const allowedS = (promise: number): number => (1 - promise) * YEAR_S;

/** How many outages of so many seconds a promise has room for in a year. */
export const outagesAllowed = (promise: number, outageS: number): number =>
  Math.floor(allowedS(promise) / outageS + 1e-9);

/** Seconds as people say them. */
export function sayDuration(seconds: number): string {
  const whole = Math.round(seconds);
  const [days, hours] = [Math.floor(whole / 86_400), Math.floor(whole / 3600) % 24];
  const [minutes, rest] = [Math.floor(whole / 60) % 60, whole % 60];
  if (days > 0) return `${days} d ${hours} h`;
  if (hours > 0) return `${hours} h ${minutes} min`;
  return minutes > 0 ? `${minutes} min ${rest} s` : `${rest} s`;
}

export interface Outage {
  readonly seconds: number;
  readonly failed: number;
  readonly sent: number;
}

const STEP_MS = 100;
const QUIET_STEPS = 10;
const MOST_STEPS = 600;

/** Writes ten times a second, as Sentinel directs; the primary is killed after one second. */
export async function measureOutage(stage: Lab): Promise<Outage> {
  await stage.world.control({ do: 'pace', rate: 0 });
  const sentinel = stage.client('10.0.1.1:26379');
  const clients = new Map<string, DemoClient>();
  let [failed, sent, lastFailure] = [0, 0, 0];
  for (let step = 0; step < MOST_STEPS; step++) {
    if (step === QUIET_STEPS) await stage.world.control({ do: 'kill', node: 'node1' });
    sent++;
    if (!(await write(stage, sentinel, clients, step))) {
      failed++;
      lastFailure = step;
    }
    if (failed > 0 && step > lastFailure + QUIET_STEPS) break;
    await stage.advance(STEP_MS);
  }
  for (const client of [sentinel, ...clients.values()]) client.close();
  return { seconds: ((lastFailure + 1 - QUIET_STEPS) * STEP_MS) / 1000, failed, sent };
}

async function write(
  stage: Lab,
  sentinel: DemoClient,
  clients: Map<string, DemoClient>,
  value: number,
): Promise<boolean> {
  const place = await sentinel.ask('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', 'mymaster');
  if (!Array.isArray(place)) return false;
  const address = place.join(':');
  const client = clients.get(address) ?? stage.client(address);
  clients.set(address, client);
  const reply = await client.ask('SET', 'probe', String(value)).catch((error: unknown) => error);
  return !(reply instanceof Error);
}
