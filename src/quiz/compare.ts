/** Replies made plain, and held against what a condition expects. */
import { utf8Decode, utf8Encode } from '../engine/bytes/bytes.ts';
import { RedisError } from '../engine/errors.ts';
import {
  Attribute,
  BigNumber,
  Bool,
  Double,
  Many,
  MapReply,
  NoReply,
  NullArray,
  Pairs,
  Push,
  type Reply,
  SetReply,
  Status,
  Verbatim,
} from '../engine/resp/reply.ts';
import type { Expectation, Expected } from './condition.ts';

/** A reply without the differences between the protocols: as RESP2 has it, numbers as digits. */
export type Plain = null | string | RedisError | readonly Plain[];

export function plain(reply: Reply): Plain {
  if (reply === null || reply instanceof NullArray || reply instanceof NoReply) return null;
  if (typeof reply === 'string' || reply instanceof RedisError) return reply;
  if (reply instanceof Status || reply instanceof Verbatim) return reply.text;
  if (reply instanceof Double) return String(reply.value);
  if (reply instanceof Bool) return reply.value ? '1' : '0';
  if (reply instanceof BigNumber) return reply.digits;
  if (reply instanceof MapReply || reply instanceof Pairs) return reply.entries.flat().map(plain);
  if (reply instanceof SetReply || reply instanceof Push) return reply.items.map(plain);
  if (reply instanceof Attribute) return plain(reply.reply);
  if (reply instanceof Many) return reply.replies.map(plain);
  return typeof reply === 'object' ? reply.map(plain) : String(reply);
}

/** Whether a reply is as expected. An error is as expected only if `error` says so. */
export function meets(expectation: Expectation, reply: Plain): boolean {
  const { is, anyOrder, contains, between, matches, json, error } = expectation;
  if (error !== undefined) return reply instanceof RedisError && reply.message.startsWith(error);
  if (reply instanceof RedisError) return false;
  if (is !== undefined) return equal(is, reply);
  if (anyOrder !== undefined) return sameMembers(anyOrder, reply);
  if (contains !== undefined) return containsAll(contains, reply);
  if (between !== undefined) return isBetween(between, reply);
  if (matches !== undefined) return new RegExp(matches, 'u').test(textOf(reply));
  if (json !== undefined) return sameJson(json, textOf(reply));
  return true;
}

/** Lists in order; a mapping against a flat list of fields and values, in any order. */
export function equal(expected: Expected, reply: Plain): boolean {
  if (expected === null || reply === null) return expected === reply;
  if (typeof expected === 'string') return reply === utf8Encode(expected);
  if (!isList(reply)) return false;
  if (isExpectedList(expected)) {
    return (
      expected.length === reply.length &&
      expected.every((item, index) => equal(item, reply[index] ?? null))
    );
  }
  const fields = new Map(pairsOf(reply));
  const wanted = Object.entries(expected);
  return (
    wanted.length === fields.size &&
    wanted.every(([field, value]) => fields.get(utf8Encode(field)) === utf8Encode(value))
  );
}

export const isList = (reply: Plain): reply is readonly Plain[] => Array.isArray(reply);

/** The fields of a flat list `field, value, field, value`, in order. */
export function pairsOf(flat: readonly Plain[]): [string, string][] {
  const pairs: [string, string][] = [];
  for (let at = 0; at + 1 < flat.length; at += 2) {
    pairs.push([String(flat[at]), String(flat[at + 1])]);
  }
  return pairs;
}

export const isBetween = ([low, high]: readonly [number, number], reply: Plain): boolean =>
  typeof reply === 'string' && reply.trim() !== '' && Number(reply) >= low && Number(reply) <= high;

const isExpectedList = (expected: Expected): expected is readonly Expected[] =>
  Array.isArray(expected);

function sameMembers(expected: readonly Expected[], reply: Plain): boolean {
  return isList(reply) && reply.length === expected.length && containsAll(expected, reply);
}

function containsAll(expected: readonly Expected[], reply: Plain): boolean {
  if (!isList(reply)) return expected.every((part) => textOf(reply).includes(String(part)));
  const left = [...reply];
  return expected.every((item) => {
    const at = left.findIndex((candidate) => equal(item, candidate));
    if (at >= 0) left.splice(at, 1);
    return at >= 0;
  });
}

function textOf(reply: Plain): string {
  if (isList(reply)) return reply.map(textOf).join('\n');
  return reply === null || reply instanceof RedisError ? '' : utf8Decode(reply);
}

function sameJson(expected: unknown, text: string): boolean {
  try {
    return canonical(JSON.parse(text)) === canonical(expected);
  } catch {
    return false;
  }
}

/** JSON with the members of objects in order of their names. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_name, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
