/** Where scripts meet the server: who runs their commands, and how a paused one is answered. */
import { slotOf } from '../bytes/crc16.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { Command } from '../commands/command.ts';
import { keysOf } from '../commands/key-positions.ts';
import { Wait } from '../commands/wait.ts';
import {
  noReplicas,
  primaryDown,
  type RedisError,
  readOnlyReplica,
  redisError,
} from '../errors.ts';
import type { Replication } from '../replication/replication.ts';
import { isError, type Reply } from '../resp/reply.ts';
import type { Debugger, DebugPort } from '../scripting/debugger.ts';
import type { LuaMachine, Protocol } from '../scripting/machine.ts';
import type { ScriptCaller } from '../scripting/running-script.ts';
import type { ScriptServer } from '../scripting/script-runner.ts';
import { Scripts } from '../scripting/scripts.ts';
import type { ScriptFlag } from '../scripting/shebang.ts';
import type { Clock } from '../time/clock.ts';
import type { Acl } from './acl.ts';
import type { Client, QueuedCommand } from './client.ts';
import { redirectInScript } from './cluster-rules.ts';
import type { MemoryLimit } from './eviction.ts';
import { type Fork, forkingOf, type Process } from './fork.ts';
import { type CommandTable, lookUp } from './lookup.ts';
import type { OpenLua, ServerOptions } from './options.ts';
import type { Output } from './output.ts';
import { type Log, logLevels } from './persisting.ts';
import { type Propagation, Target } from './propagation.ts';
import { isReadOnly, isStale, lacksReplicas } from './replica-rules.ts';
import type { Settings } from './settings.ts';
import type { Turns } from './turns.ts';

/** What running scripts needs of the server. */
interface ScriptingHost {
  readonly clock: Clock;
  readonly settings: Settings;
  readonly table: CommandTable;
  readonly clients: ReadonlyMap<number, Client>;
  readonly turns: Turns;
  readonly isNested: boolean;
  readonly memoryLimit: MemoryLimit;
  readonly replication: Replication;
  readonly acl: Acl;
  readonly cluster: Cluster | undefined;
  readonly log: Log;
  readonly propagation: Propagation;
  readonly output: Output;
  now: number;
  stopwatch(): number;
  internalClient(): Client;
  call(client: Client, call: QueuedCommand): Reply | Wait;
  /** Answers a client whose command returned a Wait, and records the command. */
  finish(client: Client, reply: Reply, usec: number): void;
}

/** The server's scripts. Without `openLua`, EVAL says that it is not simulated. */
export function scriptsOf<Host extends ScriptingHost & Process & Child>(
  host: Host,
  options: ServerOptions,
  make: (options: ServerOptions) => Host,
): Scripts<Client> {
  const fork = forkingOf(host, options, make);
  return new Scripts(new ScriptingServer(host, fork, options.openLua));
}

class ScriptingServer implements ScriptServer<Client> {
  readonly #host: ScriptingHost;
  readonly #fork: Fork<Child>;
  readonly #openLua: OpenLua | undefined;
  #caller: Caller | undefined;

  constructor(host: ScriptingHost, fork: Fork<Child>, openLua: OpenLua | undefined) {
    this.#host = host;
    this.#fork = fork;
    this.#openLua = openLua;
  }

  get clock(): Clock {
    return this.#host.clock;
  }

  get settings(): ScriptingHost['settings'] {
    return this.#host.settings;
  }

  get now(): number {
    return this.#host.now;
  }

  set now(instant: number) {
    this.#host.now = instant;
  }

  get isNested(): boolean {
    return this.#host.isNested;
  }

  openLua(): LuaMachine | undefined {
    return this.#openLua?.();
  }

