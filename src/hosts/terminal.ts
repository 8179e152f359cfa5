import { fromUint8, toUint8, utf8Decode, utf8Encode } from '../engine/bytes/bytes.ts';
import type { Lab } from '../engine/lab/lab.ts';
import type { Machine as Host, RunningServer } from '../engine/lab/machine.ts';
import { SENTINEL_FILE } from '../engine/lab/topology.ts';
import { hostOf } from '../engine/network/network.ts';
import { findDirective } from '../engine/server/config.ts';
import { versionLine } from '../engine/server/startup.ts';
import {
  HOME,
  Interrupted,
  type Machine,
  type ProcessInfo,
  type TerminalOutput,
} from '../shell/program.ts';
import { programs } from '../shell/programs.ts';
import { Terminal } from '../shell/terminal.ts';
import type { Dial } from '../wire/link.ts';
import type { CloseReason, FromTerminal, OpenTerminal, ToTerminal } from '../wire/messages.ts';
import { CONNECT_TIMEOUT_MS } from './connect-timeout.ts';
import { checkSnapshot, hostFacts, type TerminalPlace } from './host-facts.ts';
import { journalOf, resume } from './journal.ts';
import { Keyboard } from './keyboard.ts';
import { logLine } from './log.ts';
import { type Services, servicesOf } from './ops-host.ts';
import { Tap, tapped } from './tap.ts';

/** Connects a terminal to the port that it was opened with. */
export function openTerminal({ port, tap }: OpenTerminal, place: TerminalPlace): void {
  const { host, enter } = place;
  const post = (message: FromTerminal) => port.postMessage(message);
  const dial = dialFrom(place);
  const machine = machineOf(place, tap ? tapped(dial, new Tap(tap)) : dial);
  const output = outputTo(post);
  const services = servicesOf(place, { dialAs: dialFrom, machineOn });
  const keyboard = new Keyboard((prompt) => post({ kind: 'asks', prompt }));
  const all = { ...programs, ...services.programs };
  const terminal = new Terminal(machine, all, output, { ask: keyboard.ask });
  let ending = new AbortController();
  const interrupt = () => {
    terminal.interrupt();
    keyboard.type(undefined);
    ending.abort();
  };
  const run = async (order: Order) => {
    const { kind, text } = order;
    if (kind === 'run') {
      for (const [name, file] of Object.entries(order.files)) {
        host.disk.write(`${HOME}/${name}`, utf8Encode(file));
      }
      return terminal.run(text);
    }
    if (kind === 'conf') return startWith(host, text, output, enter);
    if (kind === 'prometheus-conf') return monitor(services, text, output, ending.signal);
    if (kind === 'yaml') return services.applyYaml(text, machine, output, ending.signal);
    if (kind === 'sentinel-conf') return startSentinels(place, text, output, ending.signal);
    return startUsers(host, text, output, enter);
  };
  const finish = async (order: Order) => {
    ending = new AbortController();
    const forget = place.atEnd(interrupt);
    const status = await run(order).catch((error: unknown) => {
      output.err(`${error instanceof Error ? error.message : error}\n`);
      return 1;
    });
    forget();
    post({ kind: 'ended', status });
  };
  port.onmessage = ({ data }: MessageEvent<ToTerminal>) => {
    if (data.kind === 'interrupt') interrupt();
    else if (data.kind === 'typed') keyboard.type(data.line);
    else void finish(data);
  };
}

const outputTo = (post: (message: FromTerminal) => void): TerminalOutput => ({
  out: (text) => post({ kind: 'out', text }),
  err: (text) => post({ kind: 'err', text }),
});

type Order = Exclude<ToTerminal, { kind: 'interrupt' | 'typed' }>;

/** A prometheus.yml: a Prometheus runs with it. */
async function monitor(
  { monitoring }: Services,
  text: string,
  output: TerminalOutput,
  signal: AbortSignal,
): Promise<number> {
  output.out(await monitoring.run(text, signal));
  return 0;
}

const CONF = '/usr/local/etc/redis/redis.conf';
const USERS = '/usr/local/etc/redis/users.acl';
const FOLDER = '/data';

/** A redis.conf: the servers that ran here end, and one is started with it. */
function startWith(
  host: Host,
  text: string,
  output: TerminalOutput,
  enter: TerminalPlace['enter'],
): number {
  return enter(() => {
    endAll(host);
    host.disk.write(CONF, utf8Encode(text));
    const launched = host.launch([CONF], FOLDER);
    if (!launched.running) {
      output.err(utf8Decode(launched.output));
      return 1;
    }
    const hint = 'It runs as a daemon, and logs into its logfile.\n';
    output.out(launched.output === '' ? hint : utf8Decode(launched.output));
    const inert = inertIn(text);
    if (inert.length > 0) {
      output.out(`\nAccepted, but without effect here: ${inert.join(', ')}.\n`);
    }
    return 0;
  });
}

/** The directives of a text that this engine takes and does nothing with. */
function inertIn(text: string): readonly string[] {
  const names = text.split('\n').map((line) => line.trim().split(/\s+/)[0]?.toLowerCase() ?? '');
  return [...new Set(names)].filter((name) => findDirective(name)?.isInert);
}

/** How long one listens to a Sentinel that was started: until it has found the others. Lab's ms. */
const LISTEN_MS = 3000;

/**
 * A sentinel.conf: the Sentinels of the lab are started anew with it, each on its own host; where
 * there are none, one starts on this host. Prints what the first of them logs.
 */
