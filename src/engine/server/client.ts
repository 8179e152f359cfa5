import type { Command } from '../commands/command.ts';
import type { Wait } from '../commands/wait.ts';
import { redisError } from '../errors.ts';
import type { Connection, Listener } from '../network/network.ts';
import type { PrimaryStream } from '../replication/primary-stream.ts';
import type { Replica } from '../replication/replica.ts';
import { ProtocolError, RequestDecoder } from '../resp/decode.ts';
import { encodeReply, type Protocol } from '../resp/encode.ts';
import { Many, type Reply } from '../resp/reply.ts';
import type { Clock } from '../time/clock.ts';
import type { User } from './acl-user.ts';
import type { Settings } from './settings.ts';
import type { Stats } from './stats.ts';

/** A command that waits in a transaction's queue. */
export interface QueuedCommand {
  readonly command: Command<never>;
  readonly argv: readonly string[];
}

/** What stands between MULTI and EXEC. */
export interface Transaction {
  readonly queue: QueuedCommand[];
  /** A command was refused while queueing: EXEC will answer EXECABORT. */
  failed: boolean;
}

/** Why a client does not get its reply yet. */
export interface Blocked {
  readonly call: QueuedCommand;
  readonly wait: Wait;
  readonly db: number;
  /** The instant at which it began, in ms since 1970. */
  readonly since: number;
  readonly cancelTimeout: () => void;
}

/** How a client wants to hear of changes: CLIENT TRACKING ON and its options. */
export interface Tracking {
  readonly bcast: boolean;
  readonly optin: boolean;
  readonly optout: boolean;
  readonly noloop: boolean;
  /** The client that hears in its stead; 0 is itself. */
  readonly redirect: number;
  /** BCAST: only keys that begin so; '' is all. */
  readonly prefixes: readonly string[];
  /** CLIENT CACHING, for the command that follows it. */
  caching: 'yes' | 'no' | undefined;
  /** The client to which it redirected has gone. */
  isBroken: boolean;
}

/** What a client needs of its server. */
export interface ClientHost {
  readonly clock: Clock;
  readonly settings: Settings;
  readonly stats: Stats;
  /** Who a new client is, and whether it needs no password. */
  readonly acl: { readonly default: User; readonly isOpen: boolean };
  /** Whether the client's next command may start: it is not blocked, and nobody has paused it. */
  mayRun(client: Client): boolean;
  /** Time counts for the commands that run between. */
  readonly laps: { start(): void; end(): void };
  /** Runs one command and writes its reply. */
  run(client: Client, argv: readonly string[]): void;
  /** Sends what was written when the commands that run are through. */
  readonly output: { later(client: Client): void };
  /** Has the client's commands run when it is its turn. */
  readonly turns: { take(client: Client): void };
  forget(client: Client): void;
}

/** What a client runs that runs nothing. */
const NOTHING: readonly string[] = [];

/**
 * One connection as the server sees it: what the client has selected, named, subscribed and queued,
 * and the bytes to and from it. https://redis.io/docs/latest/develop/reference/clients/
 */
