import { printDouble } from '../bytes/numbers.ts';
import { notSimulated } from '../errors.ts';
import type { Value } from '../keyspace/value.ts';
import type { HashValue } from '../values/hash.ts';
import type { ListValue } from '../values/list.ts';
import type { SetValue } from '../values/set.ts';
import type { SortedSetValue } from '../values/sorted-set.ts';
import { writeListpack } from './listpack.ts';
import { writeModuleValue } from './rdb-module.ts';
import { writeStream } from './rdb-stream.ts';
import { NEWEST_RDB_VERSION, RDB_VERSION, RdbType } from './rdb-types.ts';
import type { RdbWriter } from './rdb-writer.ts';
import { writeIntset } from './ziplist.ts';

/** How a value is written: the number of its form, and what follows the key. */
interface Form {
  readonly type: number;
  write(writer: RdbWriter): void;
}

/**
 * The form in which Redis 7.0 stores a value, which all later versions read. Small collections are
 * the blocks that they are in memory; sets of strings, for which 7.0 has no block, are written out.
 */
export function formOf(value: Value): Form {
  switch (value.type) {
    case 'string':
      return { type: RdbType.string, write: (writer) => writer.string(value.bytes) };
    case 'list':
      return { type: RdbType.listQuicklist, write: (writer) => writeList(writer, value) };
    case 'set':
      return formOfSet(value);
    case 'hash':
      return formOfHash(value);
    case 'zset':
      return formOfSortedSet(value);
    case 'stream':
      return { type: RdbType.stream2, write: (writer) => writeStream(writer, value) };
    case 'array':
      throw notSimulated('the serialized form of arrays', 'return it');
    case 'vectorset':
      throw notSimulated('the serialized form of vector sets', 'return it');
    default:
      return { type: RdbType.module, write: (writer) => writeModuleValue(writer, value) };
  }
}

/** The version of the format that a value's form needs. */
export const versionFor = (value: Value): number =>
  value.type === 'hash' && (value.encoding === 'listpackex' || value.expiring > 0)
    ? NEWEST_RDB_VERSION
    : RDB_VERSION;

/** What a node of a list is: one huge element by itself, or a listpack. */
export const NodeKind = { plain: 1, packed: 2 } as const;

function writeList(writer: RdbWriter, list: ListValue): void {
  const nodes = [...list.nodes()];
  writer.size(nodes.length);
  for (const { items } of nodes) {
    writer.size(NodeKind.packed);
    writer.string(writeListpack(items));
  }
}

function formOfSet(set: SetValue): Form {
  if (set.encoding === 'intset') {
    return {
      type: RdbType.setIntset,
      write: (writer) => writer.string(writeIntset(set.members())),
    };
  }
  return {
    type: RdbType.set,
    write(writer) {
      writer.size(set.size);
      for (const member of set) writer.string(member);
    },
  };
}

function formOfHash(hash: HashValue): Form {
  if (hash.encoding === 'listpackex' || hash.expiring > 0) return formOfExpiringHash(hash);
  if (hash.encoding === 'listpack') {
    const elements = [...hash].flat();
    return {
      type: RdbType.hashListpack,
      write: (writer) => writer.string(writeListpack(elements)),
    };
  }
  return {
    type: RdbType.hash,
    write(writer) {
      writer.size(hash.size);
      for (const [field, value] of hash) {
        writer.string(field);
        writer.string(value);
      }
    },
  };
}

/** Before the fields stands when the first expires; in a table the others are told from there. */
function formOfExpiringHash(hash: HashValue): Form {
  const first = hash.nextExpiry ?? 0;
  if (hash.encoding === 'listpackex') {
    const elements = [...hash].flatMap(([field, value]) => [
      field,
      value,
      String(hash.expiryOf(field) ?? 0),
    ]);
    return {
      type: RdbType.hashExpiringListpack,
      write(writer) {
        writer.uint64(first);
        writer.string(writeListpack(elements));
      },
    };
  }
  return {
    type: RdbType.hashExpiring,
    write(writer) {
      writer.uint64(first);
      writer.size(hash.size);
      for (const [field, value] of hash) {
        const at = hash.expiryOf(field);
        writer.size(at === undefined ? 0 : at - first + 1);
        writer.string(field);
        writer.string(value);
      }
    },
  };
}

function formOfSortedSet(set: SortedSetValue): Form {
  if (set.encoding === 'listpack') {
    const elements = [...set].flatMap(({ member, score }) => [member, scoreInListpack(score)]);
    return {
      type: RdbType.zsetListpack,
      write: (writer) => writer.string(writeListpack(elements)),
    };
  }
  return {
    type: RdbType.zset,
    write(writer) {
      writer.size(set.size);
      // From the highest score down, so that loading inserts at the front of the skiplist.
      for (const { member, score } of set.range({ from: 0, to: set.size }, true)) {
        writer.string(member);
        writer.double(score);
      }
    },
  };
}

/** Whole scores are stored as integers, as far as Redis trusts a double with them. */
function scoreInListpack(score: number): string {
  const isWhole = Number.isInteger(score) && Math.abs(score) <= 2 ** 62;
  return isWhole ? String(BigInt(score)) : printDouble(score);
}
