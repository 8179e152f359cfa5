/** A client of Redlock on the five servers of a stage, and what else happens to these. */
import { Status } from '../../engine/resp/reply.ts';
import type { Stage } from './stage.ts';

export const SERVERS = ['node1', 'node2', 'node3', 'node4', 'node5'] as const;
const LOCK = 'lock:nightly';
const RELEASE =
  "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) else return 0 end";

/** What a client knows after it has asked all servers. */
export interface Grant {
  readonly got: number;
  readonly held: boolean;
  /** Until when it may rely on the lock, ms since 1970. */
  readonly untilMs: number;
}

/** What lies on a server; no token where the lock is free or the server stopped. */
export interface ServerView {
  readonly token: string | undefined;
  readonly leftMs: number;
}

type Server = Pick<Stage, 'client' | 'now'>;

/** Asks all, counts the majority, subtracts what it took and 1 % and 2 ms for the clocks. */
export async function acquire(stage: Server, token: string, ttlMs: number): Promise<Grant> {
  const begunMs = stage.now();
  const words = ['SET', LOCK, token, 'NX', 'PX', String(ttlMs)];
  const replies = await Promise.all(SERVERS.map((_, index) => say(stage, index, words)));
  const got = replies.filter((reply) => reply === 'OK').length;
  const untilMs = begunMs + ttlMs - (ttlMs * 0.01 + 2);
  const held = got > SERVERS.length / 2 && untilMs > stage.now();
  if (!held) await release(stage, token);
  return { got, held, untilMs };
}

/** On all servers, also on those that gave nothing. */
export async function release(stage: Server, token: string): Promise<void> {
  const words = ['EVAL', RELEASE, '1', LOCK, token];
  await Promise.all(SERVERS.map((_, index) => say(stage, index, words)));
}

/** What a server whose clock jumps ahead does to the lock: it runs out so much sooner. */
export async function jump(stage: Server, index: number, ms: number): Promise<void> {
  const leftMs = Number(await say(stage, index, ['PTTL', LOCK]));
  // PEXPIRE with nothing left deletes.
  if (leftMs > 0) await say(stage, index, ['PEXPIRE', LOCK, String(leftMs - ms)]);
}

export function survey(stage: Server): Promise<ServerView[]> {
  return Promise.all(
    SERVERS.map(async (_, index) => {
      const token = await say(stage, index, ['GET', LOCK]);
      const leftMs = Number(await say(stage, index, ['PTTL', LOCK]));
      return { token, leftMs: Math.max(0, leftMs || 0) };
    }),
  );
}

/** The reply as text; undefined for nil and from a server that is not there. */
async function say(stage: Server, index: number, words: string[]): Promise<string | undefined> {
  const client = stage.client(`10.0.0.${index + 1}:6379`);
  try {
    const reply = await client.ask(...words);
    if (reply instanceof Status) return reply.text;
    return reply === null ? undefined : String(reply);
  } catch {
    return undefined;
  } finally {
    client.close();
  }
}
