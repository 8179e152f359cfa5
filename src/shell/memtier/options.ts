/** What memtier_benchmark is told. https://github.com/redis/memtier_benchmark */
export interface MemtierOptions {
  readonly host: string;
  readonly port: number;
  readonly password?: string;
  /** Requests of each connection. */
  readonly requests: number;
  /** Connections of each thread. */
  readonly clients: number;
  readonly threads: number;
  /** Bytes of a value. */
  readonly size: number;
  /** So many SETs, then so many GETs. */
  readonly ratio: readonly [sets: number, gets: number];
  readonly pipeline: number;
  /** How keys are chosen for SETs and for GETs: at random, one after the other, or around the middle. */
  readonly pattern: readonly [sets: KeyPattern, gets: KeyPattern];
  readonly prefix: string;
  readonly least: number;
  readonly most: number;
  readonly hidesHistogram: boolean;
}

export type KeyPattern = 'R' | 'S' | 'G' | 'P';

/** The line that memtier_benchmark refuses with. */
export class MemtierUsage extends Error {
  override readonly name = 'MemtierUsage';
}

type Told = Partial<MemtierOptions>;

const number = (text: string) => Number.parseInt(text, 10) || 0;
const positive = (name: string, text: string): number => {
  const value = number(text);
  if (value > 0) return value;
  throw new MemtierUsage(`error: ${name} must be greater than zero.`);
};

const long: Readonly<Record<string, (word: string) => Told>> = {
  server: (host) => ({ host }),
  host: (host) => ({ host }),
  port: (port) => ({ port: number(port) }),
  authenticate: (password) => ({ password }),
  requests: (count) => ({ requests: positive('requests', count) }),
  clients: (count) => ({ clients: positive('clients', count) }),
  threads: (count) => ({ threads: positive('threads', count) }),
  'data-size': (size) => ({ size: positive('data-size', size) }),
  ratio: (ratio) => ({ ratio: readRatio(ratio) }),
  pipeline: (count) => ({ pipeline: positive('pipeline', count) }),
  'key-pattern': (pattern) => ({ pattern: readPattern(pattern) }),
  'key-prefix': (prefix) => ({ prefix }),
  'key-minimum': (least) => ({ least: number(least) }),
  'key-maximum': (most) => ({ most: number(most) }),
  protocol: () => ({}),
};

const short: Readonly<Record<string, string>> = {
  ...{ s: 'server', h: 'host', p: 'port', a: 'authenticate', n: 'requests', c: 'clients' },
  ...{ t: 'threads', d: 'data-size', P: 'protocol' },
};

/** Reads a command line. Throws a `MemtierUsage`. */
export function parseMemtier(args: readonly string[]): MemtierOptions {
  const left = [...args];
  let told: MemtierOptions = defaults;
  for (let flag = left.shift(); flag !== undefined; flag = left.shift()) {
    if (flag === '--hide-histogram') {
      told = { ...told, hidesHistogram: true };
      continue;
    }
    const [, dashes = '', name = '', joined] = /^(--?)([\w-]+)(?:=(.*))?$/.exec(flag) ?? [];
    const full = dashes === '-' ? (Object.hasOwn(short, name) ? short[name] : undefined) : name;
    const read = full !== undefined && Object.hasOwn(long, full) ? long[full] : undefined;
    const word = joined ?? left.shift();
    if (!read || word === undefined) {
      throw new MemtierUsage(
        `memtier_benchmark: ${flag} is no option that is simulated here\nTry 'memtier_benchmark --help' for more information.`,
      );
    }
    told = { ...told, ...read(word) };
  }
  return told;
}

function readRatio(text: string): readonly [number, number] {
  const match = /^(\d+):(\d+)$/.exec(text);
  if (!match) throw new MemtierUsage('error: ratio must be expressed as [0-n]:[0-n].');
  return [Number(match[1]), Number(match[2])];
}

function readPattern(text: string): readonly [KeyPattern, KeyPattern] {
  const match = /^([RSGP]):([RSGP])$/.exec(text);
  if (!match) {
    throw new MemtierUsage(
      "error: key-pattern must be in the format of 'S:S', 'R:R', 'G:G' or 'P:P'.",
    );
  }
  return [match[1] as KeyPattern, match[2] as KeyPattern];
}

const defaults: MemtierOptions = {
  ...{ host: 'localhost', port: 6379, requests: 10_000, clients: 50, threads: 4, size: 32 },
  ...{ ratio: [1, 10], pipeline: 1, pattern: ['R', 'R'], prefix: 'memtier-' },
  ...{ least: 0, most: 10_000_000, hidesHistogram: false },
};
