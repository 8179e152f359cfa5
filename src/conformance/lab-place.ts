/** Where lessons are replayed on the engine. */
import { Lab } from '../engine/lab/lab.ts';
import { steerLab } from '../engine/lab/script.ts';
import { openLua } from '../hosts/lua-file.ts';
import { topologyOf } from '../lessons/labs.ts';
import type { Lab as LabName } from '../lessons/lesson.ts';
import type { Place } from './place.ts';
import type { Door } from './rig.ts';

/** The engine, its servers with these directives. Nothing in it waits for real time. */
export async function openLab(
  name: LabName,
  config: Readonly<Record<string, string>> = {},
): Promise<Place> {
  const door = doorOf(new Lab({ topology: topologyOf(name), openLua, config }));
  return { door, stop: async () => {} };
}

/** The way into a lab whose time stands still. */
export function doorOf(lab: Lab): Door {
  return {
    async dial(onData, nodeName = '') {
      const node = lab.node(nodeName);
      const address = node ? `${node.host}:${node.port}` : lab.address;
      const pipe = lab.dial(address, '127.0.0.1', { onData, onClose: () => {} });
      if (!pipe) throw new Error(`connection to ${address} refused`);
      return pipe;
    },
    settle: async () => lab.settle(),
    now: () => lab.clock.now,
    steer: (directive) => steerLab(lab, directive),
  };
}
