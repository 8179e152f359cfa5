import { absolute } from '../bytes/path.ts';
import { type Disk, VirtualDisk } from '../persistence/disk.ts';
import { LoadError } from '../persistence/host.ts';
import { quote } from '../resp/print.ts';
import {
  type Conf,
  ConfFileError,
  optionLines,
  readConf,
  readSentinelFile,
} from '../server/conf-file.ts';
import type { ConfigTexts } from '../server/config.ts';
import { moduleFailure, openModule } from '../server/modules.ts';
import type { Log, LogLevel } from '../server/persisting.ts';
import { sentinelTable } from '../server/sentinel-table.ts';
import { greet, modeOf, NEEDS_FILE, tellMode, tellNotListening } from '../server/startup.ts';
import { commandTable } from '../server/table.ts';
import { REDIS_VERSION } from '../server/version.ts';
import type { LabEvent } from './events.ts';
import type { Lab, Node } from './lab.ts';

/** A program that was started: what it has printed so far, and the process that it is. */
export interface Launched {
  readonly output: string;
  /** Undefined when it has ended at once. */
  readonly running: RunningServer | undefined;
}

export interface RunningServer {
  readonly pid: number;
  readonly node: Node;
  /** Its command line, as `ps` shows it. */
  readonly title: string;
  readonly isDaemon: boolean;
}

export type ProcessSignal = 'TERM' | 'KILL' | 'STOP' | 'CONT' | 'INT';

const FIRST_PID = 1000;

/** A host of a lab as one who is logged in there sees it: its files and its processes. */
export class Machine {
  readonly disk: VirtualDisk;
  readonly #lab: Lab;
  /** The address of the host. */
  readonly address: string;
  readonly #running: RunningServer[];
  #pids: number;

