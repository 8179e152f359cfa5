/** Where lessons are replayed on the engine. */
import { Lab } from '../engine/lab/lab.ts';
import { openLua } from '../hosts/lua-file.ts';
import type { Lab as LabName } from '../lessons/lesson.ts';
import { parseDuration } from '../transcript/parse.ts';
import type { Place } from './place.ts';
import type { Door } from './rig.ts';

/** The engine, its servers with these directives. Nothing in it waits for real time. */
export async function openLab(
  name: LabName,
  config: Readonly<Record<string, string>> = {},
): Promise<Place> {
  if (name !== 'standalone') throw new Error(`a ${name} lab is not simulated yet`);
  const lab = new Lab({ topology: { kind: 'standalone' }, openLua, config });
  const door: Door = {
    async dial(onData, nodeName = '') {
      const node = lab.node(nodeName);
      const address = node ? `${node.host}:${node.port}` : lab.address;
      const pipe = lab.dial(address, '127.0.0.1', { onData, onClose: () => {} });
      if (!pipe) throw new Error(`connection to ${address} refused`);
      return pipe;
    },
    settle: async () => {},
    now: () => lab.clock.now,
    steer({ name, args }) {
      if (name !== 'advance') return false;
      lab.clock.advance(parseDuration(args[0] ?? '') ?? 0);
      return true;
    },
  };
  return { door, stop: async () => {} };
}
