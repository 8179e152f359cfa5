/**
 * The scratchpad: texts of any kind in tabs, each run when its button is pressed and never by itself.
 * A link holds a whole text; it is opened in a tab of its own, and says what it would run.
 */
import { useEffect, useId, useMemo, useState } from 'react';
import { useStore } from 'zustand';
import { CodeEditor } from '../editor/CodeEditor.tsx';
import { faultsOf } from '../runtimes/faults.ts';
import { noWords } from '../runtimes/lua-text.ts';
import { Button, IconButton } from '../ui/Button.tsx';
import { SelectField } from '../ui/Fields.tsx';
import { useNotices } from '../ui/Notices.tsx';
import { PageHeading } from '../ui/PageHeading.tsx';
import { ErrorState } from '../ui/States.tsx';
import { TabList, TabPanel } from '../ui/Tabs.tsx';
import { fitsLink, fragmentOf, type Kind, kinds, readFragment } from './address.ts';
import { fileNames, kindNames, runsAs } from './kinds.ts';
import { LuaForm } from './LuaForm.tsx';
import { ScratchpadOutput } from './ScratchpadOutput.tsx';
import { createPadsStore, type Pad, type PadsStore, padNames } from './store.ts';
import { useScratchpadRun } from './use-scratchpad-run.tsx';

export default function ScratchpadView() {
  const [store] = useState(() => createPadsStore(browserStorage()));
  const problem = useLink(store);
  return (
    <div className="mx-auto flex max-w-[56rem] flex-col gap-4 px-4 pt-8 pb-16 md:px-6">
      <PageHeading title="Scratchpad">Scratchpad</PageHeading>
      {problem === undefined ? (
        <Pads store={store} />
      ) : (
        <ErrorState
          title="This link cannot be opened"
          text={problem}
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

/** Opens what the address says, whenever it changes; or says why that cannot be. */
function useLink(store: PadsStore): string | undefined {
  const read = () => {
    const { hash } = window.location;
    const address = readFragment(hash);
    if (!address.ok) return address.problem;
    if (hash.length > 1) store.getState().open(address.kind, address.code);
    return undefined;
  };
  const [problem, setProblem] = useState(read);
  useEffect(() => {
    const follow = () => setProblem(read());
    window.addEventListener('hashchange', follow);
    return () => window.removeEventListener('hashchange', follow);
  }, []);
  return problem;
}

function Pads({ store }: { store: PadsStore }) {
  const { pads, active, isUnkept, add, select, close } = useStore(store);
  const { toast } = useNotices();
  const group = useId();
  const names = padNames(pads);
  const tabs = pads.map(({ id }, at) => ({ id, label: names[at] ?? id, closable: true }));
  const pad = pads.find(({ id }) => id === active);
  const closeTab = (id: string) => {
    const run = close(id);
    toast({ text: 'The tab is closed.', action: { label: 'Undo', run } });
  };
  return (
    <>
      <TabList
        label="Texts"
        group={group}
        tabs={tabs}
        selected={active}
        onSelect={select}
        onClose={closeTab}
        trailing={<IconButton label="New text" icon="plus" onClick={() => add(pad?.kind)} />}
      />
      {isUnkept && (
        <p className="text-ui text-wait">
          This browser does not keep the texts: download what you do not want to lose.
        </p>
      )}
      {pad && (
        <TabPanel group={group} id={pad.id} selected className="flex flex-col gap-4">
          <PadView key={pad.id} pad={pad} store={store} />
        </TabPanel>
      )}
    </>
  );
}

function PadView({ pad, store }: { pad: Pad; store: PadsStore }) {
  const { id, kind, text, isFromLink } = pad;
  const { write, become } = store.getState();
  const { run, start, stop } = useScratchpadRun();
  const [ran, setRan] = useState<string>();
  const [words, setWords] = useState(noWords);
  const begin = () => {
    setRan(text);
    start(kind, text, words);
  };
  const isAsRun = run.state === 'failed' && ran === text;
  const marks = useMemo(() => {
    if (!isAsRun) return [];
    const { screen, outcomes } = run.shown;
    return faultsOf(kind, { source: text, screen, outcomes, problem: run.problem });
  }, [isAsRun, run, kind, text]);
  return (
    <>
      <div className="flex flex-wrap items-end gap-3">
        <SelectField
          label="Kind"
          value={kind}
          onChange={({ target }) => become(id, target.value as Kind)}
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
          <Button variant="primary" icon="play" onClick={begin}>
            Run
          </Button>
        )}
        <ShareButton kind={kind} text={text} />
        <DownloadButton kind={kind} text={text} />
      </div>
      {isFromLink && run.state === 'idle' && <WhatItWouldRun kind={kind} text={text} />}
      <CodeEditor
        kind={kind}
        label={isFromLink ? 'Text from the link; it runs when you press Run' : 'Text'}
        value={text}
        onChange={(next) => next !== text && write(id, next)}
        onRun={begin}
        marks={marks}
        minRows={8}
      />
      {kind === 'lua' && <LuaForm words={words} onChange={setWords} />}
      <ScratchpadOutput run={run} />
    </>
  );
}

function WhatItWouldRun({ kind, text }: { kind: Kind; text: string }) {
  const lines = text.split('\n').filter((line) => line.trim() !== '').length;
  const size = `${lines} ${lines === 1 ? 'line' : 'lines'}`;
  return (
    <p className="text-ui text-ink-2">
      The link brought {size} of this kind: {kindNames[kind]}. Nothing has run. When you press Run,{' '}
      {runsAs[kind]}. All of it stays in this page.
    </p>
  );
}

function ShareButton({ kind, text }: { kind: Kind; text: string }) {
  const { toast } = useNotices();
  const share = async () => {
    if (!fitsLink(text)) {
      toast({ text: 'The text is too long for a link. Download it instead.' });
      return;
    }
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

function DownloadButton({ kind, text }: { kind: Kind; text: string }) {
  const download = () => {
    const address = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
    const link = document.createElement('a');
    link.href = address;
    link.download = fileNames[kind];
    link.click();
    URL.revokeObjectURL(address);
  };
  return (
    <Button icon="download" onClick={download}>
      Download
    </Button>
  );
}

/** Undefined where the browser refuses even to hand it out, which it does by throwing. */
function browserStorage(): Storage | undefined {
  try {
    return window.localStorage;
  } catch {
    return undefined;
  }
}
