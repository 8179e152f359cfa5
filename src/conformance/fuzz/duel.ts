import { permitted } from '../differences.ts';
import { type Frame, isErrorFrame, printFrame } from '../frame.ts';
import { Wire } from '../wire.ts';
import { Engine, type EngineWire } from './engine.ts';
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
  /** notify-keyspace-events: somebody listens to all of them. */
  readonly events: string;
  /** Both know fields of hashes that expire. */
  readonly fieldsExpire?: boolean;
}

/** Hears of every keyspace event. */
const listening = ['PSUBSCRIBE', '__key*__:*'];

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
  const listener = await Wire.dial(real.host, real.port);
  try {
    await prepare(wire, rules);
    await listener.runAll([listening]);
    return await new Duel(wire, listener, rules).play(units);
  } finally {
    wire.close();
    listener.close();
  }
}

async function prepare(wire: Wire, { protocol, limits, events }: Rules): Promise<void> {
  const config = [...limits.config.flat(), 'notify-keyspace-events', events];
  const replies = await wire.runAll([
    ['FLUSHALL'],
    ['SCRIPT', 'FLUSH'],
    ['CONFIG', 'SET', ...config],
    ['HELLO', String(protocol)],
  ]);
  const refused = replies.find(isErrorFrame);
  if (refused) throw new Error(refused.text);
}

class Duel {
  readonly #wire: Wire;
  readonly #listener: Wire;
  readonly #engine: EngineWire;
  readonly #ourListener: EngineWire;
  readonly #fieldsExpire: boolean;
  /** The commands that MULTI has queued, whose replies EXEC brings. */
  #queue: Expected[] = [];

  constructor(wire: Wire, listener: Wire, rules: Rules) {
    const { protocol, limits, events } = rules;
    this.#fieldsExpire = rules.fieldsExpire ?? false;
    const engine = new Engine(limits.settings);
    this.#wire = wire;
    this.#listener = listener;
    this.#engine = engine.dial();
    this.#engine.run(['HELLO', String(protocol)]);
    this.#engine.run(['CONFIG', 'SET', 'notify-keyspace-events', events]);
    this.#ourListener = engine.dial();
    this.#ourListener.run(listening);
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
    const difference = (await this.#compareEvents()) ?? (await this.#compareState());
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

  /** What the listeners have heard. A PING comes behind everything that was sent before. */
  async #compareEvents() {
    this.#ourListener.send(['PING']);
    this.#listener.send([['PING']]);
    const ours = this.#ourListener.takeAll().map(printEvent);
    const theirs: string[] = [];
    while (theirs.at(-1) !== 'pong') {
      theirs.push(...(await this.#listener.take(1)).map(printEvent));
    }
    const at = theirs.findIndex((event, i) => event !== ours[i]);
    if (at < 0) return undefined;
    const near = (events: readonly string[]) =>
      events.slice(Math.max(at - 1, 0), at + 3).join('\n');
    return { argv: listening, ours: near(ours), theirs: near(theirs) };
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
    const fields = type === 'hash' ? (this.#engine.run(['HKEYS', key]).items ?? []) : [];
    const named = ['FIELDS', String(fields.length), ...fields.map(({ text }) => text)];
    return [
      ['TYPE', key],
      ['OBJECT', 'ENCODING', key],
      ['PEXPIRETIME', key],
      ...(read ? [read(key)] : []),
      ...(this.#fieldsExpire && fields.length > 0 ? [['HPEXPIRETIME', key, ...named]] : []),
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

/** `expired: k`, and `pong` for the last of them. */
const printEvent = ({ items = [] }: Frame): string =>
  items[0]?.text === 'pong'
    ? 'pong'
    : items
        .slice(2)
        .map(({ text }) => text)
        .join(': ');

interface Expected {
  readonly argv: readonly string[];
  readonly rule: Rule;
}

/** EXEC brings the replies of all that was queued, each compared by its own rule. */
const each =
  (queue: readonly Expected[]): Rule =>
  (ours, theirs) =>
    ours.items?.length === queue.length && theirs.items?.length === queue.length
      ? queue.every((expected, i) =>
          isExpected(expected, ours.items?.[i] as Frame, theirs.items?.[i] as Frame),
        )
      : exact(ours, theirs);

/** What may differ in the reply to a command may differ in a transaction's too. */
const isExpected = ({ argv, rule }: Expected, ours: Frame, theirs: Frame): boolean =>
  rule(ours, theirs) ||
  permitted({ argv, ours: printFrame(ours), theirs: printFrame(theirs) }) !== undefined;

const readers: Readonly<Record<string, (key: string) => string[]>> = {
  string: (key) => ['GET', key],
  list: (key) => ['LRANGE', key, '0', '-1'],
  set: (key) => ['SMEMBERS', key],
  hash: (key) => ['HGETALL', key],
  zset: (key) => ['ZRANGE', key, '0', '-1', 'WITHSCORES'],
  stream: (key) => ['XRANGE', key, '-', '+'],
};
