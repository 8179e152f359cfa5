import { parseInteger } from '../bytes/numbers.ts';
import type { Args } from '../commands/args.ts';
import { command } from '../commands/command.ts';
import { redisError, syntaxError } from '../errors.ts';
import { ok, type Reply } from '../resp/reply.ts';
import type { Client } from './client.ts';
import { readType, typeOf } from './client-list.ts';
import type { Server } from './server.ts';

interface Needs {
  readonly server: Server;
  readonly client: Client;
}

const filters = `ID client-id:int | TYPE <NORMAL | MASTER | SLAVE | REPLICA | PUBSUB> |
  USER username | ADDR addr | LADDR addr | SKIPME <YES | NO> | MAXAGE maxage:int`;

/** Ends connections. https://redis.io/docs/latest/commands/client-kill/ */
export const killCommand = command<Needs>(
  `CLIENT|KILL <ip-port | <${filters}> [<${filters}> ...]>`,
  {
    summary: 'Closes connections: the one of an address, or all that pass every filter.',
    since: '2.4.0',
    group: 'connection',
    complexity: 'O(N) where N is the number of client connections',
    flags: ['admin', 'loading', 'noscript', 'stale'],
    override: { arity: -3 },
    history: [
      ['2.8.12', 'Has filters.'],
      ['2.8.12', 'Filters by ID.'],
      ['3.2.0', 'Knows the type MASTER.'],
      ['5.0.0', 'Calls the type SLAVE also REPLICA.'],
      ['6.2.0', 'Filters by LADDR.'],
      ['7.4.0', 'Filters by age.'],
    ],
    optionsSince: { MAXAGE: '7.4.0' },
    run: (ctx, args) => (args.left === 1 ? killAddress(ctx, args.string()) : killAll(ctx, args)),
  },
);

function killAddress({ server, client }: Needs, addr: string): Reply {
  const victim = [...server.clients.values()].find((each) => each.addr === addr);
  if (!victim) throw redisError('ERR No such client');
  kill(victim, client);
  return ok;
}

type Filter = (candidate: Client) => boolean;

function killAll({ server, client }: Needs, args: Args): Reply {
  const { wanted, skipMe } = readFilters(server, args);
  const victims = [...server.clients.values()].filter(
    (candidate) => wanted.every((wants) => wants(candidate)) && !(skipMe && candidate === client),
  );
  for (const victim of victims) kill(victim, client);
  return victims.length;
}

/** Whoever kills itself still gets the answer. */
function kill(victim: Client, killer: Client): void {
  if (victim === killer) victim.closeAfterReply = true;
  else victim.close();
}

function readFilters(server: Server, args: Args): { wanted: Filter[]; skipMe: boolean } {
  const wanted: Filter[] = [];
  let skipMe = true;
  while (args.left >= 2) {
    const option = args.string().toUpperCase();
    const value = args.string();
    if (option === 'SKIPME') skipMe = readYesNo(value);
    else wanted.push(readFilter(server, option, value));
  }
  if (!args.done) throw syntaxError();
  return { wanted, skipMe };
}

function readYesNo(word: string): boolean {
  if (/^yes$/i.test(word)) return true;
  if (/^no$/i.test(word)) return false;
  throw syntaxError();
}

function readFilter(server: Server, option: string, value: string): Filter {
  if (option === 'ID') {
    const id = /^\d{1,15}$/.test(value) ? Number(value) : 0;
    if (id < 1) throw redisError('ERR client-id should be greater than 0');
    return (candidate) => candidate.id === id;
  }
  if (option === 'TYPE') {
    const type = readType(value);
    if (!type) throw redisError(`ERR Unknown client type '${value}'`);
    return (candidate) => typeOf(candidate) === type;
  }
  if (option === 'MAXAGE') {
    const seconds = parseInteger(value);
    if (seconds === undefined) throw redisError('ERR maxage is not an integer or out of range');
    if (seconds < 1n) throw redisError('ERR maxage should be greater than 0');
    return (candidate) => server.now - candidate.createdAt >= Number(seconds) * 1000;
  }
  if (option === 'ADDR') return (candidate) => candidate.addr === value;
  if (option === 'LADDR') return (candidate) => candidate.laddr === value;
  if (option !== 'USER') throw syntaxError();
  if (!server.acl.user(value)) throw redisError(`ERR No such user '${value}'`);
  return (candidate) => candidate.user.name === value;
}
