import { parseDuration } from '../../transcript/parse.ts';
import type { Arrival, Directive, Outcome, Session } from '../../transcript/transcript.ts';
import { utf8Encode } from '../bytes/bytes.ts';
import type { Connection } from '../network/network.ts';
import { ReplyDecoder } from '../resp/decode-reply.ts';
import { encodeCommand } from '../resp/encode.ts';
import { printReply } from '../resp/print.ts';
import { splitArgs } from '../resp/split.ts';
import type { Lab } from './lab.ts';

interface LabClient {
  readonly connection: Connection;
  /** What has arrived and has not been reported, as printed. */
  readonly inbox: string[];
  closed: boolean;
}

/** Runs transcripts on a lab. Nothing waits for real time, so every step is over when it returns. */
export class LabSession implements Session {
  readonly #clients = new Map<string, LabClient>();

  constructor(
    private readonly lab: Lab,
    /** Where unnamed clients connect; the lab's first node when not given. */
    private readonly target = lab.address,
  ) {}

  async send(name: string, commands: readonly string[]): Promise<Outcome> {
    const client = this.#client(name);
    const sent = commands.map((line) => splitArgs(utf8Encode(line)));
    const runnable = sent.filter((argv) => argv !== undefined && argv.length > 0);
    if (sent.includes(undefined)) return { reply: 'Invalid argument(s)', arrivals: [] };
    client.connection.send((runnable as string[][]).map(encodeCommand).join(''));
    const printed = client.inbox.splice(0);
    const reply = printed.length > 0 ? printed.join('\n') : undefined;
    return { reply, arrivals: this.#arrivals() };
  }

  async steer(directive: Directive): Promise<Outcome> {
    const { name, args } = directive;
    const [first = '', second] = args;
    if (name === 'advance') this.lab.clock.advance(parseDuration(first) ?? 0);
    else if (name === 'connect') this.#connect(first, second);
    else if (name === 'close') this.#close(first);
    else throw new Error(`@${name} is not simulated yet`);
    return { reply: '', arrivals: this.#arrivals() };
  }

  async close(): Promise<void> {
    for (const name of [...this.#clients.keys()]) this.#close(name);
  }

  #client(name: string): LabClient {
    return this.#clients.get(name) ?? this.#connect(name);
  }

  #connect(name: string, nodeName = name): LabClient {
    const node = this.lab.node(nodeName);
    const address = node ? `${node.host}:${node.port}` : this.target;
    const decoder = new ReplyDecoder();
    const inbox: string[] = [];
    const connection = this.lab.dial(address, '127.0.0.1', {
      onData(bytes) {
        decoder.push(bytes);
        for (let reply = decoder.next(); reply !== undefined; reply = decoder.next()) {
          inbox.push(printReply(reply));
        }
      },
      onClose: () => {
        inbox.push('Error: Server closed the connection');
        const client = this.#clients.get(name);
        if (client) client.closed = true;
      },
    });
    if (!connection) throw new Error(`connection to ${address} refused`);
    const client = { connection, inbox, closed: false };
    this.#clients.set(name, client);
    return client;
  }

  #close(name: string): void {
    this.#clients.get(name)?.connection.close();
    this.#clients.delete(name);
  }

  #arrivals(): Arrival[] {
    return [...this.#clients].flatMap(([client, { inbox, closed }]) => {
      if (closed) this.#clients.delete(client);
      return inbox.splice(0).map((text) => ({ client, text }));
    });
  }
}
