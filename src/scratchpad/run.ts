/** Runs a text of the scratchpad on an empty server of its own. */
import { utf8Decode, utf8Encode } from '../engine/bytes/bytes.ts';
import { RedisError } from '../engine/errors.ts';
import { printReply } from '../engine/resp/print.ts';
import { failureOf, isProgramLanguage, runProgram } from '../runtimes/program.ts';
import { openRedisSession, runTranscript } from '../runtimes/redis.ts';
import { emptyScreen, type Screen } from '../runtimes/screen.ts';
import type { Outcome } from '../transcript/transcript.ts';
import { readTyped } from '../transcript/typed.ts';
import { Client } from '../wire/client.ts';
import { startWorld } from '../wire/link.ts';
import type { Kind } from './address.ts';
import { languageOf } from './kinds.ts';

export type ScratchpadRun =
  | { readonly state: 'idle' }
  | { readonly state: 'running' | 'done'; readonly shown: Shown }
  | { readonly state: 'failed'; readonly shown: Shown; readonly problem: string };

export interface Shown {
  /** A transcript with what its steps printed, as far as they have run. */
  readonly source: string;
  readonly outcomes: readonly Outcome[];
  /** What a program has printed, where it is one. */
  readonly screen?: Screen;
}

const ADDRESS = '127.0.0.1:6379';

/** Reports every change; resolves when it has ended, also when that was by the signal. */
export async function runScratchpad(
  kind: Kind,
  text: string,
  { signal, show }: { signal: AbortSignal; show: (run: ScratchpadRun) => void },
): Promise<void> {
  const world = startWorld({ topology: { kind: 'standalone' }, seed: 1 });
  let shown = nothing;
  const become = (next: Shown) => {
    shown = next;
    show({ state: 'running', shown });
  };
  try {
    const language = languageOf(kind);
    if (isProgramLanguage(language)) {
      const show = (screen: Screen) => become({ ...nothing, screen });
      show(emptyScreen);
      const end = await runProgram({ language, code: text }, { world, signal, show });
      const failure = failureOf(end);
      if (failure !== undefined) throw new Error(failure);
    } else if (kind === 'lua') await runLua(text, new Client(world.dial, ADDRESS), become, signal);
    else {
      become({ source: readTyped(text), outcomes: [] });
      const session = openRedisSession(world, { target: ADDRESS });
      const take = (outcome: Outcome) =>
        become({ ...shown, outcomes: [...shown.outcomes, outcome] });
      await runTranscript(shown.source, { world, session, signal, show: take });
    }
    show({ state: 'done', shown });
  } catch (error) {
    show({ state: 'failed', shown, problem: signal.aborted ? 'Stopped.' : messageOf(error) });
  } finally {
    world.stop();
  }
}

const nothing: Shown = { source: '', outcomes: [] };

/** By EVAL without keys; an error of the script is a failed run. */
async function runLua(
  script: string,
  client: Client,
  show: (shown: Shown) => void,
  signal: AbortSignal,
): Promise<void> {
  show(nothing);
  const stopped = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  const reply = await Promise.race([client.send(['EVAL', utf8Encode(script), '0']), stopped]);
  if (reply instanceof RedisError) throw new Error(utf8Decode(reply.message));
  show({ source: '', outcomes: [{ reply: utf8Decode(printReply(reply)), arrivals: [] }] });
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