export class Client {
  name = '';
  libName = '';
  libVersion = '';
  db = 0;
  protocol: Protocol = 2;
  user: User;
  authenticated: boolean;
  transaction: Transaction | undefined;
  /** A watched key was touched: EXEC will answer nil. */
  watchBroken = false;
  readonly channels = new Set<string>();
  readonly patterns = new Set<string>();
  readonly shardChannels = new Set<string>();
  blocked: Blocked | undefined;
  isMonitor = false;
  /** What it has said of itself as a replica; see Replica. */
  replica: Replica | undefined;
  /** It is our primary, and this is the stream that it sends. */
  stream: PrimaryStream | undefined;
  /** How far the stream of writes was when its last command was over. */
  writeOffset = 0;
  /** READONLY: a replica of the cluster answers what it can. */
  isReadOnly = false;
  /** ASKING, for the command that follows it. */
  isAsking = false;
  /** CLIENT REPLY; SKIP is 'skip-next' until its own reply, and 'skip' until that of the next. */
  replyMode: 'on' | 'off' | 'skip-next' | 'skip' = 'on';
  /** CLIENT TRACKING. */
  tracking: Tracking | undefined;
  noEvict = false;
  noTouch = false;
  /** HIMPORT PREPARE: the fields of the hashes that it imports, by the name of the list. */
  readonly fieldsets = new Map<string, readonly string[]>();
  closeAfterReply = false;
  closed = false;
  /** Who hears what it sends in the server's place: a debugger, or the child that it was handed to. */
  listener: Listener | undefined;
  /** The last command, as CLIENT LIST names it. */
  lastCommand = 'NULL';
  /** What it is running, or waiting with; otherwise empty. */
  argv: readonly string[] = NOTHING;
  /** The most bytes that it was ever sent at once. */
  outputPeak = 0;
  readonly createdAt: number;
  lastActiveAt: number;
  #out = '';
  /** Since when more is unsent than the soft limit allows. */
  #tooMuchSince: number | undefined;
  readonly #decoder: RequestDecoder;

