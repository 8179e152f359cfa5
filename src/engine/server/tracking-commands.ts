import type { Args } from '../commands/args.ts';
import { command } from '../commands/command.ts';
import { redisError, syntaxError } from '../errors.ts';
import { mapOf, ok, type Reply, SetReply } from '../resp/reply.ts';
import type { Client, Tracking } from './client.ts';
import type { TrackingTable } from './tracking.ts';

/** CLIENT's subcommands for client-side caching. https://redis.io/docs/latest/commands/client-tracking/ */
interface Needs {
  readonly server: {
    readonly clients: ReadonlyMap<number, Client>;
    readonly tracking: TrackingTable;
  };
  readonly client: Client;
}

const row = {
  group: 'connection',
  since: '6.0.0',
  complexity: 'O(1)',
  flags: ['loading', 'noscript', 'stale'],
} as const;

export const trackingCommands = [
  command<Needs>('CLIENT|CACHING <YES | NO>', {
    ...row,
    summary: 'Says whether the keys that the next command reads are to be tracked.',
    run: caching,
  }),
  command<Needs>('CLIENT|GETREDIR', {
    ...row,
    summary: 'Returns the client that hears of invalidations in its stead.',
    run: ({ client }) => client.tracking?.redirect ?? -1,
  }),
  command<Needs>(
    `CLIENT|TRACKING <ON | OFF> [REDIRECT client-id:int] [PREFIX prefix [PREFIX prefix ...]]
     [BCAST] [OPTIN] [OPTOUT] [NOLOOP]`,
    {
      ...row,
      summary:
        'Switches on or off that the server tells of changes to keys that the client caches.',
      complexity: 'O(1). Some options may introduce additional complexity.',
      run: track,
    },
  ),
  command<Needs>('CLIENT|TRACKINGINFO', {
    ...row,
    since: '6.2.0',
    summary: "Describes the connection's tracking.",
    run: ({ client }) => describe(client.tracking),
  }),
];

function caching({ client: { tracking } }: Needs, args: Args): Reply {
  if (!tracking) {
    throw redisError(
      'ERR CLIENT CACHING can be called only when the client is in tracking mode with OPTIN or OPTOUT mode enabled',
    );
  }
  const word = args.oneOf('YES', 'NO');
  if (!word) throw syntaxError();
  if (word === 'YES' && !tracking.optin) {
    throw redisError(
      'ERR CLIENT CACHING YES is only valid when tracking is enabled in OPTIN mode.',
    );
  }
  if (word === 'NO' && !tracking.optout) {
    throw redisError(
      'ERR CLIENT CACHING NO is only valid when tracking is enabled in OPTOUT mode.',
    );
  }
  tracking.caching = word === 'YES' ? 'yes' : 'no';
  return ok;
}

interface Options {
  redirect: number;
  bcast: boolean;
  optin: boolean;
  optout: boolean;
  noloop: boolean;
  prefixes: string[];
}

function track({ server, client }: Needs, args: Args): Reply {
  const word = args.string().toUpperCase();
  const options = readOptions(server.clients, args);
  if (word === 'OFF') {
    server.tracking.disable(client);
    return ok;
  }
  if (word !== 'ON') throw syntaxError();
  check(options, client.tracking);
  const before = client.tracking?.prefixes ?? [];
  if (options.bcast && options.prefixes.length === 0) options.prefixes.push('');
  const prefixes = [...new Set([...before, ...options.prefixes])].sort();
  server.tracking.disable(client);
  const fresh = { caching: undefined, isBroken: false };
  server.tracking.enable(client, { ...options, ...fresh, prefixes });
  return ok;
}

function readOptions(clients: ReadonlyMap<number, Client>, args: Args): Options {
  const options: Options = {
    redirect: 0,
    bcast: false,
    optin: false,
    optout: false,
    noloop: false,
    prefixes: [],
  };
  while (!args.done) {
    if (args.left >= 2 && args.token('REDIRECT')) {
      if (options.redirect !== 0) {
        throw redisError('ERR A client can only redirect to a single other client');
      }
      options.redirect = args.index();
      if (!clients.has(options.redirect)) {
        throw redisError('ERR The client ID you want redirect to does not exist');
      }
    } else if (args.left >= 2 && args.token('PREFIX')) {
      options.prefixes.push(args.string());
    } else {
      const flag = args.oneOf('BCAST', 'OPTIN', 'OPTOUT', 'NOLOOP');
      if (!flag) throw syntaxError();
      options[flags[flag]] = true;
    }
  }
  return options;
}

const flags = { BCAST: 'bcast', OPTIN: 'optin', OPTOUT: 'optout', NOLOOP: 'noloop' } as const;

const AGAIN =
  'before disabling tracking for this client, and then re-enabling it with a different mode.';

function check({ bcast, optin, optout, prefixes }: Options, before: Tracking | undefined): void {
  if (prefixes.length > 0 && !bcast) {
    throw redisError('ERR PREFIX option requires BCAST mode to be enabled');
  }
  if (before && before.bcast !== bcast) {
    throw redisError(`ERR You can't switch BCAST mode on/off ${AGAIN}`);
  }
  if (bcast && (optin || optout)) {
    throw redisError('ERR OPTIN and OPTOUT are not compatible with BCAST');
  }
  if (optin && optout) {
    throw redisError("ERR You can't specify both OPTIN mode and OPTOUT mode");
  }
  if (before && ((optin && before.optout) || (optout && before.optin))) {
    throw redisError(`ERR You can't switch OPTIN/OPTOUT mode ${AGAIN}`);
  }
  checkPrefixes(prefixes, before?.prefixes ?? []);
}

/** A key must not be told of twice. */
function checkPrefixes(prefixes: readonly string[], existing: readonly string[]): void {
  const overlaps = (a: string) => (b: string) => a.startsWith(b) || b.startsWith(a);
  prefixes.forEach((prefix, i) => {
    const old = existing.find(overlaps(prefix));
    const other = prefixes.slice(i + 1).find(overlaps(prefix));
    if (old === undefined && other === undefined) return;
    const what =
      old === undefined ? `another provided prefix '${other}'` : `an existing prefix '${old}'`;
    throw redisError(
      `ERR Prefix '${prefix}' overlaps with ${what}. Prefixes for a single client must not overlap.`,
    );
  });
}

function describe(tracking: Tracking | undefined): Reply {
  const { bcast, optin, optout, noloop, caching, isBroken } = tracking ?? {};
  const words = [
    [tracking ? 'on' : 'off', true],
    ['bcast', bcast],
    ['optin', optin],
    ['caching-yes', caching === 'yes'],
    ['optout', optout],
    ['caching-no', caching === 'no'],
    ['noloop', noloop],
    ['broken_redirect', isBroken],
  ] as const;
  return mapOf({
    flags: new SetReply(words.filter(([, holds]) => holds).map(([word]) => word)),
    redirect: tracking?.redirect ?? -1,
    prefixes: tracking?.prefixes ?? [],
  });
}
