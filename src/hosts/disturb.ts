/** What can befall a lab from outside, by the page's control messages. */
import type { Lab, Node } from '../engine/lab/lab.ts';
import { perfect } from '../engine/network/link.ts';
import { LoadError } from '../engine/persistence/host.ts';
import type { Control, WireError } from '../wire/messages.ts';

/** What is refused, with nothing changed. */
export class Refusal extends Error {
  readonly code: WireError['code'];

  constructor(code: WireError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

type Disturbance = Extract<
  Control,
  {
    do:
      | ('cut' | 'heal' | 'latency' | 'bandwidth' | 'loss' | 'name')
      | ('kill' | 'unplug' | 'pause' | 'resume' | 'revive');
  }
>;

/** Throws a Refusal where there is no such node, or where it cannot start. */
export function disturb(lab: Lab, control: Disturbance): void {
  // The table pairs each verb with its own control; the compiler cannot follow that through a union.
  const apply = disturbances[control.do] as (lab: Lab, control: Disturbance) => void;
  apply(lab, control);
}

type Disturbances = {
  readonly [D in Disturbance['do']]: (lab: Lab, control: Extract<Disturbance, { do: D }>) => void;
};

const disturbances: Disturbances = {
  cut: (lab, { from, to, oneWay }) => lab.cut(from, to, oneWay),
  heal: (lab, { from, to, oneWay }) => lab.heal(from, to, oneWay),
  latency: ({ network }, { from, to, ms }) => network.setLatency(from, to, ms),
  bandwidth: ({ network }, { from, to, kilobytes }) =>
    network.setQuality(from, to, { bytesPerMs: kilobytes || perfect.bytesPerMs }),
  name: (lab, { name, node }) => lab.network.name(name, nodeOf(lab, node).host),
  loss: ({ network }, { from, to, share }) => network.setQuality(from, to, { loss: share }),
  kill: (lab, { node }) => nodeOf(lab, node).kill(),
  unplug: (lab, { node }) => nodeOf(lab, node).losePower(),
  pause: (lab, { node }) => nodeOf(lab, node).pause(),
  resume: (lab, { node }) => nodeOf(lab, node).resume(),
  revive: (lab, { node }) => revive(nodeOf(lab, node)),
};

function revive(node: Node): void {
  try {
    if (node.state === 'paused') node.resume();
    else node.start();
  } catch (error) {
    if (error instanceof LoadError) throw new Refusal('bad-control', error.message);
    throw error;
  }
}

function nodeOf(lab: Lab, name: string): Node {
  const node = lab.node(name);
  if (!node) throw new Refusal('bad-control', `There is no node ${name}.`);
  return node;
}