  constructor(
    private readonly host: ClientHost,
    readonly id: number,
    /** `host:port` of the other side, and of ours. */
    readonly addr: string,
    readonly laddr: string,
    /** The number of its socket in the process. */
    readonly fd: number,
    private readonly connection: Connection,
  ) {
    this.createdAt = host.clock.now;
    this.lastActiveAt = host.clock.now;
    this.user = host.acl.default;
    this.authenticated = host.acl.isOpen;
    this.#decoder = new RequestDecoder(() => ({
      maxBulk: host.settings.protoMaxBulkLen,
      authenticated: this.authenticated || host.acl.isOpen,
    }));
  }

  /** Whether it comes from the machine that the server runs on. */
  get isLocal(): boolean {
    return /^(\[?(::ffff:)?127\.|localhost:|\[?::1\b)/.test(this.addr);
  }

  /** The number of channels and patterns, as SUBSCRIBE's confirmation counts them. */
  get subscriptions(): number {
    return this.channels.size + this.patterns.size;
  }

  /** In RESP2 a subscriber may only manage its subscriptions. */
  get isSubscriber(): boolean {
    return this.subscriptions + this.shardChannels.size > 0;
  }

  /** Bytes of replies that have not been sent. */
  get pendingOutput(): number {
    return this.#out.length;
  }

  /** Bytes that were sent and that the other side has not taken. */
  get unsent(): number {
    return this.#out.length + (this.connection.unsent ?? 0);
  }

  /** Bytes received and not yet run. */
  get pendingInput(): number {
    return this.#decoder.pending;
  }

  /** Takes bytes from the connection and runs every command that they complete. */
  receive(bytes: string): void {
    this.host.stats.reads++;
    this.host.stats.netInputBytes += bytes.length;
    if (this.listener) {
      this.listener.onData(bytes);
      return;
    }
    this.stream?.received(bytes, this.host.clock.now);
    this.#decoder.push(bytes);
    this.host.turns.take(this);
    if (this.pendingInput > this.host.settings.clientQueryBufferLimit) this.close();
  }

  /** The other side has closed, or the connection broke. */
  lost(): void {
    this.listener?.onClose();
    this.host.forget(this);
  }

  /** Gives its connection to another process; the server forgets it, without closing. */
  handOver(take: (connection: Connection) => Listener): void {
    this.flush();
    this.host.forget(this);
    this.listener = take(this.connection);
  }

  /** Runs what has been received, until the client blocks, closes, or nothing complete is left. */
  processInput(): void {
    this.host.laps.start();
    try {
      while (!this.closed && !this.closeAfterReply && this.host.mayRun(this)) {
        const argv = this.#decoder.next();
        if (argv === undefined) break;
        if (isFromBrowser(argv[0] as string)) this.abort();
        else this.host.run(this, argv);
      }
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      const reply = redisError(`ERR Protocol error: ${error.message}`);
      this.#out += encodeReply(reply, this.protocol);
      this.closeAfterReply = true;
    } finally {
      this.host.laps.end();
    }
  }

  /** Its command is over. */
  stopRunning(): void {
    this.argv = NOTHING;
  }

  /** Adds a reply to what will be sent; honours CLIENT REPLY. */
  write(reply: Reply): void {
    if (this.closed || this.stream) return;
    if (this.replyMode !== 'on') {
      if (this.replyMode === 'skip') this.replyMode = 'on';
      else if (this.replyMode === 'skip-next') this.replyMode = 'skip';
      // What confirms a subscription is a message, not a reply.
      if (!(reply instanceof Many)) return;
    }
    this.#out += encodeReply(reply, this.protocol);
    if (this.#out.length > REPLY_BUFFER_BYTES) this.#checkOutput();
  }

  /** Adds out-of-band data, such as a Pub/Sub message, and has it sent after the current command. */
  push(reply: Reply): void {
    if (this.closed) return;
    this.#out += encodeReply(reply, this.protocol);
    if (this.#out.length > REPLY_BUFFER_BYTES) this.#checkOutput();
    this.host.output.later(this);
  }

  /** Has bytes sent as they are: the stream of writes. */
  feed(bytes: string): void {
    if (this.closed) return;
    this.#out += bytes;
    this.host.output.later(this);
  }

  /** A client that does not read is closed, what waits for it is lost. */
  #checkOutput(): void {
    const { pubsub, normal } = this.host.settings.clientOutputBufferLimits;
    const { hardBytes } = this.isSubscriber ? pubsub : normal;
    if (hardBytes === 0 || this.#out.length - REPLY_BUFFER_BYTES < hardBytes) return;
    this.#out = '';
    this.closeAfterReply = true;
  }

  /** Ends the connection when too much of what was sent is not taken, or much for too long. */
  checkUnsent(): void {
    // Replicas have limits of their own.
    if (this.replica) return;
    const { pubsub, normal } = this.host.settings.clientOutputBufferLimits;
    const { hardBytes, softBytes, softSeconds } = this.isSubscriber ? pubsub : normal;
    const unsent = this.connection.unsent ?? 0;
    const now = this.host.clock.now;
    if (softBytes === 0 || unsent <= softBytes) this.#tooMuchSince = undefined;
    else this.#tooMuchSince ??= now;
    const isTooLong = now - (this.#tooMuchSince ?? now) > softSeconds * 1000;
    if (isTooLong || (hardBytes > 0 && unsent > hardBytes)) this.abort();
  }

  /** Sends what has been written, and closes when that was asked for. */
  flush(): void {
    if (this.#out !== '' && !this.closed) {
      const out = this.#out;
      this.#out = '';
      this.host.stats.writes++;
      this.host.stats.netOutputBytes += out.length;
      if (out.length > this.outputPeak) this.outputPeak = out.length;
      this.connection.send(out);
      if ((this.connection.unsent ?? 0) > 0) this.checkUnsent();
    }
    if (this.closeAfterReply) this.close();
  }

  /** Ends the connection at once, whatever was still to be said. */
  abort(): void {
    if (this.closed) return;
    this.#out = '';
    this.host.forget(this);
    if (this.connection.abort) this.connection.abort();
    else this.connection.close();
  }

  /** Ends the connection from our side. */
  close(): void {
    if (this.closed) return;
    this.host.forget(this);
    this.connection.close();
  }
}

/**
 * The first words of an HTTP request: a web page makes the browser of somebody behind the firewall
 * talk to a Redis there. https://redis.io/docs/latest/operate/oss_and_stack/management/security/
 */
const isFromBrowser = (word: string): boolean =>
  (word.length === 4 || word.length === 5) &&
  word.charCodeAt(1) % 32 === LETTER_O &&
  /^(post|host:)$/i.test(word);

/** The second letter of both, whatever its case: looked at first, as few commands have it there. */
const LETTER_O = 'o'.charCodeAt(0) % 32;

/** So much is not counted: every client has a buffer of this size. */
const REPLY_BUFFER_BYTES = 16_384;
