/** Stands in for Node's `net`: connections into the lab. Nothing can listen. */
import { Buffer } from 'buffer/';
import { Duplex } from 'readable-stream';
import type { SocketMessage } from '../../../wire/messages.ts';
import { theLab } from '../lab.ts';
import { lookup, notFound } from './dns.ts';
import { systemError } from './system-error.ts';

export interface Target {
  readonly host?: string;
  readonly port?: number | string;
  readonly path?: string;
}

type Done = (error?: Error | null) => void;

export class Socket extends Duplex {
  connecting = false;
  encrypted = false;
  authorized = true;
  remoteAddress: string | undefined;
  remotePort: number | undefined;
  localAddress = '127.0.0.1';
  localPort = 0;
  timeout = 0;
  bytesRead = 0;
  bytesWritten = 0;
  #send: ((message: SocketMessage) => void) | undefined;
  #waiting: (() => void)[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super({ allowHalfOpen: false, highWaterMark: 1 << 20 });
  }

  connect(...args: unknown[]): this {
    const { host = 'localhost', port = 0, path } = targetOf(args);
    const connected = args.find((each) => typeof each === 'function') as (() => void) | undefined;
    this.connecting = true;
    theLab().hold(this);
    if (connected) this.once(this.encrypted ? 'secureConnect' : 'connect', connected);
    this.#touch();
    if (path !== undefined) {
      queueMicrotask(() => this.destroy(systemError('connect', 'ENOENT', path)));
      return this;
    }
    lookup(host, (error: Error | null, address = '') => {
      if (error) this.destroy(error);
      else this.#dial(address, Number(port));
    });
    return this;
  }

  #dial(address: string, port: number): void {
    this.#send = theLab().dial(`${address}:${port}`, (message) => {
      if (this.destroyed) return;
      this.#touch();
      if (message instanceof Uint8Array) {
        this.bytesRead += message.length;
        this.push(Buffer.from(message.buffer, message.byteOffset, message.length));
      } else if (message.kind === 'open') this.#opened(address, port);
      else if (message.kind === 'close') this.#closed(message.reason, address, port);
    });
  }

  #opened(address: string, port: number): void {
    this.connecting = false;
    [this.remoteAddress, this.remotePort, this.localPort] = [address, port, 40_000];
    this.emit('connect');
    if (this.encrypted) this.emit('secureConnect');
    this.emit('ready');
    for (const task of this.#waiting.splice(0)) task();
  }

  #closed(reason: string, address: string, port: number): void {
    if (reason === 'refused' && isIP(address) === 0) this.destroy(notFound(address));
    else if (reason === 'refused') {
      const where = `${address}:${port}`;
      const facts = { address, port };
      this.destroy(Object.assign(systemError('connect', 'ECONNREFUSED', where), facts));
    } else if (reason === 'reset') this.destroy(systemError('read', 'ECONNRESET'));
    else {
      this.push(null);
      if (this.readableFlowing === null) this.resume();
      this.end();
    }
  }

  override _read(): void {}

  override _write(chunk: Uint8Array, _encoding: string, done: Done): void {
    const write = () => {
      // A copy: what is sent is handed over, and the chunk may be part of a pool.
      const bytes = new Uint8Array(chunk);
      this.bytesWritten += bytes.length;
      this.#touch();
      this.#send?.(bytes);
      done();
    };
    if (this.connecting) this.#waiting.push(write);
    else write();
  }

  override _final(done: Done): void {
    this.#hangUp();
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.setTimeout(0);
    this.connecting = false;
    this.#hangUp();
    theLab().release(this);
    done(error);
  }

  #hangUp(): void {
    this.#send?.({ kind: 'close', reason: 'closed' });
    this.#send = undefined;
  }

  #touch(): void {
    if (this.timeout === 0) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.emit('timeout'), this.timeout);
    (this.#timer as unknown as { unref?(): void }).unref?.();
  }

  setTimeout(ms: number, listener?: () => void): this {
    this.timeout = ms;
    clearTimeout(this.#timer);
    this.#touch();
    if (listener && ms > 0) this.once('timeout', listener);
    else if (listener) this.removeListener('timeout', listener);
    return this;
  }

  setNoDelay(): this {
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  ref(): this {
    if (!this.destroyed) theLab().hold(this);
    return this;
  }

  unref(): this {
    theLab().release(this);
    return this;
  }

  address() {
    return { address: this.localAddress, port: this.localPort, family: 'IPv4' };
  }

  get pending(): boolean {
    return this.connecting;
  }

  get readyState(): string {
    if (this.connecting) return 'opening';
    return this.destroyed ? 'closed' : 'open';
  }
}

function targetOf([first, second]: unknown[]): Target {
  if (typeof first === 'object' && first !== null) return first;
  if (typeof first === 'string' && Number.isNaN(Number(first))) return { path: first };
  return { port: Number(first), ...(typeof second === 'string' && { host: second }) };
}

export const isIPv4 = (text: string): boolean =>
  /^(\d{1,3})(\.\d{1,3}){3}$/.test(text) && text.split('.').every((part) => Number(part) < 256);
export const isIPv6 = (text: string): boolean => text.includes(':') && /^[0-9a-f:.]+$/i.test(text);
export const isIP = (text: string): number => (isIPv4(text) ? 4 : isIPv6(text) ? 6 : 0);

export const createConnection = (...args: unknown[]): Socket => new Socket().connect(...args);
export const connect = createConnection;

export function createServer(): never {
  throw new Error('net.createServer is refused here: examples only connect to servers of the lab');
}

export default { Socket, createConnection, connect, createServer, isIP, isIPv4, isIPv6 };
