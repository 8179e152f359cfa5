import { utf8Decode, utf8Encode } from '../engine/bytes/bytes.ts';
import { printPush } from '../engine/resp/print.ts';
import { printAnswer } from '../engine/resp/print-answer.ts';
import { Push, type Reply } from '../engine/resp/reply.ts';
import { splitArgs } from '../engine/resp/split.ts';
import { parseDuration, parseTranscript } from '../transcript/parse.ts';
import { perform } from '../transcript/replay.ts';
import type { Arrival, Directive, Outcome, Session } from '../transcript/transcript.ts';
import { Connection } from '../wire/client.ts';
import type { Dial, World } from '../wire/link.ts';
import type { Control } from '../wire/messages.ts';
import { messageOf, subscriptionOf } from '../wire/subscriptions.ts';

/**
 * Runs transcripts over the wire, each client of theirs on a connection of its own, and prints what
 * redis-cli would print. The clients live as long as the session, so that the examples of a lesson
 * can build on each other.
 */
export interface RedisSessionOptions {
  /** "host:port" where clients connect that are no node's. */
  readonly target: string;
  /** Instead of the world's own: for connections that somebody watches. */
  readonly dial?: Dial;
  readonly protocol?: 2 | 3;
  /** The address of a node of the lab; undefined for any other name. */
  addressOf?(name: string): string | undefined;
  /** Something reached a client while no step was running. Without it, the next step reports it. */
  arrived?(arrival: Arrival): void;
}

type SteeredWorld = Pick<World, 'dial' | 'control'>;

export function openRedisSession(world: SteeredWorld, options: RedisSessionOptions): Session {
  return new RedisSession(world, options);
}

/**
 * Runs a transcript and shows each outcome as it comes. While it runs, time stands still but for
 * `@advance`: an example answers the same each time. Rejects with the signal's reason when stopped;
 * the step under way then never ends, and the session should be closed.
 */
export async function runTranscript(
  source: string,
  { world, session, signal, show }: TranscriptRun,
): Promise<void> {
  await inStillTime(world, async () => {
    for (const step of parseTranscript(source)) {
      signal?.throwIfAborted();
      show(await orAborted(perform(step, session), signal));
    }
  });
}

export interface TranscriptRun {
  readonly world: Pick<World, 'state' | 'control'>;
  readonly session: Session;
  readonly signal?: AbortSignal;
  show(outcome: Outcome): void;
}

/** Lets the lab's time stand still while a task runs. */
export async function inStillTime<T>(
  world: Pick<World, 'state' | 'control'>,
  task: () => Promise<T>,
): Promise<T> {
  const { rate } = world.state;
  await world.control({ do: 'pace', rate: 0 });
  try {
    return await task();
  } finally {
    await world.control({ do: 'pace', rate });
  }
}

function orAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

class RedisSession implements Session {
  readonly #world: SteeredWorld;
  readonly #options: RedisSessionOptions;
  readonly #clients = new Map<string, TranscriptClient>();
  #stepping = false;

  constructor(world: SteeredWorld, options: RedisSessionOptions) {
    this.#world = world;
    this.#options = options;
  }

