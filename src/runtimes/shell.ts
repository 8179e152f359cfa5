/** Runs what a terminal runs: a script, or a server with a configuration of the reader's. */
import type { World } from '../wire/link.ts';
import type { FromTerminal, ToTerminal } from '../wire/messages.ts';
import type { End, Program } from './messages.ts';
import type { ScreenLog } from './screen.ts';

export interface TerminalRun {
  readonly world: World;
  readonly signal: AbortSignal;
  readonly screen: ScreenLog;
  readonly tap?: MessagePort | undefined;
}

/** How long a program has to end after Ctrl-C, in ms. */
const GRACE_MS = 500;

/** Resolves when it has ended; rejects when it was stopped. */
export function runInTerminal(program: Program, run: TerminalRun): Promise<End> {
  const { world, signal, screen, tap } = run;
  const port = world.terminal(undefined, tap);
  const send = (message: ToTerminal) => port.postMessage(message);
  return new Promise<End>((resolve, reject) => {
    const stop = () => {
      send({ kind: 'interrupt' });
      setTimeout(() => reject(signal.reason), GRACE_MS);
    };
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    port.onmessage = ({ data }: MessageEvent<FromTerminal>) => {
      if (data.kind === 'asks') screen.ask(data.prompt, (line) => send({ kind: 'typed', line }));
      else if (data.kind !== 'ended') screen.print([{ stream: data.kind, text: data.text }]);
      else if (signal.aborted) reject(signal.reason);
      else resolve({ code: data.status });
    };
    send(orderOf(program));
  }).finally(() => {
    screen.endAsking();
    port.close();
  });
}

function orderOf({ language, code, files = {} }: Program): ToTerminal {
  switch (language) {
    case 'conf':
    case 'acl':
    case 'sentinel-conf':
    case 'prometheus-conf':
    case 'yaml':
      return { kind: language, text: code };
    default:
      return { kind: 'run', text: code, files };
  }
}
