/**
 * What a server tells of itself and of the others when it is asked in Redis: INFO, CLUSTER NODES,
 * CLUSTER INFO, and the SENTINEL lists. The scene knows nothing of a server but this.
 */
import { RedisError } from '../../engine/errors.ts';
import type { Reply } from '../../engine/resp/reply.ts';
import type { Client } from '../../wire/client.ts';

export type Role = 'primary' | 'replica' | 'sentinel';

export interface NodeFacts {
  readonly role: Role;
  /** How many bytes of the replication stream it has: of its own, or of its primary's. */
  readonly offset: number;
  /** used_memory, in bytes; 0 where there is no data to hold. */
  readonly memory: number;
  readonly keys: number;
  /** The primary that it follows. */
  readonly follows: Following | undefined;
  /** Its replicas as it knows them, by address. */
  readonly replicas: ReadonlyMap<string, Follower>;
  readonly cluster: ClusterFacts | undefined;
  /** Of a Sentinel: the primaries that it watches. */
  readonly watches: readonly Watch[];
  /** What it believes of others, by address. */
  readonly beliefs: ReadonlyMap<string, Belief>;
  /** The ids of those that it knows, by which logs call them, with their addresses. */
  readonly ids: ReadonlyMap<string, string>;
}

export interface Following {
  /** "host:port". */
  readonly address: string;
  readonly isUp: boolean;
  readonly isSyncing: boolean;
}

export interface Follower {
  /** `online`, or a stage of its synchronization. */
  readonly state: string;
  /** How far it has confirmed, in bytes of the stream. */
  readonly offset: number;
  /** Seconds since it did. */
  readonly lagS: number;
}

export interface Watch {
  /** Such as `mymaster`, whoever that is now. */
  readonly name: string;
  /** Where it believes the primary to be, "host:port". */
  readonly address: string;
  /** How many Sentinels must find it down, of how many that it knows with itself. */
  readonly quorum: number;
  readonly sentinels: number;
}

export interface ClusterFacts {
  readonly id: string;
  readonly isOk: boolean;
  readonly epoch: number;
  /** Its own, of its configuration: the greater one is right about a slot. */
  readonly configEpoch: number;
  /** The slots that it says are its own. */
  readonly slots: readonly SlotRange[];
}

/** Inclusive. */
export interface SlotRange {
  readonly from: number;
  readonly to: number;
}

export interface Belief {
  /** The words of CLUSTER NODES and SENTINEL: `master`, `fail?`, `s_down` and so on. */
  readonly flags: readonly string[];
  readonly isConnected: boolean;
}

/** Asks a server. Throws the RedisError of one that does not tell, such as NOAUTH. */
export async function readNode(client: Client): Promise<NodeFacts> {
  const info = fieldsOf(await ask(client, 'INFO', 'everything'));
  if (info.get('redis_mode') === 'sentinel') return readSentinel(client);
  const facts = factsOf(info);
  if (info.get('cluster_enabled') !== '1') return facts;
  const [nodes, state] = await Promise.all([
    ask(client, 'CLUSTER', 'NODES'),
    ask(client, 'CLUSTER', 'INFO'),
  ]);
  return { ...facts, ...clusterOf(nodes, fieldsOf(state)) };
}

async function ask(client: Client, ...argv: string[]): Promise<string> {
  return String(await client.call(...argv));
}

/** `name:value` lines. */
function fieldsOf(text: string): ReadonlyMap<string, string> {
  return new Map(
    text.split(/\r?\n/).flatMap((line) => {
      const colon = line.indexOf(':');
      return colon > 0 ? [[line.slice(0, colon), line.slice(colon + 1)] as const] : [];
    }),
  );
}

function factsOf(info: ReadonlyMap<string, string>): NodeFacts {
  const isReplica = info.get('role') === 'slave';
  const number = (name: string) => Number(info.get(name) ?? 0);
  return {
    role: isReplica ? 'replica' : 'primary',
    offset: number('master_repl_offset'),
    memory: number('used_memory'),
    keys: keysIn(info),
    follows: isReplica
      ? {
          address: `${info.get('master_host')}:${info.get('master_port')}`,
          isUp: info.get('master_link_status') === 'up',
          isSyncing: info.get('master_sync_in_progress') === '1',
        }
      : undefined,
    replicas: followersIn(info),
    cluster: undefined,
    watches: [],
    beliefs: new Map(),
    ids: new Map(),
  };
}

/** `db0:keys=3,expires=0,...`, of all databases. */
function keysIn(info: ReadonlyMap<string, string>): number {
  let keys = 0;
  for (const [name, value] of info) {
    if (/^db\d+$/.test(name)) keys += Number(pairsOf(value).get('keys') ?? 0);
  }
  return keys;
}

