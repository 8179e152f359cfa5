import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { encodeCommand } from '../engine/resp/encode.ts';
import { type Frame, FrameReader } from './frame.ts';

/** A server that takes longer than this to answer will not. */
const PATIENCE_MS = 30_000;

/** A connection over TCP that keeps every reply, in order, until somebody takes it. */
export class Wire {
  readonly #socket: Socket;
  readonly #reader = new FrameReader();
  readonly #inbox: Frame[] = [];
  #raw = '';
  #closed = false;
  /** Called on every arrival, and on the end. */
  #wake: () => void = () => {};

  static async dial(host: string, port: number): Promise<Wire> {
    const socket = connect({ host, port, noDelay: true });
    await once(socket, 'connect');
    return new Wire(socket);
  }

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk) => this.#receive(chunk.toString('latin1')));
    socket.on('error', () => {});
    const end = () => {
      this.#closed = true;
      this.#wake();
    };
    socket.on('end', end);
    socket.on('close', end);
  }

  /** Whether the server has closed the connection. */
  get closed(): boolean {
    return this.#closed;
  }

  /** All bytes that have come so far. */
  get raw(): string {
    return this.#raw;
  }

  /** Sends one command and waits for its reply. */
  async run(...argv: string[]): Promise<Frame> {
    const [reply] = await this.runAll([argv]);
    return reply as Frame;
  }

  /** Sends commands in one write and waits for as many replies. Rejects when the server closes. */
  async runAll(commands: readonly (readonly string[])[]): Promise<Frame[]> {
    this.send(commands);
    return this.take(commands.length);
  }

  send(commands: readonly (readonly string[])[]): void {
    this.write(commands.map(encodeCommand).join(''));
  }

  /** Sends bytes as they are. */
  write(bytes: string): void {
    this.#socket.write(bytes, 'latin1');
  }

  /** Waits for so many replies. Rejects when the server closes, or says nothing for too long. */
  async take(count: number): Promise<Frame[]> {
    const timer = setTimeout(() => this.#socket.destroy(), PATIENCE_MS);
    while (this.#inbox.length < count) {
      if (this.#closed) throw new Error(`${count - this.#inbox.length} replies did not come`);
      await this.#arrival();
    }
    clearTimeout(timer);
    return this.#inbox.splice(0, count);
  }

  /** Whatever has come and was not taken. */
  takeAll(): Frame[] {
    return this.#inbox.splice(0);
  }

  /** Waits until the server closes. */
  async untilClosed(): Promise<void> {
    while (!this.#closed) await this.#arrival();
  }

  close(): void {
    this.#socket.destroy();
  }

  #arrival(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  #receive(bytes: string): void {
    this.#raw += bytes;
    this.#inbox.push(...this.#reader.push(bytes));
    this.#wake();
  }
}
