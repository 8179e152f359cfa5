import type { Args } from '../commands/args.ts';
import { command } from '../commands/command.ts';
import { container } from '../commands/help.ts';
import { redisError, syntaxError } from '../errors.ts';
import { DiskError } from '../persistence/disk.ts';
import { MapReply, ok, type Reply } from '../resp/reply.ts';
import type { Client } from './client.ts';
import { findDirective } from './config.ts';
import { rewriteConf } from './config-rewrite.ts';
import type { Server } from './server.ts';
import { Stats } from './stats.ts';

interface Needs {
  readonly server: Server;
  readonly client: Client;
  redact(index: number): void;
}

const row = { group: 'server', flags: ['admin', 'loading', 'noscript', 'stale'] } as const;

/** Reading and changing the configuration. https://redis.io/docs/latest/commands/config-set/ */
export const configCommands = container<Needs>(
  'CONFIG',
  {
    since: '2.0.0',
    group: 'server',
    summary: 'A container for server configuration commands.',
  },
  [
    command<Needs>('CONFIG|GET parameter [parameter ...]', {
      ...row,
      summary: 'Returns the values of configuration directives.',
      since: '2.0.0',
      complexity: 'O(N) when N is the number of configuration parameters provided',
      history: [['7.0.0', 'Several parameters or patterns at once.']],
      run: ({ server }, args) => new MapReply(server.config.get(args.rest())),
    }),
    command<Needs>('CONFIG|SET parameter value [parameter value ...]', {
      ...row,
      summary: 'Sets configuration directives while the server runs: all of them or none.',
      since: '2.0.0',
      complexity: 'O(N) when N is the number of configuration parameters provided',
      tips: ['request_policy:all_nodes', 'response_policy:all_succeeded'],
      history: [['7.0.0', 'Several parameters in one call.']],
      run: set,
    }),
    command<Needs>('CONFIG|RESETSTAT', {
      ...row,
      summary: "Resets the server's statistics.",
      since: '2.0.0',
      complexity: 'O(1)',
      run({ server }) {
        server.stats = new Stats();
        server.replication.primary.resetCounts();
        return ok;
      },
    }),
    command<Needs>('CONFIG|REWRITE', {
      ...row,
      summary: 'Writes the configuration that is in force into the configuration file.',
      since: '2.8.0',
      complexity: 'O(1)',
      run: ({ server }) => rewriteConfig(server),
    }),
  ],
);

function set({ server, client, redact }: Needs, args: Args): Reply {
  if (args.left % 2 === 1) throw syntaxError();
  const pairs: [string, string][] = [];
  for (let at = 2; !args.done; at += 2) {
    const name = args.string();
    if (findDirective(name)?.isSecret) redact(at + 1);
    pairs.push([name, args.string()]);
  }
  server.config.set(pairs, server.config.allows('enable-protected-configs', client));
  return ok;
}

/** Writes redis.conf anew; `saysAll` also says what is as it would be anyway. */
export function rewriteConfig(server: Server, saysAll = false): Reply {
  const { config, configFile, disk, acl } = server;
  if (configFile === undefined) {
    throw redisError('ERR The server is running without a config file');
  }
  const users = config.text('aclfile') === '' ? acl.users.map(String) : [];
  try {
    disk.write(configFile, rewriteConf(disk.read(configFile) ?? '', config, users, saysAll));
  } catch (error) {
    if (error instanceof DiskError) throw redisError(`ERR Rewriting config file: ${error.message}`);
    throw error;
  }
  return ok;
}
