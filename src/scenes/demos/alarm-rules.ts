/** Six rules as a monitoring system has them: what is read, and from where on it is an alarm. */

/** What the rules are about, read from INFO and SLOWLOG GET. */
export interface Readings {
  readonly usedMemory: number;
  /** 0: no limit. */
  readonly maxmemory: number;
  readonly residentSize: number;
  readonly hits: number;
  readonly misses: number;
  readonly slowestUsec: number;
  readonly clients: number;
  readonly blocked: number;
}

export type RuleId = 'memory' | 'hits' | 'slow' | 'clients' | 'fragmentation' | 'blocked';

export interface AlarmRule {
  readonly id: RuleId;
  readonly name: string;
  readonly limit: string;
  /** The verbs of its buttons. */
  readonly cross: string;
  readonly mend: string;
  isBad(readings: Readings): boolean;
  /** The value as it is read. */
  show(readings: Readings): string;
}

export const rules: readonly AlarmRule[] = [
  {
    id: 'memory',
    name: 'Memory of maxmemory',
    limit: 'over 80 %',
    cross: 'Lower maxmemory',
    mend: 'Raise maxmemory',
    isBad: ({ usedMemory, maxmemory }) => maxmemory > 0 && usedMemory / maxmemory > 0.8,
    show: ({ usedMemory, maxmemory }) =>
      maxmemory > 0 ? percent(usedMemory / maxmemory) : 'no limit set',
  },
  {
    id: 'hits',
    name: 'Hit ratio',
    limit: 'under 90 %',
    cross: 'Ask for what is not there',
    mend: 'CONFIG RESETSTAT, then hits',
    isBad: ({ hits, misses }) => hits + misses > 0 && hits / (hits + misses) < 0.9,
    show: ({ hits, misses }) =>
      hits + misses > 0 ? percent(hits / (hits + misses)) : 'no lookups yet',
  },
  {
    id: 'slow',
    name: 'Slowest command',
    limit: 'over 10 ms',
    cross: 'Run a long script',
    mend: 'SLOWLOG RESET',
    isBad: ({ slowestUsec }) => slowestUsec > 10_000,
    show: ({ slowestUsec }) =>
      slowestUsec > 0 ? `${Math.round(slowestUsec / 1000)} ms` : 'none was slow',
  },
  {
    id: 'clients',
    name: 'Connected clients',
    limit: 'over 1000',
    cross: 'Connect 1000 more',
    mend: 'Disconnect them',
    isBad: ({ clients }) => clients > 1000,
    show: ({ clients }) => String(clients),
  },
  {
    id: 'fragmentation',
    name: 'Fragmentation',
    limit: 'over 1.5',
    cross: 'Assume a larger resident size',
    mend: 'Assume it away',
    isBad: (readings) => fragmentation(readings) > 1.5,
    show: (readings) => fragmentation(readings).toFixed(2),
  },
  {
    id: 'blocked',
    name: 'Blocked clients',
    limit: 'over 0',
    cross: 'Let a worker wait in BRPOP',
    mend: 'Push a job',
    isBad: ({ blocked }) => blocked > 0,
    show: ({ blocked }) => String(blocked),
  },
];

const percent = (share: number): string => `${Math.round(100 * share)} %`;

const fragmentation = ({ residentSize, usedMemory }: Readings): number => residentSize / usedMemory;
