import type { Args } from '../commands/args.ts';
import { command } from '../commands/command.ts';
import { container, wrongSubcommand } from '../commands/help.ts';
import { redisError, syntaxError } from '../errors.ts';
import { noReply, ok, type Reply, Verbatim } from '../resp/reply.ts';
import type { Client } from './client.ts';
import { killCommand } from './client-kill.ts';
import { describeClient, readType, typeOf } from './client-list.ts';
import { readName } from './connection.ts';
import type { Server } from './server.ts';
import { trackingCommands } from './tracking-commands.ts';

/** Looking at connections, naming, holding and ending them. https://redis.io/docs/latest/commands/client-list/ */
interface Needs {
  readonly server: Server;
  readonly client: Client;
}

const complexity = 'O(1)';
const row = {
  group: 'connection',
  complexity,
  flags: ['loading', 'noscript', 'stale'],
} as const;
const admin = { ...row, flags: ['admin', ...row.flags] } as const;

const self = [
  command<Needs>('CLIENT|GETNAME', {
    ...row,
    summary: 'Returns the name of the connection.',
    since: '2.6.9',
    run: ({ client }) => client.name || null,
  }),
  command<Needs>('CLIENT|ID', {
    ...row,
    summary: 'Returns the number of the connection, which no other ever has.',
    since: '5.0.0',
    run: ({ client }) => client.id,
  }),
  command<Needs>('CLIENT|INFO', {
    ...row,
    summary: 'Describes the connection itself, as CLIENT LIST does.',
    since: '6.2.0',
    tips: ['nondeterministic_output'],
    run: ({ server, client }) => new Verbatim(`${describeClient(server, client)}\n`),
  }),
  command<Needs>('CLIENT|REPLY <ON | OFF | SKIP>', {
    ...row,
    summary: 'Switches replies off and on, or off for the next command.',
    since: '3.2.0',
    run: reply,
  }),
  command<Needs>('CLIENT|SETINFO <LIB-NAME libname | LIB-VER libver>', {
    ...row,
    summary: 'Tells the server which client library the connection uses.',
    since: '7.2.0',
    tips: ['request_policy:all_nodes', 'response_policy:all_succeeded'],
    run: setInfo,
  }),
  command<Needs>('CLIENT|SETNAME connection-name', {
    ...row,
    summary: 'Gives the connection a name, for CLIENT LIST and the like.',
    since: '2.6.9',
    run({ client }, args) {
      client.name = readName(args.string());
      return ok;
    },
  }),
];

const others = [
  command<Needs>(
    `CLIENT|LIST [TYPE <NORMAL | MASTER | REPLICA | PUBSUB>] [ID client-id:int [client-id:int ...]]`,
    {
      ...admin,
      summary: 'Lists the connections, all or by type or number.',
      since: '2.4.0',
      complexity: 'O(N) where N is the number of client connections',
      tips: ['nondeterministic_output'],
      history: [
        ['2.8.12', 'Has a number for each connection.'],
        ['5.0.0', 'Filters by TYPE.'],
        ['6.0.0', 'Tells the user.'],
        ['6.2.0', 'Filters by ID; tells more of addresses and memory.'],
        ['7.0.0', 'Tells of buffers and MULTI.'],
        ['7.0.3', 'Tells of shard channels.'],
      ],
      run: list,
    },
  ),
  killCommand,
  command<Needs>('CLIENT|NO-EVICT <ON | OFF>', {
    ...admin,
    summary: 'Keeps the connection from being closed when clients use too much memory.',
    since: '7.0.0',
    run({ client }, args) {
      client.noEvict = readSwitch(args);
      return ok;
    },
  }),
  command<Needs>('CLIENT|NO-TOUCH <ON | OFF>', {
    ...row,
    summary: 'Keeps the commands of the connection from counting as a use of their keys.',
    since: '7.2.0',
    run({ client }, args) {
      client.noTouch = readSwitch(args);
      return ok;
    },
  }),
  command<Needs>('CLIENT|PAUSE timeout:int [WRITE | ALL]', {
    ...admin,
    summary: 'Holds back the commands of all clients, or only writes, for some milliseconds.',
    since: '2.9.50',
    history: [['6.2.0', 'WRITE holds back only what may change data.']],
    run: pause,
  }),
  command<Needs>('CLIENT|UNBLOCK client-id:int [TIMEOUT | ERROR]', {
    ...admin,
    summary: 'Ends the wait of a client that is blocked by a command such as BLPOP.',
    since: '5.0.0',
    complexity: 'O(log N) where N is the number of client connections',
    run: unblock,
  }),
  command<Needs>('CLIENT|UNPAUSE', {
    ...admin,
    summary: 'Lets the clients go on that CLIENT PAUSE has stopped.',
    since: '6.2.0',
    complexity: 'O(N) Where N is the number of paused clients',
    run({ server }) {
      server.halts.unpause();
      return ok;
    },
  }),
];

