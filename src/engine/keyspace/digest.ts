/**
 * A signature of data that does not depend on how it is kept: two servers with the same data have the
 * same digest, whatever the order of their tables. What has an order is mixed, what has none is
 * added by exclusive or. DEBUG DIGEST prints it; Redis's own tests compare by it.
 */
import { printDouble } from '../bytes/numbers.ts';
import { toHex } from '../bytes/sha-blocks.ts';
import { sha1 } from '../bytes/sha1.ts';
import { type ModuleType, ModuleValue } from '../values/module-value.ts';
import { msOf, type StreamValue, sequenceOf } from '../values/stream.ts';
import type { Database } from './database.ts';
import type { Type, Value } from './value.ts';

/** The digest of all keys of all databases, 40 hexadecimal digits; zeros when there are none. */
export function digestOf(databases: readonly Database[]): string {
  const all = new Digest();
  for (const db of databases) {
    if (db.size === 0) continue;
    all.mix(bigEndian(db.index));
    for (const [key, value] of db.entries()) {
      const one = new Digest();
      one.mix(key);
      addValue(one, value, db.expiryOf(key) !== undefined);
      all.add(one.bytes);
    }
  }
  return all.hex;
}

/** The digest of one key's value and of its having an expiry; zeros when there is no such key. */
export function valueDigest(db: Database, key: string): string {
  const digest = new Digest();
  const value = db.peek(key);
  if (value) addValue(digest, value, db.expiryOf(key) !== undefined);
  return digest.hex;
}

class Digest {
  #words = new Int32Array(5);

  get hex(): string {
    return toHex(this.#words);
  }

  get bytes(): string {
    return [...this.#words].map((word) => bigEndian(word)).join('');
  }

  /** Adds something whose place does not matter. */
  add(bytes: string): void {
    const hash = sha1(bytes);
    for (let i = 0; i < 5; i++) this.#words[i] = (this.#words[i] as number) ^ (hash[i] as number);
  }

  /** Adds something whose place matters. */
  mix(bytes: string): void {
    this.add(bytes);
    this.#words = sha1(this.bytes);
  }

  /** Adds several things, ordered among themselves, as one whose place does not matter. */
  addTogether(...parts: readonly string[]): void {
    const together = new Digest();
    for (const part of parts) together.mix(part);
    this.add(together.bytes);
  }

  /** The same with something that is true of them all. */
  addMarked(mark: string, ...parts: readonly string[]): void {
    const together = new Digest();
    for (const part of parts) together.mix(part);
    together.add(mark);
    this.add(together.bytes);
  }
}

/** The numbers of types as in RDB files; values of modules have one together. */
const typeNumbers: Readonly<Record<Exclude<Type, ModuleType>, number>> = {
  string: 0,
  list: 1,
  set: 2,
  zset: 3,
  hash: 4,
  stream: 6,
  vectorset: 7,
  array: 8,
};
const MODULE = 7;

function addValue(digest: Digest, value: Value, expires: boolean): void {
  digest.mix(bigEndian(value instanceof ModuleValue ? MODULE : typeNumbers[value.type]));
  switch (value.type) {
    case 'string':
      digest.mix(value.bytes);
      break;
    case 'list':
      for (const element of value) digest.mix(element);
      break;
    case 'set':
      for (const member of value) digest.add(member);
      break;
    case 'zset':
      for (const { member, score } of value) digest.addTogether(member, printDouble(score));
      break;
    case 'hash':
      for (const [field, content] of value) {
        const expires = value.expiryOf(field) !== undefined;
        if (expires) digest.addMarked('!!hexpire!!', field, content);
        else digest.addTogether(field, content);
      }
      break;
    case 'stream':
      addStream(digest, value);
      break;
    case 'array':
      for (const [index, element] of value.entries()) digest.addTogether(String(index), element);
      break;
    case 'vectorset':
      for (const [name, { vector }] of value.entries()) {
        digest.addTogether(name, vector.data.join());
      }
      break;
    default:
      digest.mix(value.save());
  }
  if (expires) digest.add('!!expire!!');
}

function addStream(digest: Digest, stream: StreamValue): void {
  const last = (1n << 128n) - 1n;
  for (const { id, fields } of stream.range(0n, last)) {
    digest.mix(`${msOf(id)}.${sequenceOf(id)}`);
    for (const field of fields) digest.mix(field);
  }
}

const bigEndian = (word: number): string =>
  String.fromCharCode((word >>> 24) & 255, (word >>> 16) & 255, (word >>> 8) & 255, word & 255);
