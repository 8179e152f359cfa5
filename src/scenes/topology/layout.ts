/**
 * Where the nodes of a data centre are drawn: Sentinels above, primaries in a row, the replicas of
 * each below it. What does not fit beside one another goes into a further band beneath.
 */

export interface Placeable {
  readonly name: string;
  readonly role: 'primary' | 'replica' | 'sentinel';
  /** The name of the node that it belongs beneath. */
  readonly under: string | undefined;
}

export interface Layout {
  readonly columns: number;
  readonly rows: number;
  /** The middle of a node, in columns from the left edge; and its row, from 0. */
  readonly places: ReadonlyMap<string, Place>;
}

export interface Place {
  readonly x: number;
  readonly row: number;
}

/** At most so many nodes beside one another: they must be readable in a narrow dock. */
const WIDEST = 3;

export function layOut(nodes: readonly Placeable[]): Layout {
  const sentinels = nodes.filter(({ role }) => role === 'sentinel');
  const shards = shardsOf(nodes.filter(({ role }) => role !== 'sentinel'));
  const bands = [
    ...inRows(sentinels.map(({ name }) => name)).map((row) => [row]),
    ...(shards.length === 1 ? loneShard(shards[0] ?? []) : inRows(shards).map(shardBand)),
  ];
  const columns = Math.max(1, ...bands.flat().map((row) => row.length));
  const places = new Map<string, Place>();
  bands.flat().forEach((names, row) => {
    names.forEach((name, i) => {
      if (name !== '') places.set(name, { x: (columns - names.length) / 2 + i + 0.5, row });
    });
  });
  return { columns, rows: bands.flat().length, places };
}

/** The primary and what follows it, over however many hops; the primary first. */
type Shard = readonly string[];

function shardsOf(nodes: readonly Placeable[]): Shard[] {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const shards = new Map<string, string[]>();
  for (const node of nodes) {
    const top = topOf(node, byName);
    const shard = shards.get(top) ?? [];
    if (node.name === top) shard.unshift(top);
    else shard.push(node.name);
    shards.set(top, shard);
  }
  return [...shards.values()];
}

function topOf(node: Placeable, byName: ReadonlyMap<string, Placeable>): string {
  const seen = new Set<string>();
  let top = node;
  for (
    let next: Placeable | undefined = node;
    next && !seen.has(next.name);
    next = next.under === undefined ? undefined : byName.get(next.under)
  ) {
    seen.add(next.name);
    top = next;
  }
  return top.name;
}

/** One primary stands above all its replicas. */
const loneShard = ([primary = '', ...replicas]: Shard): string[][][] => [
  [[primary]],
  ...inRows(replicas).map((row) => [row]),
];

/** Several stand side by side, each above its own; '' leaves a place free. */
function shardBand(shards: readonly Shard[]): string[][] {
  const depth = Math.max(...shards.map((shard) => shard.length));
  return Array.from({ length: depth }, (_, row) => shards.map((shard) => shard[row] ?? ''));
}

/** Rows of about equal length. */
function inRows<T>(items: readonly T[]): T[][] {
  const rows = Math.ceil(items.length / WIDEST);
  const width = Math.ceil(items.length / Math.max(rows, 1));
  return Array.from({ length: rows }, (_, row) => items.slice(row * width, (row + 1) * width));
}
