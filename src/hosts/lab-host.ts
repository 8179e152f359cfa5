import { fromUint8, toUint8 } from '../engine/bytes/bytes.ts';
import { Lab } from '../engine/lab/lab.ts';
import { Machine } from '../engine/lab/machine.ts';
import type { Connection } from '../engine/network/network.ts';
import type {
  CloseReason,
  Control,
  FromWorker,
  OpenTerminal,
  SocketMessage,
  ToWorker,
  WireError,
  WorldState,
} from '../wire/messages.ts';
import { plugIn } from './cable.ts';
import { CONNECT_TIMEOUT_MS } from './connect-timeout.ts';
import { disturb, Refusal } from './disturb.ts';
import { openFiles } from './files.ts';
import { viewOf } from './lab-view.ts';
import { logLine } from './log.ts';
import type { LuaSource } from './lua-fetch.ts';
import { Pacer, type RealTime, realTime } from './pace.ts';

/**
 * A lab behind messages: what the Web Worker runs, and what tests run without one. Everything that
 * happens in the lab happens inside `#enter`: time is brought up to date, something is done, and
 * what the lab has answered leaves, one message for each socket.
 */
export class LabHost {
  readonly #post: (message: FromWorker) => void;
  readonly #lua: LuaSource;
  readonly #time: RealTime;
  #running: RunningLab | undefined;
  #kept: RunningLab | undefined;
  #lastTickAt = Number.NEGATIVE_INFINITY;
  #built = 0;

  constructor(post: (message: FromWorker) => void, lua: LuaSource, time: RealTime = realTime) {
    this.#post = post;
    this.#lua = lua;
    this.#time = time;
  }

  receive(message: ToWorker): void {
    if (message.kind === 'dial') this.#dial(message);
    else if (message.kind === 'plug') plugIn(message, (dial) => this.#dial(dial));
    else if (message.kind === 'terminal') void this.#openTerminal(message);
    else if (message.kind === 'look') this.#look(message);
    else if (message.kind === 'files') this.#openFiles(message.port);
    else this.#control(message.id, message.control);
  }

  /** Ends the lab in use: its timers, its connections. */
  stop(): void {
    this.#running?.leave();
    this.#running = undefined;
  }

  #dial({ address, from, port }: Extract<ToWorker, { kind: 'dial' }>): void {
    const running = this.#running;
    if (!running) new HostSocket(port, this.#lua).end('refused');
    else this.#enter(running, () => running.dial(address, from, port, this.#enterer(running)));
  }

  /** The shell is fetched when the first terminal is opened. */
  async #openTerminal(message: OpenTerminal): Promise<void> {
    const { openTerminal } = await import('./terminal.ts');
    if (!this.#lua.isReady) await this.#lua.load();
    const running = this.#running;
    if (!running) return message.port.close();
    openTerminal(message, {
      lab: running.lab,
      host: running.machine(message.host),
      machine: (address) => running.machine(address),
      settle: (machine) => running.machines.set(machine.address, machine),
      vacate: (address) => running.machines.delete(address),
      enter: (task) => this.#enterFor(running, task),
      isLeft: () => running !== this.#running,
      atEnd: (end) => running.atEnd(end),
    });
  }

  #openFiles(port: MessagePort): void {
    openFiles(port, (task) => {
      const running = this.#lab();
      return this.#enterFor(running, () => task(running));
    });
  }

