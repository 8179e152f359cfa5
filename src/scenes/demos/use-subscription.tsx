/** A client that listens while it should. */
import { useEffect, useRef } from 'react';
import type { Heard, Stage } from './stage.ts';

export type Names = readonly ['SUBSCRIBE' | 'PSUBSCRIBE', ...string[]];

export function useSubscription(stage: Stage, on: boolean, names: Names, heard: Heard): void {
  const latest = useRef(heard);
  useEffect(() => {
    latest.current = heard;
  });
  const spelled = names.join('\n');
  useEffect(() => {
    if (!on) return;
    const client = stage.client();
    const [command, ...rest] = spelled.split('\n');
    client.listen(command === 'PSUBSCRIBE' ? command : 'SUBSCRIBE', rest, (...message) =>
      latest.current(...message),
    );
    return () => client.close();
  }, [stage, on, spelled]);
}
