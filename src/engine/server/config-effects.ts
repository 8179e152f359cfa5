import type { Config } from './config.ts';

/**
 * What changing a directive does beyond storing its value, and which changes are refused because
 * what they would switch on is not simulated. The texts follow "CONFIG SET failed (…) - ".
 */
export function listenToChanges(config: Config): void {
  config.onChange('activedefrag', (text) =>
    text === 'yes'
      ? 'Active defragmentation cannot be enabled: memory is not fragmented here'
      : undefined,
  );
  for (const name of ['port', 'tls-port']) {
    config.onChange(name, () => 'a server cannot change its ports here');
  }
}