function followersIn(info: ReadonlyMap<string, string>): ReadonlyMap<string, Follower> {
  return new Map(
    [...info].flatMap(([name, value]) => {
      if (!/^slave\d+$/.test(name)) return [];
      const of = pairsOf(value);
      const [offset, lagS] = [Number(of.get('offset')), Number(of.get('lag'))];
      const follower = { state: of.get('state') ?? '', offset, lagS };
      return [[`${of.get('ip')}:${of.get('port')}`, follower] as const];
    }),
  );
}

/** `a=1,b=2`. */
function pairsOf(text: string): ReadonlyMap<string, string> {
  return new Map(
    text.split(',').map((pair) => {
      const [name = '', value = ''] = pair.split('=');
      return [name, value];
    }),
  );
}

/** https://redis.io/docs/latest/commands/cluster-nodes/ */
function clusterOf(
  nodes: string,
  state: ReadonlyMap<string, string>,
): Pick<NodeFacts, 'cluster' | 'beliefs' | 'ids'> {
  const beliefs = new Map<string, Belief>();
  const ids = new Map<string, string>();
  let own = { id: '', configEpoch: 0, slots: [] as SlotRange[] };
  for (const line of nodes.split('\n').filter((text) => text !== '')) {
    const [id = '', place = '', flagged = '', , , , epoch = '0', link, ...slots] = line.split(' ');
    const address = place.replace(/[@,].*$/, '');
    const flags = flagged.split(',');
    ids.set(id, address);
    if (flags.includes('myself')) own = { id, configEpoch: Number(epoch), slots: rangesOf(slots) };
    else beliefs.set(address, { flags, isConnected: link === 'connected' });
  }
  const isOk = state.get('cluster_state') === 'ok';
  const epoch = Number(state.get('cluster_current_epoch') ?? 0);
  return { cluster: { ...own, isOk, epoch }, beliefs, ids };
}

/** `0-5460`, `42`; what is on its way, `[42->-id]`, is still its own and told beside. */
function rangesOf(words: readonly string[]): SlotRange[] {
  return words.flatMap((word) => {
    const [, from, to = from] = /^(\d+)(?:-(\d+))?$/.exec(word) ?? [];
    return from === undefined ? [] : [{ from: Number(from), to: Number(to) }];
  });
}

/** A Sentinel: it holds nothing and watches primaries, their replicas, and other Sentinels. */
async function readSentinel(client: Client): Promise<NodeFacts> {
  const beliefs = new Map<string, Belief>();
  const ids = new Map<string, string>();
  const primaries = await tables(client, ['SENTINEL', 'MASTERS']);
  for (const primary of primaries) {
    note(beliefs, primary);
    const name = primary.get('name') ?? '';
    for (const list of ['REPLICAS', 'SENTINELS']) {
      for (const row of await tables(client, ['SENTINEL', list, name])) {
        note(beliefs, row);
        ids.set(row.get('runid') ?? '', addressOf(row));
      }
    }
  }
  return { ...bare, role: 'sentinel', watches: primaries.map(watchOf), beliefs, ids };
}

const watchOf = (row: ReadonlyMap<string, string>): Watch => ({
  name: row.get('name') ?? '',
  address: addressOf(row),
  quorum: Number(row.get('quorum') ?? 0),
  sentinels: Number(row.get('num-other-sentinels') ?? 0) + 1,
});

const bare: NodeFacts = {
  role: 'primary',
  offset: 0,
  memory: 0,
  keys: 0,
  follows: undefined,
  replicas: new Map(),
  cluster: undefined,
  watches: [],
  beliefs: new Map(),
  ids: new Map(),
};

function note(beliefs: Map<string, Belief>, row: ReadonlyMap<string, string>): void {
  const flags = (row.get('flags') ?? '').split(',');
  const isConnected = !flags.includes('disconnected');
  beliefs.set(addressOf(row), { flags, isConnected });
}

const addressOf = (row: ReadonlyMap<string, string>) => `${row.get('ip')}:${row.get('port')}`;

/** A reply of lists of names and values. */
async function tables(client: Client, argv: readonly string[]) {
  const reply = await client.send(argv);
  if (reply instanceof RedisError || !Array.isArray(reply)) return [];
  return (reply as readonly Reply[]).map((row) => {
    const words = Array.isArray(row) ? (row as readonly Reply[]).map(String) : [];
    const pairs = new Map<string, string>();
    for (let i = 0; i + 1 < words.length; i += 2) pairs.set(words[i] ?? '', words[i + 1] ?? '');
    return pairs;
  });
}
