import { beforeAll } from 'vitest';
import { type RealRedis, type Reference, startRealRedis } from './real-redis.ts';
import { Wire } from './wire.ts';

/** A redis-server and a connection to it; there while the tests of a `describe` run. */
export interface RealWire {
  readonly redis: RealRedis;
  readonly wire: Wire;
}

/**
 * Called in a `describe`: starts a redis-server of its own before the tests in it, and stops it after
 * them. `args` are further directives; `reference` is another one than the reference.
 */
export function useRealRedis(args: readonly string[] = [], reference?: Reference): RealWire {
  let real: RealWire | undefined;
  const running = (): RealWire => {
    if (!real) throw new Error('the redis-server runs only while tests do');
    return real;
  };
  beforeAll(async () => {
    const redis = await startRealRedis(args, reference);
    const wire = await Wire.dial(redis.host, redis.port);
    real = { redis, wire };
    return async () => {
      wire.close();
      await redis.stop();
    };
  });
  return {
    get redis() {
      return running().redis;
    },
    get wire() {
      return running().wire;
    },
  };
}
