/** Consoles on worlds: what a console needs from the page, put together. */
import { type ConsoleStore, createConsoleStore } from '../console/store.ts';
import type { World } from '../wire/link.ts';

/** About a frame: what floods in is shown in batches. */
const BATCH_MS = 16;

export interface ConsolePlace {
  /** "host:port" of the server that its connections lead to. */
  readonly address?: string;
  readonly protocol?: 2 | 3;
  /** Where earlier lines are kept. */
  readonly storage?: Storage | undefined;
}

export function openConsole(world: World, place: ConsolePlace = {}): ConsoleStore {
  const { address = '127.0.0.1:6379', protocol = 2, storage } = place;
  return createConsoleStore({
    dial: world.dial,
    now: () => world.now(),
    schedule: (task) => setTimeout(task, BATCH_MS),
    address,
    protocol,
    ...(storage && { storage }),
  });
}
