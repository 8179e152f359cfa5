/**
 * JSON as the JSON module keeps it. Strings are UTF-8 bytes. Whole numbers and fractions are different
 * things: 1 stays 1 and 1.0 stays 1.0. Objects keep the order of their members.
 */

/** A number that was written with a fraction or an exponent, or is too large for 64 bits. */
export class JsonDouble {
  constructor(readonly value: number) {}
}

export type JsonArray = Json[];
export type JsonObject = Map<string, Json>;
export type JsonContainer = JsonArray | JsonObject;

/** A bigint is a whole number that a JavaScript number does not hold exactly. */
export type Json = null | boolean | number | bigint | JsonDouble | string | JsonContainer;

/** What JSON.TYPE calls a value. */
export type JsonTypeName =
  | 'null'
  | 'boolean'
  | 'integer'
  | 'number'
  | 'string'
  | 'array'
  | 'object';

export function typeNameOf(value: Json): JsonTypeName {
  if (value === null) return 'null';
  if (typeof value === 'boolean') return 'boolean';
  if (typeof value === 'string') return 'string';
  if (typeof value === 'number' || typeof value === 'bigint') return 'integer';
  if (value instanceof JsonDouble) return 'number';
  return Array.isArray(value) ? 'array' : 'object';
}

export const isObject = (value: Json | undefined): value is JsonObject => value instanceof Map;

export const isContainer = (value: Json | undefined): value is JsonContainer =>
  Array.isArray(value) || value instanceof Map;

export const isNumber = (value: Json | undefined): value is number | bigint | JsonDouble =>
  typeof value === 'number' || typeof value === 'bigint' || value instanceof JsonDouble;

/** A number as JavaScript reckons with it. */
export const asNumber = (value: number | bigint | JsonDouble): number =>
  value instanceof JsonDouble ? value.value : Number(value);

/** A whole number in its one form. */
export const integer = (value: bigint): number | bigint =>
  value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;

/** A copy that shares nothing that can change. */
export function cloneJson(value: Json): Json {
  if (Array.isArray(value)) return value.map(cloneJson);
  if (!isObject(value)) return value;
  return new Map(Array.from(value, ([key, member]) => [key, cloneJson(member)]));
}

/** Whether two values are the same; 3 and 3.0 are not, the order of members does not matter. */
export function equalJson(a: Json, b: Json): boolean {
  if (Array.isArray(a)) {
    return (
      Array.isArray(b) &&
      a.length === b.length &&
      a.every((item, i) => equalJson(item, b[i] as Json))
    );
  }
  if (isObject(a)) {
    if (!isObject(b) || a.size !== b.size) return false;
    for (const [key, member] of a) {
      const other = b.get(key);
      if (other === undefined || !equalJson(member, other)) return false;
    }
    return true;
  }
  if (a instanceof JsonDouble) return b instanceof JsonDouble && a.value === b.value;
  return a === b;
}

/** Takes a member out; the last one comes to stand in its place, as in the module. */
export function removeMember(object: JsonObject, key: string): void {
  const members = [...object];
  const at = members.findIndex(([name]) => name === key);
  const last = members.pop();
  if (at < 0 || !last) return;
  object.delete(key);
  if (at === members.length) return;
  // Everything from the gap on is put in anew, the last one first.
  for (const [name] of members.slice(at + 1)) object.delete(name);
  object.delete(last[0]);
  object.set(...last);
  for (const member of members.slice(at + 1)) object.set(...member);
}

const POINTER = 8;
const HEADER = 16;

/** About how many bytes the module takes for a value, as JSON.DEBUG MEMORY tells it. */
export function jsonBytes(value: Json): number {
  if (typeof value === 'string') return POINTER + (value.length > 7 ? HEADER + value.length : 0);
  if (value instanceof JsonDouble || typeof value === 'bigint') return 2 * POINTER;
  if (Array.isArray(value)) {
    const items = value.reduce<number>((sum, item) => sum + jsonBytes(item), 0);
    return POINTER + (value.length === 0 ? 0 : HEADER + items);
  }
  if (!isObject(value)) return POINTER;
  let members = 0;
  for (const [key, member] of value) members += jsonBytes(key) + jsonBytes(member) + POINTER;
  return POINTER + (value.size === 0 ? 0 : HEADER + members);
}
