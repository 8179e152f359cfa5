import { parseDuration } from '../../transcript/parse.ts';
import type {
  Arrival,
  Directive,
  DirectiveName,
  Outcome,
  Session,
} from '../../transcript/transcript.ts';
import { utf8Encode } from '../bytes/bytes.ts';
import { type LinkQuality, perfect } from '../network/link.ts';
import type { Connection } from '../network/network.ts';
import { ReplyDecoder } from '../resp/decode-reply.ts';
import { encodeCommand } from '../resp/encode.ts';
import { printReply } from '../resp/print.ts';
import { splitArgs } from '../resp/split.ts';
import type { Lab, Node } from './lab.ts';

/** Does to a lab what a directive says. False where it is about clients. */
export function steerLab(lab: Lab, { name, args }: Directive): boolean {
  const steer = steering[name];
  steer?.(lab, args);
  lab.settle();
  return steer !== undefined;
}

const steering: Readonly<Partial<Record<DirectiveName, (lab: Lab, args: Arguments) => void>>> = {
  advance: (lab, [duration = '']) => lab.clock.advance(parseDuration(duration) ?? 0),
  delay: (lab, [one = '', other = '', duration = '']) =>
    bothWays(lab, one, other, { latencyMs: parseDuration(duration) ?? 0 }),
  bandwidth: (lab, [one = '', other = '', kilobytes = '']) =>
    bothWays(lab, one, other, { bytesPerMs: Number(kilobytes) || perfect.bytesPerMs }),
  lose: (lab, [one = '', other = '', percent = '']) =>
    bothWays(lab, one, other, { loss: Number(percent) / 100 }),
  name: (lab, [name = '', node = '']) => lab.network.name(name, nodeOf(lab, node).host),
  cut: (lab, [one = '', other = '']) => lab.cut(nodeOf(lab, one).name, nodeOf(lab, other).name),
  heal: (lab, [one = '', other = '']) => lab.heal(nodeOf(lab, one).name, nodeOf(lab, other).name),
  kill: (lab, [node = '']) => nodeOf(lab, node).kill(),
  pause: (lab, [node = '']) => nodeOf(lab, node).pause(),
  revive: (lab, [name = '']) => {
    const node = nodeOf(lab, name);
    if (node.state === 'paused') node.resume();
    else node.start();
  },
};

type Arguments = readonly string[];

function bothWays(lab: Lab, one: string, other: string, quality: Partial<LinkQuality>): void {
  const [from, to] = [nodeOf(lab, one).host, nodeOf(lab, other).host];
  lab.network.setQuality(from, to, quality);
  lab.network.setQuality(to, from, quality);
}

function nodeOf(lab: Lab, name: string): Node {
  const node = lab.node(name);
  if (!node) throw new Error(`the lab has no node ${name}`);
  return node;
}

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
    readonly lab: Lab,
    /** Where unnamed clients connect; the lab's first node when not given. */
    private readonly target = lab.address,
  ) {}

  async send(name: string, commands: readonly string[]): Promise<Outcome> {
    const client = this.#client(name);
    const sent = commands.map((line) => splitArgs(utf8Encode(line)));
    const runnable = sent.filter((argv) => argv !== undefined && argv.length > 0);
    if (sent.includes(undefined)) return { reply: 'Invalid argument(s)', arrivals: [] };
    client.connection.send((runnable as string[][]).map(encodeCommand).join(''));
    this.lab.settle();
    const printed = client.inbox.splice(0);
    const reply = printed.length > 0 ? printed.join('\n') : undefined;
    return { reply, arrivals: this.#arrivals() };
  }

  async steer(directive: Directive): Promise<Outcome> {
    const [client = '', node] = directive.args;
    if (directive.name === 'connect') this.connect(client, node);
    else if (directive.name === 'close') this.disconnect(client);
    else steerLab(this.lab, directive);
    return { reply: '', arrivals: this.#arrivals() };
  }

  async close(): Promise<void> {
    for (const name of [...this.#clients.keys()]) this.disconnect(name);
  }

  #client(name: string): LabClient {
    return this.#clients.get(name) ?? this.connect(name);
  }

  /** Connects a client, to a node of this name if there is one. */
  connect(name: string, nodeName = name): LabClient {
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

  /** Closes the connection of a client, if there is one. */
  disconnect(name: string): void {
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
