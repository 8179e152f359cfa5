import type { Client } from './client.ts';
import { bytesOf, type ClientListHost } from './client-list.ts';

/** What the limits need of the server. */
export interface ClientLimitsHost extends ClientListHost {
  readonly clients: ReadonlyMap<number, Client>;
  readonly settings: {
    readonly timeout: number;
    readonly maxmemory: number;
    readonly maxmemoryClients: number;
  };
  readonly stats: { evictedClients: number };
}

/** Closes the connections that have been idle for longer than `timeout`; subscribers never are. */
export function closeIdle({ clients, settings, now }: ClientLimitsHost): void {
  if (settings.timeout === 0) return;
  for (const client of [...clients.values()]) {
    const isWaiting = client.blocked !== undefined || client.isSubscriber || client.isMonitor;
    const idleSeconds = Math.floor(now / 1000) - Math.floor(client.lastActiveAt / 1000);
    if (!isWaiting && idleSeconds > settings.timeout) client.close();
  }
}

/** Ends the connections of those who do not take what was sent to them. */
export function closeSlow({ clients }: ClientLimitsHost): void {
  for (const client of [...clients.values()]) client.checkUnsent();
}

/** With less than this nobody could tell the server that it is too little. Bytes. */
const SMALLEST_LIMIT = 128 * 1024;

/**
 * maxmemory-clients: while all clients together use more, the largest is closed, but for those that
 * have said CLIENT NO-EVICT. https://redis.io/docs/latest/develop/reference/clients/#client-eviction
 */
export function evictClients(host: ClientLimitsHost): void {
  const { maxmemory, maxmemoryClients } = host.settings;
  // A negative limit is a share of maxmemory, per cent.
  const told = maxmemoryClients < 0 ? (maxmemory * -maxmemoryClients) / 100 : maxmemoryClients;
  if (told === 0) return;
  const limit = Math.max(told, SMALLEST_LIMIT);
  const sizes = [...host.clients.values()].map((client) => ({
    client,
    bytes: bytesOf(host, client),
  }));
  let total = sizes.reduce((sum, { bytes }) => sum + bytes, 0);
  for (const { client, bytes } of sizes.sort((a, b) => b.bytes - a.bytes)) {
    if (total <= limit) break;
    if (client.noEvict) continue;
    client.close();
    host.stats.evictedClients++;
    total -= bytes;
  }
}
