import { perfect } from '../network/link.ts';
import type { Random } from '../time/random.ts';
import { pick } from './argv.ts';
import type { Lab, Node } from './lab.ts';

/** Something that goes wrong in a data centre, or is put right. */
export interface Fault {
  readonly kind: FaultKind;
  /** The node that it befalls. */
  readonly node: string;
  /** Where there are two sides, the node on the other. */
  readonly other: string;
  /** How much of it, where that makes a difference: 0 to 1. */
  readonly amount: number;
}

interface Row {
  /** How often it comes, beside the others. */
  readonly weight: number;
  /** It takes a node away for a while. */
  readonly isOutage?: true;
  tell(fault: Fault): string;
  inflict(lab: Lab, fault: Fault): void;
}

const rows = {
  kill: {
    weight: 3,
    isOutage: true,
    tell: ({ node }) => `${node} is killed`,
    inflict: (lab, { node }) => lab.node(node)?.kill(),
  },
  losePower: {
    weight: 2,
    isOutage: true,
    tell: ({ node }) => `${node} loses power`,
    inflict: (lab, { node }) => lab.node(node)?.losePower(),
  },
  restart: {
    weight: 2,
    tell: ({ node }) => `${node} is restarted`,
    inflict: (lab, { node }) => {
      lab.node(node)?.stop();
      lab.node(node)?.start();
    },
  },
  pause: {
    weight: 3,
    isOutage: true,
    tell: ({ node }) => `${node} is paused`,
    inflict: (lab, { node }) => lab.node(node)?.pause(),
  },
  revive: {
    weight: 6,
    tell: () => 'all run again',
    inflict: reviveAll,
  },
  cut: {
    weight: 3,
    tell: ({ node, other }) => `${node} is not heard by ${other}`,
    inflict: (lab, { node, other }) => lab.network.cut(node, other),
  },
  part: {
    weight: 2,
    tell: ({ node, other }) => `${node} and ${other} do not reach one another`,
    inflict: (lab, { node, other }) => lab.cut(node, other),
  },
  isolate: {
    weight: 3,
    tell: ({ node }) => `${node} is cut off from all`,
    inflict: (lab, { node }) => {
      for (const { name } of lab.nodes) if (name !== node) lab.cut(node, name);
    },
  },
  reconnect: {
    weight: 5,
    tell: () => 'the network is whole',
    inflict: reconnectAll,
  },
  slow: {
    weight: 2,
    tell: ({ node, other, amount }) => `${node} is heard ${latencyOf(amount)} ms later by ${other}`,
    inflict: (lab, { node, other, amount }) =>
      lab.network.setLatency(node, other, latencyOf(amount)),
  },
  lossy: {
    weight: 2,
    tell: ({ node, other, amount }) => `${percentOf(amount)} % are lost from ${node} to ${other}`,
    inflict: (lab, { node, other, amount }) =>
      lab.network.setQuality(node, other, { loss: percentOf(amount) / 100 }),
  },
  narrow: {
    weight: 1,
    tell: ({ node, other, amount }) => `${bandwidthOf(amount)} kB/s from ${node} to ${other}`,
    inflict: (lab, { node, other, amount }) =>
      lab.network.setQuality(node, other, { bytesPerMs: bandwidthOf(amount) }),
  },
  shiftClock: {
    weight: 3,
    tell: ({ node, amount }) => `the clock of ${node} is off by ${clockErrorOf(amount)} ms`,
    inflict: (lab, { node, amount }) => lab.node(node)?.setClockError(clockErrorOf(amount)),
  },
  sleep: {
    weight: 1,
    tell: ({ amount }) => `all sleep for ${sleepOf(amount)} ms`,
    inflict: (lab, { amount }) => lab.clock.skip(sleepOf(amount)),
  },
} satisfies Readonly<Record<string, Row>>;

export type FaultKind = keyof typeof rows;

const latencyOf = (amount: number) => Math.floor(amount * 400);
const percentOf = (amount: number) => Math.floor(amount * 30);
const bandwidthOf = (amount: number) => 20 + Math.floor(amount * 200);
const clockErrorOf = (amount: number) => Math.floor(amount * 35_000) - 5000;
const sleepOf = (amount: number) => Math.floor(amount * 20_000);

const byWeight = (Object.keys(rows) as FaultKind[]).flatMap((kind) =>
  new Array<FaultKind>(rows[kind].weight).fill(kind),
);

/** One that may befall these nodes. */
export function randomFault(random: Random, nodes: readonly string[]): Fault {
  const node = pick(random, nodes);
  const others = nodes.filter((other) => other !== node);
  const kind = pick(random, byWeight);
  return { kind, node, other: pick(random, others), amount: random.below(1000) / 1000 };
}

export const isOutage = ({ kind }: Fault): boolean => (rows[kind] as Row).isOutage === true;

export const tellFault = (fault: Fault): string => rows[fault.kind].tell(fault);

export const inflict = (lab: Lab, fault: Fault): void => rows[fault.kind].inflict(lab, fault);

/** Puts everything right that a fault can do to a lab. */
export function mendAll(lab: Lab): void {
  for (const node of lab.nodes) node.setClockError(0);
  reconnectAll(lab);
  reviveAll(lab);
}

function reviveAll(lab: Lab): void {
  for (const node of lab.nodes) revive(node);
}

export function revive(node: Node): void {
  if (node.state === 'paused') node.resume();
  else node.start();
}

function reconnectAll(lab: Lab): void {
  const { nodes, network } = lab;
  for (const { name: from } of nodes) {
    for (const { name: to } of nodes) {
      if (from === to) continue;
      network.heal(from, to);
      network.setQuality(from, to, perfect);
    }
  }
}