  /** Its disk and the number of its first process, where they are not the usual ones. */
  constructor(
    lab: Lab,
    address: string,
    private readonly logLine: LogLine,
    own: { readonly disk?: VirtualDisk; readonly firstPid?: number } = {},
  ) {
    this.#lab = lab;
    this.address = address;
    this.#pids = own.firstPid ?? FIRST_PID;
    const here = lab.nodes.filter((node) => node.host === address);
    const disk: Disk | undefined = here[0]?.disk;
    const known = disk instanceof VirtualDisk ? disk : undefined;
    this.disk = own.disk ?? known ?? new VirtualDisk(() => lab.clock.now);
    this.#running = here.map((node) => ({
      pid: this.#pids++,
      node,
      title: titleOf(node),
      isDaemon: true,
    }));
  }

  /** The servers that run here, those that stand still included. */
  get processes(): readonly RunningServer[] {
    return this.#running.filter(({ node }) => node.state !== 'ended');
  }

  /**
   * `redis-server [redis.conf] [--directive value ...]`, with `--sentinel` a Sentinel. What it prints
   * is what redis-server prints until it is ready, or why it does not start. `called` is what the
   * lab calls it, if nobody is called so yet.
   */
  launch(given: readonly string[], folder: string, called?: string): Launched {
    const args = given.filter((arg) => arg !== '--sentinel');
    const isSentinel = args.length < given.length;
    const pid = this.#pids++;
    const named = args[0]?.startsWith('--') ? undefined : args[0];
    const configFile = named && absolute(named, folder);
    const options = optionLines(args.slice(named === undefined ? 0 : 1));
    const text = configFile === undefined ? '' : this.disk.read(configFile);
    const start = new StartLog(this.#lab, pid, this.logLine, isSentinel ? 'X' : 'M');
    if (text === undefined) {
      const reason = `'${configFile}': No such file or directory`;
      start.log('warning', `Fatal error, can't open config file ${reason}`);
      return { output: start.text, running: undefined };
    }
    if (isSentinel && configFile === undefined) {
      start.log('warning', NEEDS_FILE);
      return { output: start.text, running: undefined };
    }
    try {
      const { texts, modules } = this.#read(`${text}\n${options}`, folder, isSentinel);
      greet(start.log, pid, args.length > 0);
      const about = { pid, texts, options, configFile, folder, start, isSentinel, modules, called };
      return this.#start(about);
    } catch (error) {
      if (!(error instanceof ConfFileError)) throw error;
      return { output: `${error.report(REDIS_VERSION)}\n`, running: undefined };
    }
  }

  /** Sends a signal. False when there is no such process. */
  signal(pid: number, signal: ProcessSignal): boolean {
    const found = this.processes.find((process) => process.pid === pid);
    if (!found) return false;
    const { node } = found;
    if (signal === 'KILL') node.kill();
    else if (signal === 'STOP') node.pause();
    else if (signal === 'CONT') node.resume();
    else node.stop();
    return true;
  }

  #read(text: string, folder: string, isSentinel: boolean): Pick<Conf, 'texts' | 'modules'> {
    if (!isSentinel) return readConf(text, this.#reader(folder));
    const reader = { ...this.#reader(folder), table: sentinelTable };
    const { texts } = readSentinelFile(text, reader, (name) =>
      this.#lab.resolve(name, this.address),
    );
    return { texts, modules: [] };
  }

  #start(given: Start): Launched {
    const { pid, texts, options, configFile, folder, start, isSentinel, modules, called } = given;
    const port = Number(texts.port ?? 6379);
    tellMode(start.log, port, isSentinel ? 'sentinel' : modeOf(texts));
    if (this.#isTaken(port)) {
      tellNotListening(start.log, port, 'TCP', 'Address already in use');
      return { output: start.text, running: undefined };
    }
    const failed = modules.find((path) => typeof openModule(path, this.disk) === 'string');
    if (failed !== undefined) {
      start.log('warning', 'Server initialized');
      const reason = String(openModule(failed, this.disk));
      for (const line of moduleFailure(failed, reason)) start.log('warning', line);
      return { output: start.text, running: undefined };
    }
    const before = isSentinel ? this.#endedAt(port, configFile) : undefined;
    const usual = called ?? `${isSentinel ? 'sentinel' : 'redis'}-${port}`;
    const name = before?.name ?? this.#freeName(usual);
    const place = texts.dir === undefined ? `dir ${quote(folder)}\n` : '';
    const stop = this.#lab.events.listen((event) => start.hear(name, event));
    try {
      const about = { name, host: this.address, port, config: {}, configFile };
      const plan = { ...about, options: `${place}${options}` };
      before?.start();
      const node =
        before ?? this.#lab.add({ ...plan, ...(isSentinel && { sentinelConf: '' }) }, this.disk);
      if (!isSentinel) {
        start.log('warning', 'Server initialized');
        start.log('notice', 'Ready to accept connections');
      }
      const isDaemon = texts.daemonize === 'yes';
      const mode = isSentinel ? ' [sentinel]' : '';
      const title = `redis-server ${texts.bind ?? '*'}:${port}${mode}`;
      const running = { pid, node, title, isDaemon };
      this.#running.push(running);
      return { output: isDaemon ? '' : start.text, running };
    } catch (error) {
      if (!(error instanceof LoadError)) throw error;
      start.log(
        'warning',
        `Fatal error loading the DB, check server logs. Exiting. ${error.message}`,
      );
      return { output: start.text, running: undefined };
    } finally {
      stop();
    }
  }

  /** A Sentinel that was here before, with the same file: it is the same one when it starts again. */
  #endedAt(port: number, configFile: string | undefined): Node | undefined {
    return this.#lab.nodes.find(
      (node) =>
        node.isSentinel &&
        node.state === 'ended' &&
        node.host === this.address &&
        node.port === port &&
        node.configFile === configFile,
    );
  }

  #isTaken = (port: number) => this.processes.some(({ node }) => node.port === port);

  #freeName(name: string): string {
    for (let n = 1; ; n++) {
      const free = n === 1 ? name : `${name}-${n}`;
      if (!this.#lab.node(free)) return free;
    }
  }

  #reader(folder: string) {
    const include = (pattern: string) => {
      const text = this.disk.read(absolute(pattern, folder));
      return text === undefined ? [] : [text];
    };
    return { table: commandTable, include };
  }
}

interface Start {
  readonly pid: number;
  readonly texts: ConfigTexts;
  /** The files that loadmodule names. */
  readonly modules: readonly string[];
  readonly options: string;
  readonly configFile: string | undefined;
  readonly folder: string;
  readonly start: StartLog;
  readonly isSentinel: boolean;
  readonly called: string | undefined;
}

const titleOf = ({ host, port, isSentinel }: Node) =>
  `redis-server ${host}:${port}${isSentinel ? ' [sentinel]' : ''}`;

/** Prints a line of a server's log: `1000:M 01 Jan 2026 00:00:00.000 * Ready …`. */
export type LogLine = (
  pid: number,
  at: number,
  level: LogLevel,
  message: string,
  role?: 'M' | 'X',
) => string;

/** What a server prints from its start until it is ready. */
class StartLog {
  text = '';

  constructor(
    private readonly lab: Lab,
    private readonly pid: number,
    private readonly line: LogLine,
    private readonly role: 'M' | 'X',
  ) {}

  /** A line of the server's own. */
  hear(name: string, { node, text, level }: LabEvent): void {
    if (node === name && level !== undefined) this.log(level, text);
  }

  readonly log: Log = (level, message) => {
    this.text += this.line(this.pid, this.lab.clock.now, level, message, this.role);
  };
}
