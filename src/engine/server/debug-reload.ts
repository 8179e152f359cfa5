/** DEBUG RELOAD and DEBUG LOADAOF: through the files and back, as a restart would. */
import type { Args } from '../commands/args.ts';
import { redisError } from '../errors.ts';
import { LoadError } from '../persistence/host.ts';
import type { Persistence } from '../persistence/persistence.ts';
import { ok, type Reply } from '../resp/reply.ts';

interface Needs {
  readonly server: { readonly persistence: Persistence; dirty: number };
}

/** Saves, forgets everything, and loads; each but the last can be left out. */
export function reload({ server }: Needs, args: Args): Reply {
  const { persistence } = server;
  const options = { saves: true, flushes: true, merges: false };
  while (!args.done) {
    if (args.token('MERGE')) options.merges = true;
    else if (args.token('NOFLUSH')) options.flushes = false;
    else if (args.token('NOSAVE')) options.saves = false;
    else throw redisError('ERR DEBUG RELOAD only supports the MERGE, NOFLUSH and NOSAVE options.');
  }
  if (options.saves && !persistence.snapshots.save()) throw redisError('ERR');
  return load(server, () => persistence.loadSnapshot(options), 'RDB dump');
}

export function loadAof({ server }: Needs): Reply {
  return load(server, () => server.persistence.reloadAof(), 'AOF files');
}

/** What is loaded was written before: neither the files nor the replicas are told of it. */
function load(server: Needs['server'], task: () => void, what: string): Reply {
  const { dirty } = server;
  try {
    task();
    server.dirty = dirty;
  } catch (error) {
    if (!(error instanceof LoadError)) throw error;
    throw redisError(`ERR Error trying to load the ${what}, check server logs.`);
  }
  return ok;
}
