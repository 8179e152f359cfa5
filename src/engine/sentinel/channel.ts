/** A connection of a Sentinel to what it watches: commands out, their replies in order. */
import type { Connection, Dial } from '../network/network.ts';
import { ProtocolError } from '../resp/decode.ts';
import { ReplyDecoder } from '../resp/decode-reply.ts';
import { encodeCommand } from '../resp/encode.ts';
import type { Reply } from '../resp/reply.ts';

type Take = (reply: Reply) => void;

export class Channel {
  readonly #decoder = new ReplyDecoder();
  readonly #expected: Take[] = [];
  #connection: Connection | undefined;
  #unsent = '';
  #isOver = false;
  /** Our own side of it, once it is connected. */
  localIp = '';
  readonly #giveUp: () => void;

  /** Dials. What was asked before it is connected is sent then. `onEnd` comes once. */
  constructor(
    dial: Dial,
    address: string,
    private readonly heard: { onReply?(reply: Reply): void; onEnd(): void },
  ) {
    this.#giveUp = dial(address, {
      onConnect: (connection, { from }) => {
        this.#connection = connection;
        this.localIp = from.slice(0, from.lastIndexOf(':'));
        connection.send(this.#unsent);
        this.#unsent = '';
      },
      onFail: () => this.#end(),
      onData: (bytes) => this.#take(bytes),
      onClose: () => this.#end(),
    });
  }

  get isConnected(): boolean {
    return this.#connection !== undefined && !this.#isOver;
  }

  /** How many replies are still to come. */
  get pending(): number {
    return this.#expected.length;
  }

  ask(argv: readonly string[], take: Take = () => {}): void {
    if (this.#isOver) return;
    this.#expected.push(take);
    this.#send(encodeCommand(argv));
  }

  /** Sends a command whose replies all go to `onReply`. */
  subscribe(channel: string): void {
    this.#send(encodeCommand(['SUBSCRIBE', channel]));
  }

  close(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#giveUp();
    this.#connection?.close();
  }

  #send(bytes: string): void {
    if (this.#connection) this.#connection.send(bytes);
    else this.#unsent += bytes;
  }

  #take(bytes: string): void {
    if (this.#isOver) return;
    this.#decoder.push(bytes);
    for (;;) {
      const reply = this.#next();
      if (reply === undefined || this.#isOver) return;
      const take = this.#expected.shift();
      if (take) take(reply);
      else this.heard.onReply?.(reply);
    }
  }

  /** What speaks something else than Redis's protocol is hung up on. */
  #next(): Reply | undefined {
    try {
      return this.#decoder.next();
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.#connection?.close();
      this.#end();
      return undefined;
    }
  }

  #end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.heard.onEnd();
  }
}
