import { printDouble } from '../bytes/numbers.ts';
import { RedisError } from '../errors.ts';

/**
 * What a command answers. The encoder alone knows how RESP2 and RESP3 spell it.
 * A plain JS string is a bulk string of bytes (one char per byte), a number or bigint an integer,
 * an array an array. The classes below are for what the two protocols say differently.
 * https://redis.io/docs/latest/develop/reference/protocol-spec/
 */
export type Reply =
  | null
  | number
  | bigint
  | string
  | RedisError
  | Status
  | Double
  | Bool
  | BigNumber
  | Verbatim
  | MapReply
  | SetReply
  | Pairs
  | Push
  | Attribute
  | NullArray
  | NoReply
  | Many
  | readonly Reply[];

/** A simple string such as +OK. */
export class Status {
  /** The same in either protocol. */
  readonly encoded: string;

  constructor(readonly text: string) {
    this.encoded = `+${text}\r\n`;
  }
}

/** A double: `,1.5` in RESP3, the bulk string "1.5" in RESP2. */
export class Double {
  readonly value: number;
  readonly #text: string | undefined;

  /** `text` is how it is printed, where that is not as doubles are. */
  constructor(value: number, text?: string) {
    this.value = value;
    this.#text = text;
  }

  get text(): string {
    return this.#text ?? printDouble(this.value);
  }
}

/** A boolean: `#t` in RESP3, 1 or 0 in RESP2. */
export class Bool {
  constructor(readonly value: boolean) {}
}

/** A big number: `(123` in RESP3, a bulk string in RESP2. */
export class BigNumber {
  constructor(readonly digits: string) {}
}

/** Text for people: `=15:txt:…` in RESP3, a bulk string in RESP2. `format` has three characters. */
export class Verbatim {
  constructor(
    readonly text: string,
    readonly format = 'txt',
  ) {}
}

/** A map: `%n` in RESP3, a flat array of keys and values in RESP2. */
export class MapReply {
  constructor(readonly entries: readonly (readonly [Reply, Reply])[]) {}
}

/** A set: `~n` in RESP3, an array in RESP2. */
export class SetReply {
  constructor(readonly items: readonly Reply[]) {}
}

/** An array of pairs in RESP3, one flat array in RESP2: members with scores, HRANDFIELD WITHVALUES. */
export class Pairs {
  constructor(readonly entries: readonly (readonly [Reply, Reply])[]) {}
}

/** Out-of-band data such as a Pub/Sub message: `>n` in RESP3, an array in RESP2. */
export class Push {
  constructor(readonly items: readonly Reply[]) {}
}

/** Extra data before a reply: `|n` in RESP3, nothing in RESP2. */
export class Attribute {
  constructor(
    readonly entries: readonly (readonly [Reply, Reply])[],
    readonly reply: Reply,
  ) {}
}

/** The null array `*-1` of RESP2; `_` in RESP3 like any null. */
export class NullArray {}

/** Nothing is sent, as after CLIENT REPLY OFF. */
export class NoReply {}

/** Several replies to one command, one after the other: SUBSCRIBE confirms each channel by itself. */
export class Many {
  constructor(readonly replies: readonly Reply[]) {}
}

export const ok = new Status('OK');
export const queued = new Status('QUEUED');
export const nullArray = new NullArray();
export const noReply = new NoReply();

export const isError = (reply: unknown): reply is RedisError => reply instanceof RedisError;

/** A map from the entries of an object, keys in the order written. */
export const mapOf = (object: Readonly<Record<string, Reply>>): MapReply =>
  new MapReply(Object.entries(object));
