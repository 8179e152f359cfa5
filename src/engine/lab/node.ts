import type { Accept, Dial } from '../network/network.ts';
import { type Disk, VirtualDisk } from '../persistence/disk.ts';
import { LoadError } from '../persistence/host.ts';
import { quote } from '../resp/print.ts';
import { ConfFileError, readConf, readSentinelFile } from '../server/conf-file.ts';
import type { ConfigTexts } from '../server/config.ts';
import type { ServerOptions } from '../server/options.ts';
import type { Log } from '../server/persisting.ts';
import { sentinelTable } from '../server/sentinel-table.ts';
import { Server } from '../server/server.ts';
import { terminate } from '../server/shutdown.ts';
import { commandTable } from '../server/table.ts';
import type { MachineClock } from '../time/clock.ts';
import type { Random } from '../time/random.ts';
import { Process } from './process.ts';
import type { NodePlan } from './topology.ts';

/** What servers are made with that is the same for all of a lab. */
export type ServerMaking = Omit<
  ServerOptions,
  'clock' | 'random' | 'table' | 'dial' | 'log' | 'config' | 'disk' | 'sentinel' | 'resolve'
>;

/** What a node needs of its lab. */
export interface NodeHost {
  readonly clock: MachineClock;
  readonly random: Random;
  readonly making: ServerMaking;
  /** How the processes of this node reach out. */
  readonly dial: Dial;
  /** Finds hosts by their names. */
  readonly resolve: NonNullable<ServerOptions['resolve']>;
  readonly disk?: Disk;
  readonly log?: Log;
  /** Lets the node be reached. Returns how to stop. */
  listen(node: Node): () => void;
  /** What happens to its process, in a word or two. */
  tell(event: string): void;
  /** The process has ended by itself: SHUTDOWN, or a crash. */
  onExit(): void;
}

/**
 * A redis-server, or a redis-sentinel, on its host, with its disk and its redis.conf: what can be killed, stopped, paused,
 * and started again from its files.
 */
export class Node implements NodePlan {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly config: NodePlan['config'];
  readonly configFile: string | undefined;
  readonly disk: Disk;
  /** Whether it watches others and holds no data. */
  readonly isSentinel: boolean;
  readonly #options: string;
  readonly #lab: NodeHost;
  #process: Process;
  #server: Server;
  #starts = 0;
  #clockError = 0;
  #stopListening = () => {};

  /** A node with its server running. Throws a LoadError if that cannot start with its files. */
  constructor(plan: NodePlan, lab: NodeHost) {
    ({ name: this.name, host: this.host, port: this.port, config: this.config } = plan);
    this.#lab = lab;
    this.disk = lab.disk ?? new VirtualDisk(() => lab.clock.now);
    this.configFile = plan.configFile;
    this.#options = plan.options ?? '';
    const { configFile, sentinelConf } = plan;
    this.isSentinel = sentinelConf !== undefined;
    if (configFile !== undefined && this.disk.read(configFile) === undefined) {
      this.disk.write(configFile, `${confOf(plan.config)}${sentinelConf ?? ''}`);
    }
    if (plan.nodesConf !== undefined) this.#join(plan.nodesConf);
    this.#process = this.#newProcess();
    this.#server = this.#serve(this.#process);
    this.#stopListening = lab.listen(this);
  }

