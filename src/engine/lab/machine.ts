import { type Disk, VirtualDisk } from '../persistence/disk.ts';
import { LoadError } from '../persistence/host.ts';
import { quote } from '../resp/print.ts';
import { ConfFileError, optionLines, readConf } from '../server/conf-file.ts';
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
  readonly #host: string;
  readonly #running: RunningServer[];
  #pids = FIRST_PID;

  constructor(
    lab: Lab,
    host: string,
    private readonly logLine: LogLine,
  ) {
    this.#lab = lab;
    this.#host = host;
    const here = lab.nodes.filter((node) => node.host === host);
    const disk: Disk | undefined = here[0]?.disk;
    this.disk = disk instanceof VirtualDisk ? disk : new VirtualDisk();
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
   * `redis-server [redis.conf] [--directive value ...]`. What it prints is what redis-server prints
   * until it is ready, or why it does not start.
   */
  launch(args: readonly string[], folder: string): Launched {
    const pid = this.#pids++;
    const named = args[0]?.startsWith('--') ? undefined : args[0];
    const configFile = named && absolute(named, folder);
    const options = optionLines(args.slice(named === undefined ? 0 : 1));
    const text = configFile === undefined ? '' : this.disk.read(configFile);
    const log = new StartLog(this.#lab, pid, this.logLine);
    if (text === undefined) {
      log.say(`Fatal error, can't open config file '${configFile}': No such file or directory`);
      return { output: log.text, running: undefined };
    }
    try {
      const { texts } = readConf(`${text}\n${options}`, this.#reader(folder));
      return this.#start({ pid, texts, options, configFile, folder, log });
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

  #start({ pid, texts, options, configFile, folder, log }: Start): Launched {
    const port = Number(texts.port ?? 6379);
    log.greet(port, configFile);
    if (this.#isTaken(port)) {
      log.say(
        `Warning: Could not create server TCP listening socket *:${port}: bind: Address already in use`,
      );
      log.say(`Failed listening on port ${port} (TCP), aborting.`);
      return { output: log.text, running: undefined };
    }
    const name = this.#freeName(`redis-${port}`);
    const place = texts.dir === undefined ? `dir ${quote(folder)}\n` : '';
    const stop = this.#lab.events.listen((event) => log.hear(name, event));
    try {
      const node = this.#lab.add(
        { name, host: this.#host, port, config: {}, configFile, options: `${place}${options}` },
        this.disk,
      );
      log.say('Server initialized');
      log.say('Ready to accept connections', '*');
      const isDaemon = texts.daemonize === 'yes';
      const running = { pid, node, title: `redis-server ${texts.bind ?? '*'}:${port}`, isDaemon };
      this.#running.push(running);
      return { output: isDaemon ? '' : log.text, running };
    } catch (error) {
      if (!(error instanceof LoadError)) throw error;
      log.say(`Fatal error loading the DB, check server logs. Exiting. ${error.message}`);
      return { output: log.text, running: undefined };
    } finally {
      stop();
    }
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
  readonly texts: Readonly<Record<string, string | undefined>>;
  readonly options: string;
  readonly configFile: string | undefined;
  readonly folder: string;
  readonly log: StartLog;
}

/** A path as seen from a folder. */
export function absolute(path: string, folder: string): string {
  const parts: string[] = [];
  for (const part of (path.startsWith('/') ? path : `${folder}/${path}`).split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

const titleOf = ({ host, port }: Node) => `redis-server ${host}:${port}`;

const marks = { debug: '.', verbose: '-', notice: '*', warning: '#' } as const;
/** Prints a line of a server's log: `1000:M 01 Jan 2026 00:00:00.000 * Ready …`. */
export type LogLine = (pid: number, at: number, mark: string, message: string) => string;

/** What a server prints from its start until it is ready. */
class StartLog {
  text = '';

  constructor(
    private readonly lab: Lab,
    private readonly pid: number,
    private readonly line: LogLine,
  ) {}

  greet(port: number, configFile: string | undefined): void {
    this.say('oO0OoO0OoO0Oo Redis is starting oO0OoO0OoO0Oo');
    this.say(
      `Redis version=${REDIS_VERSION}, bits=64, commit=00000000, modified=0, pid=${this.pid}, just started`,
    );
    this.say(
      configFile === undefined
        ? 'Warning: no config file specified, using the default config. In order to specify a config file use redis-server /path/to/redis.conf'
        : 'Configuration loaded',
    );
    this.say(`Running mode=standalone, port=${port}.`, '*');
  }

  /** A line of the server's own. */
  hear(name: string, { node, text, level }: LabEvent): void {
    if (node === name && level !== undefined) this.say(text, marks[level]);
  }

  say(message: string, mark = '#'): void {
    this.text += this.line(this.pid, this.lab.clock.now, mark, message);
  }
}
