import type { StreamId } from './stream-id.ts';

/**
 * How many nodes a radix tree has that holds these ids, given in ascending order, as keys of 16
 * bytes: what ids share lies in one node, where they part is one, and what is left of an id leads in
 * one node to its end. An empty tree has its root.
 */
export function radixNodes(ids: readonly StreamId[]): number {
  return ids.length === 0 ? 1 : nodesBelow(ids.map(bytesOf), 0);
}

const LENGTH = 16;

const bytesOf = (id: StreamId): string => id.toString(16).padStart(2 * LENGTH, '0');

/** Of sorted keys in hexadecimal that share all that comes before the byte `depth`. */
function nodesBelow(keys: readonly string[], depth: number): number {
  const [first = ''] = keys;
  if (keys.length === 1) return depth === LENGTH ? 1 : 2;
  let parting = depth;
  while (byteAt(first, parting) === byteAt(keys.at(-1) as string, parting)) parting++;
  let nodes = parting > depth ? 2 : 1;
  for (let start = 0, end = 1; start < keys.length; start = end++) {
    const byte = byteAt(keys[start] as string, parting);
    while (end < keys.length && byteAt(keys[end] as string, parting) === byte) end++;
    nodes += nodesBelow(keys.slice(start, end), parting + 1);
  }
  return nodes;
}

const byteAt = (key: string, index: number): string => key.slice(2 * index, 2 * index + 2);
