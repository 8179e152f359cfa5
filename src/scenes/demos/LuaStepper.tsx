/** Runs a script on a server of its own and shows each of its calls. */
import { useEffect, useState } from 'react';
import { utf8Encode } from '../../engine/bytes/bytes.ts';
import { type LuaWords, wordsIn } from '../../runtimes/lua-text.ts';
import { Loading } from '../../ui/Progress.tsx';
import { LuaTraceView } from './LuaTraceView.tsx';
import { type LuaTrace, readTrace, traced } from './lua-steps.ts';
import { Problem } from './parts.tsx';
import { type DemoClient, onEmptyServer, printed } from './stage.ts';
import { useStage, useTask } from './use-stage.tsx';

export type LuaStepperProps = {
  script: string;
  words: LuaWords;
  /** Commands that make the server what the script expects. */
  setup: readonly string[];
};

/** Shows one run: mounted anew it runs again. */
export default function LuaStepper({ script, words, setup }: LuaStepperProps) {
  const stage = useStage();
  const { problem, start } = useTask();
  const [trace, setTrace] = useState<LuaTrace>();
  useEffect(() => {
    const run = (client: DemoClient) => traceOf(client, script, words);
    start(async () => setTrace(await onEmptyServer(stage, setup, run)));
  }, []);
  if (problem !== undefined) return <Problem text={problem} />;
  if (!trace) return <Loading text="Running the script…" />;
  return <LuaTraceView script={script} trace={trace} />;
}

/** What does not even compile is run as it is: then the error speaks of the script itself. */
async function traceOf(client: DemoClient, script: string, words: LuaWords): Promise<LuaTrace> {
  const [keys, args] = [wordsIn(words.keys), wordsIn(words.args)];
  const run = (text: string) => {
    const call = ['EVAL', utf8Encode(text), String(keys.length), ...keys, ...args];
    return client.connection.send(call);
  };
  const told = readTrace(await run(traced(script)));
  return told ?? { steps: [], reply: undefined, error: printed(await run(script)) };
}
