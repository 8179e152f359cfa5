/**
 * The keys of the servers as the Keys panel shows them. They are read after something was done, not by
 * the clock, and only while somebody looks; reads that pile up become one.
 */
import { createStore } from 'zustand/vanilla';
import type { Reply } from '../engine/resp/reply.ts';
import { changesBetween, type KeyState, type Keyspace, nameOf } from '../runtimes/changes.ts';
import { asking, readServers, type Server, type ServersView } from '../runtimes/servers-keys.ts';
import type { Client } from '../wire/client.ts';

export interface KeysState {
  readonly keyspace: Keyspace;
  /** What the last read that found a change found changed: a key that flashes. */
  readonly changed: { readonly keys: ReadonlySet<string>; readonly read: number };
  readonly filter: string;
  /** Whose keys are shown: of one server, or of all that take writes. */
  readonly server: string | undefined;
  /** The key that is looked into. */
  readonly selected: KeyId | undefined;
  readonly problem: string | undefined;
  readonly loaded: boolean;
  /** The lab's time, ms since 1970. */
  now(): number;
  setFilter(filter: string): void;
  /** All servers that one may choose from; one that is alone cannot be chosen. */
  servers(): readonly Server[];
  choose(server: string | undefined): void;
  select(key: KeyId | undefined): void;
  /** Somebody looks; returns how to stop. */
  watch(): () => void;
  /** Something may have changed: reads soon, if anybody looks. */
  refresh(): void;
  /** Reads the keys of all servers that take writes, now. */
  look(): Promise<Keyspace>;
  /** Asks about a key where it is. */
  ask(key: KeyId, argv: readonly string[]): Promise<Reply>;
}

export type KeyId = Pick<KeyState, 'db' | 'key' | 'server' | 'owner'>;

export const idOf: (key: KeyId) => string = nameOf;

export interface KeysEffects {
  /** A connection of the page's own. */
  client(address: string): Client;
  servers(): ServersView;
  /** The lab's time, ms since 1970. */
  now(): number;
}

export type KeysStore = ReturnType<typeof createKeysStore>;

const nothing: Keyspace = { keys: [], unseen: 0 };

export function createKeysStore({ client, servers, now }: KeysEffects) {
  // Reading goes through the databases one by one: whoever reads needs connections to himself.
  const [reading, looking, asked] = [oneEach(client), oneEach(client), oneEach(client)];
  return createStore<KeysState>()((set, get) => {
    const show = (keyspace: Keyspace) => set((before) => shown(before, keyspace));
    const reader = new Reader(async () => {
      const { server } = get();
      try {
        const keyspace = await readServers(servers(), reading, server);
        if (server === get().server) show(keyspace);
      } catch (error) {
        set({ problem: error instanceof Error ? error.message : String(error) });
      }
    });
    return {
      keyspace: nothing,
      changed: { keys: new Set(), read: 0 },
      filter: '',
      server: undefined,
      selected: undefined,
      problem: undefined,
      loaded: false,
      now,
      setFilter: (filter) => set({ filter }),
      servers: () => servers().servers,
      choose(server) {
        // What another server has is not what has changed.
        set({ server, selected: undefined, keyspace: nothing, loaded: false });
        reader.request();
      },
      select: (selected) => set({ selected }),
      watch: () => reader.watch(),
      refresh: () => reader.request(),
      async look() {
        const keyspace = await readServers(servers(), looking);
        if (get().server === undefined) show(keyspace);
        else reader.request();
        return keyspace;
      },
      ask: (key, argv) => askAbout(key, argv, get().keyspace, servers(), asked),
    };
  });
}

/** A client for each address, made when it is first needed. */
function oneEach(make: (address: string) => Client): (address: string) => Client {
  const clients = new Map<string, Client>();
  return (address) => {
    const client = clients.get(address) ?? make(address);
    clients.set(address, client);
    return client;
  };
}

async function askAbout(
  { db, server }: KeyId,
  argv: readonly string[],
  keyspace: Keyspace,
  { servers, isCluster }: ServersView,
  clientOf: (address: string) => Client,
): Promise<Reply> {
  const name = server ?? keyspace.servers?.[0];
  const at = servers.find((each) => each.name === name) ?? servers[0];
  const client = clientOf(at?.address ?? '');
  if (!isCluster) return (await client.pipeline([['SELECT', String(db)], argv]))[1] ?? null;
  await client.send(['READONLY']);
  return asking(client).send(argv);
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
