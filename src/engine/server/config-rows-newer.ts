/** The rows of config-rows.ts that Redis 7.0 does not have: what 7.2 to 8.0 added, and nothing reads. */
import { type Directive, number, size, text, yesNo } from './directive.ts';

const start = { changes: 'start' } as const;
const perCycle = { min: 1n, max: 1000n };

export const newerDirectives: readonly Directive[] = [
  text('server-cpulist', '', start),
  text('bio-cpulist', '', start),
  text('aof-rewrite-cpulist', '', start),
  text('bgsave-cpulist', '', start),
  yesNo('hide-user-data-from-log', 'no'),
  number('max-new-connections-per-cycle', '10', perCycle),
  number('max-new-tls-connections-per-cycle', '1', perCycle),
  size('replica-full-sync-buffer-limit', '0'),
  text('cluster-announce-human-nodename', ''),
  number('cluster-compatibility-sample-ratio', '0', { max: 100n }),
];
