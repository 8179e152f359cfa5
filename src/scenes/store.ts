/**
 * The keys of a server as the Keys panel shows them. They are read after something was done, not by
 * the clock, and only while somebody looks; reads that pile up become one.
 */
import { createStore } from 'zustand/vanilla';
import type { Reply } from '../engine/resp/reply.ts';
import { changesBetween, type KeyState, type Keyspace, readKeyspace } from '../runtimes/changes.ts';
import type { Client } from '../wire/client.ts';

export interface KeysState {
  readonly keyspace: Keyspace;
  /** What the last read that found a change found changed: a key that flashes. */
  readonly changed: { readonly keys: ReadonlySet<string>; readonly read: number };
  readonly filter: string;
  /** The key that is looked into. */
  readonly selected: KeyId | undefined;
  readonly problem: string | undefined;
  readonly loaded: boolean;
  /** The lab's time, ms since 1970. */
  now(): number;
  setFilter(filter: string): void;
  select(key: KeyId | undefined): void;
  /** Somebody looks; returns how to stop. */
  watch(): () => void;
  /** Something may have changed: reads soon, if anybody looks. */
  refresh(): void;
  /** Reads the keys now. */
  look(): Promise<Keyspace>;
  /** Asks the server in one of its databases. */
  ask(db: number, argv: readonly string[]): Promise<Reply>;
}

export type KeyId = Pick<KeyState, 'db' | 'key'>;

export const idOf = ({ db, key }: KeyId): string => `${db} ${key}`;

export interface KeysEffects {
  /** A connection of the page's own. */
  client(): Client;
  /** The lab's time, ms since 1970. */
  now(): number;
}

export type KeysStore = ReturnType<typeof createKeysStore>;

const nothing: Keyspace = { keys: [], unseen: 0 };

export function createKeysStore({ client, now }: KeysEffects) {
  // Reading goes through the databases one by one: whoever reads needs a connection to himself.
  const [reading, looking, asking] = [client(), client(), client()];
  return createStore<KeysState>()((set) => {
    const show = (keyspace: Keyspace) => set((before) => shown(before, keyspace));
    const reader = new Reader(async () => {
      try {
        show(await readKeyspace(reading));
      } catch (error) {
        set({ problem: error instanceof Error ? error.message : String(error) });
      }
    });
    return {
      keyspace: nothing,
      changed: { keys: new Set(), read: 0 },
      filter: '',
      selected: undefined,
      problem: undefined,
      loaded: false,
      now,
      setFilter: (filter) => set({ filter }),
      select: (selected) => set({ selected }),
      watch: () => reader.watch(),
      refresh: () => reader.request(),
      async look() {
        const keyspace = await readKeyspace(looking);
        show(keyspace);
        return keyspace;
      },
      ask: async (db, argv) => (await asking.pipeline([['SELECT', String(db)], argv]))[1] ?? null,
    };
  });
}

function shown(before: KeysState, keyspace: Keyspace): Partial<KeysState> {
  const changes = before.loaded ? changesBetween(before.keyspace, keyspace) : [];
  const keys = new Set(
    changes.flatMap((change) => (change.kind === 'deleted' ? [] : [idOf(change.after)])),
  );
  return {
    keyspace,
    changed: keys.size > 0 ? { keys, read: before.changed.read + 1 } : before.changed,
    problem: undefined,
    loaded: true,
  };
}

/** Reads that are asked for within so many ms become one. */
const GATHER_MS = 40;

class Reader {
  readonly #read: () => Promise<void>;
  #watchers = 0;
  #stale = true;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #reading = false;

  constructor(read: () => Promise<void>) {
    this.#read = read;
  }

  watch(): () => void {
    this.#watchers++;
    if (this.#stale) this.request();
    return () => {
      this.#watchers--;
    };
  }

  request(): void {
    this.#stale = true;
    if (this.#watchers === 0 || this.#timer !== undefined || this.#reading) return;
    this.#timer = setTimeout(() => this.#run(), GATHER_MS);
  }

  async #run(): Promise<void> {
    this.#timer = undefined;
    this.#stale = false;
    this.#reading = true;
    await this.#read();
    this.#reading = false;
    if (this.#stale) this.request();
  }
}
