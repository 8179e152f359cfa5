import { utf8Encode } from '../../engine/bytes/bytes.ts';
import { RedisError } from '../../engine/errors.ts';
import { MapReply, type Reply, Status, Verbatim } from '../../engine/resp/reply.ts';
import { Client } from '../../wire/client.ts';
import type { OpsHost } from '../host.ts';
import { type HttpHandler, plain, serveHttp } from '../http.ts';
import { type Metric, printMetrics } from '../prometheus/exposition.ts';
import { metricsOf, type Readings } from './metrics.ts';

export const EXPORTER_PORT = 9121;

/** How it was told to work: its environment variables. */
export interface ExporterSettings {
  /** `redis://host:port`, REDIS_ADDR. */
  readonly address: string;
  readonly user: string | undefined;
  readonly password: string | undefined;
  /** Keys whose size is told, REDIS_EXPORTER_CHECK_SINGLE_KEYS. */
  readonly keys: readonly string[];
}

/** From environment variables, as redis_exporter reads them. */
export function exporterSettings(env: Readonly<Record<string, string>>): ExporterSettings {
  return {
    address: env.REDIS_ADDR ?? 'redis://localhost:6379',
    user: env.REDIS_USER,
    password: env.REDIS_PASSWORD,
    keys: [env.REDIS_EXPORTER_CHECK_SINGLE_KEYS, env.REDIS_EXPORTER_CHECK_KEYS]
      .flatMap((list) => list?.split(',') ?? [])
      .filter((key) => key !== ''),
  };
}

/**
 * A redis_exporter on a host: `/metrics` of its own server, `/scrape?target=redis://…` of any. It asks
 * the server anew for each request. Returns how to stop it, or undefined when the port is taken.
 */
export function startExporter(host: OpsHost, settings: ExporterSettings): (() => void) | undefined {
  let scrapes = 0;
  const handle: HttpHandler = async ({ path, query }) => {
    if (path === '/metrics') return plain(await scrape(settings.address));
    const target = query.get('target');
    if (path === '/scrape' && target) return plain(await scrape(target));
    if (path === '/scrape') return plain("'target' parameter must be specified\n", 400);
    if (path === '/health') return plain('ok');
    return path === '/'
      ? plain('Redis Exporter: see /metrics\n')
      : plain('404 page not found\n', 404);
  };
  const scrape = async (address: string) => {
    scrapes++;
    const result = await read(host, address, settings).catch((error: unknown) =>
      error instanceof Error ? error.message : String(error),
    );
    const isUp = typeof result !== 'string';
    const own: Metric[] = [
      {
        ...{ name: 'redis_exporter_scrapes_total', type: 'counter', help: 'Scrapes so far.' },
        samples: [{ value: scrapes }],
      },
      {
        ...{ name: 'redis_exporter_last_scrape_error', type: 'gauge', help: 'The last error.' },
        samples: [{ labels: { err: isUp ? '' : result }, value: Number(!isUp) }],
      },
      {
        ...{ name: 'redis_up', type: 'gauge', help: 'Whether the server answers.' },
        samples: [{ value: Number(isUp) }],
      },
    ];
    return printMetrics([...(isUp ? metricsOf(result) : []), ...own]);
  };
  return host.listen(EXPORTER_PORT, serveHttp(handle));
}

/** How long a server has to answer, ms. */
const TIMEOUT_MS = 15_000;

async function read(host: OpsHost, url: string, settings: ExporterSettings): Promise<Readings> {
  const parts = /^(?:rediss?:\/\/)?(?:([^:@]*):([^@]*)@)?([^:/@]+)(?::(\d+))?(?:\/\d*)?$/.exec(url);
  if (!parts) throw new Error(`invalid redis address: ${url}`);
  const [, user, password, name = '', port = '6379'] = parts;
  const client = new Client(host.dial, `${name}:${port}`);
  const stop = host.after(TIMEOUT_MS, () => client.close());
  try {
    const secret = password ?? settings.password;
    const login = user || settings.user;
    if (secret !== undefined) await ask(client, 'AUTH', ...(login ? [login] : []), secret);
    return await readings(client, settings.keys);
  } finally {
    stop();
    client.close();
  }
}

async function ask(client: Client, ...words: string[]): Promise<Reply> {
  const reply = await client.send(words.map(utf8Encode));
  if (reply instanceof RedisError) throw new Error(reply.message);
  return reply;
}

/** What a user without the right to ask for it is not told; the rest is. */
const allowed = (asked: Promise<Reply>): Promise<Reply> => asked.catch(() => null);

async function readings(client: Client, keys: readonly string[]): Promise<Readings> {
  const info = textOf(await ask(client, 'INFO', 'ALL'));
  const limit = await allowed(ask(client, 'CONFIG', 'GET', 'maxclients'));
  const length = await allowed(ask(client, 'SLOWLOG', 'LEN'));
  const newest = await allowed(ask(client, 'SLOWLOG', 'GET', '1'));
  const sizes: { db: string; key: string; size: number }[] = [];
  for (const name of keys) {
    const [db, key] = /^db(\d+)=(.*)$/s.exec(name)?.slice(1) ?? ['0', name];
    const size = await sizeOf(client, db as string, key as string);
    if (size !== undefined) sizes.push({ db: `db${db}`, key: key as string, size });
  }
  const id = Array.isArray(newest) && Array.isArray(newest[0]) ? newest[0][0] : undefined;
  return {
    info,
    maxClients: limit instanceof MapReply ? Number(limit.entries[0]?.[1]) : undefined,
    slowlogLength: length === null ? undefined : Number(length),
    slowlogLastId: id === undefined ? undefined : Number(id),
    keys: sizes,
  };
}

const sizeCommands: ReadonlyMap<string, string> = new Map([
  ['string', 'STRLEN'],
  ['list', 'LLEN'],
  ['set', 'SCARD'],
  ['zset', 'ZCARD'],
  ['hash', 'HLEN'],
  ['stream', 'XLEN'],
]);

async function sizeOf(client: Client, db: string, key: string): Promise<number | undefined> {
  await allowed(ask(client, 'SELECT', db));
  const type = await allowed(ask(client, 'TYPE', key));
  const command = sizeCommands.get(textOf(type));
  return command === undefined ? undefined : Number(await allowed(ask(client, command, key)));
}

const textOf = (reply: Reply): string =>
  reply instanceof Status || reply instanceof Verbatim ? reply.text : String(reply);
