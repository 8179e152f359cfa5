/**
 * What lessons and tasks are replayed on in tests: a session and a world over any door to a server,
 * the engine's or a real one.
 */
import { utf8Encode } from '../engine/bytes/bytes.ts';
import { RedisError } from '../engine/errors.ts';
import { ReplyDecoder } from '../engine/resp/decode-reply.ts';
import { encodeCommand } from '../engine/resp/encode.ts';
import { printAnswer } from '../engine/resp/print-answer.ts';
import type { Reply } from '../engine/resp/reply.ts';
import { splitArgs } from '../engine/resp/split.ts';
import { CheckError } from '../quiz/look.ts';
import { Witness } from '../quiz/witness.ts';
import type { Vantage, World } from '../quiz/world.ts';
import type { Arrival, Directive, Outcome, Session } from '../transcript/transcript.ts';

/** A way to a server. Bytes are strings of one char per byte. */
export interface Door {
  dial(onData: (bytes: string) => void, node?: string): Promise<Pipe>;
  /** Resolves when all that was sent has had its effect and all its consequences have arrived. */
  settle(): Promise<void>;
  /** Lab time, ms since 1970. */
  now(): number;
  /** Carries out a directive about the data centre; false where that is not possible. */
  steer(directive: Directive): boolean;
}

export interface Pipe {
  send(bytes: string): void;
  close(): void;
}

interface Client {
  readonly pipe: Pipe;
  /** What it waits for, in order, so that each reply is printed as its command has it. */
  readonly awaited: (readonly string[])[];
  readonly inbox: string[];
}

export interface RigOptions {
  /** Of every connection; RESP2 unless said. */
  readonly protocol?: 2 | 3 | undefined;
  /** The node that unnamed clients, and those that are not called like a node, talk to. */
  readonly target?: string | undefined;
}

export class Rig implements Session, World {
  private readonly clients = new Map<string, Client>();
  private readonly witness = new Witness();

  constructor(
    private readonly door: Door,
    private readonly options: RigOptions = {},
  ) {}

  // The session.

  async send(name: string, commands: readonly string[]): Promise<Outcome> {
    const client = this.clients.get(name) ?? (await this.connect(name));
    const lines = commands.map((line) => splitArgs(utf8Encode(line)));
    const sent = lines.filter((argv) => argv !== undefined);
    if (sent.length < lines.length) return { reply: 'Invalid argument(s)', arrivals: [] };
    this.witness.sent(name, sent);
    client.awaited.push(...sent);
    client.pipe.send(sent.map((argv) => encodeCommand(argv)).join(''));
    await this.door.settle();
    const printed = client.inbox.splice(0);
    return {
      reply: printed.length > 0 ? printed.join('\n') : undefined,
      arrivals: this.arrivals(),
    };
  }

  async steer(directive: Directive): Promise<Outcome> {
    const { name, args } = directive;
    if (name === 'connect') await this.connect(args[0] ?? '', args[1]);
    else if (name === 'close') this.disconnect(args[0] ?? '');
    else if (!this.door.steer(directive)) throw new Error(`@${name} is not possible here`);
    await this.door.settle();
    return { reply: '', arrivals: this.arrivals() };
  }

  async close(): Promise<void> {
    for (const name of [...this.clients.keys()]) this.disconnect(name);
  }

  // The world.

  /** Forgets what was done so far: the task begins now. */
  begin(): void {
    this.witness.begin();
  }

  readonly log = this.witness.log;
  readonly messages = this.witness.messages;
  readonly roundTrips = this.witness.roundTrips;
  output(): string {
    return '';
  }

  async execute(argv: readonly string[], from: Vantage = {}): Promise<Reply> {
    const replies: Reply[] = [];
    const decoder = new ReplyDecoder();
    const pipe = await this.door.dial((bytes) => {
      decoder.push(bytes);
      for (let reply = decoder.next(); reply !== undefined; reply = decoder.next()) {
        replies.push(reply);
      }
    }, from.node);
    const before = [
      ...(from.password === undefined ? [] : [['AUTH', from.user ?? 'default', from.password]]),
      ...(from.db === undefined ? [] : [['SELECT', String(from.db)]]),
    ];
    pipe.send([...before, argv].map((each) => encodeCommand(each)).join(''));
    await this.door.settle();
    pipe.close();
    const refused = replies.slice(0, before.length).find((reply) => reply instanceof RedisError);
    if (refused instanceof RedisError) throw new CheckError(refused.message);
    const reply = replies[before.length];
    if (reply === undefined) throw new CheckError(`no reply to ${argv.join(' ')}`);
    return reply;
  }

  private async connect(name: string, node?: string): Promise<Client> {
    const decoder = new ReplyDecoder();
    const inbox: string[] = [];
    const awaited: (readonly string[])[] = [];
    const onData = (bytes: string) => {
      decoder.push(bytes);
      for (let reply = decoder.next(); reply !== undefined; reply = decoder.next()) {
        const before = this.witness.log().length;
        this.witness.got(name, reply, this.door.now());
        const answers = this.witness.log().length > before;
        inbox.push(printAnswer((answers && awaited.shift()) || [], reply));
      }
    };
    const pipe = await this.door.dial(onData, node ?? this.options.target ?? name);
    if (this.options.protocol === 3) {
      pipe.send(encodeCommand(['HELLO', '3']));
      await this.door.settle();
      inbox.length = 0;
    }
    const client = { pipe, awaited, inbox };
    this.clients.set(name, client);
    return client;
  }

  private disconnect(name: string): void {
    this.clients.get(name)?.pipe.close();
    this.clients.delete(name);
    this.witness.lost(name);
  }

  private arrivals(): Arrival[] {
    return [...this.clients].flatMap(([client, { inbox }]) =>
      inbox.splice(0).map((text) => ({ client, text })),
    );
  }
}
