/** DEBUG RELOAD and DEBUG LOADAOF: through the files and back, as a restart would. */
import type { Args } from '../commands/args.ts';
import { redisError } from '../errors.ts';
import { LoadError } from '../persistence/host.ts';
import type { Persistence } from '../persistence/persistence.ts';
import { ok, type Reply } from '../resp/reply.ts';

interface Needs {
  readonly server: { readonly persistence: Persistence };
}

/** Saves, forgets everything, and loads; each but the last can be left out. */
export function reload({ server: { persistence } }: Needs, args: Args): Reply {
  const options = { saves: true, flushes: true, merges: false };
  while (!args.done) {
    if (args.token('MERGE')) options.merges = true;
    else if (args.token('NOFLUSH')) options.flushes = false;
    else if (args.token('NOSAVE')) options.saves = false;
    else throw redisError('ERR DEBUG RELOAD only supports the MERGE, NOFLUSH and NOSAVE options.');
  }
  if (options.saves && !persistence.snapshots.save()) throw redisError('ERR');
  return load(() => persistence.loadSnapshot(options), 'RDB dump');
}

export function loadAof({ server: { persistence } }: Needs): Reply {
  return load(() => persistence.reloadAof(), 'AOF files');
}

function load(task: () => void, what: string): Reply {
  try {
    task();
  } catch (error) {
    if (!(error instanceof LoadError)) throw error;
    throw redisError(`ERR Error trying to load the ${what}, check server logs.`);
  }
  return ok;
}
