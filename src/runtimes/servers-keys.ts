/**
 * The keys of a lab of several servers as one keyspace: of those that take writes, wherever they are
 * by now, or of one that was chosen. In a replicated lab that is the primary, in a cluster it is all
 * primaries together, and servers that know nothing of one another have each their own.
 */
import { RedisError } from '../engine/errors.ts';
import type { Reply } from '../engine/resp/reply.ts';
import { type Client, ConnectionLost } from '../wire/client.ts';
import { type KeyState, type Keyspace, type ReadableClient, readKeyspace } from './changes.ts';

export interface Server {
  readonly name: string;
  readonly address: string;
}

export interface ServersView {
  /** One of a lab that has no other stands alone. */
  readonly servers: readonly Server[];
  /** A key is the same key wherever it is: replication or slots make one of it. */
  readonly sharesData: boolean;
  readonly isCluster: boolean;
}

/** How long it is waited for a server to say who it is, in real time. */
const PATIENCE_MS = 500;

/**
 * Reads them, `chosen` or all that take writes. Those that do not answer are told; rejects when none
 * does, or none lets us look.
 */
export async function readServers(
  view: ServersView,
  clientOf: (address: string) => Client,
  chosen?: string,
): Promise<Keyspace> {
  const [only, ...others] = view.servers;
  if (only && others.length === 0) return readKeyspace(clientOf(only.address));
  const asked = view.servers.filter(({ name }) => chosen === undefined || name === chosen);
  const read = await Promise.all(
    asked.map(({ name, address }) =>
      readOne(clientOf(address), view.isCluster, chosen !== undefined).then(
        (keyspace) => ({ name, keyspace, error: undefined }),
        (error: unknown) => ({ name, keyspace: undefined, error }),
      ),
    ),
  );
  const found = read.flatMap(({ name, keyspace }) => (keyspace ? [{ name, keyspace }] : []));
  const failed = read.filter(({ error }) => error !== undefined);
  if (found.length === 0 && failed[0]) throw failed[0].error;
  return { ...together(found, view.sharesData), silent: failed.map(({ name }) => name) };
}

/** Undefined where it is not asked for: it takes no writes. */
async function readOne(
  client: Client,
  isCluster: boolean,
  isChosen: boolean,
): Promise<Keyspace | undefined> {
  const role = await inTime(client, client.call('ROLE'));
  const isPrimary = Array.isArray(role) && role[0] === 'master';
  if (!isPrimary && !isChosen) return undefined;
  if (!isCluster) return readKeyspace(client);
  // A replica shows what it has, and a node that imports a slot what has come so far.
  await client.send(['READONLY']);
  return readKeyspace(asking(client), 1);
}

/** A server that stands still would be waited for as long as it does. */
async function inTime(client: Client, reply: Promise<Reply>): Promise<Reply> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), PATIENCE_MS);
  });
  const first = await Promise.race([reply, late]).finally(() => clearTimeout(timer));
  if (first !== undefined) return first;
  reply.catch(() => {});
  client.close();
  throw new ConnectionLost('closed', client.address);
}

/** ASKING before each command. */
export function asking(client: Client): ReadableClient {
  const pipeline = async (commands: readonly (readonly string[])[]): Promise<Reply[]> => {
    const replies = await client.pipeline(commands.flatMap((argv) => [['ASKING'], argv]));
    return replies.filter((_, i) => i % 2 === 1);
  };
  const send = async (argv: readonly string[]) => (await pipeline([argv]))[0] as Reply;
  const call = async (...argv: string[]) => {
    const reply = await send(argv);
    if (reply instanceof RedisError) throw reply;
    return reply;
  };
  return { pipeline, send, call };
}

function together(
  found: readonly { name: string; keyspace: Keyspace }[],
  sharesData: boolean,
): Keyspace {
  const names = new Set<string>();
  const keys = found.flatMap(({ name, keyspace }) =>
    keyspace.keys.map((state): KeyState => {
      const id = `${state.db} ${state.key}`;
      // Where two believe to be the primary, each has a key of its own.
      const isApart = !sharesData || names.has(id);
      names.add(id);
      return {
        ...state,
        ...((found.length > 1 || !sharesData) && { server: name }),
        ...(isApart && { owner: name }),
      };
    }),
  );
  const unseen = found.reduce((sum, { keyspace }) => sum + keyspace.unseen, 0);
  return { keys, unseen, servers: found.map(({ name }) => name) };
}
