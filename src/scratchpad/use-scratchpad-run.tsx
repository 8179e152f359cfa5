/** The run of a scratchpad; leaving the page ends it. */
import { useEffect, useRef, useState } from 'react';
import type { LuaWords } from '../runtimes/lua-text.ts';
import type { Kind } from './address.ts';
import { runScratchpad, type ScratchpadRun } from './run.ts';

export function useScratchpadRun() {
  const [run, setRun] = useState<ScratchpadRun>({ state: 'idle' });
  const stopper = useRef<AbortController>(undefined);
  useEffect(() => () => stopper.current?.abort(), []);
  const start = (kind: Kind, text: string, words?: LuaWords) => {
    stopper.current?.abort();
    const own = new AbortController();
    stopper.current = own;
    void runScratchpad(kind, text, {
      signal: own.signal,
      ...(words && { words }),
      show: (next) => stopper.current === own && setRun(next),
    });
  };
  return { run, start, stop: () => stopper.current?.abort() };
}
