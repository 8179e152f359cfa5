import type { Clock } from '../time/clock.ts';
import type { Client, QueuedCommand } from './client.ts';
import type { Attempt } from './guards.ts';
import type { Turns } from './turns.ts';

/** What halting needs of the server. */
interface HaltHost {
  readonly clock: Clock;
  now: number;
  readonly clients: ReadonlyMap<number, Client>;
  /** Microseconds that commands took beyond what the stopwatch shows. */
  simulatedUsec: number;
  readonly turns: Turns;
  readonly blocking: { serve(): void };
  readonly output: { flush(): void };
  readonly scripts: { saysNoWrites(argv: readonly string[]): boolean };
}

type PauseMode = 'write' | 'all';

/**
 * When commands must wait although nothing blocks their client: CLIENT PAUSE holds them back before
 * they run, DEBUG SLEEP keeps the whole process from reading, writing and ticking.
 * https://redis.io/docs/latest/commands/client-pause/
 */
export class Halts {
  #pause: { mode: PauseMode; until: number; cancel: () => void } | undefined;
  /** Clients whose command is held back, in order of arrival, with that command. */
  readonly #held = new Map<Client, readonly string[]>();
  #asleepUntil = Number.NEGATIVE_INFINITY;
  #frozen = 0;

  constructor(private readonly host: HaltHost) {}

  /** Nothing expires by itself while clients are paused: replicas must not see a difference. */
  get isPaused(): boolean {
    return this.#pause !== undefined;
  }

  get isAsleep(): boolean {
    return this.#frozen > 0 || this.#asleepUntil > this.host.clock.now;
  }

  /** The running command keeps the process busy until it calls what is returned. */
  freeze(): () => void {
    this.#frozen++;
    return () => {
      this.#frozen--;
      this.#wake();
    };
  }

  /** How many commands are held back. */
  get size(): number {
    return this.#held.size;
  }

  holds(client: Client): boolean {
    return this.#held.size > 0 && this.#held.has(client);
  }

  /** Holds a command back if clients are paused. It runs when the pause is over. */
  hold({ client, command, argv }: Attempt): boolean {
    if (!this.#pause) return false;
    if (this.#pause.mode === 'write' && !this.#mayReplicate(client, { command, argv }))
      return false;
    this.#held.set(client, argv);
    return true;
  }

  /** Pauses clients for so long; a pause that is already there is never made shorter or weaker. */
  pause(ms: number, mode: PauseMode): void {
    const { clock } = this.host;
    const before = this.#pause;
    before?.cancel();
    const until = Math.max(clock.now + ms, before?.until ?? 0);
    if (until === clock.now) return;
    const cancel = clock.schedule(until - clock.now, () => this.unpause());
    this.#pause = { mode: before?.mode === 'all' ? 'all' : mode, until, cancel };
  }

  /** Ends a pause: what was held back runs, in order of arrival. */
  unpause(): void {
    this.#pause?.cancel();
    this.#pause = undefined;
    const held = [...this.#held];
    this.#held.clear();
    for (const [client, argv] of held) this.host.turns.take(client, argv);
  }

  /** DEBUG SLEEP: the running command takes so long, and nobody is served meanwhile. */
  sleep(ms: number): void {
    const { clock } = this.host;
    this.host.simulatedUsec += ms * 1000;
    this.#asleepUntil = Math.max(this.#asleepUntil, clock.now + ms);
    clock.schedule(ms, () => this.#wake());
  }

  forget(client: Client): void {
    this.#held.delete(client);
  }

  /** Commands that may change the data of replicas: writes, and scripts that do not deny it. */
  #mayReplicate(client: Client, { command, argv }: QueuedCommand): boolean {
    if (command.isWrite) return true;
    if (command.flags.has('may_replicate')) return !this.host.scripts.saysNoWrites(argv);
    const queue = command.name === 'exec' ? client.transaction?.queue : undefined;
    return queue?.some((queued) => this.#mayReplicate(client, queued)) ?? false;
  }

  #wake(): void {
    if (this.isAsleep) return;
    this.host.output.flush();
    this.host.now = this.host.clock.now;
    this.host.blocking.serve();
    for (const client of [...this.host.clients.values()]) this.host.turns.take(client);
  }
}
