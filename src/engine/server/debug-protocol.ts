import { redisError } from '../errors.ts';
import type { Protocol } from '../resp/encode.ts';
import {
  Attribute,
  BigNumber,
  Bool,
  Double,
  Many,
  MapReply,
  Push,
  type Reply,
  SetReply,
  Verbatim,
} from '../resp/reply.ts';

const samples: Readonly<Record<string, Reply>> = {
  string: 'Hello World',
  integer: 12_345,
  // biome-ignore lint/suspicious/noApproximativeNumericConstant: it is what Redis sends.
  double: new Double(3.141),
  bignum: new BigNumber('1234567999999999999999999999999999999'),
  null: null,
  array: [0, 1, 2],
  set: new SetReply([0, 1, 2]),
  map: new MapReply([
    [0, new Bool(false)],
    [1, new Bool(true)],
    [2, new Bool(false)],
  ]),
  attrib: new Attribute(
    [['key-popularity', ['key:123', 90]]],
    'Some real reply following the attribute',
  ),
  push: new Many([new Push(['server-cpu-usage', 42]), 'Some real reply following the push reply']),
  verbatim: new Verbatim('This is a verbatim\nstring'),
  true: new Bool(true),
  false: new Bool(false),
};

/** A reply of every type, for the tests of client libraries: DEBUG PROTOCOL. */
export function protocolSample(type: string, protocol: Protocol): Reply {
  const name = type.toLowerCase();
  const sample = samples[name];
  if (sample === undefined) {
    const names = Object.keys(samples).join('|');
    throw redisError(`ERR Wrong protocol type name. Please use one of the following: ${names}`);
  }
  if (name === 'push' && protocol === 2) {
    throw redisError('ERR RESP2 is not supported by this command');
  }
  return sample;
}
