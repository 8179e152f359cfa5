/**
 * Watches connections of the learner's as they are used, byte by byte, whoever uses them: console
 * tabs, examples, programs. What it sees it tells a Witness.
 */
import { fromUint8 } from '../engine/bytes/bytes.ts';
import { RequestDecoder } from '../engine/resp/decode.ts';
import { ReplyDecoder } from '../engine/resp/decode-reply.ts';
import type { Dial } from '../wire/link.ts';
import type { TapMessage } from '../wire/messages.ts';
import type { Witness } from './witness.ts';

export interface RecorderEffects {
  readonly witness: Witness;
  /** The lab's time, ms since 1970. */
  now(): number;
  /** Something was answered, or arrived, or a connection ended. */
  noticed(): void;
}

/** A dial whose connections are watched. Each is a client of its own, called `name` and a number. */
export function recording(dial: Dial, name: string, effects: RecorderEffects): Dial {
  let dialled = 0;
  return (address, listener) => {
    const watch = watchConnection(`${name} ${++dialled}`, effects);
    const socket = dial(address, {
      ...(listener.onOpen && { onOpen: () => listener.onOpen?.() }),
      onData(bytes) {
        // Read first: whoever listens may hand the bytes on.
        watch.heard(fromUint8(bytes));
        listener.onData(bytes);
        effects.noticed();
      },
      onClose(reason) {
        watch.lost();
        listener.onClose(reason);
        effects.noticed();
      },
    });
    return {
      send(bytes) {
        watch.said(fromUint8(bytes));
        socket.send(bytes);
      },
      settled: () => socket.settled(),
      close() {
        watch.lost();
        socket.close();
      },
    };
  };
}

export interface Tapping {
  /** To be handed to `World.plug` or `World.terminal`. */
  readonly port: MessagePort;
  /** Resolves when all has been heard that was said until now. */
  settled(): Promise<void>;
  close(): void;
}

/** Watches the connections of a program, which opens them by itself. */
export function tapProgram(name: string, effects: RecorderEffects): Tapping {
  const { port1, port2: port } = new MessageChannel();
  const watches = new Map<number, ReturnType<typeof watchConnection>>();
  let settle: (() => void)[] = [];
  port1.onmessage = ({ data }: MessageEvent<TapMessage | 'mark'>) => {
    if (data === 'mark') {
      settle.shift()?.();
      return;
    }
    const watch = watches.get(data.id) ?? watchConnection(`${name} ${data.id}`, effects);
    watches.set(data.id, watch);
    if (data.what === 'said') watch.said(fromUint8(data.bytes));
    else if (data.what === 'heard') watch.heard(fromUint8(data.bytes));
    else watch.lost();
    effects.noticed();
  };
  return {
    port,
    settled: () =>
      new Promise((resolve) => {
        settle = [...settle, resolve];
        port1.postMessage('mark');
      }),
    close: () => port1.close(),
  };
}

function watchConnection(client: string, { witness, now }: RecorderEffects) {
  const requests = new RequestDecoder(() => ({ maxBulk: 512 * 1024 * 1024, authenticated: true }));
  const replies = new ReplyDecoder();
  /** It has asked for a replication stream: what comes from then on are no replies. */
  let isReplica = false;
  /** It speaks to something else than Redis. */
  let isWeb = false;
  return {
    said(bytes: string): void {
      isWeb ||= /^[A-Z]+ \S+ HTTP\/1/.test(bytes);
      if (isWeb) return;
      requests.push(bytes);
      const commands: (readonly string[])[] = [];
      for (let argv = requests.next(); argv; argv = requests.next()) commands.push(argv);
      isReplica ||= commands.some(([name = '']) => /^p?sync$/i.test(name));
      if (commands.length > 0) witness.sent(client, commands);
    },
    heard(bytes: string): void {
      if (isReplica || isWeb) return;
      replies.push(bytes);
      for (let reply = replies.next(); reply !== undefined; reply = replies.next()) {
        witness.got(client, reply, now());
      }
    },
    lost: () => witness.lost(client),
  };
}

/**
 * What the page asks on a console's connection by itself: to greet the server, and to help with
 * typing; and what a client library says of itself. The learner did not do it.
 */
export function isOfThePage(argv: readonly string[]): boolean {
  const [name = '', second = '', ...rest] = argv;
  if (/^hello$/i.test(name)) return true;
  if (/^client$/i.test(name)) return /^setinfo$/i.test(second);
  if (name === 'COMMAND') return second === 'DOCS' && rest.length === 0;
  return name === 'SCAN' && rest[0] === 'MATCH' && rest[2] === 'COUNT' && rest[3] === '200';
}
