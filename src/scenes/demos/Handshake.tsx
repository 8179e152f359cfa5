/** A simulated TLS handshake: change a certificate or a setting, and see where it ends. */
import { useState } from 'react';
import { cx } from '../../ui/cx.ts';
import { Choice } from '../../ui/Fields.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { AUTHORITY, type Certificate, type HandshakeStep, stepsOf } from './handshake-steps.ts';
import type { ParametersOf } from './parameters.ts';

const HOST = 'redis.example.net';

const serverCertificates = {
  good: { subject: HOST, issuer: AUTHORITY, daysLeft: 60 },
  expired: { subject: HOST, issuer: AUTHORITY, daysLeft: -1 },
  'other name': { subject: 'cache.example.net', issuer: AUTHORITY, daysLeft: 60 },
  'other authority': { subject: HOST, issuer: 'Somebody CA', daysLeft: 60 },
} as const satisfies Record<string, Certificate>;

const clientCertificates = {
  none: undefined,
  good: { subject: 'app', issuer: AUTHORITY, daysLeft: 30 },
  expired: { subject: 'app', issuer: AUTHORITY, daysLeft: -3 },
  'other authority': { subject: 'app', issuer: 'Somebody CA', daysLeft: 30 },
} as const satisfies Record<string, Certificate | undefined>;

/** What tls-auth-clients may be. */
const demands = { yes: 'yes', optional: 'optional', no: 'no' } as const;

const versions = {
  'TLSv1.2 TLSv1.3': ['TLSv1.2', 'TLSv1.3'],
  'TLSv1.3': ['TLSv1.3'],
} as const;
const clientVersions = {
  'TLSv1.2 and TLSv1.3': versions['TLSv1.2 TLSv1.3'],
  'TLSv1.2': ['TLSv1.2'],
};

type Name<T> = keyof T & string;

interface Chosen {
  readonly server: Name<typeof serverCertificates>;
  readonly client: Name<typeof clientCertificates>;
  readonly authClients: Name<typeof demands>;
  readonly accepted: Name<typeof versions>;
  readonly offered: Name<typeof clientVersions>;
}

export default function Handshake({ parameters }: { parameters: ParametersOf<'handshake'> }) {
  const [chosen, setChosen] = useState<Chosen>({
    server: 'good',
    client: 'none',
    authClients: 'yes',
    accepted: 'TLSv1.2 TLSv1.3',
    offered: 'TLSv1.2 and TLSv1.3',
  });
  const { server, client, authClients, accepted, offered } = chosen;
  const steps = stepsOf({
    server: serverCertificates[server],
    client: clientCertificates[client],
    authClients: demands[authClients],
    host: HOST,
    offered: clientVersions[offered],
    accepted: versions[accepted],
  });
  const change = (part: Partial<Chosen>) => setChosen({ ...chosen, ...part });
  return (
    <div className="flex flex-col gap-4">
      <div className="flex flex-wrap gap-x-6 gap-y-3">
        <Certificates chosen={chosen} onChange={change} />
        {parameters.mutual && <Versions chosen={chosen} onChange={change} />}
      </div>
      <Steps steps={steps} />
      <Wire />
    </div>
  );
}

type SettingProps = { chosen: Chosen; onChange: (part: Partial<Chosen>) => void };

function Certificates({ chosen, onChange }: SettingProps) {
  return (
    <>
      <Choice
        label="Certificate of the server"
        value={chosen.server}
        options={optionsOf(serverCertificates)}
        onChange={(server) => onChange({ server })}
      />
      <Choice
        label="Certificate of the client"
        value={chosen.client}
        options={optionsOf(clientCertificates)}
        onChange={(client) => onChange({ client })}
      />
      <Choice
        label="tls-auth-clients"
        value={chosen.authClients}
        options={optionsOf(demands)}
        onChange={(authClients) => onChange({ authClients })}
      />
    </>
  );
}

function Versions({ chosen, onChange }: SettingProps) {
  return (
    <>
      <Choice
        label="tls-protocols of the server"
        value={chosen.accepted}
        options={optionsOf(versions)}
        onChange={(accepted) => onChange({ accepted })}
      />
      <Choice
        label="The client speaks"
        value={chosen.offered}
        options={optionsOf(clientVersions)}
        onChange={(offered) => onChange({ offered })}
      />
    </>
  );
}

const optionsOf = <T extends object>(names: T): { value: Name<T>; label: Name<T> }[] =>
  (Object.keys(names) as Name<T>[]).map((name) => ({ value: name, label: name }));

function Steps({ steps }: { steps: readonly HandshakeStep[] }) {
  const failed = steps.find(({ fails }) => fails !== undefined);
  return (
    <>
      <ol className="flex flex-col text-ui" aria-label="Handshake">
        {steps.map(({ who, does, fails }) => (
          <li key={`${who} ${does}`} className="flex items-start gap-2 border-t border-line py-1">
            <Icon
              name={fails ? 'cross' : 'check'}
              className={cx('mt-1 shrink-0', fails ? 'text-bad' : 'text-ok')}
            />
            <span>
              The {who} {does}.{fails && <strong className="block text-bad">{fails}</strong>}
            </span>
          </li>
        ))}
      </ol>
      <p role="status" className={cx('text-ui font-semibold', failed ? 'text-bad' : 'text-ok')}>
        {failed ? 'No connection.' : 'Connected.'}
      </p>
    </>
  );
}

/** What somebody on the way reads of the same command. */
function Wire() {
  return (
    <dl className="grid gap-x-4 gap-y-1 text-small text-ink-2 sm:grid-cols-[auto_1fr]">
      <dt>On the wire, plain port</dt>
      <dd>
        <code className="[overflow-wrap:anywhere]">
          *3\r\n$4\r\nAUTH\r\n$3\r\napp\r\n$10\r\napp-secret\r\n
        </code>
      </dd>
      <dt>On the wire, TLS (an example)</dt>
      <dd>
        <code className="[overflow-wrap:anywhere]">
          17 03 03 00 39 a1 5e 07 c2 9b 4d 88 3f e0 16 7a 52 b9 …
        </code>
      </dd>
    </dl>
  );
}
