import type { Args } from '../commands/args.ts';
import { command } from '../commands/command.ts';
import { Wait } from '../commands/wait.ts';
import { mustBePositive, notSimulated, redisError } from '../errors.ts';
import type { Reply } from '../resp/reply.ts';
import type { Server } from './server.ts';

/** Waiting until writes are in append-only files. https://redis.io/docs/latest/commands/waitaof/ */

interface Needs {
  readonly server: Server;
}

/** So often it is looked whether the file has been synchronized by now. */
const LOOK_EVERY_MS = 10;

export const waitAofCommands = [
  command<Needs>('WAITAOF numlocal:int numreplicas:int timeout:int', {
    summary: "Waits until the connection's writes are durable here and at so many replicas.",
    since: '7.2.0',
    group: 'generic',
    complexity: 'O(1)',
    flags: ['blocking'],
    override: { categories: ['connection'] },
    tips: ['request_policy:all_shards', 'response_policy:agg_min'],
    run: waitForFiles,
  }),
];

function waitForFiles({ server }: Needs, args: Args): Reply | Wait {
  const { persistence, replication } = server;
  const numlocal = args.range(0, 1);
  const numreplicas = args.index(mustBePositive);
  if (numreplicas < 0) throw mustBePositive();
  const timeoutMs = args.index(() => redisError('ERR timeout is not an integer or out of range'));
  if (timeoutMs < 0) throw redisError('ERR timeout is negative');
  if (replication.isReplica) {
    throw redisError(
      'ERR WAITAOF cannot be used with replica instances. Please also note that writes to replicas are just local and are not propagated.',
    );
  }
  const { aof } = persistence;
  if (numlocal > 0 && !aof.isOn) {
    throw redisError('ERR WAITAOF cannot be used when numlocal is set but appendonly is disabled.');
  }
  if (replication.primary.replicas.size > 0) {
    throw notSimulated('waiting for the append-only files of replicas', 'count those that have it');
  }
  const tell = () => [aof.isOn && aof.isDurable ? 1 : 0, 0];
  const [local = 0] = tell();
  if ((local >= numlocal && numreplicas === 0) || server.isNested) return [local, 0];
  return new Wait({ keys: [], timeoutMs, onTimeout: tell, retryInMs: LOOK_EVERY_MS });
}
