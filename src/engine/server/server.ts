import type { Cluster } from '../cluster/cluster.ts';
import type { Command } from '../commands/command.ts';
import { Wait } from '../commands/wait.ts';
import type { RedisError } from '../errors.ts';
import { Database } from '../keyspace/database.ts';
import { type Accept, type Dial, hangUp, nowhere } from '../network/network.ts';
import { type Disk, VirtualDisk } from '../persistence/disk.ts';
import type { Persistence } from '../persistence/persistence.ts';
import { Replication } from '../replication/replication.ts';
import { isError, type Reply } from '../resp/reply.ts';
import type { Scripts } from '../scripting/scripts.ts';
import type { Sentinel } from '../sentinel/sentinel.ts';
import type { MachineClock } from '../time/clock.ts';
import type { Random } from '../time/random.ts';
import { Acl } from './acl.ts';
import { startUsers } from './acl-users.ts';
import { Blocking, type BlockingHost } from './blocking.ts';
import type { Client, ClientHost, QueuedCommand } from './client.ts';
import { refuseInCluster } from './cluster-rules.ts';
import { clusterOf } from './clustering.ts';
import { renamedTable } from './conf-file.ts';
import { Config } from './config.ts';
import { listenToChanges } from './config-effects.ts';
import { Connections } from './connections.ts';
import { CallContext, runHandler } from './context.ts';
import { startCron } from './cron.ts';
import { MemoryLimit } from './eviction.ts';
import { enqueue, type Refused, refuse } from './guards.ts';
import { Halts } from './halts.ts';
import { HashTables } from './hash-tables.ts';
import { KeyEvents } from './key-events.ts';
import { Laps } from './laps.ts';
import { LatencyMonitor } from './latency.ts';
import { type CommandTable, lookUpIn } from './lookup.ts';
import { MemoryModel } from './memory-model.ts';
import { MigrateSockets } from './migrate-sockets.ts';
import { Modules } from './modules.ts';
import { feedMonitors } from './monitor.ts';
import type { ServerOptions } from './options.ts';
import { Output } from './output.ts';
import { asLoudAsAsked, type Log, persistenceOf } from './persisting.ts';
import { Propagation } from './propagation.ts';
import { PubSub } from './pubsub.ts';
import { Rates } from './rates.ts';
import { ReplicationServer } from './replicating.ts';
import { scriptsOf } from './scripting.ts';
import { sentinelOf } from './sentinel-mode.ts';
import { defaultSettings, type Settings } from './settings.ts';
import { SlowLog } from './slowlog.ts';
import { addTime, Stats } from './stats.ts';
import { TrackingTable } from './tracking.ts';
import { abortTransaction } from './transactions.ts';
import { Turns } from './turns.ts';
import { Watches } from './watches.ts';

/**
 * One Redis process: connections in, replies out; no sockets and no timers of its own. A command is
 * looked up, guarded, called, and what it changed is told to all who must know.
 */
