/** A primary, two replicas and three Sentinels: ours over TCP, and real ones. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Lab } from '../engine/lab/lab.ts';
import type { Places } from '../engine/lab/topology.ts';
import { TcpHost } from '../hosts/tcp.ts';
import { type Frame, printFrame } from './frame.ts';
import { freePort } from './real-redis.ts';
import { Wire } from './wire.ts';

const HOST = '127.0.0.1';

/** Servers by their number, from 0; the first is the primary to begin with. */
export interface Trio {
  readonly servers: readonly number[];
  readonly sentinels: readonly number[];
  /** Ends a server as kill -9 does, and starts it again. */
  kill(server: number): void;
  revive(server: number): Promise<void>;
  stop(): Promise<void>;
}

/** What a Sentinel's file says: it is quick, so that tests are. */
const confOf = (primary: number) =>
  [
    `sentinel monitor mymaster ${HOST} ${primary} 2`,
    'sentinel down-after-milliseconds mymaster 1000',
    'sentinel failover-timeout mymaster 5000',
    '',
  ].join('\n');

/** How often Sentinels do what: more often than usually. */
const periods = ['INFO-PERIOD', '500', 'ASK-PERIOD', '100', 'PUBLISH-PERIOD', '200'];

/** Ours. `onBug` hears of what no command should throw. */
export async function startOurs(onBug: (error: unknown) => void): Promise<Trio> {
  const { servers, sentinels } = await freePorts();
  const at = (ports: readonly number[]) => ({
    host: () => HOST,
    port: (index: number) => ports[index] as number,
  });
  const places: Places = { ...at(servers), sentinels: at(sentinels) };
  const lab: Lab = new Lab({
    topology: { kind: 'sentinel', replicas: 2, sentinels: 3 },
    places,
    adapt: (node) => ({
      ...node,
      ...(node.sentinelConf !== undefined && { sentinelConf: confOf(servers[0] as number) }),
    }),
    outside: (address, listener) => host.dial(address, listener),
    config: { 'repl-diskless-sync-delay': '0' },
    start: Date.now(),
    seed: Date.now(),
  });
  const host: TcpHost = new TcpHost(lab, onBug);
  for (const node of lab.nodes) await host.listen(node.accept, { host: HOST, port: node.port });
  await hasten(sentinels);
  return {
    servers,
    sentinels,
    kill(server) {
      host.stopListening(servers[server] as number);
      lab.nodes[server]?.kill();
    },
    async revive(server) {
      const node = lab.nodes[server] as Lab['nodes'][number];
      node.start();
      await host.listen(node.accept, { host: HOST, port: node.port });
    },
    stop: () => host.close(),
  };
}

/** Those of redis-server. */
export async function startReal(): Promise<Trio> {
  const { servers, sentinels } = await freePorts();
  const [primary = 0] = servers;
  const dir = mkdtempSync(join(tmpdir(), 'keyspace-sentinel-'));
  const running = new Map<number, ChildProcess>();
  const run = async (port: number, args: readonly string[]) => {
    running.set(port, spawn('redis-server', [...args], { cwd: dir, stdio: 'ignore' }));
    await untilAnswering(port);
  };
  const quick = ['--repl-diskless-sync-delay', '0'];
  const serve = (port: number, follow: boolean) => {
    const replicaof = follow ? ['--replicaof', HOST, String(primary)] : [];
    return run(port, ['--port', String(port), '--save', '', ...quick, ...replicaof]);
  };
  await Promise.all(servers.map((port) => serve(port, port !== primary)));
  await Promise.all(
    sentinels.map((port) => {
      const file = join(dir, `${port}.conf`);
      writeFileSync(file, `port ${port}\n${confOf(primary)}`);
      return run(port, [file, '--sentinel']);
    }),
  );
  await hasten(sentinels);
  return {
    servers,
    sentinels,
    kill: (server) => void running.get(servers[server] as number)?.kill('SIGKILL'),
    revive: (server) => serve(servers[server] as number, false),
    async stop() {
      for (const child of running.values()) child.kill('SIGKILL');
      rmSync(dir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    },
  };
}

async function hasten(sentinels: readonly number[]): Promise<void> {
  for (const port of sentinels) await ask(port, 'SENTINEL', 'DEBUG', ...periods);
}

/** One command on a connection of its own. */
export async function ask(port: number, ...argv: string[]): Promise<Frame> {
  const wire = await Wire.dial(HOST, port);
  const reply = await wire.run(...argv);
  wire.close();
  return reply;
}

/** The events of a Sentinel from now on, as `channel payload`. */
export async function listen(port: number): Promise<() => readonly string[]> {
  const wire = await Wire.dial(HOST, port);
  await wire.run('PSUBSCRIBE', '*');
  const events: string[] = [];
  return () => {
    for (const { items = [] } of wire.takeAll()) {
      events.push(`${items[2]?.text} ${items[3]?.text}`);
    }
    return events;
  };
}

/** A reply without what differs from one run to another: ports by their role, ids, times. */
export function neutral(text: string, { servers, sentinels }: Trio): string {
  const named: (readonly [port: number, name: string])[] = [
    ...servers.map((port, i) => [port, `SERVER${i + 1}`] as const),
    ...sentinels.map((port, i) => [port, `SENTINEL${i + 1}`] as const),
  ];
  const ported = named.reduce(
    (told, [port, name]) => told.replace(new RegExp(`\\b${port}\\b`, 'g'), name),
    text,
  );
  return ported
    .replace(/\b[0-9a-f]{40}\b/g, 'ID')
    .replace(/("[a-z-]*(reply|refresh|time|message|sent|offset|commands)"[^"]*")\d+"/g, '$1#"');
}

/** What a Sentinel answers, without what differs from one run to another. */
export async function told(trio: Trio, protocol: '2' | '3', command: readonly string[]) {
  const wire = await Wire.dial(HOST, trio.sentinels[0] as number);
  const [, reply] = await wire.runAll([['HELLO', protocol], command]);
  wire.close();
  const { type } = reply as Frame;
  return `${type} ${neutral(printFrame(reply as Frame), trio)}`;
}

async function untilAnswering(port: number): Promise<void> {
  const end = Date.now() + 10_000;
  for (;;) {
    try {
      await ask(port, 'PING');
      return;
    } catch (error) {
      if (Date.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

async function freePorts() {
  const free = new Set<number>();
  while (free.size < 6) free.add(await freePort());
  const ports = [...free];
  return { servers: ports.slice(0, 3), sentinels: ports.slice(3) };
}
