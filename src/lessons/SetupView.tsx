/** What the examples after it find on the server; it runs by itself before them. */
import { TranscriptView } from '../transcript/TranscriptView.tsx';
import { Disclosure } from '../ui/Disclosure.tsx';
import type { SetupBlock } from './lesson.ts';

export function SetupView({ block }: { block: SetupBlock }) {
  return (
    <Disclosure
      className="rounded border border-line px-3"
      summary={
        <span>
          <span className="text-ink-2">The next examples find on the server: </span>
          <span className="font-semibold">{block.title ?? 'some data'}</span>
        </span>
      }
    >
      <TranscriptView source={block.code.source} />
    </Disclosure>
  );
}
