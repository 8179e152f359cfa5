import { utf8Decode } from '../engine/bytes/bytes.ts';
import { RedisError } from '../engine/errors.ts';
import { printPush, printReply } from '../engine/resp/print.ts';
import { printAnswer } from '../engine/resp/print-answer.ts';
import { Push, type Reply } from '../engine/resp/reply.ts';
import { type PromptParts, type Tracked, track, untracked } from '../shell/redis-cli/tracking.ts';
import { Connection } from '../wire/client.ts';
import type { Dial } from '../wire/link.ts';
import type { CloseReason } from '../wire/messages.ts';
import { messageOf, Subscriptions, subscriptionOf } from '../wire/subscriptions.ts';
import { Expectations, lost } from './expectations.ts';

/**
 * One redis-cli: a connection, what is known about it, and what is printed for each command. It
 * behaves as redis-cli 7.0.15 does on a terminal, with these differences: Ctrl-C never ends it, a
 * command can be typed in subscribed mode (as in 7.2), pushes show when they come rather than with
 * the next reply, and the prompt forgets a transaction whose connection was lost.
 */

export interface SessionEffects {
  readonly dial: Dial;
  /** The lab's time in ms, by which durations are measured. */
  now(): number;
  print(printed: Printed): void;
  changed(status: SessionStatus): void;
}

export type Printed =
  /** What a command printed. Its arguments tell which words of it are keys. */
  | { readonly kind: 'reply'; readonly text: string; readonly argv: readonly string[] }
  /** What came unasked: a message, a MONITOR line, an invalidation. */
  | { readonly kind: 'arrival'; readonly text: string }
  /** What redis-cli says itself: a lost connection, Ctrl-C, the time a command took. */
  | { readonly kind: 'cli'; readonly text: string }
  /** What this page adds and no redis-cli would print. */
  | { readonly kind: 'note'; readonly text: string };

export interface SessionStatus extends PromptParts {
  /** waiting: for a reply. monitor: until Ctrl-C. */
  readonly activity: 'idle' | 'waiting' | 'monitor';
  /** When the present activity began, in lab time. */
  readonly since: number;
  /** The command that is waited for. */
  readonly command: string;
  /** Whether it goes where a cluster sends it. */
  readonly follows: boolean;
}

export interface SessionOptions {
  readonly address: string;
  /** What a new connection starts with, as with `redis-cli -3`. */
  readonly protocol: 2 | 3;
  /** Goes where a cluster sends it, as with `redis-cli -c`. */
  readonly follows?: boolean;
}

const READING = 'Reading messages... (press Ctrl-C to quit or any key to type command)';
/** redis-cli says how long a command took from this on. */
const SLOW_MS = 500;

/** new: not yet dialled. broken: ended by the server, and not yet noticed by a command. */
type Link = 'new' | 'connecting' | 'open' | 'broken' | 'down';

export class Session {
  readonly #effects: SessionEffects;
  #address: string;
  #preferred: 2 | 3;
  #tracked: Tracked;
  #link: Link = 'new';
  #connection: Connection | undefined;
  #connecting: Promise<boolean> | undefined;
  #giveUp: (() => void) | undefined;
  #follows: boolean;
  #expectations = new Expectations();
  #subscriptions = new Subscriptions();
  #activity: Pick<SessionStatus, 'activity' | 'since' | 'command'> = idle;
  #subscribedSince = 0;
  #endMonitor: (() => void) | undefined;

  constructor(effects: SessionEffects, { address, protocol, follows = false }: SessionOptions) {
    this.#effects = effects;
    this.#follows = follows;
    this.#address = address;
    this.#preferred = protocol;
    this.#tracked = { ...untracked, protocol };
  }

  get status(): SessionStatus {
    const subscribed = this.#subscriptions.size > 0;
    const since = subscribed ? this.#subscribedSince : this.#activity.since;
    return {
      ...this.#tracked,
      ...this.#activity,
      since,
      address: this.#address,
      connected: this.#link !== 'down',
      follows: this.#follows,
      subscribed,
    };
  }