export class Server implements ClientHost, BlockingHost {
  readonly clock: MachineClock;
  readonly random: Random;
  readonly modules: Modules;
  readonly settings: Settings;
  readonly config: Config;
  readonly acl: Acl;
  readonly disk: Disk;
  /** Where redis.conf is, if there is one. */
  readonly configFile: string | undefined;
  readonly processId: number;
  readonly runId: string;
  readonly startedAt: number;
  readonly databases: readonly Database[];
  readonly keyEvents = new KeyEvents(this);
  readonly connections = new Connections(this);
  readonly output = new Output(this);
  readonly turns = new Turns(this);
  readonly monitors = new Set<Client>();
  readonly pubsub = new PubSub(this.output);
  readonly watches: Watches;
  readonly blocking: Blocking;
  readonly halts: Halts;
  readonly scripts: Scripts<Client>;
  readonly tracking: TrackingTable;
  readonly memory = new MemoryModel(this);
  readonly hashTables = new HashTables(this);
  readonly memoryLimit: MemoryLimit;
  readonly slowlog: SlowLog;
  readonly latency: LatencyMonitor;
  readonly laps = new Laps(this);
  readonly rates = new Rates();
  stats = new Stats();
  /** Writes since the start; what a command added tells whether it changed anything. */
  dirty = 0;
  /** A command of the append-only file runs. */
  isLoading = false;
  /** Microseconds that commands took beyond what the stopwatch shows: DEBUG SLEEP. */
  simulatedUsec = 0;
  readonly propagation = new Propagation();
  readonly migrateSockets = new MigrateSockets(this);
  readonly replication: Replication;
  readonly replicationHost: ReplicationServer;
  /** Its part in a cluster, where cluster-enabled is yes. */
  readonly cluster: Cluster | undefined;
  readonly persistence: Persistence;
  /** What it does as a Redis Sentinel, if it is one. */
  readonly sentinel: Sentinel | undefined;
  now: number;
  /** The client whose command is running, with that command; scripts run others in its name. */
  running: Client | undefined;
  /** The script that runs, or ran last, and who called it. */
  #script: { readonly client: Client; readonly call: QueuedCommand } | undefined;
  /** It was shut down: nothing runs any more. */
  isDown = false;
  readonly #onShutdown: (() => void) | undefined;
  readonly stopwatch: () => number;
  readonly log: Log;
  /** Connects to another server; see Dial. */
  readonly dial: Dial;
  /** Takes connections to the cluster bus; hangs up unless the cluster says otherwise. */
  acceptBus: Accept = hangUp;
  readonly #lookUp: ReturnType<typeof lookUpIn>;
  /** How many commands are running inside one another: EXEC and scripts call others. */
  #depth = 0;
  /** Whether the running command counts as looking keys up. */
  countsLookups = false;

  constructor(options: ServerOptions) {
    this.clock = options.clock;
    this.random = options.random;
    this.disk = options.disk ?? new VirtualDisk();
    this.modules = new Modules(this, options);
    this.#lookUp = lookUpIn(renamedTable(this.table, options.renames ?? {}));
    this.configFile = options.configFile;
    this.now = this.clock.now;
    this.startedAt = this.clock.now;
    this.settings = defaultSettings();
    this.config = new Config(this.settings, options.config);
    Object.assign(this.settings, options.settings);
    this.acl = new Acl(this);
    listenToChanges(this.config, this.acl);
    startUsers(this, options.users ?? []);
    this.#onShutdown = options.onShutdown;
    this.stopwatch = options.stopwatch ?? (() => 0);
    this.log = asLoudAsAsked(this.config, options.log ?? (() => {}));
    this.dial = options.dial ?? nowhere(this.clock);
    this.processId = options.processId ?? 1;
    this.runId = this.random.hex(40);
    this.databases = Array.from(
      { length: this.settings.databases },
      (_, index) => new Database(index, this.keyEvents),
    );
    this.watches = new Watches(() => this.now);
    this.blocking = new Blocking(this);
    this.halts = new Halts(this);
    this.scripts = scriptsOf(this, options, (copied) => new Server(copied));
    this.tracking = new TrackingTable(this);
    this.slowlog = new SlowLog(this.settings);
    this.latency = new LatencyMonitor(this.settings);
    this.memoryLimit = new MemoryLimit(this);
    this.replicationHost = new ReplicationServer(this);
    this.replication = new Replication(this.replicationHost);
    this.cluster = clusterOf(this, this.replication);
    if (this.cluster) this.acceptBus = this.cluster.bus.accept;
    this.persistence = persistenceOf(this, options.sentinel === undefined);
    this.cluster?.adoptKeys();
    startCron(this);
    this.sentinel = options.sentinel && sentinelOf(this, options.sentinel, options.resolve);
  }

  /** The commands that there are. */
  get table(): CommandTable {
    return this.modules.table;
  }

  /** Takes a connection, as Network.listen hands it over. */
  get accept(): Accept {
    return this.connections.accept;
  }

  get clients(): ReadonlyMap<number, Client> {
    return this.connections.clients;
  }

  /** A client without a connection, in whose name scripts and the AOF loader run commands. */
  internalClient(): Client {
    return this.connections.internal();
  }

  /** Expired keys stay while clients are paused; and on a replica, until its primary says so. */
  get deletesExpired(): boolean {
    return !this.halts.isPaused && !this.replication.isReplica;
  }

