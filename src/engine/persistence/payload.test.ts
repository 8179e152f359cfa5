import fc from 'fast-check';
import { expect, test } from 'vitest';
import { crc64 } from '../bytes/crc64.ts';
import type { Value } from '../keyspace/value.ts';
import { defaultSettings } from '../server/settings.ts';
import { HashValue } from '../values/hash.ts';
import { ListValue } from '../values/list.ts';
import { SetValue } from '../values/set.ts';
import { SortedSetValue } from '../values/sorted-set.ts';
import { makeId, StreamValue } from '../values/stream.ts';
import { ConsumerGroup } from '../values/stream-group.ts';
import { StringValue } from '../values/string.ts';
import { isIntact, readPayload, writePayload } from './payload.ts';
import { RdbError } from './rdb-types.ts';
import { littleEndian, uint64 } from './rdb-writer.ts';

const limits = { ...defaultSettings(), hashMaxListpackEntries: 3, zsetMaxListpackEntries: 3 };

/** One of each type and encoding, all of them small. */
function values(): Value[] {
  const list = new ListValue();
  list.push('tail', ['1', 'two', '-300', 'x'.repeat(70)], limits);
  const [integers, strings] = [new SetValue(), new SetValue()];
  for (const n of [1, 70_000, -5]) integers.add(String(n), limits);
  for (const member of ['a', '7', 'c']) strings.add(member, limits);
  const [smallHash, largeHash] = [new HashValue(), new HashValue()];
  smallHash.set('field', '12345', limits);
  for (let i = 0; i < 5; i++) largeHash.set(`f${i}`, `v${i}`, limits);
  const expiring = [smallHash.copy(), largeHash.copy()];
  for (const hash of expiring) hash.expireAt(hash.fields()[0] as string, 1_900_000_000_123);
  const [smallZset, largeZset] = [new SortedSetValue(), new SortedSetValue()];
  smallZset.add('a', 1.5, limits);
  smallZset.add('b', 2, limits);
  for (let i = 0; i < 5; i++) largeZset.add(`m${i}`, i / 3, limits);
  const text = [new StringValue('12'), new StringValue('abc'.repeat(20)), new StringValue('')];
  const hashes = [smallHash, largeHash, ...expiring];
  return [...text, list, integers, strings, ...hashes, smallZset, largeZset, stream()];
}

function stream(): StreamValue {
  const value = new StreamValue();
  value.append(makeId(5n, 1n), ['a', '1', 'b', '2'], limits);
  value.append(makeId(6n, 0n), ['a', '1', 'c', '2'], limits);
  value.append(makeId(6n, 3n), ['a', '1', 'b', 'x'], limits);
  value.delete(makeId(6n, 0n));
  const group = new ConsumerGroup(makeId(6n, 3n), undefined);
  group.deliver(makeId(5n, 1n), group.consumer('bob', 7), 8).deliveries = 3;
  group.consumer('amy', 9);
  value.groups.set('g', group);
  return value;
}

/** A payload with this body and a right checksum. */
function sealed(body: string): string {
  const bytes = body + littleEndian(10, 2);
  return bytes + uint64(crc64(bytes));
}

/** The value in a payload, or that it is refused. Anything else that happens fails the test. */
function read(payload: string): Value | 'refused' {
  try {
    return readPayload(payload, limits);
  } catch (error) {
    if (error instanceof RdbError) return 'refused';
    throw error;
  }
}

test('what is written is read again', () => {
  for (const value of values()) {
    const payload = writePayload(value, true);
    expect(isIntact(payload)).toBe(true);
    const again = read(payload);
    expect(again).not.toBe('refused');
    expect(writePayload(again as Value, true)).toBe(payload);
  }
});

test('any changed byte breaks the checksum', () => {
  for (const value of values()) {
    const payload = writePayload(value, true);
    for (let at = 0; at < payload.length; at++) {
      expect(isIntact(flip(payload, at, 1 << (at % 8)))).toBe(false);
      expect(isIntact(payload.slice(0, at))).toBe(false);
    }
  }
});

test('under a right checksum, any changed byte gives a value or is refused', () => {
  for (const value of values()) {
    const body = writePayload(value, true).slice(0, -10);
    for (let at = 0; at < body.length; at++) {
      for (let bit = 0; bit < 8; bit++) {
        const got = read(sealed(flip(body, at, 1 << bit)));
        // What is accepted is a value in full: it can be written again.
        if (got !== 'refused') expect(isIntact(writePayload(got, true))).toBe(true);
      }
      read(sealed(body.slice(0, at)));
    }
  }
});

test('random bytes of every type give a value or are refused', () => {
  const body = fc.tuple(fc.nat({ max: 25 }), fc.uint8Array({ maxLength: 60 }));
  fc.assert(
    fc.property(body, ([type, bytes]) => {
      const got = read(sealed(String.fromCharCode(type, ...bytes)));
      if (got !== 'refused') expect(isIntact(writePayload(got, true))).toBe(true);
    }),
    { numRuns: 20_000 },
  );
});

test('a length beyond the payload is refused before anything is made for it', () => {
  const huge = '\x81\x7f\xff\xff\xff\xff\xff\xff\xff';
  for (let type = 0; type < 26; type++) {
    expect(read(sealed(String.fromCharCode(type) + huge))).toBe('refused');
    expect(read(sealed(`${String.fromCharCode(type)}\xc3\x05${huge}\x01ab\x20\x00`))).toBe(
      'refused',
    );
  }
});

const flip = (bytes: string, at: number, bits: number): string =>
  bytes.slice(0, at) + String.fromCharCode(bytes.charCodeAt(at) ^ bits) + bytes.slice(at + 1);
