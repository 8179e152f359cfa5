/**
 * The scratchpad: a text of some kind, run when its button is pressed and never by itself. Everything
 * that it is stands in the address, so a link is all that sharing takes.
 */
import { useEffect, useState } from 'react';
import { CodeEditor } from '../editor/CodeEditor.tsx';
import { Button } from '../ui/Button.tsx';
import { SelectField } from '../ui/Fields.tsx';
import { useNotices } from '../ui/Notices.tsx';
import { PageHeading } from '../ui/PageHeading.tsx';
import { ErrorState } from '../ui/States.tsx';
import { fragmentOf, type Kind, kinds, readFragment } from './address.ts';
import { kindNames, starters } from './kinds.ts';
import { ScratchpadOutput } from './ScratchpadOutput.tsx';
import { useScratchpadRun } from './use-scratchpad-run.tsx';

export default function ScratchpadView() {
  const fragment = useFragment();
  const address = readFragment(fragment);
  return (
    <div className="mx-auto flex max-w-[56rem] flex-col gap-4 px-4 pt-8 pb-16 md:px-6">
      <PageHeading title="Scratchpad">Scratchpad</PageHeading>
      {address.ok ? (
        <Pad
          key={fragment}
          kind={address.kind}
          code={address.code ?? starters[address.kind] ?? ''}
          shared={address.code !== undefined}
        />
      ) : (
        <ErrorState
          title="This link cannot be opened"
          text={address.problem}
          action={
            <a href="#kind=redis" className="underline">
              Open an empty scratchpad
            </a>
          }
        />
      )}
    </div>
  );
}

function useFragment(): string {
  const [fragment, setFragment] = useState(() => window.location.hash);
  useEffect(() => {
    const follow = () => setFragment(window.location.hash);
    window.addEventListener('hashchange', follow);
    return () => window.removeEventListener('hashchange', follow);
  }, []);
  return fragment;
}

function Pad({ kind: first, code, shared }: { kind: Kind; code: string; shared: boolean }) {
  const [kind, setKind] = useState(first);
  const [text, setText] = useState(code);
  const { run, start, stop } = useScratchpadRun();
  const change = (next: Kind) => {
    setKind(next);
    // A text of the reader's own is never replaced.
    if (text === (starters[kind] ?? '')) setText(starters[next] ?? '');
  };
  return (
    <>
      <div className="flex flex-wrap items-end gap-3">
        <SelectField
          label="Kind"
          value={kind}
          onChange={({ target }) => change(target.value as Kind)}
        >
          {kinds.map((each) => (
            <option key={each} value={each}>
              {kindNames[each]}
            </option>
          ))}
        </SelectField>
        {run.state === 'running' ? (
          <Button icon="stop" onClick={stop}>
            Stop
          </Button>
        ) : (
          <Button variant="primary" icon="play" onClick={() => start(kind, text)}>
            Run
          </Button>
        )}
        <ShareButton kind={kind} text={text} />
      </div>
      <CodeEditor
        kind={kind}
        label={shared ? 'Text from the link; it runs when you press Run' : 'Text'}
        value={text}
        onChange={setText}
        onRun={() => start(kind, text)}
        minRows={8}
      />
      <ScratchpadOutput run={run} />
    </>
  );
}

function ShareButton({ kind, text }: { kind: Kind; text: string }) {
  const { toast } = useNotices();
  const share = async () => {
    const link = new URL(fragmentOf(kind, text), window.location.href).href;
    window.history.replaceState(null, '', link);
    try {
      await navigator.clipboard.writeText(link);
      toast({ text: 'The link is copied. It holds the whole text.' });
    } catch {
      toast({ text: 'The link stands in the address bar; the browser did not allow copying it.' });
    }
  };
  return (
    <Button icon="copy" onClick={share}>
      Share link
    </Button>
  );
}
