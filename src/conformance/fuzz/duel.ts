import { Lab } from '../../engine/lab/lab.ts';
import type { Connection } from '../../engine/network/network.ts';
import { encodeCommand } from '../../engine/resp/encode.ts';
import type { LuaMachine } from '../../engine/scripting/machine.ts';
import type { Settings } from '../../engine/server/settings.ts';
import { openLua } from '../../hosts/lua-file.ts';
import { permitted } from '../differences.ts';
import { type Frame, FrameReader, isErrorFrame, printFrame } from '../frame.ts';
import { Wire } from '../wire.ts';
import type { Limits } from './limits.ts';
import { anyOrderWithin, exact, type Rule, ruleFor } from './rules.ts';
import type { Unit } from './sequence.ts';
import { allKeys } from './values.ts';

/** Where the two servers disagreed: the last command of a sequence, or the state after it. */
export interface Finding {
  readonly argv: readonly string[];
  readonly ours: string;
  readonly theirs: string;
  /** How many units of the sequence had been sent by then. */
  readonly units: number;
  /** The reply to this command agreed, what it left behind did not. */
  readonly inState: boolean;
}

export interface Rules {
  readonly protocol: 2 | 3;
  readonly limits: Limits;
}

/**
 * Plays a sequence of commands on a fresh engine and on a redis-server, and says where they first
 * disagree: about a reply, or about what is in the keyspace afterwards.
 */
export async function duel(
  real: { readonly host: string; readonly port: number },
  units: readonly Unit[],
  rules: Rules,
): Promise<Finding | undefined> {
  const wire = await Wire.dial(real.host, real.port);
  try {
    await prepare(wire, rules);
    return await new Duel(wire, rules).play(units);
  } finally {
    wire.close();
  }
}

async function prepare(wire: Wire, { protocol, limits }: Rules): Promise<void> {
  const config = limits.config.flat();
  const replies = await wire.runAll([
    ['FLUSHALL'],
    ['SCRIPT', 'FLUSH'],
    ...(config.length > 0 ? [['CONFIG', 'SET', ...config]] : []),
    ['HELLO', String(protocol)],
  ]);
  const refused = replies.find(isErrorFrame);
  if (refused) throw new Error(refused.text);
}

class Duel {
  readonly #wire: Wire;
  readonly #engine: Engine;
  /** The commands that MULTI has queued, whose replies EXEC brings. */
  #queue: Expected[] = [];

  constructor(wire: Wire, { protocol, limits }: Rules) {
    this.#wire = wire;
    this.#engine = new Engine(limits.settings);
    this.#engine.run(['HELLO', String(protocol)]);
  }

  async play(units: readonly Unit[]): Promise<Finding | undefined> {
    const theirs = await this.#wire.runAll(units.flat());
    let at = 0;
    for (const [index, unit] of units.entries()) {
      for (const argv of unit) {
        const difference = this.#compare(argv, theirs[at++] as Frame);
        if (difference) return { ...difference, units: index + 1, inState: false };
      }
    }
    const difference = await this.#compareState();
    return difference && { ...difference, units: units.length, inState: true };
  }

