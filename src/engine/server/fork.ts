/** A server as fork() copies it: the same data and settings, and nothing that others could notice. */
import type { Connection, Listener } from '../network/network.ts';
import { VirtualDisk } from '../persistence/disk.ts';
import type { Persistence } from '../persistence/persistence.ts';
import type { Random } from '../time/random.ts';
import type { Client } from './client.ts';
import type { Connections } from './connections.ts';
import type { ServerOptions } from './options.ts';
import type { Log } from './persisting.ts';
import type { Settings } from './settings.ts';

/** What copying needs of a server. */
export interface Process {
  readonly random: Random;
  readonly settings: Settings;
  readonly log: Log;
  readonly persistence: Persistence;
  readonly connections: Connections;
  readonly scripts: { readonly runner: { drop(): void } };
  readonly isDown: boolean;
  shutDown(): void;
}

/** Makes a copy, hands it a client, and has it do something for that client. */
export type Fork<Child> = (client: Client, task: (child: Child, client: Client) => void) => void;

/** How a server that was made with these options is copied. */
export const forkingOf =
  <Server extends Process>(
    parent: Server,
    options: ServerOptions,
    make: (options: ServerOptions) => Server,
  ): Fork<Server> =>
  (client, task) => {
    const child = make(forkOptions(parent, options));
    task(child, takeOver(child, parent, client));
  };

function forkOptions(parent: Process, options: ServerOptions): ServerOptions {
  const { clock, table, openLua, renames, stopwatch } = options;
  return {
    ...{ clock, table, random: parent.random.fork(`fork at ${clock.now}`) },
    ...(openLua && { openLua }),
    ...(renames && { renames }),
    ...(stopwatch && { stopwatch }),
    settings: { ...parent.settings },
    config: { save: '' },
    disk: new VirtualDisk(),
  };
}

/** Fills the copy, and hands it a client; it ends with that client's connection. */
function takeOver(child: Process, parent: Process, client: Client): Client {
  child.persistence.replaceBy(parent.persistence.snapshots.bytes());
  let heir = client;
  const end = () => {
    if (!child.isDown) parent.log('warning', 'Lua debugging session child exiting');
    child.shutDown();
    child.scripts.runner.drop();
  };
  client.handOver((connection): Listener => {
    const ending = endingWith(connection, end);
    heir = child.connections.adopt(ending, { from: client.laddr, to: client.addr });
    const { db, user, protocol, name } = client;
    Object.assign(heir, { db, user, protocol, name });
    return { onData: (bytes) => heir.receive(bytes), onClose: end };
  });
  return heir;
}

const endingWith = (connection: Connection, end: () => void): Connection => ({
  send: (bytes) => connection.send(bytes),
  close() {
    connection.close();
    end();
  },
});