  /** Whether the running command was called by another, and so must answer at once. */
  get isNested(): boolean {
    return this.#depth > 1;
  }

  mayRun(client: Client): boolean {
    if (client.blocked !== undefined || this.scripts.holdsCommands) return false;
    return !this.halts.isAsleep && !this.halts.holds(client);
  }

  run(client: Client, argv: readonly string[]): void {
    this.now = this.clock.now;
    client.lastActiveAt = this.now;
    client.argv = argv;
    this.running = client;
    // What the primary sends happens as it happened there: it alone says what has expired.
    this.isLoading = client.stream !== undefined;
    const reply = this.execute(client, argv);
    this.isLoading = false;
    this.running = undefined;
    this.replication.ran(client);
    if (!(reply instanceof Wait)) {
      client.stopRunning();
      client.write(reply);
    }
    if (client.isAsking && !client.transaction && client.lastCommand !== 'asking') {
      client.isAsking = false;
    }
    this.tracking.settle(client);
    this.output.replied();
    this.scripts.settle();
    if (!this.scripts.isRunning) this.blocking.serve();
  }

  /** Runs one command of a client. A Wait means that it is now blocked. */
  execute(client: Client, argv: readonly string[]): Reply | Wait {
    const command = this.#admit(client, argv);
    if (isError(command)) return command;
    const attempt = { command, argv, client, server: this };
    const refusal = refuse(attempt) ?? this.memoryLimit.refuse(command, client);
    if (refusal) return this.#reject(attempt, refusal);
    if (this.halts.hold(attempt)) return heldBack;
    const queued = enqueue(attempt);
    if (queued) return queued;
    const reply = this.call(client, attempt);
    if (reply instanceof Wait) this.blocking.block(client, { command, argv }, reply);
    return reply;
  }