  /** Connects, unless connected. A refusal is printed. Resolves to whether it worked. */
  connect(): Promise<boolean> {
    if (this.#link === 'open') return Promise.resolve(true);
    this.#connecting ??= this.#dial();
    return this.#connecting;
  }

  /** `connect host port`: leaves this server for another. */
  async connectTo(address: string): Promise<void> {
    this.#hangUp();
    this.#address = address;
    await this.connect();
  }

  /** What `quit` comes to in a page: redis-cli ends, and is started again. */
  async restart(): Promise<void> {
    this.#hangUp();
    this.#tracked = { ...untracked, protocol: this.#preferred };
    await this.connect();
  }

  /** Sends a command `times` times and prints what comes back, as redis-cli does. */
  async execute(argv: readonly string[], times = 1): Promise<void> {
    const start = this.#effects.now();
    this.#become({ activity: 'waiting', since: start, command: argv.join(' ') });
    let outcome: Outcome = 'replied';
    for (let n = 0; n < times && outcome === 'replied'; n++) outcome = await this.#once(argv);
    this.#become(idle);
    if (outcome !== 'failed') this.#printElapsed(start);
  }

  /** Asks something that is not shown. Undefined while it would disturb, or when it fails. */
  async ask(argv: readonly string[]): Promise<Reply | undefined> {
    if (this.#link === 'new' || this.#link === 'connecting') await this.connect();
    const { activity, inTransaction, subscribed } = this.status;
    if (this.#link !== 'open' || activity !== 'idle' || inTransaction || subscribed)
      return undefined;
    const reply = await this.#send(argv);
    return reply === lost || reply instanceof RedisError ? undefined : reply;
  }

  /** Which protocol later connections start with. */
  prefer(protocol: 2 | 3): void {
    this.#preferred = protocol;
  }

  /** Whether to go where a cluster sends it, from the next command on. */
  follow(follows: boolean): void {
    this.#follows = follows;
    this.#report();
  }

  /** Ctrl-C. Ends what is waited for, MONITOR or subscriptions; false when there is nothing to end. */
  interrupt(): boolean {
    const { activity, subscribed } = this.status;
    if (activity === 'idle' && !subscribed) return false;
    this.#print('cli', '^C');
    this.#hangUp();
    if (activity === 'idle') this.#printElapsed(this.#subscribedSince);
    else if (activity === 'waiting') {
      this.#print('note', 'redis-cli would end here; this console has connected again.');
    }
    void this.connect();
    return true;
  }

  close(): void {
    this.#hangUp();
  }

  async #once(argv: readonly string[]): Promise<Outcome> {
    if (!(await this.#isUsable())) return 'failed';
    const subscription = subscriptionOf(argv);
    if (subscription === 'subscribe') this.#print('cli', READING);
    const confirmations = subscription ? this.#subscriptions.confirmations(argv) : 0;
    const reply = await this.#send(argv, confirmations);
    if (reply === lost) return 'failed';
    const elsewhere = this.#follows && reply instanceof RedisError && redirectionOf(reply);
    if (elsewhere) return this.#redirected(argv, elsewhere);
    if (reply === undefined) return 'replied'; // the confirmations have been printed as they came
    this.#printReply(argv, reply);
    this.#learn(argv, reply);
    const [first = ''] = argv;
    if (/^monitor$/i.test(first) && !(reply instanceof RedisError)) return this.#monitor();
    return 'replied';
  }

  /** Says the same again where the cluster wants to hear it; and stays there. */
  async #redirected(argv: readonly string[], { slot, host, port, isAsk }: Redirection) {
    const address = `${host === '' ? hostOf(this.#address) : host}:${port}`;
    this.#print('cli', `-> Redirected to slot [${slot}] located at ${address}`);
    await this.connectTo(address);
    if (isAsk && this.#link === 'open') void this.#send(['ASKING']);
    return this.#once(argv);
  }

  /** Connects if need be. As in redis-cli, a connection lost meanwhile costs one command. */
  async #isUsable(): Promise<boolean> {
    if (this.#link === 'broken') {
      this.#fail();
      return false;
    }
    return this.connect();
  }

  /** Lines stream until Ctrl-C, or until the connection ends. */
  async #monitor(): Promise<Outcome> {
    this.#become({ ...this.#activity, activity: 'monitor' });
    await new Promise<void>((resolve) => {
      this.#endMonitor = resolve;
    });
    return this.#link === 'down' ? 'failed' : 'replied';
  }

  #learn(argv: readonly string[], reply: Reply): void {
    this.#tracked = track(this.#tracked, argv, reply);
    const [first = ''] = argv;
    const reset = /^reset$/i.test(first) && !(reply instanceof RedisError);
    if (reset) this.#subscriptions.clear();
    // Before AUTH the server refused to select the database that the prompt shows.
    const entered = /^auth$/i.test(first) && !(reply instanceof RedisError);
    if (entered && this.#tracked.db !== 0) void this.#send(['SELECT', String(this.#tracked.db)]);
  }

  #send(argv: readonly string[], confirmations = 0): Promise<Reply | undefined | typeof lost> {
    this.#connection?.send(argv);
    return this.#expectations.next(confirmations);
  }

  #dial(): Promise<boolean> {
    this.#link = 'connecting';
    return new Promise((resolve) => {
      this.#giveUp = () => resolve(false);
      const connection: Connection = new Connection(this.#effects.dial, this.#address, {
        onOpen: () => this.#isCurrent(connection) && resolve(this.#opened()),
        onReply: (reply) => this.#isCurrent(connection) && this.#receive(reply),
        onClose: (reason) => {
          if (this.#isCurrent(connection)) this.#closed(reason);
        },
      });
      this.#connection = connection;
    });
  }

