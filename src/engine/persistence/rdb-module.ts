/**
 * Values of modules: the module's type and its version as one number, then strings and numbers each
 * announced by what it is, then an end. A server without the module can so pass over them. How a
 * module spells its values in there is its own affair.
 * https://redis.io/docs/latest/develop/reference/modules/modules-native-types/
 */

import type { Values } from '../keyspace/value.ts';
import { BloomFilter } from '../values/bloom-filter.ts';
import { CountMinSketch } from '../values/count-min-sketch.ts';
import { CuckooFilter } from '../values/cuckoo-filter.ts';
import { JsonDocument } from '../values/json-document.ts';
import { JsonError } from '../values/json-parse.ts';
import type { ModuleType, ModuleValue } from '../values/module-value.ts';
import { Suggestions } from '../values/suggestions.ts';
import { TDigest } from '../values/t-digest.ts';
import { TimeSeries } from '../values/time-series.ts';
import { TopK } from '../values/top-k.ts';
import type { RdbReader } from './rdb-reader.ts';
import { RdbError } from './rdb-types.ts';
import type { RdbWriter } from './rdb-writer.ts';

interface ModuleForm {
  /** Of how the module spells its values. */
  readonly version: number;
  load(text: string): Values[ModuleType];
}

/** No real module has it: a real server says that it cannot read such a value, and reads nothing else. */
const OUR_OWN = 1023;

/** JSON is spelled as by the real module; the others are not. */
const forms: Readonly<Record<ModuleType, ModuleForm>> = {
  'ReJSON-RL': { version: 3, load: (text) => JsonDocument.load(text) },
  'TSDB-TYPE': { version: OUR_OWN, load: (text) => TimeSeries.load(text) },
  trietype0: { version: OUR_OWN, load: (text) => Suggestions.load(text) },
  'MBbloom--': { version: OUR_OWN, load: (text) => BloomFilter.load(text) },
  MBbloomCF: { version: OUR_OWN, load: (text) => CuckooFilter.load(text) },
  'CMSk-TYPE': { version: OUR_OWN, load: (text) => CountMinSketch.load(text) },
  'TopK-TYPE': { version: OUR_OWN, load: (text) => TopK.load(text) },
  'TDIS-TYPE': { version: OUR_OWN, load: (text) => TDigest.load(text) },
};

const Piece = { end: 0, string: 5 } as const;

export function writeModuleValue(writer: RdbWriter, value: ModuleValue): void {
  writer.size(idOf(value.type, forms[value.type].version));
  writer.size(Piece.string);
  writer.string(value.save());
  writer.size(Piece.end);
}

export function readModuleValue(reader: RdbReader): Values[ModuleType] {
  const id = reader.bigSize();
  const form = formsById.get(id);
  if (!form) throw new RdbError('a value of a module that is not here');
  if (reader.size() !== Piece.string) throw new RdbError('a module value that is no string');
  const text = reader.string();
  if (reader.size() !== Piece.end) throw new RdbError('a module value without an end');
  try {
    return form.load(text);
  } catch (error) {
    if (error instanceof JsonError) throw new RdbError(error.message);
    throw error;
  }
}

const CHARACTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** Six bits for each of the nine characters of a type, ten for the version. */
function idOf(type: string, version: number): bigint {
  let id = 0n;
  for (const char of type) id = (id << 6n) | BigInt(CHARACTERS.indexOf(char));
  return (id << 10n) | BigInt(version);
}

const formsById: ReadonlyMap<bigint, ModuleForm> = new Map(
  Object.entries(forms).map(([type, form]) => [idOf(type, form.version), form]),
);