  /** Does something in the lab, and hands over what came of it. */
  #enterFor<T>(running: RunningLab, task: () => T): T {
    let result: { readonly value: T } | undefined;
    this.#enter(running, () => {
      result = { value: task() };
    });
    if (!result) throw new Error('The server was replaced by another one.');
    return result.value;
  }

  #look({ id, since }: Extract<ToWorker, { kind: 'look' }>): void {
    const running = this.#running;
    if (running) this.#enter(running, () => {});
    const view = running && viewOf(running.lab, running.number, since);
    this.#post({ kind: 'view', id, view });
  }

  #control(id: number, control: Control): void {
    try {
      this.#apply(control);
      this.#post({ kind: 'done', id, state: this.#state() });
    } catch (error) {
      this.#post({ kind: 'failed', id, error: describe(error) });
    }
  }

  #apply(control: Control): void {
    switch (control.do) {
      case 'build':
        this.#replace(this.#build(control));
        break;
      case 'undo':
        if (!this.#kept) throw new Refusal('nothing-to-undo', 'No earlier world is kept.');
        this.#replace(this.#kept);
        break;
      case 'pace':
        this.#lab().rate = control.rate;
        this.#lab().pacer.setRate(control.rate);
        break;
      case 'advance':
        this.#enter(this.#lab(), (running) => running.pacer.advance(control.ms));
        break;
      case 'step':
        this.#enter(this.#lab(), (running) => running.step());
        break;
      default:
        this.#enter(this.#lab(), ({ lab }) => disturb(lab, control));
    }
  }

  #build({ topology, seed, startMs, config }: Extract<Control, { do: 'build' }>): RunningLab {
    const stopwatch = () => this.#time.now() * 1000;
    const openLua = () => this.#lua.open();
    const told = { topology, seed, start: startMs, ...(config && { config }) };
    const lab = new Lab({ ...told, stopwatch, openLua });
    return new RunningLab(lab, ++this.#built, this.#lua, this.#time, (running) => {
      running.flush();
      this.#tick(running);
    });
  }

  /** The lab in use stands still from now on and can be brought back. */
  #replace(next: RunningLab): void {
    const previous = this.#running;
    previous?.leave();
    this.#kept = previous;
    this.#running = next;
    next.pacer.setRate(next.rate);
  }

  #lab(): RunningLab {
    if (!this.#running) throw new Refusal('not-built', 'There is no lab yet.');
    return this.#running;
  }

  #enterer = (running: RunningLab) => (task: () => void) => this.#enter(running, task);

  #enter(running: RunningLab, task: (running: RunningLab) => void): void {
    if (running !== this.#running) return;
    try {
      running.pacer.sync();
      task(running);
      // What servers send to one another has arrived before the client goes on, even in still time.
      running.lab.settle();
      running.flush();
      running.pacer.plan();
    } catch (error) {
      if (error instanceof Refusal) throw error;
      this.#crash(running, error);
    }
  }

  /** A bug of ours: the lab cannot be trusted any more. */
  #crash(running: RunningLab, error: unknown): void {
    running.leave('closed');
    this.#running = undefined;
    this.#post({ kind: 'crashed', error: describe(error) });
  }

  #tick(running: RunningLab): void {
    const now = this.#time.now();
    if (running !== this.#running || now - this.#lastTickAt < TICK_MS) return;
    this.#lastTickAt = now;
    this.#post({ kind: 'tick', state: this.#state() });
  }

  #state(): WorldState {
    const running = this.#running;
    return {
      nowMs: running?.lab.clock.now ?? 0,
      rate: running?.rate ?? 0,
      canUndo: this.#kept !== undefined,
    };
  }
}

/** How often the page hears of the lab's time. */
const TICK_MS = 200;
/** How far one looks for the next event. */
const LONGEST_STEP_MS = 60_000;

class RunningLab {
  readonly lab: Lab;
  readonly pacer: Pacer;
  readonly #lua: LuaSource;
  rate = 1;
  readonly #sockets = new Set<HostSocket>();
  readonly #unsent = new Set<HostSocket>();
  /** Hosts that somebody has logged in to, by address. */
  readonly machines = new Map<string, Machine>();
  readonly #ends = new Set<() => void>();

  constructor(
    lab: Lab,
    /** Which one it is of those that were built. */
    readonly number: number,
    lua: LuaSource,
    time: RealTime,
    moved: (running: RunningLab) => void,
  ) {
    this.lab = lab;
    this.#lua = lua;
    this.pacer = new Pacer(lab.clock, time, () => moved(this));
  }

  get addresses(): readonly string[] {
    return [...this.machines.keys()];
  }

  /** A host as terminals see it: one for all of them, for it knows who runs there. */
  readonly machine = (address: string): Machine => {
    const known = this.machines.get(address) ?? new Machine(this.lab, address, logLine);
    this.machines.set(address, known);
    return known;
  };

