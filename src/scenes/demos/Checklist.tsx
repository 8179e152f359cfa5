/** A redis.conf to edit, and seven things that are looked for in it. */
import { useId, useState } from 'react';
import { Button } from '../../ui/Button.tsx';
import { cx } from '../../ui/cx.ts';
import { Checkbox } from '../../ui/Fields.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { type ConfCheck, confChecks, readConf } from './conf-checks.ts';
import { Controls } from './parts.tsx';

const CARELESS = `# redis.conf
bind 0.0.0.0
port 6379
protected-mode no
save 3600 1
maxmemory 2gb`;

export default function Checklist() {
  const field = useId();
  const [text, setText] = useState(CARELESS);
  const [firewall, setFirewall] = useState(false);
  const reading = readConf(text);
  const done = confChecks.filter((check) => check.holds(reading)).length + (firewall ? 1 : 0);
  return (
    <div className="flex flex-col gap-3">
      <label htmlFor={field} className="text-ui font-semibold">
        redis.conf
      </label>
      <textarea
        id={field}
        value={text}
        rows={Math.max(8, text.split('\n').length)}
        wrap="off"
        spellCheck={false}
        onChange={({ target }) => setText(target.value)}
        className="w-full rounded border border-border bg-paper px-3 py-2 font-mono text-field"
      />
      <Controls>
        <Button
          icon="reset"
          variant="quiet"
          onClick={() => {
            setText(CARELESS);
            setFirewall(false);
          }}
        >
          The careless file
        </Button>
        <span role="status" className="text-ui text-ink-2">
          {done} of {confChecks.length + 1}
        </span>
      </Controls>
      <ul className="flex flex-col">
        {confChecks.map((check) => (
          <Item
            key={check.id}
            check={check}
            holds={check.holds(reading)}
            onMend={() => setText(check.mend(text))}
          />
        ))}
        <li className="flex items-start gap-2 border-t border-line py-1.5 text-ui">
          <Mark ok={firewall} />
          <span className="grow">
            Firewall
            <span className="block text-small text-ink-2">It stands in no redis.conf.</span>
          </span>
          <Checkbox
            label="only the application's hosts get through"
            checked={firewall}
            onChange={() => setFirewall(!firewall)}
          />
        </li>
      </ul>
    </div>
  );
}

type ItemProps = { check: ConfCheck; holds: boolean; onMend: () => void };

function Item({ check, holds, onMend }: ItemProps) {
  return (
    <li className="flex items-start gap-2 border-t border-line py-1.5 text-ui">
      <Mark ok={holds} />
      <span className="grow">
        {check.name}
        <span className="block text-small text-ink-2">{check.hint}</span>
      </span>
      {!holds && (
        <Button onClick={onMend} aria-label={`Mend: ${check.name}`}>
          Mend
        </Button>
      )}
    </li>
  );
}

function Mark({ ok }: { ok: boolean }) {
  return (
    <span className={cx('mt-1 shrink-0', ok ? 'text-ok' : 'text-bad')}>
      <Icon name={ok ? 'check' : 'cross'} />
      <span className="sr-only">{ok ? 'good: ' : 'missing: '}</span>
    </span>
  );
}
