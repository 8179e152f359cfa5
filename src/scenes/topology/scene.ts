/** What is drawn, computed from a look at the lab and from what its servers have told. */
import type { LabView, LinkView, NodeView } from '../../wire/messages.ts';
import type { NodeFacts, Role, SlotRange, Watch } from './facts.ts';
import { type Layout, layOut } from './layout.ts';

export interface Scene {
  readonly nodes: readonly SceneNode[];
  readonly links: readonly SceneLink[];
  readonly layout: Layout;
  /** The shares of the slots; empty where there is no cluster. */
  readonly shares: readonly Share[];
  /** Whether the nodes find their cluster in order; undefined where there is none. */
  readonly cluster: 'ok' | 'fail' | 'divided' | undefined;
}

export interface SceneNode {
  readonly name: string;
  readonly address: string;
  readonly host: string;
  /** silent: it runs, and does not answer. */
  readonly state: NodeView['state'] | 'silent';
  readonly role: Role;
  /** The last that it told; undefined where it never did. */
  readonly facts: NodeFacts | undefined;
  /** Why it tells nothing, in its own words, such as NOAUTH. */
  readonly refusal: string | undefined;
  /** The name of the node that it follows, or would follow if it answered. */
  readonly under: string | undefined;
  /** Bytes that it has not confirmed of what its primary has written; undefined where unknown. */
  readonly behind: number | undefined;
  /** Of a Sentinel: what it watches, and the name of the node that it believes to be the primary. */
  readonly watches: readonly (Watch & { readonly primary: string })[];
  /** Which of the colours is its own: those who hold slots or follow the same one share it. */
  readonly colour: number;
  /** Others that believe that it is down, by name, and in which words. */
  readonly doubted: readonly { readonly by: string; readonly flag: string }[];
}

/** Both directions between two nodes. */
export interface SceneLink {
  readonly id: string;
  readonly ends: readonly [string, string];
  /** From the first to the second, and back. */
  readonly ways: readonly [Way, Way];
  /** replication: one follows the other. talk: they have talked lately. quiet: neither. */
  readonly kind: 'replication' | 'talk' | 'quiet';
  /** Of a replication link: what the replica says of it. */
  readonly isUp: boolean;
  /** Bytes per second of lab time, both ways. */
  readonly rate: number;
}

export interface Way {
  readonly isCut: boolean;
  readonly latencyMs: number;
  readonly loss: number;
}

export interface Share extends SlotRange {
  /** The name of the owner; undefined: nobody's. */
  readonly owner: string | undefined;
  readonly colour: number;
}

/** What is known of the servers, by name. */
export interface Knowledge {
  readonly facts: ReadonlyMap<string, NodeFacts>;
  readonly silent: ReadonlySet<string>;
  readonly refusals: ReadonlyMap<string, string>;
}

export const nothing: Scene = {
  nodes: [],
  links: [],
  layout: { columns: 1, rows: 0, places: new Map() },
  shares: [],
  cluster: undefined,
};

/** `before` is what traffic is measured from. */
export function sceneOf(view: LabView, known: Knowledge, before: LabView | undefined): Scene {
  const names = new Map(view.nodes.map(({ name, host, port }) => [`${host}:${port}`, name]));
  const shares = sharesOf(view, known.facts);
  const bare = view.nodes.map((node) => bareNode(node, known, names, shares));
  const placed = bare.map((node) => ({ ...node, under: node.under ?? heirOf(node, bare) }));
  const nodes = placed.map((node) => inContext(node, placed, view));
  return {
    nodes,
    links: linksOf(view, nodes, before),
    layout: layOut(nodes),
    shares: shares.map((share) => ({ ...share, colour: colourOf(share.owner, nodes) })),
    cluster: clusterState(nodes),
  };
}

type Bare = Omit<SceneNode, 'colour' | 'doubted' | 'behind'>;

function bareNode(
  { name, host, port, state }: NodeView,
  { facts, silent, refusals }: Knowledge,
  names: ReadonlyMap<string, string>,
  shares: readonly Omit<Share, 'colour'>[],
): Bare {
  const told = facts.get(name);
  const isThere = state === 'running' && !silent.has(name);
  const followed = told?.follows && (names.get(told.follows.address) ?? undefined);
  return {
    name,
    address: `${host}:${port}`,
    host,
    state: state === 'running' && !isThere ? 'silent' : state,
    role: told?.role ?? 'primary',
    facts: told,
    refusal: refusals.get(name),
    under: followed ?? (isThere ? undefined : successorOf(name, told, shares)),
    watches: (told?.watches ?? []).map((watch) => ({
      ...watch,
      primary: names.get(watch.address) ?? watch.address,
    })),
  };
}

/** A primary that is gone belongs under whoever has taken its slots. */
function successorOf(
  name: string,
  told: NodeFacts | undefined,
  shares: readonly Omit<Share, 'colour'>[],
): string | undefined {
  const [first] = told?.cluster?.slots ?? [];
  const owner =
    first && shares.find(({ from, to }) => from <= first.from && first.from <= to)?.owner;
  return owner === name ? undefined : owner;
}

