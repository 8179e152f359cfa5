/**
 * Keeps the log that a World reads: told what every client of the learner's sends and gets, it pairs
 * each command with its reply and puts Pub/Sub messages aside. Both protocols.
 */
import { isError, MapReply, Push, type Reply, Status } from '../engine/resp/reply.ts';
import { isList, plain } from './compare.ts';
import type { LogEntry, Message } from './world.ts';

/** A command on its way, and the round trip that it is part of. */
type Sent = Required<Pick<LogEntry, 'argv' | 'trip'>>;

export class Witness {
  private entries: LogEntry[] = [];
  private heard: Message[] = [];
  private trips = 0;
  private readonly pending = new Map<string, Sent[]>();

  /** A client sends commands in one write, and waits: one round trip. */
  sent(client: string, commands: readonly (readonly string[])[]): void {
    const trip = ++this.trips;
    const sent = commands.map((argv) => ({ argv, trip }));
    this.pending.set(client, [...(this.pending.get(client) ?? []), ...sent]);
  }

  /** A client gets a reply, or something it did not ask for. `at`: lab time, ms since 1970. */
  got(client: string, reply: Reply, at: number): void {
    const message = readMessage(reply);
    if (message) {
      this.heard.push({ client, at, ...message });
      return;
    }
    const [next, ...rest] = this.pending.get(client) ?? [];
    // Confirmations beyond the first of a SUBSCRIBE, MONITOR lines and invalidations answer nothing.
    if (!next || (isUnasked(reply) && !subscribing.test(next.argv[0] ?? ''))) return;
    this.pending.set(client, rest);
    const queued = reply instanceof Status && reply.text === 'QUEUED';
    const within = queued && { within: 'transaction' as const };
    this.entries.push({ client, ...next, reply, at, ...within });
  }

  /** A client's connection ended: what it still waited for is never answered. */
  lost(client: string): void {
    this.pending.delete(client);
  }

  /** A task begins: nothing has been done yet. What clients still wait for stays awaited. */
  begin(): void {
    this.entries = [];
    this.heard = [];
    this.trips = 0;
  }

  readonly log = (): readonly LogEntry[] => this.entries;
  readonly messages = (): readonly Message[] => this.heard;
  readonly roundTrips = (): number => this.trips;
}

const subscribing = /^[ps]?(?:un)?subscribe$/i;

/** A confirmation or a push that is no message: a subscriber in RESP2 gets it as a plain array. */
function isUnasked(reply: Reply): boolean {
  if (reply instanceof Push) return true;
  if (isError(reply) || reply instanceof MapReply || !Array.isArray(reply)) return false;
  const [kind, , count, more] = reply as readonly Reply[];
  return typeof kind === 'string' && subscribing.test(kind) && typeof count === 'number' && !more;
}

function readMessage(reply: Reply): Omit<Message, 'client' | 'at'> | undefined {
  const items = plain(reply instanceof Push ? reply.items : reply);
  if (!isList(items) || !items.every((item) => typeof item === 'string')) return undefined;
  const [kind, ...rest] = items;
  if (kind === 'pmessage' && rest.length === 3) {
    const [pattern, channel, payload] = rest as [string, string, string];
    return { kind, pattern, channel, payload };
  }
  if ((kind !== 'message' && kind !== 'smessage') || rest.length !== 2) return undefined;
  const [channel, payload] = rest as [string, string];
  return { kind, channel, payload };
}
