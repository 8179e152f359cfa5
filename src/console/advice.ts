/** What the page adds when a server does not know a word: a newcomer's line may mean another. */
import type { Docs } from './docs.ts';

const unknown = /^\(error\) ERR unknown command ['`](.*?)['`], with args beginning with:/;

/** A sentence about an error reply, as it is printed; undefined when there is none to be said. */
export function adviceOn(reply: string, docs: Docs | undefined): string | undefined {
  const word = unknown.exec(reply)?.[1]?.toUpperCase();
  if (word === undefined) return undefined;
  if (/^(REDIS|VALKEY)-/.test(word)) {
    return 'This prompt takes commands of Redis. Programs are run in a shell, as in the scratchpad.';
  }
  const names = [...(docs?.keys() ?? [])].filter((name) => isSlipOf(word, name));
  const [nearest, ...others] = names;
  return nearest !== undefined && others.length < 3
    ? `Did you mean ${names.join(' or ')}?`
    : undefined;
}

/** Whether one letter is missing, too many or another, or two neighbours are exchanged. */
function isSlipOf(word: string, name: string): boolean {
  let start = 0;
  while (start < word.length && word[start] === name[start]) start += 1;
  const [typed, meant] = [word.slice(start), name.slice(start)];
  return (
    typed.slice(1) === meant ||
    typed === meant.slice(1) ||
    typed.slice(1) === meant.slice(1) ||
    (typed.slice(2) === meant.slice(2) && typed[0] === meant[1] && typed[1] === meant[0])
  );
}
