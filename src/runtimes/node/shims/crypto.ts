/** Stands in for the part of Node's `crypto` that needs no waiting: digests and random numbers. */
import { hmac } from '@noble/hashes/hmac.js';
import { md5, sha1 } from '@noble/hashes/legacy.js';
import { sha256, sha384, sha512 } from '@noble/hashes/sha2.js';
import { Buffer } from 'buffer/';

const algorithms = { md5, sha1, sha256, sha384, sha512 };
type Encoding = 'hex' | 'base64' | 'base64url' | 'latin1' | 'utf8';
type Data = string | Uint8Array;

export const getHashes = (): string[] => Object.keys(algorithms);

function algorithm(name: string) {
  const found = algorithms[name.toLowerCase().replace('-', '') as keyof typeof algorithms];
  if (!found) throw new Error(`the digest ${name} is not there in the page`);
  return found;
}

const bytesOf = (data: Data, encoding?: Encoding): Uint8Array =>
  typeof data === 'string' ? Buffer.from(data, encoding as 'utf8') : data;

interface State {
  update(data: Uint8Array): unknown;
  digest(): Uint8Array;
}

class Digest {
  readonly #state: State;

  constructor(state: State) {
    this.#state = state;
  }

  update(data: Data, encoding?: Encoding): this {
    this.#state.update(new Uint8Array(bytesOf(data, encoding)));
    return this;
  }

  digest(encoding?: Encoding): string | Uint8Array {
    const bytes = Buffer.from(this.#state.digest());
    return encoding ? bytes.toString(encoding as 'hex') : bytes;
  }
}

export const createHash = (name: string): Digest => new Digest(algorithm(name).create());

export const createHmac = (name: string, key: Data): Digest =>
  new Digest(hmac.create(algorithm(name), new Uint8Array(bytesOf(key))));

export const randomBytes = (size: number): Uint8Array =>
  Buffer.from(crypto.getRandomValues(new Uint8Array(size)));

export const randomUUID = (): string => crypto.randomUUID();

/** From `low` up to, and without, `high`. */
export function randomInt(low: number, high?: number): number {
  const [from, to] = high === undefined ? [0, low] : [low, high];
  return from + Math.floor(Math.random() * (to - from));
}

export function timingSafeEqual(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) throw new RangeError('Input buffers must have the same byte length');
  return a.every((byte, index) => byte === b[index]);
}

export const webcrypto = globalThis.crypto;

export default {
  ...{ createHash, createHmac, getHashes, randomBytes, randomInt, randomUUID },
  ...{ timingSafeEqual, webcrypto },
};
