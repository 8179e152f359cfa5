/**
 * MIGRATE: sends keys to another server, and deletes them here once they are there. As in Redis the
 * whole server stands still meanwhile, so that nobody sees a key in both places or in none.
 * https://redis.io/docs/latest/commands/migrate/
 */
import { parseInteger } from '../bytes/numbers.ts';
import type { Args } from '../commands/args.ts';
import { type Command, command } from '../commands/command.ts';
import { Wait } from '../commands/wait.ts';
import { cString, notAnInteger, notSimulated, redisError, syntaxError } from '../errors.ts';
import type { Value } from '../keyspace/value.ts';
import { writePayload } from '../persistence/payload.ts';
import { isOwn } from '../persistence/rdb-own.ts';
import { ReplyDecoder } from '../resp/decode-reply.ts';
import { encodeCommand } from '../resp/encode.ts';
import { isError, ok, type Reply, Status } from '../resp/reply.ts';
import type { Client } from './client.ts';
import type { CallContext } from './context.ts';
import type { MigrateSocket } from './migrate-sockets.ts';
import type { Server } from './server.ts';

type Needs = CallContext<Server>;

export const migrateCommands: readonly Command<Needs>[] = [
  command<Needs>(
    `MIGRATE host port:int <key | ""> destination-db:int timeout:int [COPY] [REPLACE]
     [AUTH password | AUTH2 username password] [KEYS key [KEYS key ...]]`,
    {
      summary: 'Moves keys to another server.',
      since: '2.6.0',
      group: 'generic',
      complexity: 'O(N) for DUMP and DEL here and RESTORE there.',
      flags: ['write'],
      keyUse: ['RW access delete', 'RW access delete incomplete'],
      tips: ['nondeterministic_output'],
      history: [
        ['3.0.0', 'COPY and REPLACE.'],
        ['3.0.6', 'KEYS.'],
        ['4.0.7', 'AUTH.'],
        ['6.0.0', 'AUTH2.'],
      ],
      override: {
        arity: -6,
        categories: ['keyspace', 'dangerous'],
        keys: [
          { begin: { index: 3 }, find: { lastKey: 0, step: 1, limit: 0 } },
          { begin: { keyword: 'KEYS', startFrom: -2 }, find: { lastKey: -1, step: 1, limit: 0 } },
        ],
      },
      findKeys: keysToMigrate,
      run: migrate,
    },
  ),
];

/** The keys after KEYS where the single key is empty; otherwise that one. */
function keysToMigrate(argv: readonly string[]): number[] {
  const at = argv.findIndex((arg, i) => i > 5 && arg.toUpperCase() === 'KEYS');
  if (at < 0) return [3];
  return argv[3] !== '' ? [] : argv.map((_, i) => i).slice(at + 1);
}

interface Order {
  readonly address: string;
  readonly db: string;
  readonly timeoutMs: number;
  readonly keys: readonly string[];
  readonly copy: boolean;
  readonly replace: boolean;
  /** The words of AUTH that come first, if any. */
  readonly login: readonly string[] | undefined;
}

function migrate(ctx: Needs, args: Args): Reply | Wait {
  for (const index of passwordsIn(ctx.argv)) ctx.redact(index);
  const order = readOrder(args);
  const keys = order.keys.filter((key) => ctx.db.lookUp(key) !== undefined);
  if (keys.length === 0) return new Status('NOKEY');
  if (ctx.inScript || ctx.server.isNested) {
    throw notSimulated('MIGRATE in a script or transaction', 'run it, and stand still meanwhile');
  }
  if (keys.some((key) => hasNoPayload(ctx.db.peek(key)))) {
    throw notSimulated('the serialized form of arrays and vector sets', 'send it');
  }
  new Migration(ctx, { ...order, keys }).start();
  return new Wait({ keys: [], timeoutMs: 0, onTimeout: null });
}

/** Whether it is a value that no other server could be given. */
const hasNoPayload = (value: Value | undefined): boolean => value !== undefined && isOwn(value);

function readOrder(args: Args): Order {
  const [host = '', port = '', key = '', db = '', timeout = ''] = args.take(5);
  let copy = false;
  let replace = false;
  let login: string[] | undefined;
  let keys: readonly string[] = [key];
  while (!args.done) {
    if (args.token('COPY')) copy = true;
    else if (args.token('REPLACE')) replace = true;
    else if (args.left > 1 && args.token('AUTH')) login = ['AUTH', args.string()];
    else if (args.left > 2 && args.token('AUTH2')) login = ['AUTH', ...args.take(2)];
    else if (args.token('KEYS')) {
      if (key !== '') {
        throw redisError(
          'ERR When using MIGRATE KEYS option, the key argument must be set to the empty string',
        );
      }
      keys = args.rest();
    } else throw syntaxError();
  }
  const [timeoutMs, database] = [parseInteger(timeout), parseInteger(db)];
  if (timeoutMs === undefined || database === undefined) throw notAnInteger();
  const address = `${cString(host)}:${port}`;
  return {
    address,
    db: String(database),
    timeoutMs: timeoutMs <= 0n ? DEFAULT_TIMEOUT_MS : Number(timeoutMs),
    keys,
    copy,
    replace,
    login,
  };
}

