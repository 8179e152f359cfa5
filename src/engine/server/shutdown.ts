/** How a server ends by its own will: when it is told SHUTDOWN, or by a signal. */
import type { Config } from './config.ts';
import type { Log } from './persisting.ts';

interface Needs {
  readonly config: Config;
  readonly persistence: { end(save: boolean | undefined): boolean };
  readonly log: Log;
  shutDown(): void;
}

export type Signal = 'sigterm' | 'sigint';

/** A signal asks for the end, which comes when what is to be saved is saved. False if it cannot be. */
export function terminate(server: Needs, signal: Signal): boolean {
  server.log('warning', 'User requested shutdown...');
  const how = server.config.text(`shutdown-on-${signal}`).split(' ');
  const save = how.includes('save') ? true : how.includes('nosave') ? false : undefined;
  const mayEnd = server.persistence.end(save) || how.includes('force');
  if (mayEnd) server.shutDown();
  else {
    server.log(
      'warning',
      'Errors trying to shut down the server. Check the logs for more information.',
    );
  }
  return mayEnd;
}
