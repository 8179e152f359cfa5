/** A lab as the page is shown it: see LabView. */
import type { Lab } from '../engine/lab/lab.ts';
import type { LabView, LinkView } from '../wire/messages.ts';

/** `number` says which lab it is; of its events those after the first `since` are told. */
export function viewOf(lab: Lab, number: number, since: number): LabView {
  const { all, told } = lab.events;
  return {
    lab: number,
    nowMs: lab.clock.now,
    nodes: lab.nodes.map(({ name, host, port, state }) => ({ name, host, port, state })),
    links: linksOf(lab),
    events: all.slice(all.length - Math.min(Math.max(told - since, 0), all.length)),
    told,
  };
}

/** Those between hosts of the lab; clients are elsewhere. */
function linksOf({ nodes, network }: Lab): LinkView[] {
  const hosts = new Set(nodes.map(({ host }) => host));
  return network.links.flatMap(([from, to, { isCut, quality, carried }]) => {
    if (from === to || !hosts.has(from) || !hosts.has(to)) return [];
    const { latencyMs, loss } = quality;
    return [{ from, to, isCut, latencyMs, loss, carried }];
  });
}
