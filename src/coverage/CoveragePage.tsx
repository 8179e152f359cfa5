/** Every command of Redis 8.10: whether it is here, and what it lacks. */

import { coverage } from 'virtual:coverage';
import { useDeferredValue, useState } from 'react';
import { SelectField, TextField } from '../ui/Fields.tsx';
import { PageHeading } from '../ui/PageHeading.tsx';
import { CodeText } from '../ui/Text.tsx';

type Command = (typeof coverage)[number];
type State = Command['state'];

const states: readonly State[] = ['done', 'partial', 'not simulated'];

const looks: Readonly<Record<State, { readonly mark: string; readonly className: string }>> = {
  done: { mark: '●', className: 'text-ok' },
  partial: { mark: '◐', className: 'text-wait' },
  'not simulated': { mark: '○', className: 'text-bad' },
};

const countOf = (state: State): number => coverage.filter((each) => each.state === state).length;

export default function CoveragePage() {
  const [search, setSearch] = useState('');
  const [state, setState] = useState<State | 'all'>('all');
  const found = select(useDeferredValue(search), state);
  return (
    <div className="px-edge pt-8 pb-16">
      <div className="flex max-w-column flex-col gap-4">
        <PageHeading title="Coverage">Coverage</PageHeading>
        <p>
          What of Redis 8.10 this server does: {coverage.length} commands and subcommands. What is
          not simulated says so when it is called.
        </p>
        <div className="flex flex-wrap gap-4">
          <TextField
            label="Command or group"
            type="search"
            value={search}
            onChange={(event) => setSearch(event.target.value)}
          />
          <SelectField
            label="State"
            value={state}
            onChange={(event) => setState(event.target.value as State | 'all')}
          >
            <option value="all">All ({coverage.length})</option>
            {states.map((each) => (
              <option key={each} value={each}>
                {each} ({countOf(each)})
              </option>
            ))}
          </SelectField>
        </div>
        <p role="status" className="text-small text-ink-2">
          {found.length === 1 ? '1 command' : `${found.length} commands`}
        </p>
        {groupsOf(found).map(([group, commands]) => (
          <Group key={group} name={group} commands={commands} />
        ))}
      </div>
    </div>
  );
}

function Group({ name, commands }: { name: string; commands: readonly Command[] }) {
  return (
    <section aria-label={name}>
      <h2 className="mb-1 text-h3 font-semibold">{name}</h2>
      <ul className="border-t border-line">
        {commands.map((command) => (
          <Row key={command.name} command={command} />
        ))}
      </ul>
    </section>
  );
}

function Row({ command: { name, since, state, note } }: { command: Command }) {
  const { mark, className } = looks[state];
  return (
    <li className="flex flex-wrap items-baseline gap-x-3 border-b border-line py-1 font-sans text-ui">
      <CodeText>{name}</CodeText>
      <span className="grow text-small text-ink-2 tabular-nums">since {since}</span>
      <span className={className}>
        <span aria-hidden="true">{mark}</span> {state}
      </span>
      {note && <p className="w-full text-small text-ink-2">{note}</p>}
    </li>
  );
}

function select(search: string, state: State | 'all'): readonly Command[] {
  const words = search.trim().toLowerCase();
  return coverage.filter(
    (each) =>
      (state === 'all' || each.state === state) &&
      (each.name.toLowerCase().includes(words) || each.group.includes(words)),
  );
}

function groupsOf(commands: readonly Command[]): [string, Command[]][] {
  const groups = new Map<string, Command[]>();
  for (const command of commands) {
    const group = groups.get(command.group);
    if (group) group.push(command);
    else groups.set(command.group, [command]);
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1));
}