const DEFAULT_TIMEOUT_MS = 1000;

/** Which arguments are not to be shown. */
function passwordsIn(argv: readonly string[]): number[] {
  for (let i = 6; i < argv.length; i++) {
    const word = argv[i]?.toUpperCase();
    if (word === 'KEYS') break;
    if (word === 'AUTH') return [i + 1];
    if (word === 'AUTH2') return [i + 1, i + 2];
  }
  return [];
}

/** One MIGRATE on its way. */
class Migration {
  readonly #server: Server;
  readonly #client: Client;
  readonly #db: Needs['db'];
  readonly #order: Order;
  readonly #decoder = new ReplyDecoder();
  readonly #startedAt: number;
  /** What the other side has yet to answer: undefined for what comes before the keys. */
  #awaited: (string | undefined)[] = [];
  readonly #moved: string[] = [];
  #complaint: string | undefined;
  #isRefused = false;
  #socket: MigrateSocket | undefined;
  #giveUp = () => {};
  #cancelTimeout = () => {};
  #thaw = () => {};
  #isOver = false;

  constructor({ server, client, db }: Needs, order: Order) {
    this.#server = server;
    this.#client = client;
    this.#db = db;
    this.#order = order;
    this.#startedAt = server.clock.now;
  }

  start(): void {
    const { clock } = this.#server;
    this.#thaw = this.#server.halts.freeze();
    this.#cancelTimeout = clock.schedule(this.#order.timeoutMs, () => this.#fail());
    this.#giveUp = this.#server.migrateSockets.open(this.#order.address, {
      onOpen: (socket) => this.#send(socket),
      onFail: () => this.#end(ioError('writing to')),
      onData: (bytes) => this.#read(bytes),
      onClose: () => this.#end(ioError('reading from')),
    });
  }

  #send(socket: MigrateSocket): void {
    this.#socket = socket;
    const { login, db, keys } = this.#order;
    const words: (readonly string[])[] = [];
    if (login) words.push(login);
    if (socket.db !== db) words.push(['SELECT', db]);
    this.#awaited = words.map(() => undefined);
    for (const key of keys) {
      const restore = this.#restore(key);
      if (!restore) continue;
      words.push(restore);
      this.#awaited.push(key);
    }
    socket.db = db;
    if (words.length === 0) this.#end(ok);
    else socket.send(words.map(encodeCommand).join(''));
  }

  /** What makes the key there; undefined when it has expired on the way. */
  #restore(key: string): readonly string[] | undefined {
    const value = this.#db.peek(key);
    if (!value) return undefined;
    const expiry = this.#db.expiryOf(key);
    const ttl = expiry === undefined ? 0 : Math.max(expiry - this.#server.clock.now, 1);
    const name = this.#server.cluster ? 'RESTORE-ASKING' : 'RESTORE';
    const isCompressed = this.#server.config.text('rdbcompression') === 'yes';
    const argv = [name, key, String(Math.ceil(ttl)), writePayload(value, isCompressed)];
    return this.#order.replace ? [...argv, 'REPLACE'] : argv;
  }

  #read(bytes: string): void {
    this.#decoder.push(bytes);
    for (let reply = this.#decoder.next(); reply !== undefined; reply = this.#decoder.next()) {
      const key = this.#awaited.shift();
      if (isError(reply)) {
        this.#complaint ??= reply.message;
        // Without login or database nothing that follows is of use.
        this.#isRefused ||= key === undefined;
      } else if (key !== undefined && !this.#isRefused) this.#arrived(key);
    }
    if (this.#awaited.length > 0) return;
    const complaint = this.#complaint;
    if (complaint !== undefined && this.#socket) this.#socket.db = undefined;
    const why = complaint && redisError(`ERR Target instance replied with error: ${complaint}`);
    this.#end(why || ok);
  }

  /** The key is there; here it goes. */
  #arrived(key: string): void {
    if (this.#order.copy || !this.#db.delete(key)) return;
    this.#db.changed('del', key);
    this.#moved.push(key);
  }

  #fail(): void {
    if (this.#socket) this.#end(ioError('reading from'));
    else this.#end(redisError('IOERR error or timeout connecting to the client'));
  }

  #end(reply: Reply): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#cancelTimeout();
    if (!this.#socket) this.#giveUp();
    else if (isError(reply) && reply.code === 'IOERR') this.#socket.close();
    const server = this.#server;
    server.now = server.clock.now;
    if (this.#moved.length > 0) {
      server.propagation.add(this.#db.index, ['DEL', ...this.#moved]);
      server.propagation.settle();
    }
    this.#thaw();
    server.finish(this.#client, reply, (server.clock.now - this.#startedAt) * 1000);
    server.output.flush();
  }
}

const ioError = (what: string) => redisError(`IOERR error or timeout ${what} target instance`);
