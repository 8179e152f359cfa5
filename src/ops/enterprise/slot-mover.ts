/** Moves slots of a cluster from one primary to another, with their keys, many at a time. */
import { RedisError } from '../../engine/errors.ts';
import type { Reply } from '../../engine/resp/reply.ts';
import type { Client } from '../../wire/client.ts';

export interface Shard {
  readonly client: Client;
  /** CLUSTER MYID. */
  readonly id: string;
  readonly host: string;
  readonly port: number;
}

/** So many slots are on their way at a time. */
const BATCH = 128;
const MOST_KEYS = 1000;
const TIMEOUT_MS = '5000';

/**
 * Moves them in the order that the documents of CLUSTER SETSLOT demand; who asks for a key meanwhile
 * is sent on. Throws what a node refuses.
 */
export async function moveSlots(from: Shard, to: Shard, slots: readonly number[]): Promise<void> {
  for (let at = 0; at < slots.length; at += BATCH) {
    const batch = slots.slice(at, at + BATCH).map(String);
    const set = (...state: string[]) =>
      batch.map((slot) => ['CLUSTER', 'SETSLOT', slot, ...state] as const);
    await all(to.client, set('IMPORTING', from.id));
    await all(from.client, set('MIGRATING', to.id));
    await moveKeys(from, to, batch);
    await all(to.client, set('NODE', to.id));
    await all(from.client, set('NODE', to.id));
  }
}

/** Until there is none left: a slot may have more keys than are moved at a time. */
async function moveKeys(from: Shard, to: Shard, slots: readonly string[]): Promise<void> {
  const list = slots.map((slot) => ['CLUSTER', 'GETKEYSINSLOT', slot, String(MOST_KEYS)]);
  const target = ['MIGRATE', to.host, String(to.port), '', '0', TIMEOUT_MS, 'KEYS'];
  for (;;) {
    const listed = await all(from.client, list);
    const moves = listed.flatMap((keys) =>
      Array.isArray(keys) && keys.length > 0 ? [[...target, ...keys.map(String)]] : [],
    );
    if (moves.length === 0) return;
    await all(from.client, moves);
  }
}

/** Which slots each shard gives, so that a new one has as many as all others. */
export function slotsToGive(owned: readonly (readonly number[])[]): readonly (readonly number[])[] {
  const total = owned.reduce((sum, slots) => sum + slots.length, 0);
  const share = Math.floor(total / (owned.length + 1));
  return owned.map((slots) => slots.slice(0, Math.max(0, slots.length - share)));
}

async function all(client: Client, commands: readonly (readonly string[])[]): Promise<Reply[]> {
  const replies = await client.pipeline(commands);
  const refused = replies.find((reply) => reply instanceof RedisError);
  if (refused) throw refused;
  return replies;
}