  /** Looks a command up, unless there is none or it has too many or few arguments. */
  #admit(client: Client, argv: readonly string[]): Command<never> | RedisError {
    const command = this.#lookUp(argv);
    client.lastCommand = isError(command) ? 'NULL' : command.name;
    return isError(command) ? this.#reject({ client, argv }, command) : command;
  }

  /**
   * Counts a refusal, after which the EXEC of a transaction fails. EXEC's own ends it, and is told with
   * its reason.
   */
  #reject({ client, argv, command }: Refused, refusal: RedisError): RedisError {
    if (client.transaction) client.transaction.failed = true;
    const isExec = argv[0]?.toLowerCase() === 'exec';
    const error = isExec ? abortTransaction(client, this.watches, refusal) : refusal;
    if (command) this.stats.of(command.name).rejected++;
    this.stats.countError(error);
    return error;
  }

  /**
   * Calls a handler, and does what goes with every call: statistics, slow log, monitors, propagation.
   * A command that was blocked and is tried again has been shown to the monitors already.
   */
  call(client: Client, { command, argv }: QueuedCommand, isRetry = false): Reply | Wait {
    const ctx = new CallContext(this, client, argv, client.stream && command.group !== 'stream');
    const dirtyBefore = this.dirty;
    const countedBefore = this.countsLookups;
    this.countsLookups = command.countsLookups;
    this.#depth++;
    const isShort = this.laps.isShort({ command, argv }, client);
    const started = isShort ? 0 : this.laps.split();
    if (command.isScript) this.#enterScript(ctx, command);
    const refusal = this.cluster && refuseInCluster(command, argv);
    const reply = refusal ?? runHandler(command, ctx);
    const usec = isShort ? undefined : this.laps.since(started);
    this.#depth--;
    this.countsLookups = countedBefore;
    if (!command.isScript && !isRetry) feedMonitors(this, ctx, command);
    if (reply instanceof Wait) return reply;
    if (command.isReadOnly && this.tracking.isUsed) this.#remember(client, { command, argv });

    this.#record(ctx, command, reply, usec);
    const isExec = command.name === 'exec';
    if ((this.dirty !== dirtyBefore && !isExec) || ctx.propagated) {
      for (const told of ctx.propagated ?? [argv]) this.propagation.add(client.db, told);
    }
    this.settle(!command.touchesArbitraryKeys);
    return reply;
  }

  /** What a script calls is shown after the script itself, and read in the name of its caller. */
  #enterScript(ctx: CallContext<Server>, command: Command<never>): void {
    this.#script = { client: ctx.client, call: { command, argv: ctx.argv } };
    feedMonitors(this, ctx, command);
  }

  /** A script's caller may cache all keys that it declared, once the script has read any. */
  #remember(client: Client, call: QueuedCommand): void {
    // EVAL_RO itself reads nothing.
    if (call.command.isScript) return;
    const reader = client.id === 0 ? this.#script : { client, call };
    if (reader) this.tracking.remember(reader.client, reader.call.command, reader.call.argv);
  }

  #record(ctx: CallContext<Server>, command: Command<never>, reply: Reply, ownUsec?: number): void {
    const stats = this.stats.count(command.name, reply);
    if (ownUsec === undefined) {
      this.laps.share(stats);
      return;
    }
    addTime(stats, ownUsec, 1, this.settings.latencyTracking);
    if (this.latency.isSpike(ownUsec)) {
      this.latency.note(command.flags.has('fast') ? 'fast-command' : 'command', ownUsec, this.now);
    }
    if (!this.slowlog.isSlow(ownUsec) || command.flags.has('skip_slowlog')) return;
    this.slowlog.note(ctx.client, ctx.shownArgv, ownUsec, this.now);
  }

  /** EXEC's work: each queued command in turn, errors included; none may block. */
  runQueue(client: Client, queue: readonly QueuedCommand[]): Reply[] {
    return queue.map((queued) => {
      const denied = this.acl.refuseQueued(client, queued.command, queued.argv);
      if (denied) return denied;
      const reply = this.call(client, queued);
      return reply instanceof Wait ? reply.onTimeout : reply;
    });
  }

  /** Runs a command of the append-only file: nobody hears of it. */
  replay(client: Client, { command, argv }: QueuedCommand): void {
    runHandler(command, new CallContext(this, client, argv));
  }

  /** Answers a client whose script was paused and is over. */
  finish(client: Client, reply: Reply, usec: number): void {
    if (client.blocked) {
      const { command, argv } = client.blocked.call;
      this.#record(new CallContext(this, client, argv), command, reply, usec);
      this.blocking.unblock(client, reply);
    }
    this.settle();
    this.blocking.serve();
  }

  retry(client: Client, call: QueuedCommand): Reply | Wait {
    this.now = this.clock.now;
    this.running = client;
    const reply = this.call(client, call, true);
    this.running = undefined;
    if (reply instanceof Wait) this.output.replied();
    return reply;
  }

  reply(client: Client, reply: Reply): void {
    client.write(reply);
    this.output.replied();
    this.output.later(client);
    if (!this.turns.isTaken) this.output.flush();
  }

  /** A connection has ended: nothing may remember the client. */
  forget(client: Client): void {
    if (client.closed) return;
    client.closed = true;
    this.connections.forget(client);
    this.monitors.delete(client);
    this.output.forget(client);
    this.pubsub.forget(client);
    this.watches.clear(client);
    this.blocking.forget(client);
    this.halts.forget(client);
    this.tracking.disable(client);
    this.replication.forget(client);
    this.scripts.forget(client);
  }

  /** SHUTDOWN: ends every connection and stands still. */
  shutDown(): void {
    this.isDown = true;
    this.cluster?.stop();
    this.sentinel?.stop();
    for (const client of [...this.clients.values()]) client.close();
    this.#onShutdown?.();
  }

  changed(db: Database, event: string, key: string): void {
    this.keyEvents.changed(db, event, key);
  }

  evicted(db: Database, key: string): void {
    this.keyEvents.evicted(db, key);
  }

  /**
   * When a command, transaction or script is over, all that it changed is told as one; but what it met
   * by chance, as SCAN meets expired keys, each for itself.
   */
  settle(asOne = true): void {
    if (this.#depth === 0 && !this.scripts.isRunning) this.propagation.settle(asOne);
  }
}

/** The reply of a command that CLIENT PAUSE holds back: none until it runs. */
const heldBack = new Wait({ keys: [], timeoutMs: 0, onTimeout: null });
