/** Runs a text of the scratchpad on an empty server of its own. */
import { type LuaWords, noWords } from '../runtimes/lua-text.ts';
import { failureOf, isProgramLanguage, runProgram } from '../runtimes/program.ts';
import { openRedisSession, runTranscript } from '../runtimes/redis.ts';
import { emptyScreen, type Screen } from '../runtimes/screen.ts';
import type { Outcome } from '../transcript/transcript.ts';
import { readTyped } from '../transcript/typed.ts';
import { Client } from '../wire/client.ts';
import { startWorld } from '../wire/link.ts';
import type { Kind } from './address.ts';
import { languageOf } from './kinds.ts';
import { runLua } from './run-lua.ts';

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

interface Options {
  readonly signal: AbortSignal;
  readonly show: (run: ScratchpadRun) => void;
  /** What a Lua script is called with. */
  readonly words?: LuaWords;
}

/** Reports every change; resolves when it has ended, also when that was by the signal. */
export async function runScratchpad(
  kind: Kind,
  text: string,
  { signal, show, words = noWords }: Options,
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
    } else if (kind === 'lua') {
      show({ state: 'running', shown });
      const client = new Client(world.dial, ADDRESS);
      become(await answerOf(text, { words, send: (argv) => client.send(argv), signal }));
    } else {
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

/** An error of the script is a failed run. */
async function answerOf(
  script: string,
  { words, send, signal }: { words: LuaWords; send: Client['send']; signal: AbortSignal },
): Promise<Shown> {
  const stopped = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  const reply = await Promise.race([runLua(script, words, send), stopped]);
  return { source: '', outcomes: [{ reply, arrivals: [] }] };
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