  #isCurrent(connection: Connection): boolean {
    return this.#connection === connection;
  }

  /** A new connection starts in database 0 and RESP2; the prompt promises otherwise. */
  #opened(): true {
    this.#link = 'open';
    this.#connecting = undefined;
    this.#tracked = { ...this.#tracked, protocol: this.#preferred };
    if (this.#preferred === 3) void this.#send(['HELLO', '3']);
    if (this.#tracked.db !== 0) void this.#send(['SELECT', String(this.#tracked.db)]);
    this.#report();
    return true;
  }

  #closed(reason: CloseReason): void {
    const { activity, subscribed } = this.status;
    const connecting = this.#link === 'connecting';
    const { command } = this.#activity;
    this.#forget();
    if (connecting) {
      this.#link = 'down';
      this.#print('cli', `Could not connect to Redis at ${this.#address}: ${causes[reason]}`);
    } else if (activity !== 'idle' || subscribed) this.#fail(/^shutdown\b/i.test(command));
    else if (reason !== 'reset') this.#link = 'broken';
    if (reason === 'reset') this.#tracked = { ...untracked, protocol: this.#preferred };
    this.#report();
  }

  #fail(quietly = false): void {
    this.#link = 'down';
    if (!quietly) this.#print('cli', 'Error: Server closed the connection');
    this.#report();
  }

  #hangUp(): void {
    const connection = this.#connection;
    this.#forget();
    connection?.close();
    this.#report();
  }

  /** The connection is gone, and with it whatever the server remembered of it. */
  #forget(): void {
    this.#connection = undefined;
    this.#connecting = undefined;
    this.#giveUp?.();
    this.#link = 'new';
    this.#subscriptions.clear();
    this.#tracked = { ...this.#tracked, inTransaction: false };
    const { loseAll } = this.#expectations;
    this.#expectations = new Expectations();
    loseAll();
    this.#endMonitor?.();
    this.#endMonitor = undefined;
  }

  #receive(reply: Reply): void {
    const message = messageOf(reply, this.#subscriptions.size > 0 || this.#expectations.confirming);
    if (message) this.#receiveMessage(message, reply);
    else if (this.#activity.activity === 'monitor' || !this.#expectations.fulfil(reply)) {
      this.#print('arrival', utf8Decode(printReply(reply)));
    }
  }

  #receiveMessage(message: readonly Reply[], reply: Reply): void {
    const text = utf8Decode(reply instanceof Push ? printPush(reply) : printReply(reply));
    const before = this.#subscriptions.size;
    const confirms = this.#subscriptions.note(message);
    if (before === 0 && this.#subscriptions.size > 0) this.#subscribedSince = this.#effects.now();
    this.#print('arrival', text);
    if (confirms) this.#expectations.confirm();
    this.#report();
  }

  #printReply(argv: readonly string[], reply: Reply): void {
    this.#effects.print({ kind: 'reply', text: utf8Decode(printAnswer(argv, reply)), argv });
  }

  #print(kind: 'arrival' | 'cli' | 'note', text: string): void {
    this.#effects.print({ kind, text });
  }

  #printElapsed(since: number): void {
    const elapsed = this.#effects.now() - since;
    if (elapsed >= SLOW_MS) this.#print('cli', `(${(elapsed / 1000).toFixed(2)}s)`);
  }

  #become(activity: Pick<SessionStatus, 'activity' | 'since' | 'command'>): void {
    this.#activity = activity;
    this.#report();
  }

  #report(): void {
    this.#effects.changed(this.status);
  }
}

type Outcome = 'replied' | 'failed';

interface Redirection {
  readonly slot: string;
  /** '' where the cluster does not name it: the same host. */
  readonly host: string;
  readonly port: string;
  /** For this command alone. */
  readonly isAsk: boolean;
}

/** `MOVED 12182 10.0.0.3:6379`, or ASK. */
function redirectionOf({ message }: RedisError): Redirection | undefined {
  const [, word, slot, host, port] = /^(MOVED|ASK) (\d+) (.*):(\d+)$/.exec(message) ?? [];
  if (slot === undefined || host === undefined || port === undefined) return undefined;
  return { slot, host, port, isAsk: word === 'ASK' };
}

const hostOf = (address: string) => address.slice(0, address.lastIndexOf(':'));

const idle = { activity: 'idle', since: 0, command: '' } as const;

const causes: Readonly<Record<CloseReason, string>> = {
  refused: 'Connection refused',
  closed: 'Server closed the connection',
  reset: 'Connection reset by peer',
  timeout: 'Connection timed out',
  'unknown-host': 'Name or service not known',
};
