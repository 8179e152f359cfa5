/** The server of home's console. It outlives the screen, as what was typed there does. */
import { startWorld, type World } from '../wire/link.ts';

const what = { topology: { kind: 'standalone' }, seed: 1 } as const;

let world: World | undefined;

/** The server, started when this is first called. */
export function homeServer(): World {
  world ??= startWorld(what);
  return world;
}

/** Another one in its place, empty. */
export const renewHomeServer = async (): Promise<void> => {
  await homeServer().control({ do: 'build', startMs: Date.now(), ...what });
};
