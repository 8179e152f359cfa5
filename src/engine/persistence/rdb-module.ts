/**
 * Values of modules: the module's type and its version as one number, then strings and numbers each
 * announced by what it is, then an end. A server without the module can so pass over them. How a
 * module spells its values in there is its own affair.
 * https://redis.io/docs/latest/develop/reference/modules/modules-native-types/
 */
import { JsonDocument } from '../values/json-document.ts';
import { JsonError } from '../values/json-parse.ts';
import type { ModuleType, ModuleValue } from '../values/module-value.ts';
import { TimeSeries } from '../values/time-series.ts';
import type { RdbReader } from './rdb-reader.ts';
import { RdbError } from './rdb-types.ts';
import type { RdbWriter } from './rdb-writer.ts';

interface ModuleForm {
  /** Of how the module spells its values. */
  readonly version: number;
  load(text: string): JsonDocument | TimeSeries;
}

/**
 * JSON is spelled as by the real module. Time series are not: the version is one that no real module
 * has, so that a real server says it cannot read them rather than reading something else.
 */
const forms: Readonly<Record<ModuleType, ModuleForm>> = {
  'ReJSON-RL': { version: 3, load: (text) => JsonDocument.load(text) },
  'TSDB-TYPE': { version: 1023, load: (text) => TimeSeries.load(text) },
};

const Piece = { end: 0, string: 5 } as const;

export function writeModuleValue(writer: RdbWriter, value: ModuleValue): void {
  writer.size(idOf(value.type, forms[value.type].version));
  writer.size(Piece.string);
  writer.string(value.save());
  writer.size(Piece.end);
}

export function readModuleValue(reader: RdbReader): JsonDocument | TimeSeries {
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
