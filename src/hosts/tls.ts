/**
 * TLS for the servers behind real sockets, told by the directives that redis-server knows.
 * https://redis.io/docs/latest/operate/oss_and_stack/management/security/encryption/
 */
import { readFileSync } from 'node:fs';
import { createSecureContext, type TLSSocket, type TlsOptions } from 'node:tls';
import { reasonOf } from './folder-disk.ts';

/** What redis.conf says, by directive; '' where it says nothing. */
export type ConfigText = (directive: string) => string;

/** Why no connection can be encrypted: lines for the log. */
export class TlsError extends Error {
  override readonly name = 'TlsError';
}

/** How Node is to speak TLS. Throws a TlsError where redis-server would not start. */
export function tlsOptions(text: ConfigText): TlsOptions {
  if (text('tls-cert-file') === '') throw new TlsError('No tls-cert-file configured!');
  if (text('tls-key-file') === '') throw new TlsError('No tls-key-file configured!');
  if (text('tls-auth-clients') !== 'no' && text('tls-ca-cert-file') === '') {
    throw new TlsError(
      'Either tls-ca-cert-file or tls-ca-cert-dir must be specified when tls-cluster, tls-replication or tls-auth-clients are enabled!',
    );
  }
  const ca = text('tls-ca-cert-file');
  const ciphers = text('tls-ciphers');
  const options: TlsOptions = {
    cert: read(text, 'tls-cert-file', 'certificate'),
    key: read(text, 'tls-key-file', 'private key'),
    passphrase: text('tls-key-file-pass') || undefined,
    ...(ca !== '' && { ca: read(text, 'tls-ca-cert-file', 'CA certificate(s) file') }),
    ...(ciphers !== '' && { ciphers }),
    // Who is let in is decided when the connection stands: the directive may change meanwhile.
    requestCert: true,
    rejectUnauthorized: false,
    ...versions(text('tls-protocols')),
  };
  try {
    createSecureContext(options);
  } catch (error) {
    throw new TlsError(`Failed to configure TLS: ${reasonOf(error)}`);
  }
  return options;
}

/** Whether a client may stay, by tls-auth-clients and the certificate that it has shown. */
export function mayEnter(socket: TLSSocket, text: ConfigText): boolean {
  const wanted = text('tls-auth-clients');
  const hasShown = Object.keys(socket.getPeerCertificate() ?? {}).length > 0;
  if (wanted === 'no' || (wanted === 'optional' && !hasShown)) return true;
  return socket.authorized;
}

function read(text: ConfigText, directive: string, what: string): Buffer {
  const path = text(directive);
  try {
    return readFileSync(path);
  } catch (error) {
    throw new TlsError(`Failed to load ${what}: ${path}: ${reasonOf(error)}`);
  }
}

/** `tls-protocols "TLSv1.2 TLSv1.3"`: the oldest and the newest of them. */
function versions(protocols: string): Pick<TlsOptions, 'minVersion' | 'maxVersion'> {
  const known = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const;
  const told = protocols.toLowerCase().split(' ');
  const used = known.filter((version) => told.includes(version.toLowerCase()));
  const [minVersion, maxVersion] = [used[0], used.at(-1)];
  return minVersion && maxVersion ? { minVersion, maxVersion } : {};
}
