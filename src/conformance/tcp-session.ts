import { setImmediate as nextTurn, setTimeout as realTime } from 'node:timers/promises';
import { utf8Encode } from '../engine/bytes/bytes.ts';
import { splitArgs } from '../engine/resp/split.ts';
import { parseDuration } from '../transcript/parse.ts';
import type { Arrival, Directive, Outcome, Session } from '../transcript/transcript.ts';
import { printFrame } from './frame.ts';
import { Wire } from './wire.ts';

/** What this session is asked for and cannot do: a real server's time is not ours to move. */
export class CannotSteer extends Error {
  override readonly name = 'CannotSteer';
}

/** An @advance that is no longer than this is waited for. */
const LONGEST_WAIT_MS = 300;

/**
 * Replays transcripts on a server behind a socket. A client is known to wait when a stranger who
 * asked later, twice, has already been answered: a server handles what it receives in order.
 */
export class TcpSession implements Session {
  readonly #address: { readonly host: string; readonly port: number };
  readonly #clients = new Map<string, Wire>();
  #stranger: Wire | undefined;

  constructor(address: { readonly host: string; readonly port: number }) {
    this.#address = address;
  }

  async send(name: string, commands: readonly string[]): Promise<Outcome> {
    const client = this.#clients.get(name) ?? (await this.#connect(name));
    const sent = commands.map((line) => splitArgs(utf8Encode(line)));
    if (sent.includes(undefined)) return { reply: 'Invalid argument(s)', arrivals: [] };
    client.send((sent as string[][]).filter((argv) => argv.length > 0));
    await this.#settle();
    const replies = this.#printInbox(name, client);
    const reply = replies.length > 0 ? replies.join('\n') : undefined;
    return { reply, arrivals: this.#arrivals() };
  }

  async steer({ name, args }: Directive): Promise<Outcome> {
    const [first = '', node] = args;
    if (name === 'advance') await advance(first);
    else if (name === 'connect' && node === undefined) await this.#connect(first);
    else if (name === 'close') this.#close(first);
    else throw new CannotSteer(`@${name} ${args.join(' ')}`);
    await this.#settle();
    return { reply: '', arrivals: this.#arrivals() };
  }

  async close(): Promise<void> {
    for (const name of [...this.#clients.keys()]) this.#close(name);
    this.#stranger?.close();
  }

  async #connect(name: string): Promise<Wire> {
    const { host, port } = this.#address;
    const client = await Wire.dial(host, port);
    this.#clients.set(name, client);
    return client;
  }

  #close(name: string): void {
    this.#clients.get(name)?.close();
    this.#clients.delete(name);
  }

  #arrivals(): Arrival[] {
    return [...this.#clients].flatMap(([name, client]) =>
      this.#printInbox(name, client).map((text) => ({ client: name, text })),
    );
  }

  #printInbox(name: string, client: Wire): string[] {
    const printed = client.takeAll().map(printFrame);
    if (!client.closed) return printed;
    this.#clients.delete(name);
    return [...printed, 'Error: Server closed the connection'];
  }

  /** Until all that the last step caused has arrived. */
  async #settle(): Promise<void> {
    for (let i = 0; i < 2; i++) {
      if (!this.#stranger || this.#stranger.closed) {
        this.#stranger = await Wire.dial(this.#address.host, this.#address.port);
      }
      // An unknown command is answered, whatever the server is busy with, and leaves no trace in
      // MONITOR, the slow log or the keyspace. The stranger itself may be killed by the step.
      await this.#stranger.run('~').catch(() => undefined);
      await nextTurn();
    }
  }
}

async function advance(duration: string): Promise<void> {
  const ms = parseDuration(duration) ?? 0;
  if (ms > LONGEST_WAIT_MS) throw new CannotSteer(`@advance ${duration}`);
  await realTime(ms + 10);
}
