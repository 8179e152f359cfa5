/** SAVE, BGSAVE, LASTSAVE and BGREWRITEAOF. https://redis.io/docs/latest/commands/bgsave/ */
import type { Args } from '../commands/args.ts';
import { command } from '../commands/command.ts';
import { redisError, syntaxError } from '../errors.ts';
import { ok, type Reply, Status } from '../resp/reply.ts';
import type { Persistence } from './persistence.ts';

interface Needs {
  readonly server: { readonly persistence: Persistence; readonly isNested: boolean };
}

const admin = ['admin', 'no_async_loading', 'noscript'] as const;
const row = { group: 'server', since: '1.0.0', complexity: 'O(1)' } as const;

export const persistenceCommands = [
  command<Needs>('BGREWRITEAOF', {
    ...row,
    summary: 'Rewrites the append-only file in the background.',
    flags: admin,
    run: rewrite,
  }),
  command<Needs>('BGSAVE [SCHEDULE]', {
    ...row,
    summary: 'Saves the data to disk in the background.',
    flags: admin,
    history: [['3.2.2', 'SCHEDULE waits for a rewrite of the append-only file.']],
    run: saveInBackground,
  }),
  command<Needs>('LASTSAVE', {
    ...row,
    summary: 'Returns when the data was last saved to disk, in seconds since 1970.',
    flags: ['fast', 'loading', 'stale'],
    override: { categories: ['admin', 'dangerous'] },
    tips: ['nondeterministic_output'],
    run: ({ server }) => Math.floor(server.persistence.snapshots.lastSaveAt / 1000),
  }),
  command<Needs>('SAVE', {
    ...row,
    summary: 'Saves the data to disk; nothing else runs meanwhile.',
    complexity: 'O(N) where N is the total number of keys in all databases',
    flags: [...admin, 'no_multi'],
    run({ server }) {
      const { snapshots } = server.persistence;
      if (snapshots.running) throw alreadySaving();
      if (!snapshots.save()) throw redisError('ERR');
      return ok;
    },
  }),
];

function saveInBackground({ server }: Needs, args: Args): Reply {
  const mayWait = !args.done;
  if (mayWait && (args.left > 1 || !args.token('SCHEDULE'))) throw syntaxError();
  const { persistence } = server;
  if (persistence.snapshots.running) throw alreadySaving();
  if (!persistence.isBusy && !server.isNested) {
    persistence.snapshots.start();
    return new Status('Background saving started');
  }
  if (!mayWait && !server.isNested) {
    throw redisError(
      "ERR Another child process is active (AOF?): can't BGSAVE right now. Use BGSAVE SCHEDULE in order to schedule a BGSAVE whenever possible.",
    );
  }
  persistence.snapshots.isScheduled = true;
  return new Status('Background saving scheduled');
}

function rewrite({ server }: Needs): Reply {
  const { persistence } = server;
  if (persistence.aof.rewriteStartedAt !== undefined) {
    throw redisError('ERR Background append only file rewriting already in progress');
  }
  if (persistence.isBusy || server.isNested) {
    persistence.aof.isRewriteScheduled = true;
    return new Status('Background append only file rewriting scheduled');
  }
  persistence.aof.startRewrite();
  return new Status('Background append only file rewriting started');
}

const alreadySaving = () => redisError('ERR Background save already in progress');
