import type { Args } from '../commands/args.ts';
import { command } from '../commands/command.ts';
import { Wait } from '../commands/wait.ts';
import { mustBePositive, redisError } from '../errors.ts';
import type { Reply } from '../resp/reply.ts';
import type { Client } from './client.ts';
import type { Server } from './server.ts';

/** Waiting until writes are in append-only files. https://redis.io/docs/latest/commands/waitaof/ */

interface Needs {
  readonly server: Server;
  readonly client: Client;
}

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

function waitForFiles({ server, client }: Needs, args: Args): Reply | Wait {
  const { replication } = server;
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
  if (numlocal > 0 && !server.persistence.aof.isOn) {
    throw redisError('ERR WAITAOF cannot be used when numlocal is set but appendonly is disabled.');
  }
  const { writeOffset } = client;
  const look = () => [
    isInFile(server, writeOffset) ? 1 : 0,
    replication.waiters.countInFiles(writeOffset),
  ];
  const answer = () => {
    const [local = 0, replicas = 0] = look();
    return local >= numlocal && replicas >= numreplicas ? [local, replicas] : undefined;
  };
  const now = answer() ?? (server.isNested ? look() : undefined);
  if (now) return now;
  const waiting = new Wait({ keys: [], timeoutMs, onTimeout: look });
  replication.waiters.add(client, waiting, answer);
  replication.requestAcks();
  return waiting;
}

/** Offsets count only while somebody follows; else it is asked for all that was written. */
function isInFile({ persistence, replication }: Server, offset: number): boolean {
  const { aof } = persistence;
  if (!aof.isOn || aof.isDurable) return aof.isOn;
  return replication.primary.isFollowed && replication.fileOffset >= offset;
}
