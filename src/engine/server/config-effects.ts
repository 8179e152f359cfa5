import type { Acl } from './acl.ts';
import type { Config } from './config.ts';

/**
 * What changing a directive does beyond storing its value, and which changes are refused because
 * what they would switch on is not simulated. The texts follow "CONFIG SET failed (…) - ".
 */
export function listenToChanges(config: Config, acl: Acl): void {
  const password = config.text('requirepass');
  if (password !== '') acl.requirePassword(password);
  config.onChange('requirepass', (text) => {
    acl.requirePassword(text);
    return undefined;
  });
  config.onChange('activedefrag', (text) =>
    text === 'yes'
      ? 'Active defragmentation cannot be enabled: it requires a Redis server compiled with a modified Jemalloc like the one shipped by default with the Redis source distribution'
      : undefined,
  );
  config.onChange('port', () => 'a server cannot change its ports here');
  // There are no certificates; a Redis without any says so too.
  const noTls = () => 'Unable to update TLS configuration. Check server logs.';
  config.onChange('tls-port', noTls);
  config.onChange('tls-replication', (text) => (text === 'yes' ? noTls() : undefined));
  config.onChange('tls-cluster', (text) => (text === 'yes' ? noTls() : undefined));
}
