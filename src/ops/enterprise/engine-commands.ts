/** What a server must be told so that a key is what its region shows. */
import type { View } from './crdt.ts';

/** Commands that lead from one view of a key to the other. */
export function engineCommands(
  key: string,
  before: View | undefined,
  after: View | undefined,
): string[][] {
  if (!after) return before ? [['DEL', key]] : [];
  const isAnother = before !== undefined && before.kind !== after.kind;
  const old = isAnother ? new Map<string, string>() : (before?.entries ?? new Map());
  const values = valueCommands(key, after, old);
  const expiry = expiryCommand(key, isAnother ? undefined : before?.expiresAt, after.expiresAt);
  return [...(isAnother ? [['DEL', key]] : []), ...values, ...expiry];
}

function valueCommands(
  key: string,
  { kind, entries }: View,
  old: ReadonlyMap<string, string>,
): string[][] {
  const gone = [...old.keys()].filter((field) => !entries.has(field));
  const changed = [...entries].filter(([field, value]) => old.get(field) !== value);
  const some = (words: string[], name: string) =>
    words.length === 0 ? [] : [[name, key, ...words]];
  switch (kind) {
    case 'string':
      return changed.map(([, value]) => ['SET', key, value, 'KEEPTTL']);
    case 'set':
      return [...some(fields(changed), 'SADD'), ...some(gone, 'SREM')];
    case 'hash':
      return [...some(changed.flat(), 'HSET'), ...some(gone, 'HDEL')];
    case 'zset': {
      const scored = changed.flatMap(([member, score]) => [score, member]);
      return [...some(scored, 'ZADD'), ...some(gone, 'ZREM')];
    }
  }
}

const fields = (entries: readonly (readonly [string, string])[]) => entries.map(([name]) => name);

function expiryCommand(
  key: string,
  before: number | undefined,
  after: number | undefined,
): string[][] {
  if (before === after) return [];
  return [after === undefined ? ['PERSIST', key] : ['PEXPIREAT', key, String(after)]];
}
