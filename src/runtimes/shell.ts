/** Runs what a terminal runs: a script, or a server with a configuration of the reader's. */
import type { World } from '../wire/link.ts';
import type { FromTerminal, ToTerminal } from '../wire/messages.ts';
import { type Screen, ScreenLog } from './screen.ts';

export interface TerminalRun {
  readonly world: World;
  readonly signal: AbortSignal;
  /** Hears of everything that changes on the screen. */
  show(screen: Screen): void;
}

export type TerminalText = Exclude<ToTerminal, { kind: 'interrupt' }>;

/** How long a program has to end after Ctrl-C, in ms. */
const GRACE_MS = 500;

/** Resolves with the exit status; rejects when it was stopped. */
export function runInTerminal(text: TerminalText, run: TerminalRun): Promise<number> {
  const { world, signal, show } = run;
  const screen = new ScreenLog(show);
  const port = world.terminal();
  const send = (message: ToTerminal) => port.postMessage(message);
  return new Promise<number>((resolve, reject) => {
    const stop = () => {
      send({ kind: 'interrupt' });
      setTimeout(() => reject(signal.reason), GRACE_MS);
    };
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    port.onmessage = ({ data }: MessageEvent<FromTerminal>) => {
      if (data.kind !== 'ended') screen.print([{ stream: data.kind, text: data.text }]);
      else if (signal.aborted) reject(signal.reason);
      else resolve(data.status);
    };
    send(text);
  }).finally(() => port.close());
}