async function startSentinels(
  place: TerminalPlace,
  text: string,
  output: TerminalOutput,
  signal: AbortSignal,
): Promise<number> {
  const { lab, host, enter } = place;
  const launched = enter(() => {
    const sentinels = lab.nodes.filter((node) => node.isSentinel);
    const hosts = new Set(sentinels.map((node) => node.host));
    for (const node of sentinels) node.kill();
    const machines = hosts.size === 0 ? [host] : [...hosts].map((at) => place.machine(at));
    const all = machines.map((each) => {
      each.disk.write(SENTINEL_FILE, utf8Encode(text));
      return each.launch([SENTINEL_FILE, '--sentinel'], FOLDER);
    });
    return all[0];
  });
  if (!launched?.running) {
    output.err(utf8Decode(launched?.output ?? ''));
    return 1;
  }
  output.out(utf8Decode(launched.output));
  const { node, pid } = launched.running;
  const stop = lab.events.listen(({ node: name, at, level, text: message }) => {
    if (name !== node.name || level === undefined) return;
    output.out(utf8Decode(logLine(pid, at, level, message, 'X')));
  });
  await sleepIn(lab, LISTEN_MS, signal, enter).catch(() => {});
  stop();
  return 0;
}

/** An ACL file: a server is started with it, and says what it has made of it. */
function startUsers(
  host: Host,
  text: string,
  output: TerminalOutput,
  enter: TerminalPlace['enter'],
): number {
  const launched = enter(() => {
    endAll(host);
    host.disk.write(USERS, utf8Encode(text.endsWith('\n') ? text : `${text}\n`));
    return host.launch(['--aclfile', USERS], FOLDER);
  });
  if (!launched.running) {
    output.err(utf8Decode(launched.output));
    return 1;
  }
  const { server } = launched.running.node;
  output.out(server.acl.users.map((user) => `${utf8Decode(String(user))}\n`).join(''));
  return 0;
}

function endAll(host: Host): void {
  for (const { pid } of host.processes) host.signal(pid, 'KILL');
}

function machineOf(place: TerminalPlace, dial: Dial): Machine {
  const { host, lab, enter } = place;
  return {
    dial,
    files: host.disk,
    now: () => enter(() => lab.clock.now),
    sleep: (ms, signal) => sleepIn(lab, ms, signal, enter),
    breathe: () => new Promise((resolve) => setTimeout(resolve)),
    processes: {
      version: versionLine,
      list: () => host.processes.map(infoOf),
      launch: (args, folder) =>
        enter(() => {
          const { output, running } = host.launch(args, folder);
          return { output, process: running && infoOf(running) };
        }),
      signal: (pid, signal) => enter(() => host.signal(pid, signal)),
      resume: (port) => enter(() => resume(place, port)),
      journal: (port) => journalOf(place, port),
    },
    checkSnapshot: (bytes) => checkSnapshot(bytes, lab.clock.now),
    host: hostFacts(place, machineOn),
  };
}

function sleepIn(
  lab: Lab,
  ms: number,
  signal: AbortSignal,
  enter: TerminalPlace['enter'],
): Promise<void> {
  return new Promise((resolve, reject) => {
    let wake = () => {};
    const interrupt = () => {
      wake();
      reject(new Interrupted());
    };
    if (signal.aborted) return interrupt();
    signal.addEventListener('abort', interrupt, { once: true });
    wake = enter(() =>
      lab.clock.schedule(ms, () => {
        signal.removeEventListener('abort', interrupt);
        resolve();
      }),
    );
  });
}

/** A host as its own programs see it. */
const machineOn = (place: TerminalPlace): Machine => machineOf(place, dialFrom(place));

const infoOf = ({ pid, title, isDaemon, node }: RunningServer): ProcessInfo => ({
  pid,
  title,
  isDaemon,
  state: node.state === 'paused' ? 'T' : 'S',
});

/** To itself a host goes by the address that its servers listen on. */
const withoutLoopback = (address: string, own: string) =>
  address.replace(/^(127\.0\.0\.1|localhost)(?=:)/, own);

/** Why there is no connection: told at once, or when whoever dials has given up. */
function tellFailure(
  lab: Lab,
  address: string,
  from: string,
  tell: (reason: CloseReason) => void,
): void {
  const { network } = lab;
  const name = hostOf(address);
  const isUnknown =
    network.routes && !/^[\d.]+$/.test(name) && network.resolve(name, from) === name;
  if (network.isDropped(address, from)) {
    lab.clock.schedule(CONNECT_TIMEOUT_MS, () => queueMicrotask(() => tell('timeout')));
  } else queueMicrotask(() => tell(isUnknown ? 'unknown-host' : 'refused'));
}

/** Connections of programs: within the lab, without a port between. */
function dialFrom({ host, lab, enter, isLeft }: TerminalPlace, from = host.address): Dial {
  const enterIfThere = (task: () => void) => {
    if (!isLeft()) enter(task);
  };
  return (address, listener) => {
    const connection = enter(() =>
      lab.dial(withoutLoopback(address, from), from, {
        onData: (bytes) => listener.onData(toUint8(bytes)),
        onClose: () => listener.onClose('closed'),
      }),
    );
    const failed = (reason: CloseReason) => listener.onClose(reason);
    if (connection) queueMicrotask(() => listener.onOpen?.());
    else enter(() => tellFailure(lab, address, from, failed));
    return {
      send: (bytes) => enterIfThere(() => connection?.send(fromUint8(bytes))),
      settled: async () => {},
      close: () => enterIfThere(() => connection?.close()),
    };
  };
}
