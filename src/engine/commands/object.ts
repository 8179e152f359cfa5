import { redisError } from '../errors.ts';
import { frequencyAt } from '../keyspace/usage.ts';
import type { Value } from '../keyspace/value.ts';
import type { Reply } from '../resp/reply.ts';
import { command } from './command.ts';
import type { Context } from './context.ts';
import { container } from './help.ts';

/** How a value is kept. https://redis.io/docs/latest/commands/object/ */

const row = {
  group: 'generic',
  complexity: 'O(1)',
  flags: ['readonly'],
  keyUse: ['RO'],
  tips: ['nondeterministic_output'],
} as const;

export const objectCommands = container(
  'OBJECT',
  {
    since: '2.2.3',
    helpSince: '6.2.0',
    group: 'generic',
    summary: 'A container for object introspection commands.',
  },
  [
    command('OBJECT|ENCODING key', {
      ...row,
      summary: 'Returns how Redis represents the value of a key internally.',
      since: '2.2.3',
      run: (ctx, args) => inspect(ctx, args.string(), (value) => value.encoding),
    }),
    command('OBJECT|FREQ key', {
      ...row,
      summary: 'Returns the logarithmic counter of how often a key is used.',
      since: '4.0.0',
      run: (ctx, args) =>
        inspect(ctx, args.string(), (value) => {
          if (!ctx.limits.tracksFrequency) throw policyError('not selected', 'access frequency');
          return frequencyAt(value, ctx.now, ctx.limits);
        }),
    }),
    command('OBJECT|IDLETIME key', {
      ...row,
      summary: 'Returns for how many seconds a key has not been used.',
      since: '2.2.3',
      run: (ctx, args) =>
        inspect(ctx, args.string(), (value) => {
          if (ctx.limits.tracksFrequency) throw policyError('selected', 'idle time');
          return Math.floor((ctx.now - value.lastUsed) / 1000);
        }),
    }),
    command('OBJECT|REFCOUNT key', {
      ...row,
      summary: 'Returns how many references there are to the value of a key.',
      since: '2.2.3',
      run: (ctx, args) => inspect(ctx, args.string(), referencesTo),
    }),
  ],
);

function inspect(ctx: Context, key: string, tell: (value: Value) => Reply): Reply {
  const value = ctx.db.inspect(key);
  return value ? tell(value) : null;
}

/** Redis shares one object for each small integer and reports so many references to it. */
const SHARED = 2 ** 31 - 1;
const SHARED_INTEGERS = 10_000;

/** How many references there are to a value. */
export const referencesTo = (value: Value): number =>
  value.type === 'string' && value.encoding === 'int' && isShared(value.bytes) ? SHARED : 1;

const isShared = (digits: string) => Number(digits) >= 0 && Number(digits) < SHARED_INTEGERS;

const policyError = (state: 'selected' | 'not selected', what: string) =>
  redisError(
    `ERR An LFU maxmemory policy is ${state}, ${what} not tracked. Please note that when switching between policies at runtime LRU and LFU data will take some time to adjust.`,
  );
