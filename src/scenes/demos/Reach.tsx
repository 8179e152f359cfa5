/** Which of four hosts get through to a server: a model of addresses, firewall and protected mode. */
import { useState } from 'react';
import { cx } from '../../ui/cx.ts';
import { Checkbox, Choice } from '../../ui/Fields.tsx';
import { Icon } from '../../ui/Icon.tsx';

type Bind = 'loopback' | 'private' | 'all';

interface Setting {
  readonly bind: Bind;
  /** Lets in the application's hosts and the VPN only. */
  readonly firewall: boolean;
  readonly vpn: boolean;
  readonly password: boolean;
  readonly protectedMode: boolean;
}

const binds: readonly { value: Bind; label: string }[] = [
  { value: 'loopback', label: '127.0.0.1' },
  { value: 'private', label: '127.0.0.1 10.0.0.5' },
  { value: 'all', label: '0.0.0.0' },
];

/** `via`: by which of the server's addresses it comes. */
const hosts = [
  { name: 'the server itself', address: '127.0.0.1', via: 'loopback' },
  { name: 'application', address: '10.0.0.12', via: 'private' },
  { name: 'laptop with VPN', address: '10.8.0.7', via: 'vpn' },
  { name: 'internet', address: '203.0.113.66', via: 'public' },
] as const;

type Host = (typeof hosts)[number];

export default function Reach() {
  const [setting, setSetting] = useState<Setting>({
    bind: 'all',
    firewall: false,
    vpn: true,
    password: false,
    protectedMode: true,
  });
  const change = (part: Partial<Setting>) => setSetting({ ...setting, ...part });
  return (
    <div className="flex flex-col gap-3">
      <Choice
        label="bind"
        value={setting.bind}
        options={binds}
        onChange={(bind) => change({ bind })}
      />
      <div className="flex flex-wrap gap-x-5">
        <Checkbox
          label="firewall: application and VPN only"
          checked={setting.firewall}
          onChange={() => change({ firewall: !setting.firewall })}
        />
        <Checkbox
          label="laptop is in the VPN"
          checked={setting.vpn}
          onChange={() => change({ vpn: !setting.vpn })}
        />
        <Checkbox
          label="default user has a password"
          checked={setting.password}
          onChange={() => change({ password: !setting.password })}
        />
        <Checkbox
          label="protected-mode yes"
          checked={setting.protectedMode}
          onChange={() => change({ protectedMode: !setting.protectedMode })}
        />
      </div>
      <ul className="flex flex-col" aria-label="Hosts">
        {hosts.map((host) => (
          <HostRow key={host.address} host={host} outcome={outcomeOf(host, setting)} />
        ))}
      </ul>
    </div>
  );
}

/** How far a host gets: `in` without a password, `asked` for one, else why not. */
interface Outcome {
  readonly arrives: boolean;
  readonly says: string;
}

function outcomeOf(host: Host, setting: Setting): Outcome {
  const { bind, firewall, vpn, password, protectedMode } = setting;
  if (host.via === 'loopback') return letIn(password);
  if (host.via === 'vpn' && !vpn) return no('no route: 10.0.0.5 is in the private network only');
  if (bind === 'loopback') return no('connection refused: nobody listens on that address');
  if (host.via === 'public' && bind === 'private') {
    return no('connection refused: nobody listens on the public address');
  }
  if (host.via === 'public' && firewall) return no('no answer: dropped by the firewall');
  if (protectedMode && !password) return no('DENIED by protected mode');
  return letIn(password);
}

const no = (says: string): Outcome => ({ arrives: false, says });

const letIn = (password: boolean): Outcome => ({
  arrives: true,
  says: password ? 'connected, and asked for a password' : 'connected, may do everything',
});

function HostRow({ host, outcome }: { host: Host; outcome: Outcome }) {
  const { arrives, says } = outcome;
  const danger = arrives && host.via === 'public';
  return (
    <li className="flex flex-wrap items-center gap-x-4 border-t border-line py-1.5 text-ui">
      <span className="w-44">
        {host.name}
        <code className="block text-small text-ink-2">{host.address}</code>
      </span>
      <span
        className={cx(
          'flex items-center gap-1.5',
          danger ? 'text-bad' : arrives ? 'text-ok' : 'text-ink-2',
        )}
      >
        <Icon name={danger ? 'warning' : arrives ? 'check' : 'cross'} />
        {says}
      </span>
    </li>
  );
}
