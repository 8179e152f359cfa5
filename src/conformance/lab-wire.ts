import type { Lab } from '../engine/lab/lab.ts';
import type { Connection } from '../engine/network/network.ts';
import { encodeCommand } from '../engine/resp/encode.ts';
import { type Frame, FrameReader } from './frame.ts';

/**
 * A connection to the server of a lab, as `Wire` is one over TCP: what a command causes without the
 * lab's time moving has come when a method returns.
 */
export class LabWire {
  readonly #reader = new FrameReader();
  readonly #inbox: Frame[] = [];
  readonly #connection: Connection;

  constructor(lab: Lab) {
    const connection = lab.dial(lab.address, '127.0.0.1', {
      onData: (bytes) => this.#inbox.push(...this.#reader.push(bytes)),
      onClose() {},
    });
    if (!connection) throw new Error(`connection to ${lab.address} refused`);
    this.#connection = connection;
  }

  /** Sends a command that has one reply. */
  run(...argv: string[]): Frame {
    const replies = this.runAll([argv]);
    const [reply] = replies;
    if (reply && replies.length === 1) return reply;
    throw new Error(`${replies.length} replies to ${argv[0]}`);
  }

  /** Sends commands in one write and gives back what came. */
  runAll(commands: readonly (readonly string[])[]): Frame[] {
    this.send(commands);
    return this.takeAll();
  }

  send(commands: readonly (readonly string[])[]): void {
    this.#connection.send(commands.map(encodeCommand).join(''));
  }

  /** Whatever has come and was not taken. */
  takeAll(): Frame[] {
    return this.#inbox.splice(0);
  }
}
