/** Replies as modules send them: doubles with their shortest digits, names as simple strings. */
import { printShortestDouble } from '../bytes/numbers.ts';
import { Double, MapReply, type Reply, Status } from '../resp/reply.ts';

export const doubleReply = (value: number): Double => new Double(value, printShortestDouble(value));

/** Names with what they stand for. */
export const namedReplies = (
  entries: readonly (readonly [name: string, reply: Reply])[],
): MapReply => new MapReply(entries.map(([name, reply]) => [new Status(name), reply]));
