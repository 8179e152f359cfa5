/** Everything that the reader decides, and everything that is kept of them. */
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { version } from '../../package.json';
import { useProgress } from '../progress/context.tsx';
import { ProgressPanel } from '../progress/ProgressPanel.tsx';
import type { Settings } from '../progress/progress.ts';
import { Choice, TextField } from '../ui/Fields.tsx';
import { PageHeading } from '../ui/PageHeading.tsx';
import { Column } from './Column.tsx';

export default function SettingsPage() {
  return (
    <Column>
      <PageHeading title="Settings">Settings</PageHeading>
      <Appearance />
      <Learning />
      <Part title="Progress">
        <ProgressPanel />
      </Part>
      <Part title="About">
        <p>
          Keyspace {version}. Redis is simulated by an engine that runs in this page; nothing you
          type leaves it. Which of its commands are here, and what they lack, is on the page{' '}
          <Link href="/coverage" className="underline">
            Coverage
          </Link>
          .
        </p>
      </Part>
    </Column>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="mt-4 flex flex-col gap-5 border-t border-line pt-4">
      <h2 className="text-h3 font-semibold">{title}</h2>
      {children}
    </section>
  );
}

function Appearance() {
  const { theme, motion, resp } = useProgress((state) => state.settings);
  const set = useProgress((state) => state.set);
  return (
    <Part title="Appearance and console">
      <Choice
        label="Theme"
        value={theme}
        options={themes}
        onChange={(value) => set('theme', value)}
      />
      <Choice
        label="Movement"
        note="Full animates what explains something: a key that appears, a message that crosses a link."
        value={motion}
        options={motions}
        onChange={(value) => set('motion', value)}
      />
      <Choice
        label="Protocol of new console connections"
        note="RESP3 has types for maps, sets and doubles, so replies such as HGETALL print differently."
        value={resp === 3 ? 'RESP3' : 'RESP2'}
        options={protocols}
        onChange={(value) => set('resp', value === 'RESP3' ? 3 : 2)}
      />
    </Part>
  );
}

const themes = [
  { value: 'system', label: 'As the system' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
] as const satisfies readonly { value: Settings['theme']; label: string }[];

const motions = [
  { value: 'system', label: 'As the system' },
  { value: 'full', label: 'Full' },
  { value: 'reduced', label: 'In steps' },
] as const satisfies readonly { value: Settings['motion']; label: string }[];

const protocols = [
  { value: 'RESP2', label: 'RESP2' },
  { value: 'RESP3', label: 'RESP3' },
] as const;

function Learning() {
  const { interviewDate, dailyCap } = useProgress((state) => state.settings);
  const set = useProgress((state) => state.set);
  return (
    <Part title="Learning">
      <TextField
        label="Interview date"
        type="date"
        note="Reviews are spread so that everything is repeated before this day. Leave it empty for none."
        value={interviewDate ?? ''}
        onChange={(event) => set('interviewDate', event.target.value || null)}
      />
      <TextField
        label="Most reviews in one day"
        type="number"
        min={1}
        max={500}
        inputMode="numeric"
        note="A backlog is spread over several days instead of growing beyond this."
        className="w-24 tabular-nums"
        defaultValue={dailyCap}
        onChange={({ target }) => {
          if (target.validity.valid && target.value) set('dailyCap', target.valueAsNumber);
        }}
      />
    </Part>
  );
}
