/** A TLS handshake as a list of checks, simulated: who shows what to whom, and where it ends. */

/** A certificate as far as the checks look at it. */
export interface Certificate {
  readonly subject: string;
  readonly issuer: string;
  /** Days that are left; negative when it has run out. */
  readonly daysLeft: number;
}

export interface Handshake {
  readonly server: Certificate;
  /** None: the client brings no certificate. */
  readonly client: Certificate | undefined;
  readonly authClients: 'yes' | 'no' | 'optional';
  /** The name that the client wanted to reach. */
  readonly host: string;
  /** Versions that each side speaks. */
  readonly offered: readonly string[];
  readonly accepted: readonly string[];
}

export interface HandshakeStep {
  readonly who: 'client' | 'server';
  readonly does: string;
  /** Why it ends here. */
  readonly fails?: string;
}

/** Whom both sides trust. */
export const AUTHORITY = 'Lab CA';

/** The steps up to the first that fails, in the order in which a TLS library makes them. */
export function stepsOf(handshake: Handshake): readonly HandshakeStep[] {
  const steps = [...agree(handshake), ...checkServer(handshake), ...checkClient(handshake)];
  const end = steps.findIndex(({ fails }) => fails !== undefined);
  return end < 0 ? steps : steps.slice(0, end + 1);
}

function agree({ offered, accepted }: Handshake): HandshakeStep[] {
  const common = offered.filter((version) => accepted.includes(version)).at(-1);
  return [
    { who: 'client', does: `says hello and offers ${offered.join(' and ')}` },
    {
      who: 'server',
      does: common ? `chooses ${common}` : `speaks ${accepted.join(' and ')} only`,
      ...(common === undefined && { fails: 'unsupported protocol: no version in common' }),
    },
  ];
}

function checkServer({ server, host }: Handshake): HandshakeStep[] {
  return [
    { who: 'server', does: `shows its certificate: ${server.subject}, signed by ${server.issuer}` },
    ...verify('client', server, 'an authority that it trusts'),
    {
      who: 'client',
      does: `compares the name with ${host}, which it wanted`,
      ...failing(server.subject !== host, 'certificate verify failed: Hostname mismatch'),
    },
  ];
}

function checkClient({ client, authClients }: Handshake): HandshakeStep[] {
  const encrypted: HandshakeStep = {
    who: 'client',
    does: 'sends AUTH and everything else encrypted',
  };
  if (authClients === 'no') return [encrypted];
  const asks: HandshakeStep = { who: 'server', does: 'asks for a certificate' };
  if (!client) {
    const refused = failing(authClients === 'yes', 'peer did not return a certificate');
    return [asks, { who: 'client', does: 'has none to show', ...refused }, encrypted];
  }
  return [
    asks,
    { who: 'client', does: `shows its certificate: ${client.subject}, signed by ${client.issuer}` },
    ...verify('server', client, 'tls-ca-cert-file'),
    encrypted,
  ];
}

/** What either side looks at in the certificate of the other. */
function verify(
  who: HandshakeStep['who'],
  { issuer, daysLeft }: Certificate,
  trusted: string,
): HandshakeStep[] {
  return [
    {
      who,
      does: `follows the signatures to ${trusted}`,
      ...failing(issuer !== AUTHORITY, 'certificate verify failed: unknown authority'),
    },
    {
      who,
      does: 'looks at the date of expiry',
      ...failing(daysLeft < 0, 'certificate verify failed: certificate has expired'),
    },
  ];
}

const failing = (condition: boolean, fails: string): { fails?: string } =>
  condition ? { fails } : {};