  /** Limits of memory, replicas and clusters join here, for scripts with a shebang line. */
  refuseScript(flags: ScriptFlags): RedisError | undefined {
    if (this.#host.cluster && flags?.has('no-cluster')) {
      return redisError("ERR Can not run script on cluster, 'no-cluster' flag is set.");
    }
    if (flags && !flags.has('allow-stale') && isStale(this.#host)) return primaryDown();
    if (!flags || flags.has('no-writes')) return undefined;
    if (isReadOnly(this.#host)) {
      return redisError('READONLY You can not run script with write flag on readonly replica.');
    }
    if (lacksReplicas(this.#host)) return noReplicas();
    return flags.has('allow-oom') ? undefined : this.#host.memoryLimit.refuseScript();
  }

  callerFor(client: Client, flags: ScriptFlags): ScriptCaller {
    this.#caller ??= new Caller(this.#host);
    this.#caller.actFor(client, flags);
    return this.#caller;
  }

  stopwatch(): number {
    return this.#host.stopwatch();
  }

  finish(client: Client, reply: Reply, usec: number): void {
    this.#host.finish(client, reply, usec);
  }

  resumeClients(): void {
    for (const client of [...this.#host.clients.values()]) this.#host.turns.take(client);
  }

  isInPipeline(client: Client): boolean {
    return this.#host.isNested || client.pendingOutput > 0;
  }

  debugPort(client: Client, { receive, lost }: Pick<Debugger, 'receive' | 'lost'>): DebugPort {
    const { output, turns } = this.#host;
    client.listener = { onData: (bytes) => receive(bytes), onClose: () => lost() };
    return {
      send: (bytes) => {
        client.feed(bytes);
        if (!turns.isTaken) output.flush();
      },
      release: () => {
        client.listener = undefined;
        client.closeAfterReply = true;
      },
    };
  }

  get canFork(): boolean {
    const { cluster, replication, settings } = this.#host;
    return !cluster && !replication.isReplica && settings.minReplicasToWrite === 0;
  }

  forkFor(client: Client, argv: readonly string[]): void {
    this.#fork(client, (child, heir) => {
      child.scripts.setDebugMode(heir, 'sync');
      child.turns.take(heir, argv);
    });
  }

  /** Levels are the numbers of redis.LOG_DEBUG to LOG_WARNING. */
  log(level: number, message: string): void {
    const name = logLevels[level];
    if (name) this.#host.log(name, message);
  }
}

/** A server that was forked from another. */
interface Child {
  readonly scripts: Scripts<Client>;
  readonly turns: Turns;
}

type ScriptFlags = ReadonlySet<ScriptFlag> | undefined;

/** Why a command in a script is refused, after "The user executing the script can't ". */
const denials = {
  command: 'run this command or subcommand',
  key: 'access at least one of the keys mentioned in the command arguments',
  channel: 'publish to the channel mentioned in the command',
} as const;

/** The client without a connection that runs the commands of every script, one script at a time. */
class Caller implements ScriptCaller {
  readonly #host: ScriptingHost;
  readonly #client: Client;
  #caller: Client | undefined;
  #allowsOom = false;
  /** The slot that all its keys must have, once one had it; undefined where any may be used. */
  #bound: { slot: number | undefined } | undefined;
  #targets: number = Target.everywhere;

  constructor(host: ScriptingHost) {
    this.#host = host;
    this.#client = host.internalClient();
  }

  /** SELECT in a script does not outlive it, so each starts in its caller's database. */
  actFor(client: Client, flags: ScriptFlags): void {
    this.#allowsOom = flags?.has('allow-oom') === true;
    const isBound = this.#host.cluster && flags && !flags.has('allow-cross-slot-keys');
    this.#bound = isBound ? { slot: this.#slotOf(client.argv) } : undefined;
    this.#targets = Target.everywhere;
    this.#client.db = client.db;
    this.#client.user = client.user;
    this.#caller = client;
  }

  lookUp(argv: readonly string[]): Command<never> | RedisError {
    return lookUp(this.#host.table, argv);
  }

  /** Permissions, and limits of memory, replicas and clusters, join here. */
  refuse(command: Command<never>, argv: readonly string[]): RedisError | undefined {
    if (isStale(this.#host) && !command.flags.has('stale')) {
      return redisError('ERR Can not execute the command on a stale replica');
    }
    const denial = this.#client.user.refuse(command, argv);
    if (!denial) {
      return (
        this.#refuseWrite(command) ??
        this.#refuseElsewhere(command, argv) ??
        this.#refuseInFull(command)
      );
    }
    if (this.#caller) this.#host.acl.note(this.#caller, denial, 'lua');
    return redisError(`ERR The user executing the script can't ${denials[denial.reason]}`);
  }

  #refuseWrite(command: Command<never>): RedisError | undefined {
    if (!command.isWrite || this.#caller?.stream) return undefined;
    if (isReadOnly(this.#host)) return readOnlyReplica();
    return lacksReplicas(this.#host) ? noReplicas() : undefined;
  }

  #refuseInFull(command: Command<never>): RedisError | undefined {
    return this.#allowsOom ? undefined : this.#host.memoryLimit.refuseInScript(command);
  }

  #refuseElsewhere(command: Command<never>, argv: readonly string[]): RedisError | undefined {
    const { cluster } = this.#host;
    if (!cluster || !this.#caller) return undefined;
    return redirectInScript(cluster, { command, argv, client: this.#caller }, this.#bound);
  }

  /** The slot of the keys that the script was called with. */
  #slotOf(argv: readonly string[]): number | undefined {
    const found = argv.length > 0 ? this.lookUp(argv) : undefined;
    const key = found && !isError(found) ? keysOf(found, argv)[0] : undefined;
    return key === undefined ? undefined : slotOf(key);
  }

  call(command: Command<never>, argv: readonly string[], protocol: Protocol): Reply {
    this.#client.protocol = protocol;
    const { propagation } = this.#host;
    propagation.targets = this.#targets;
    const reply = this.#host.call(this.#client, { command, argv });
    propagation.targets = Target.everywhere;
    return reply instanceof Wait ? reply.onTimeout : reply;
  }

  isPermitted(argv: readonly string[]): boolean | undefined {
    const found = this.lookUp(argv);
    if (!isError(found)) return this.#client.user.refuse(found, argv) === undefined;
    return found.message.startsWith('ERR wrong number of arguments') ? true : undefined;
  }

  setReplication(targets: number): void {
    this.#targets = targets;
  }
}