  async send(name: string, commands: readonly string[]): Promise<Outcome> {
    const sent = commands.map((line) => splitArgs(utf8Encode(line)));
    if (sent.includes(undefined)) return { reply: 'Invalid argument(s)', arrivals: [] };
    return this.#step(async () => {
      const client = this.#client(name);
      client.send((sent as string[][]).filter((argv) => argv.length > 0));
      await client.settled();
      return client;
    });
  }

  async steer(directive: Directive): Promise<Outcome> {
    return this.#step(async () => {
      await steering[directive.name](this, directive.args);
      return undefined;
    });
  }

  async close(): Promise<void> {
    for (const name of [...this.#clients.keys()]) this.hangUp(name);
  }

  connect(name: string, node = name): void {
    this.hangUp(name);
    const { target, dial = this.#world.dial, addressOf, protocol = 2 } = this.#options;
    const client = new TranscriptClient(dial, addressOf?.(node) ?? target, protocol, () => {
      if (this.#options.arrived && !this.#stepping) this.#report();
    });
    this.#clients.set(name, client);
  }

  hangUp(name: string): void {
    this.#clients.get(name)?.close();
    this.#clients.delete(name);
  }

  async control(control: Control): Promise<void> {
    await this.#world.control(control);
  }

  /** Does something and gathers what came of it; `asker` is the client that waits for a reply. */
  async #step(act: () => Promise<TranscriptClient | undefined>): Promise<Outcome> {
    this.#stepping = true;
    try {
      const asker = await act();
      // The lab has answered everybody by now; this fetches what is still on its way to the page.
      await Promise.all([...this.#clients.values()].map((client) => client.settled()));
      const printed = asker?.take() ?? [];
      const silent = asker?.waits === true && printed.length === 0;
      const arrivals = this.#arrivals();
      this.#forgetClosed();
      return { reply: silent ? undefined : printed.join('\n'), arrivals };
    } finally {
      this.#stepping = false;
    }
  }

  #client(name: string): TranscriptClient {
    if (!this.#clients.has(name)) this.connect(name);
    return this.#clients.get(name) as TranscriptClient;
  }

  #arrivals(): Arrival[] {
    return [...this.#clients].flatMap(([client, { take }]) =>
      take().map((text) => ({ client, text })),
    );
  }

  #report(): void {
    for (const arrival of this.#arrivals()) this.#options.arrived?.(arrival);
  }

  /** As redis-cli does, a client whose connection was lost connects again when it is used. */
  #forgetClosed(): void {
    for (const [name, client] of this.#clients) if (client.closed) this.#clients.delete(name);
  }
}

type Steering = {
  readonly [name in Directive['name']]: (
    session: RedisSession,
    args: readonly string[],
  ) => void | Promise<void>;
};

async function bothWays(
  session: RedisSession,
  control: Extract<Control, { do: 'latency' | 'bandwidth' | 'loss' }>,
): Promise<void> {
  await session.control(control);
  await session.control({ ...control, from: control.to, to: control.from });
}

const steering: Steering = {
  advance: (session, [duration = '']) =>
    session.control({ do: 'advance', ms: parseDuration(duration) ?? 0 }),
  connect: (session, [name = '', node]) => session.connect(name, node),
  close: (session, [name = '']) => session.hangUp(name),
  delay: (session, [from = '', to = '', duration = '']) =>
    bothWays(session, { do: 'latency', from, to, ms: parseDuration(duration) ?? 0 }),
  bandwidth: (session, [from = '', to = '', kilobytes = '']) =>
    bothWays(session, { do: 'bandwidth', from, to, kilobytes: Number(kilobytes) }),
  lose: (session, [from = '', to = '', percent = '']) =>
    bothWays(session, { do: 'loss', from, to, share: Number(percent) / 100 }),
  name: (session, [name = '', node = '']) => session.control({ do: 'name', name, node }),
  cut: (session, [from = '', to = '']) => session.control({ do: 'cut', from, to }),
  heal: (session, [from = '', to = '']) => session.control({ do: 'heal', from, to }),
  kill: (session, [node = '']) => session.control({ do: 'kill', node }),
  pause: (session, [node = '']) => session.control({ do: 'pause', node }),
  revive: (session, [node = '']) => session.control({ do: 'revive', node }),
};

/** One client of a transcript: what it has sent, and what has reached it and was not yet told. */
class TranscriptClient {
  closed = false;
  readonly #connection: Connection;
  /** Commands without a reply yet, in order. */
  readonly #unanswered: (readonly string[])[] = [];
  #inbox: string[] = [];
  /** The reply to our own HELLO is nobody's business. */
  #greeted: boolean;
  #subscribed = false;

  constructor(dial: Dial, address: string, protocol: 2 | 3, arrived: () => void) {
    this.#connection = new Connection(dial, address, {
      onReply: (reply) => {
        if (this.#greeted) this.#inbox.push(utf8Decode(this.#print(reply)));
        this.#greeted = true;
        arrived();
      },
      onClose: (reason) => {
        this.closed = true;
        const refused = `Could not connect to Redis at ${address}: Connection refused`;
        const lost = 'Error: Server closed the connection';
        this.#inbox.push(reason === 'refused' ? refused : lost);
        arrived();
      },
    });
    this.#greeted = protocol === 2;
    if (protocol === 3) this.#connection.send(['HELLO', '3']);
  }

  /** Whether something that it asked for has not been answered. */
  get waits(): boolean {
    return this.#unanswered.length > 0;
  }

  send(commands: readonly (readonly string[])[]): void {
    for (const argv of commands) {
      this.#unanswered.push(argv);
      this.#connection.send(argv);
    }
  }

  settled(): Promise<void> {
    return this.#connection.settled();
  }

  readonly take = (): string[] => this.#inbox.splice(0);

  close(): void {
    this.#connection.close();
  }

  #print(reply: Reply): string {
    const [argv = []] = this.#unanswered;
    const subscription = subscriptionOf(argv);
    const message = messageOf(reply, this.#subscribed || subscription !== undefined);
    if (!message) return printAnswer(this.#unanswered.shift() ?? [], reply);
    // Confirmations answer a (UN)SUBSCRIBE; further ones, and messages, answer nothing.
    const confirms = typeof message[0] === 'string' && subscriptionOf([message[0]]) !== undefined;
    if (confirms && subscription) this.#unanswered.shift();
    if (confirms) this.#subscribed ||= /^[ps]?subscribe$/.test(String(message[0]));
    return printPush(reply instanceof Push ? reply : new Push(message));
  }
}