  dial(address: string, from: string, port: MessagePort, enter: (task: () => void) => void): void {
    const socket = new HostSocket(port, this.#lua);
    const connection = this.lab.dial(address, from, {
      onData: (bytes) => {
        socket.outbox += bytes;
        this.#unsent.add(socket);
      },
      onClose: () => this.#drop(socket, 'closed'),
    });
    if (!connection) {
      if (this.lab.network.isDropped(address, from)) this.#wait(socket);
      else socket.end('refused');
      return;
    }
    this.#sockets.add(socket);
    port.postMessage({ kind: 'open' } satisfies SocketMessage);
    socket.listen(connection, enter, () => this.#forget(socket));
  }

  /** Nobody answers, and who dials gives up in the end. */
  #wait(socket: HostSocket): void {
    this.#sockets.add(socket);
    this.lab.clock.schedule(CONNECT_TIMEOUT_MS, () => {
      if (this.#sockets.has(socket)) this.#drop(socket, 'timeout');
    });
  }

  /** Moves to the next event, as far as one is near. */
  step(): void {
    const { told } = this.lab.events;
    this.pacer.step(LONGEST_STEP_MS, () => this.lab.events.told > told);
  }

  /** Posts what the lab has answered since the last time. */
  flush(): void {
    if (this.#unsent.size === 0) return;
    for (const socket of this.#unsent) socket.flush();
    this.#unsent.clear();
  }

  /** Calls when the lab is left. Returns how not to be called any more. */
  atEnd(end: () => void): () => void {
    this.#ends.add(end);
    return () => this.#ends.delete(end);
  }

  /** Stands still, all connections broken. */
  leave(reason: CloseReason = 'reset'): void {
    for (const end of this.#ends) end();
    this.pacer.stop();
    for (const socket of [...this.#sockets]) {
      socket.hangUp();
      this.#drop(socket, reason);
    }
  }

  #drop(socket: HostSocket, reason: CloseReason): void {
    socket.flush();
    socket.end(reason);
    this.#forget(socket);
  }

  #forget(socket: HostSocket): void {
    this.#sockets.delete(socket);
    this.#unsent.delete(socket);
  }
}

/** The lab's end of a MessagePort. */
class HostSocket {
  /** What the lab has sent and the page has not been given. */
  outbox = '';
  readonly #port: MessagePort;
  readonly #lua: LuaSource;
  #connection: Connection | undefined;
  /** What has come since a script came for which there is no Lua yet. */
  #held: SocketMessage[] | undefined;

  constructor(port: MessagePort, lua: LuaSource) {
    this.#port = port;
    this.#lua = lua;
  }

  listen(
    connection: Connection,
    enter: (task: () => void) => void,
    onPageClosed: () => void,
  ): void {
    this.#connection = connection;
    const receive = (message: SocketMessage) => {
      if (message instanceof Uint8Array) enter(() => connection.send(fromUint8(message)));
      else if (message.kind === 'mark') this.#port.postMessage(message);
      else if (message.kind === 'close') {
        onPageClosed();
        this.#port.close();
        enter(() => connection.close());
      }
    };
    this.#port.onmessage = ({ data }: MessageEvent<SocketMessage>) => {
      if (this.#lua.isReady) receive(data);
      else this.#withLua(data, receive);
    };
  }

  /** Holds everything from the first script on until Lua is there. */
  #withLua(message: SocketMessage, receive: (message: SocketMessage) => void): void {
    if (this.#held) this.#held.push(message);
    else if (message instanceof Uint8Array && SCRIPTS.test(fromUint8(message))) {
      this.#held = [message];
      void this.#lua.load().then(() => {
        const held = this.#held ?? [];
        this.#held = undefined;
        for (const each of held) receive(each);
      });
    } else receive(message);
  }

  hangUp(): void {
    this.#connection?.close();
  }

  flush(): void {
    if (this.outbox === '') return;
    const bytes = toUint8(this.outbox);
    this.outbox = '';
    this.#port.postMessage(bytes, [bytes.buffer as ArrayBuffer]);
  }

  end(reason: CloseReason): void {
    this.#port.postMessage({ kind: 'close', reason } satisfies SocketMessage);
    this.#port.close();
  }
}

/** Commands that run Lua, or compile it. A key of that name costs a wait, once. */
const SCRIPTS = /eval|script|fcall|function/i;

function describe(error: unknown): WireError {
  if (error instanceof Refusal) return { code: error.code, message: error.message };
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
  if (/not simulated/.test(message)) return { code: 'not-simulated', message };
  return { code: 'engine-bug', message, details: { name, ...(stack && { stack }) } };
}
