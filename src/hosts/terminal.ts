import { fromUint8, toUint8, utf8Decode, utf8Encode } from '../engine/bytes/bytes.ts';
import type { Lab } from '../engine/lab/lab.ts';
import type { Machine as Host, RunningServer } from '../engine/lab/machine.ts';
import type { MonitoredConf } from '../engine/sentinel/conf.ts';
import { ConfFileError, readSentinelFile } from '../engine/server/conf-file.ts';
import { findDirective } from '../engine/server/config.ts';
import { versionLine } from '../engine/server/startup.ts';
import { commandTable } from '../engine/server/table.ts';
import { REDIS_VERSION } from '../engine/server/version.ts';
import { Interrupted, type Machine, type ProcessInfo } from '../shell/program.ts';
import { programs } from '../shell/programs.ts';
import { HOME, Terminal, type TerminalOutput } from '../shell/terminal.ts';
import type { Dial } from '../wire/link.ts';
import type { FromTerminal, OpenTerminal, ToTerminal } from '../wire/messages.ts';
import { Tap, tapped } from './tap.ts';

/** Where a terminal is. */
export interface TerminalPlace {
  readonly lab: Lab;
  readonly host: Host;
  /** Everything that happens in the lab happens in here. Throws once the lab has been left. */
  enter<T>(task: () => T): T;
  /** Whether the lab has been left: nothing happens in it any more. */
  isLeft(): boolean;
  /** Calls when the lab is left. Returns how not to be called any more. */
  atEnd(end: () => void): () => void;
}

/** Connects a terminal to the port that it was opened with. */
export function openTerminal({ port, tap }: OpenTerminal, place: TerminalPlace): void {
  const { lab, host, enter } = place;
  const post = (message: FromTerminal) => port.postMessage(message);
  const dial = dialFrom(place);
  const machine = machineOf(place, tap ? tapped(dial, new Tap(tap)) : dial);
  const output: TerminalOutput = {
    out: (text) => post({ kind: 'out', text }),
    err: (text) => post({ kind: 'err', text }),
  };
  const terminal = new Terminal(machine, programs, output);
  const run = async (order: Order) => {
    const { kind, text } = order;
    if (kind === 'run') {
      for (const [name, file] of Object.entries(order.files)) {
        host.disk.write(`${HOME}/${name}`, utf8Encode(file));
      }
      return terminal.run(text);
    }
    if (kind === 'conf') return startWith(host, text, output, enter);
    if (kind === 'sentinel-conf') return readSentinel(text, lab, output);
    return startUsers(host, text, output, enter);
  };
  const finish = async (order: Order) => {
    const forget = place.atEnd(() => terminal.interrupt());
    const status = await run(order).catch((error: unknown) => {
      output.err(`${error instanceof Error ? error.message : error}\n`);
      return 1;
    });
    forget();
    post({ kind: 'ended', status });
  };
  port.onmessage = ({ data }: MessageEvent<ToTerminal>) => {
    if (data.kind === 'interrupt') terminal.interrupt();
    else void finish(data);
  };
}

type Order = Exclude<ToTerminal, { kind: 'interrupt' }>;

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

/** A sentinel.conf: what a Sentinel would monitor. There is none here yet that does. */
function readSentinel(text: string, lab: Lab, output: TerminalOutput): number {
  const reader = { table: commandTable, include: () => [] };
  const resolve = (host: string) => {
    const address = lab.network.resolve(host);
    return address === host ? undefined : address;
  };
  try {
    const { sentinel } = readSentinelFile(utf8Encode(text), reader, resolve);
    output.out(utf8Decode([...sentinel.primaries.values()].map(describeMonitored).join('')));
    output.out('Accepted. Sentinel itself is not simulated here yet, so nothing is monitored.\n');
    return 0;
  } catch (error) {
    if (!(error instanceof ConfFileError)) throw error;
    output.err(`${utf8Decode(error.report(REDIS_VERSION))}\n`);
    return 1;
  }
}

const describeMonitored = ({ name, address, quorum, ...times }: MonitoredConf): string =>
  `${name} at ${address.ip || address.hostname}:${address.port}: quorum ${quorum}, down after ${times.downAfter} ms, failover within ${times.failoverTimeout} ms.\n`;

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
    },
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

const infoOf = ({ pid, title, isDaemon, node }: RunningServer): ProcessInfo => ({
  pid,
  title,
  isDaemon,
  state: node.state === 'paused' ? 'T' : 'S',
});

/** Connections of programs: within the lab, without a port between. */
function dialFrom({ host, lab, enter, isLeft }: TerminalPlace): Dial {
  const enterIfThere = (task: () => void) => {
    if (!isLeft()) enter(task);
  };
  return (address, listener) => {
    const connection = enter(() =>
      lab.dial(address, host.address, {
        onData: (bytes) => listener.onData(toUint8(bytes)),
        onClose: () => listener.onClose('closed'),
      }),
    );
    queueMicrotask(() => (connection ? listener.onOpen?.() : listener.onClose('refused')));
    return {
      send: (bytes) => enterIfThere(() => connection?.send(fromUint8(bytes))),
      settled: async () => {},
      close: () => enterIfThere(() => connection?.close()),
    };
  };
}
