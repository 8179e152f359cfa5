import type { Accept, Connection, Dial, DialListener, Listener } from '../network/network.ts';
import type { MachineClock } from '../time/clock.ts';

/**
 * A process as the operating system sees it: it runs, stands still, or has ended, and its sockets
 * and timers with it. One that stands still loses nothing: connections are made and bytes taken for
 * it, and it finds them when it goes on.
 */
export class Process {
  #state: 'running' | 'paused' | 'ended' = 'running';
  /** What has happened to it while it stood still. */
  #waiting: (() => void)[] = [];
  readonly #open = new Set<Connection>();
  readonly clock: MachineClock;

  /** `clockError` tells how far the clock of its host is off, in ms. */
  constructor(labClock: MachineClock, clockError: () => number = () => 0) {
    this.clock = new ProcessClock(labClock, this, clockError);
  }

  get state(): 'running' | 'paused' | 'ended' {
    return this.#state;
  }

  /** Does something in the process: now, when it goes on, or never when it has ended. */
  enter(task: () => void): void {
    if (this.#state === 'running') task();
    else if (this.#state === 'paused') this.#waiting.push(task);
  }

  /** SIGSTOP. */
  pause(): void {
    if (this.#state === 'running') this.#state = 'paused';
  }

  /** SIGCONT. */
  resume(): void {
    if (this.#state !== 'paused') return;
    this.#state = 'running';
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const task of waiting) this.enter(task);
  }

  /** The process is no more; the system closes its connections. */
  end(): void {
    if (this.#state === 'ended') return;
    this.#state = 'ended';
    this.#waiting = [];
    for (const connection of [...this.#open]) connection.close();
    this.#open.clear();
  }

  /** A door of the process, for the network to knock at. */
  door(accept: Accept): Accept {
    return (connection, peer) => {
      const own = this.#own(connection);
      let listener: Listener | undefined;
      this.enter(() => {
        listener = accept(own, peer);
      });
      return this.#listener(
        () => own,
        () => listener,
      );
    };
  }

  /** Dials for the process. */
  dialer(dial: Dial): Dial {
    return (address, listener) => {
      let own: Connection | undefined;
      const ends: Pick<DialListener, 'onConnect' | 'onFail'> = {
        onConnect: (connection, peer) => {
          const mine = this.#own(connection);
          own = mine;
          if (this.#state === 'ended') mine.close();
          else this.enter(() => listener.onConnect(mine, peer));
        },
        onFail: (reason) => this.enter(() => listener.onFail(reason)),
      };
      const outer = this.#listener(
        () => own,
        () => listener,
      );
      return dial(address, Object.assign(outer, ends));
    };
  }

  #own(connection: Connection): Connection {
    const open = this.#open;
    const own: Connection = {
      send: (bytes) => connection.send(bytes),
      close() {
        open.delete(own);
        connection.close();
      },
      abort() {
        open.delete(own);
        if (connection.abort) connection.abort();
        else connection.close();
      },
      get unsent() {
        return connection.unsent ?? 0;
      },
    };
    open.add(own);
    return own;
  }

  /** What the network tells: known only once the process has taken the connection. */
  #listener(own: () => Connection | undefined, inner: () => Listener | undefined): Listener {
    let unread = 0;
    return {
      onData: (bytes) => {
        if (this.#state === 'running') {
          inner()?.onData(bytes);
          return;
        }
        unread += bytes.length;
        this.enter(() => {
          unread -= bytes.length;
          inner()?.onData(bytes);
        });
      },
      onClose: () => {
        const connection = own();
        // Not known any more: the process closed it itself.
        if (connection && !this.#open.delete(connection)) return;
        this.enter(() => inner()?.onClose());
      },
      get unread() {
        return unread;
      },
    };
  }
}

/**
 * The lab's time as the clock on the wall of a host shows it, with timers that run only while the
 * process does. A wall clock may be wrong, or be set right; timers are not touched by that.
 */
class ProcessClock implements MachineClock {
  constructor(
    private readonly lab: MachineClock,
    private readonly process: Process,
    private readonly error: () => number,
  ) {}

  get now(): number {
    return this.lab.now + this.error();
  }

  tellUsec(): number {
    return this.lab.tellUsec() + this.error() * 1000;
  }

  schedule(delayMs: number, task: () => void): () => void {
    let isCancelled = false;
    const cancel = this.lab.schedule(delayMs, () =>
      this.process.enter(() => {
        if (!isCancelled) task();
      }),
    );
    return () => {
      isCancelled = true;
      cancel();
    };
  }
}