  /** Makes it part of a cluster, unless it is of one already. */
  #join(nodesConf: string): void {
    const { dir = '/data', 'cluster-config-file': file = 'nodes.conf' } = this.config;
    const path = `${dir}/${file}`;
    if (this.disk.read(path) === undefined) this.disk.write(path, nodesConf);
  }

  /** Whether it talks to other nodes of a cluster; and where, if it does. */
  get hasBus(): boolean {
    return this.#server.cluster !== undefined;
  }

  get busPort(): number {
    return this.#server.cluster?.state.myself.busPort ?? 0;
  }

  /** The server that runs, or ran last. */
  get server(): Server {
    return this.#server;
  }

  get state(): Process['state'] {
    return this.#process.state;
  }

  /** Takes connections of clients. */
  readonly accept: Accept = (connection, peer) =>
    this.#process.door(this.#server.accept)(connection, peer);

  /** Takes connections of other nodes to the cluster bus. */
  readonly acceptBus: Accept = (connection, peer) =>
    this.#process.door(this.#server.acceptBus)(connection, peer);

  /** Starts the server from its files, if it does not run. Throws a LoadError if it cannot. */
  start(): void {
    if (this.state !== 'ended') return;
    this.#lab.tell('starts');
    this.#process = this.#newProcess();
    try {
      this.#server = this.#serve(this.#process);
      this.#stopListening = this.#lab.listen(this);
    } catch (error) {
      this.#process.end();
      throw error;
    }
  }

  /** SIGTERM: the server saves what is to be saved, and ends. False when it could not save. */
  stop(): boolean {
    if (this.state === 'paused') this.resume();
    if (this.state === 'ended') return true;
    this.#lab.tell('is stopped');
    return terminate(this.#server, 'sigterm');
  }

  /** SIGKILL. */
  kill(): void {
    if (this.state === 'ended') return;
    this.#lab.tell('is killed');
    this.#end();
    this.#server.isDown = true;
  }

  /** Its machine goes down: the process has ended, and what was not synced is gone. */
  losePower(): void {
    this.kill();
    if (this.disk instanceof VirtualDisk) this.disk.losePower();
  }

  /** SIGSTOP: it stands still, its connections stay. */
  pause(): void {
    if (this.state !== 'running') return;
    this.#lab.tell('is paused');
    this.#process.pause();
  }

  /** SIGCONT. */
  resume(): void {
    if (this.state !== 'paused') return;
    this.#lab.tell('goes on');
    this.#process.resume();
  }

  /** How far the clock of its host is off from now on, in ms; 0 sets it right. */
  setClockError(ms: number): void {
    if (ms === this.#clockError) return;
    this.#lab.tell(ms === 0 ? 'has the right time again' : `has a clock that is off by ${ms} ms`);
    this.#clockError = ms;
  }

  #newProcess(): Process {
    return new Process(this.#lab.clock, () => this.#clockError);
  }

  #serve(process: Process): Server {
    const { making, random, dial, log, resolve } = this.#lab;
    const conf = this.#readConf();
    return new Server({
      ...making,
      ...conf,
      config: {
        port: String(this.port),
        ...(conf ? conf.texts : this.config),
      },
      ...(this.configFile !== undefined && { configFile: this.configFile }),
      ...(log && { log }),
      disk: this.disk,
      clock: process.clock,
      dial: process.dialer(dial),
      resolve,
      random: random.fork(this.#starts++ === 0 ? this.name : `${this.name} ${this.#starts}`),
      table: this.isSentinel ? sentinelTable : commandTable,
      onShutdown: () => {
        this.#end();
        this.#lab.tell(this.#server.settings.crashSignal === 0 ? 'ends' : 'crashes');
        this.#lab.onExit();
      },
    });
  }

  #end(): void {
    this.#stopListening();
    this.#process.end();
  }

  /** Its redis.conf as it is now. Throws a LoadError when it is not fit to start with. */
  #readConf() {
    if (this.configFile === undefined && this.#options === '') return undefined;
    const file = this.configFile === undefined ? '' : this.disk.read(this.configFile);
    const text = `${file ?? ''}\n${this.#options}`;
    const include = () => [];
    try {
      if (!this.isSentinel) return readConf(text, { table: commandTable, include });
      const reader = { table: sentinelTable, include };
      const { texts, ...conf } = readSentinelFile(text, reader, this.#lab.resolve);
      return { ...conf, texts: { ...texts, save: '' } };
    } catch (error) {
      if (error instanceof ConfFileError) throw new LoadError(error.reason);
      throw error;
    }
  }
}

/** Directives as lines of a redis.conf. */
const confOf = (config: ConfigTexts): string =>
  Object.entries(config)
    .map(([name, text]) => `${name} ${text === '' ? quote('') : text}\n`)
    .join('');
