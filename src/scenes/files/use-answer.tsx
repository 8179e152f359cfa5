/** What a question about a file is answered, asked again whenever the file has changed. */
import { useEffect, useState } from 'react';
import type { FileEntry } from '../../wire/files.ts';

/** Undefined until it is there. `ask` must change only when something else is to be asked. */
export function useAnswer<A>(
  { size, changedAt }: FileEntry,
  ask: () => Promise<A | undefined>,
): A | undefined {
  const [answer, setAnswer] = useState<A>();
  // A file that has changed is read again.
  useEffect(() => {
    let current = true;
    ask().then(
      (told) => current && setAnswer(told),
      () => {},
    );
    return () => {
      current = false;
    };
  }, [ask, size, changedAt]);
  return answer;
}
