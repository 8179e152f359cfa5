import { classOf } from '../keyspace/events.ts';

/** The classes that `A` stands for: all but key misses and new keys. */
const ALL = 'g$lshzxetda';

/**
 * The Pub/Sub messages of one keyspace event under these flags.
 * https://redis.io/docs/latest/develop/pubsub/keyspace-notifications/
 */
function keyspaceMessages(
  flags: string,
  db: number,
  event: string,
  key: string,
): [channel: string, message: string][] {
  const kind = classOf(event);
  const wanted = flags.includes(kind) || (flags.includes('A') && ALL.includes(kind));
  if (!wanted || kind === '') return [];
  const messages: [string, string][] = [];
  if (flags.includes('K')) messages.push([`__keyspace@${db}__:${key}`, event]);
  if (flags.includes('E')) messages.push([`__keyevent@${db}__:${event}`, key]);
  return messages;
}

/** What notifying needs of the server. */
interface NotifyHost {
  readonly settings: { readonly notifyKeyspaceEvents: string };
  readonly pubsub: { publish(channel: string, message: string): number };
}

/** Publishes a keyspace event, if notify-keyspace-events asks for it. */
export function notifyOf(
  { settings, pubsub }: NotifyHost,
  db: { readonly index: number },
  event: string,
  key: string,
): void {
  const { notifyKeyspaceEvents } = settings;
  if (notifyKeyspaceEvents === '') return;
  for (const [channel, message] of keyspaceMessages(notifyKeyspaceEvents, db.index, event, key)) {
    pubsub.publish(channel, message);
  }
}