export const clientCommands = container<Needs>(
  'CLIENT',
  {
    since: '2.4.0',
    group: 'connection',
    summary: 'A container for client connection commands.',
  },
  [...self, ...others, ...trackingCommands],
);

function reply({ client }: Needs, args: Args): Reply {
  if (args.token('ON')) {
    client.replyMode = 'on';
    return ok;
  }
  if (args.token('OFF')) client.replyMode = 'off';
  else if (!args.token('SKIP')) throw syntaxError();
  else if (client.replyMode !== 'off') client.replyMode = 'skip-next';
  return noReply;
}

/** ON or OFF. */
function readSwitch(args: Args): boolean {
  const word = args.oneOf('ON', 'OFF');
  if (!word) throw syntaxError();
  return word === 'ON';
}

function setInfo({ client }: Needs, args: Args): Reply {
  const option = args.string();
  const value = args.string();
  const name = option.toLowerCase();
  if (name !== 'lib-name' && name !== 'lib-ver') {
    throw redisError(`ERR Unrecognized option '${option}'`);
  }
  if (/[^!-~]/.test(value)) {
    throw redisError(`ERR ${name} cannot contain spaces, newlines or special characters.`);
  }
  if (name === 'lib-name') client.libName = value;
  else client.libVersion = value;
  return ok;
}

function list({ server }: Needs, args: Args): Reply {
  return new Verbatim(
    listed(server, args)
      .map((client) => `${describeClient(server, client)}\n`)
      .join(''),
  );
}

function listed(server: Server, args: Args): Client[] {
  const all = [...server.clients.values()];
  if (args.done) return all;
  if (args.left === 2 && args.token('TYPE')) {
    const word = args.string();
    const type = readType(word);
    if (!type) throw redisError(`ERR Unknown client type '${word}'`);
    return all.filter((client) => typeOf(client) === type);
  }
  if (args.left < 2 || !args.token('ID')) throw syntaxError();
  const invalid = () => redisError('ERR Invalid client ID');
  const ids: number[] = [];
  while (!args.done) ids.push(args.index(invalid));
  return ids.flatMap((id) => server.clients.get(id) ?? []);
}

function pause({ server }: Needs, args: Args): Reply {
  const ms = args.index(() => redisError('ERR timeout is not an integer or out of range'));
  if (args.left > 1) throw wrongSubcommand('CLIENT', args);
  const mode = args.done ? 'ALL' : args.oneOf('WRITE', 'ALL');
  if (!mode) throw redisError('ERR CLIENT PAUSE mode must be WRITE or ALL');
  if (ms < 0) throw redisError('ERR timeout is negative');
  server.halts.pause(ms, mode === 'ALL' ? 'all' : 'write');
  return ok;
}

function unblock({ server }: Needs, args: Args): Reply {
  if (args.left > 2) throw wrongSubcommand('CLIENT', args);
  const client = server.clients.get(args.index());
  const how = args.done ? 'TIMEOUT' : args.oneOf('TIMEOUT', 'ERROR');
  if (!how) throw redisError('ERR CLIENT UNBLOCK reason should be TIMEOUT or ERROR');
  if (!client?.blocked) return 0;
  const answer =
    how === 'TIMEOUT'
      ? client.blocked.wait.onTimeout
      : redisError('UNBLOCKED client unblocked via CLIENT UNBLOCK');
  server.blocking.unblock(client, answer);
  return 1;
}