  #compare(argv: readonly string[], theirs: Frame) {
    const rule = this.#ruleFor(argv);
    const ours = this.#engine.run(argv);
    if (ours.text === 'QUEUED' && theirs.text === 'QUEUED') this.#queue.push({ argv, rule });
    else if (/^(exec|discard)$/i.test(argv[0] ?? '')) this.#queue = [];
    if (rule(ours, theirs)) return undefined;
    const observed = { ours: printFrame(ours), theirs: printFrame(theirs) };
    const called = isScript(argv) ? argv.slice(3) : argv;
    return permitted({ argv: called, ...observed }) ? undefined : { argv, ...observed };
  }

  #ruleFor(argv: readonly string[]): Rule {
    const name = argv[0]?.toLowerCase();
    if (name === 'exec' && this.#queue.length > 0) return each(this.#queue);
    // Within MULTI the key may have another encoding by the time that EXEC comes.
    const around = this.#engine.isQueueing ? { encodingOf: () => 'hashtable' } : this.#engine;
    return isScript(argv) ? anyOrderWithin(ruleFor(argv.slice(3), around)) : ruleFor(argv, around);
  }

  /** All keys of two databases: type, encoding, expiry and value. */
  async #compareState() {
    for (const db of ['0', '1']) {
      const difference =
        (await this.#compareAll([['DISCARD'], ['SELECT', db], ['KEYS', '*']])) ??
        (await this.#compareAll(allKeys.flatMap((key) => this.#inspect(key))));
      if (difference) return difference;
    }
    return undefined;
  }

  #inspect(key: string): string[][] {
    const type = this.#engine.run(['TYPE', key]).text;
    if (type === 'none') return [['TYPE', key]];
    const read = readers[type];
    return [
      ['TYPE', key],
      ['OBJECT', 'ENCODING', key],
      ['PEXPIRETIME', key],
      ...(read ? [read(key)] : []),
    ];
  }

  async #compareAll(commands: readonly (readonly string[])[]) {
    const theirs = await this.#wire.runAll(commands);
    for (const [i, argv] of commands.entries()) {
      const difference = this.#compare(argv, theirs[i] as Frame);
      if (difference) return difference;
    }
    return undefined;
  }
}

/** EVAL of a script that calls the command that follows. */
const isScript = (argv: readonly string[]): boolean =>
  argv[0]?.toLowerCase() === 'eval' && argv[3] !== undefined;

interface Expected {
  readonly argv: readonly string[];
  readonly rule: Rule;
}

/** EXEC brings the replies of all that was queued, each compared by its own rule. */
const each =
  (queue: readonly Expected[]): Rule =>
  (ours, theirs) =>
    ours.items?.length === queue.length && theirs.items?.length === queue.length
      ? queue.every(({ rule }, i) => rule(ours.items?.[i] as Frame, theirs.items?.[i] as Frame))
      : exact(ours, theirs);

const readers: Readonly<Record<string, (key: string) => string[]>> = {
  string: (key) => ['GET', key],
  list: (key) => ['LRANGE', key, '0', '-1'],
  set: (key) => ['SMEMBERS', key],
  hash: (key) => ['HGETALL', key],
  zset: (key) => ['ZRANGE', key, '0', '-1', 'WITHSCORES'],
  stream: (key) => ['XRANGE', key, '-', '+'],
};

/** One Lua for all engines, as it takes time to start; it forgets what it knew. */
let lua: LuaMachine | undefined;
function freshLua(): LuaMachine {
  lua ??= openLua();
  lua.flush();
  return lua;
}

/** Our server, in this process. Its time stands still. */
class Engine {
  readonly #reader = new FrameReader();
  readonly #inbox: Frame[] = [];
  readonly #connection: Connection;
  readonly #lab: Lab;

  constructor(settings: Partial<Settings>) {
    this.#lab = new Lab({ start: Date.now(), settings, openLua: freshLua });
    this.#connection = this.#lab.dial(this.#lab.address, '127.0.0.1', {
      onData: (bytes) => this.#inbox.push(...this.#reader.push(bytes)),
      onClose: () => {},
    }) as Connection;
  }

  run(argv: readonly string[]): Frame {
    try {
      this.#connection.send(encodeCommand(argv));
    } catch (error) {
      return frameOf(`the engine threw: ${error instanceof Error ? error.stack : error}`);
    }
    const replies = this.#inbox.splice(0);
    const [reply] = replies;
    return reply && replies.length === 1 ? reply : frameOf(`${replies.length} replies`);
  }

  get #client() {
    const server = this.#lab.nodes[0]?.server;
    return server && [...server.clients.values()][0];
  }

  get isQueueing(): boolean {
    return this.#client?.transaction !== undefined;
  }

  encodingOf = (key: string): string | undefined => {
    const server = this.#lab.nodes[0]?.server;
    const client = this.#client;
    const value = client && server?.databases[client.db]?.peek(key);
    return value && 'encoding' in value ? value.encoding : undefined;
  };
}

const frameOf = (text: string): Frame => ({ type: '-', text, raw: `-${text}\r\n` });
