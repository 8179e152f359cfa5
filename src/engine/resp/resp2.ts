import { RedisError } from '../errors.ts';
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
} from './reply.ts';

/**
 * What a RESP2 client gets of a reply: strings, integers, errors, nulls and arrays of these.
 * https://redis.io/docs/latest/develop/reference/protocol-spec/#resp-protocol-description
 */
export function inResp2(reply: Reply): Reply {
  if (reply === null || typeof reply !== 'object') return reply;
  if (reply instanceof Status || reply instanceof RedisError) return reply;
  if (reply instanceof NullArray || reply instanceof NoReply) return reply;
  if (reply instanceof Double) return reply.text;
  if (reply instanceof Bool) return reply.value ? 1 : 0;
  if (reply instanceof BigNumber) return reply.digits;
  if (reply instanceof Verbatim) return reply.text;
  if (reply instanceof Attribute) return inResp2(reply.reply);
  if (reply instanceof Many) return new Many(reply.replies.map(inResp2));
  if (reply instanceof MapReply || reply instanceof Pairs) return reply.entries.flat().map(inResp2);
  if (reply instanceof SetReply || reply instanceof Push) return reply.items.map(inResp2);
  return reply.map(inResp2);
}