/** A primary that is gone, and that nobody follows any more, belongs under whom it had as a replica. */
function heirOf(node: Bare, all: readonly Bare[]): string | undefined {
  const { name, state, role, facts } = node;
  if (state === 'running' || role !== 'primary' || !facts) return undefined;
  if (all.some(({ under }) => under === name)) return undefined;
  const heir = all.find(
    (other) =>
      other.role === 'primary' && other.state === 'running' && facts.replicas.has(other.address),
  );
  return heir?.name;
}

function inContext(node: Bare, all: readonly Bare[], view: LabView): SceneNode {
  const primary = all.find(({ name }) => name === node.under);
  const top = node.role === 'primary' && node.under === undefined ? node : (primary ?? node);
  return {
    ...node,
    behind: behindOf(node, primary),
    colour: view.nodes.findIndex(({ name }) => name === top.name),
    doubted: all.flatMap(({ name, state, facts }) => {
      if (state !== 'running' || name === node.name) return [];
      const flag = facts?.beliefs.get(node.address)?.flags.find(isDoubt);
      return flag === undefined ? [] : [{ by: name, flag }];
    }),
  };
}

/** Words of CLUSTER NODES and of SENTINEL for one that may be down. */
export const isDoubt = (flag: string): boolean => /^(fail\??|[so]_down)$/.test(flag);

function behindOf(node: Bare, primary: Bare | undefined): number | undefined {
  if (node.facts === undefined || primary?.facts === undefined || node.role !== 'replica') {
    return undefined;
  }
  return Math.max(0, primary.facts.offset - node.facts.offset);
}

const colourOf = (name: string | undefined, nodes: readonly SceneNode[]): number =>
  nodes.findIndex((node) => node.name === name);

function clusterState(nodes: readonly SceneNode[]): Scene['cluster'] {
  const opinions = nodes.flatMap(({ state, facts }) =>
    state === 'running' && facts?.cluster ? [facts.cluster.isOk] : [],
  );
  if (opinions.length === 0) return undefined;
  if (opinions.every((isOk) => isOk)) return 'ok';
  return opinions.some((isOk) => isOk) ? 'divided' : 'fail';
}

const SLOTS = 16_384;

/** Who says that a slot is its own; of two who say so, the one of the greater epoch is right. */
function sharesOf(view: LabView, facts: Knowledge['facts']): Omit<Share, 'colour'>[] {
  const claims = view.nodes.flatMap(({ name }) => {
    const cluster = facts.get(name)?.cluster;
    return cluster ? [{ name, ...cluster }] : [];
  });
  if (claims.length === 0) return [];
  const owners = new Array<string | undefined>(SLOTS);
  for (const { name, slots } of claims.sort((a, b) => a.configEpoch - b.configEpoch)) {
    for (const { from, to } of slots) owners.fill(name, from, to + 1);
  }
  const shares: Omit<Share, 'colour'>[] = [];
  let from = 0;
  for (let slot = 1; slot <= SLOTS; slot++) {
    if (slot < SLOTS && owners[slot] === owners[from]) continue;
    shares.push({ from, to: slot - 1, owner: owners[from] });
    from = slot;
  }
  return shares;
}

function linksOf(
  view: LabView,
  nodes: readonly SceneNode[],
  before: LabView | undefined,
): SceneLink[] {
  const ways = waysOf(view.links);
  const earlier = before?.lab === view.lab ? waysOf(before.links) : new Map<string, LinkView>();
  const seconds = before ? (view.nowMs - before.nowMs) / 1000 : 0;
  return nodes.flatMap((one, i) =>
    nodes.slice(i + 1).flatMap((other): SceneLink[] => {
      if (one.host === other.host) return [];
      const ids = [`${one.host} ${other.host}`, `${other.host} ${one.host}`];
      const carried = (of: ReadonlyMap<string, LinkView>) =>
        ids.reduce((sum, id) => sum + (of.get(id)?.carried ?? 0), 0);
      const rate = seconds > 0 ? Math.max(0, carried(ways) - carried(earlier)) / seconds : 0;
      const replica = one.under === other.name ? one : other.under === one.name ? other : undefined;
      const follows = replica?.facts?.follows;
      const kind = follows ? 'replication' : carried(ways) > 0 ? 'talk' : 'quiet';
      const [there, back] = ids.map((id) => wayOf(ways.get(id))) as [Way, Way];
      const isUp = follows?.isUp === true && replica?.state === 'running';
      const ends = [one.name, other.name] as const;
      return [{ id: ends.join(' '), ends, ways: [there, back], kind, isUp, rate }];
    }),
  );
}

const waysOf = (links: readonly LinkView[]): ReadonlyMap<string, LinkView> =>
  new Map(links.map((link) => [`${link.from} ${link.to}`, link]));

const wayOf = (link: LinkView | undefined): Way => ({
  isCut: link?.isCut ?? false,
  latencyMs: link?.latencyMs ?? 0,
  loss: link?.loss ?? 0,
});
