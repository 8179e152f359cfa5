/** Nodes, links and slots in words: the same in the diagram, in the list, and for a screen reader. */
import { bytesInWords, groups } from '../measures.ts';
import type { Belief } from './facts.ts';
import type { SceneLink, SceneNode, Share, Way } from './scene.ts';

export const stateWords: { readonly [S in SceneNode['state']]: string } = {
  running: 'running',
  silent: 'does not answer',
  paused: 'paused',
  ended: 'down',
};

/** `5 461 slots`, how far a replica has come, or whom a Sentinel takes for the primary. */
export function positionOf(node: SceneNode, shares: readonly Share[]): string {
  if (node.refusal !== undefined) return node.refusal.split(' ')[0] ?? '';
  if (node.facts === undefined) return '';
  if (node.role === 'sentinel') return watchingOf(node);
  const slots = slotCount(node.name, shares);
  if (node.role === 'primary' && (slots > 0 || node.facts.cluster)) {
    return `${groups(slots)} ${slots === 1 ? 'slot' : 'slots'}`;
  }
  if (node.role === 'primary') return `offset ${groups(node.facts.offset)}`;
  return followingOf(node);
}

/** `mymaster: node1` */
export const watchingOf = ({ watches }: SceneNode): string =>
  watches.map(({ name, primary }) => `${name}: ${primary}`).join(', ');

/** How many Sentinels must agree that a primary is down: `2 of 3`. */
export const quorumOf = ({ watches }: SceneNode): string =>
  watches.map(({ quorum, sentinels }) => `${quorum} of ${sentinels}`).join(', ');

/** How a replica stands to its primary. */
export function followingOf({ facts, behind, state }: SceneNode): string {
  if (!facts?.follows) return '';
  if (facts.follows.isSyncing) return 'is copying';
  if (!facts.follows.isUp && state === 'running') return 'link down';
  if (behind === undefined) return `offset ${groups(facts.offset)}`;
  return behind === 0 ? 'in step' : `${bytesInWords(behind)} behind`;
}

export const slotCount = (name: string, shares: readonly Share[]): number =>
  shares.reduce((sum, { owner, from, to }) => (owner === name ? sum + to - from + 1 : sum), 0);

/** What a node holds; of a Sentinel, who must agree with it. */
export function contentsOf(node: SceneNode): string {
  const { facts, role, watches } = node;
  if (role === 'sentinel') return watches.length > 0 ? `quorum ${quorumOf(node)}` : '';
  if (facts === undefined) return '';
  return `${bytesInWords(facts.memory)}, ${keysInWords(facts.keys)}`;
}

export const keysInWords = (keys: number): string =>
  `${groups(keys)} ${keys === 1 ? 'key' : 'keys'}`;

/** All of it in one sentence. */
export function inOneSentence(node: SceneNode, shares: readonly Share[]): string {
  const parts = [
    `${node.name}, ${node.role}`,
    stateWords[node.state],
    node.under !== undefined && node.role === 'replica' && `follows ${node.under}`,
    positionOf(node, shares),
    contentsOf(node),
    node.doubted.length > 0 && `${doubters(node)} believe it is down`,
  ];
  return parts.filter((part) => part !== false && part !== '').join(', ');
}

export const doubters = ({ doubted }: SceneNode): string => doubted.map(({ by }) => by).join(', ');

/** A belief as its words stand in CLUSTER NODES; `connected` where nothing speaks against it. */
export function beliefInWords({ flags, isConnected }: Belief): string {
  const words = flags.filter((flag) => flag !== '' && flag !== 'noflags');
  // Sentinel has a flag for it, CLUSTER NODES a column.
  return [...new Set([...words, ...(isConnected ? [] : ['disconnected'])])].join(', ');
}

/** `cut`, `node1 → node2 cut`, `200 ms`, `10 % lost`; '' for a link that is as it should be. */
export function troubleOf({ ends, ways }: SceneLink): string {
  const [there, back] = ways;
  if (there.isCut && back.isCut) return 'cut';
  if (there.isCut) return `${ends[0]} → ${ends[1]} cut`;
  if (back.isCut) return `${ends[1]} → ${ends[0]} cut`;
  const worst = (of: (way: Way) => number) => Math.max(of(there), of(back));
  const [latency, loss] = [worst(({ latencyMs }) => latencyMs), worst((way) => way.loss)];
  const words = [
    latency > 0 && `${latency}\u202fms`,
    loss > 0 && `${Math.round(loss * 100)}\u202f% lost`,
  ];
  return words.filter(Boolean).join(', ');
}

/** How much goes over it. */
export const trafficOf = ({ rate }: SceneLink): string =>
  rate < 1 ? 'nothing sent now' : `${bytesInWords(Math.round(rate))}/s`;

export const linkKinds: { readonly [K in SceneLink['kind']]: string } = {
  replication: 'replication',
  talk: 'gossip',
  quiet: 'not used',
};

/** `14:03:07.250`, in the lab's time. */
export const timeInWords = (ms: number): string => new Date(ms).toISOString().slice(11, 23);
