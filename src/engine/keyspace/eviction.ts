/**
 * Which key goes when memory is full. As Redis, it looks at a few keys drawn by chance and remembers
 * the best candidates of earlier draws in a small pool, so that the choice is close to the true one
 * without any order being kept. https://redis.io/docs/latest/develop/reference/eviction/
 */
import type { Random } from '../time/random.ts';
import type { Database } from './database.ts';
import { frequencyAt, type UsageSettings } from './usage.ts';
import type { Value } from './value.ts';

export interface EvictionSettings extends UsageSettings {
  /** maxmemory-policy, as `allkeys-lru`. */
  readonly maxmemoryPolicy: string;
  /** maxmemory-samples: keys looked at in each database. */
  readonly maxmemorySamples: number;
}

interface EvictionHost {
  readonly databases: readonly Database[];
  readonly random: Random;
  readonly settings: EvictionSettings;
  readonly now: number;
}

export interface Victim {
  readonly db: Database;
  readonly key: string;
}

interface Candidate extends Victim {
  /** The higher, the sooner it goes. */
  readonly score: number;
}

const POOL_SIZE = 16;
const MAX_FREQUENCY = 255;

export class Evictor {
  /** Ascending by score. */
  #pool: Candidate[] = [];
  #nextDatabase = 0;

  constructor(private readonly host: EvictionHost) {}

  /** The key to evict next, or undefined when the policy leaves none. */
  next(): Victim | undefined {
    const { maxmemoryPolicy: policy } = this.host.settings;
    if (policy === 'noeviction') return undefined;
    const expiring = policy.startsWith('volatile-');
    if (policy.endsWith('-random')) return this.#byChance(expiring);
    for (;;) {
      const sampled = this.#fillPool(policy, expiring);
      for (let best = this.#pool.pop(); best; best = this.#pool.pop()) {
        // It may be gone by now, or have been used since it was drawn.
        const { db, key, score } = best;
        const value = db.raw(key);
        const mayGo = value && (!expiring || db.expiryOf(key) !== undefined);
        if (mayGo && this.#score(policy, best, value) >= score) return best;
      }
      if (!sampled) return undefined;
    }
  }

  /** One database after the other, so that each gives a share. */
  #byChance(expiring: boolean): Victim | undefined {
    const { databases, random } = this.host;
    for (let tries = 0; tries < databases.length; tries++) {
      const db = databases[this.#nextDatabase++ % databases.length] as Database;
      const key = db.sampleKey(random, expiring);
      if (key !== undefined) return { db, key };
    }
    return undefined;
  }

  /** Draws from every database. False when there was nothing to draw from. */
  #fillPool(policy: string, expiring: boolean): boolean {
    const { databases, random, settings } = this.host;
    let sampled = false;
    for (const db of databases) {
      for (let i = 0; i < settings.maxmemorySamples; i++) {
        const drawn = db.sample(random, expiring);
        if (!drawn) break;
        sampled = true;
        const victim = { db, key: drawn[0] };
        this.#offer({ ...victim, score: this.#score(policy, victim, drawn[1]) });
      }
    }
    return sampled;
  }

  #score(policy: string, { db, key }: Victim, value: Value): number {
    const { now, settings } = this.host;
    if (policy.endsWith('-ttl')) return -(db.expiryOf(key) ?? Infinity);
    if (policy.endsWith('-lfu')) return MAX_FREQUENCY - frequencyAt(value, now, settings);
    return now - value.lastUsed;
  }

  /** Keeps a candidate if it is among the best of the pool. */
  #offer(candidate: Candidate): void {
    const pool = this.#pool;
    // Most of what is drawn is no better than what is known.
    if (pool.length === POOL_SIZE && candidate.score <= (pool[0]?.score ?? 0)) return;
    if (pool.some(({ db, key }) => db === candidate.db && key === candidate.key)) return;
    const at = pool.findIndex(({ score }) => score >= candidate.score);
    pool.splice(at < 0 ? pool.length : at, 0, candidate);
    if (pool.length > POOL_SIZE) pool.shift();
  }
}
