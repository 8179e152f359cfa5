/** What redis-benchmark is told. https://redis.io/docs/latest/operate/oss_and_stack/management/optimization/benchmarks/ */
export interface BenchmarkOptions {
  readonly host: string;
  readonly port: number;
  readonly user?: string;
  readonly password?: string;
  readonly db: number;
  /** Parallel connections. */
  readonly clients: number;
  /** Requests of each test. */
  readonly requests: number;
  /** Bytes of a value. */
  readonly size: number;
  /** Commands that a connection sends at once. */
  readonly pipeline: number;
  /** `__rand_int__` in a command stands for a number below this one. */
  readonly keyspace?: number;
  readonly format: 'report' | 'quiet' | 'csv';
  /** Names of tests; all of them unless said. */
  readonly tests?: readonly string[];
  /** A command of the caller's own, in the place of the tests. */
  readonly command: readonly string[];
}

/** The line that redis-benchmark refuses with. */
export class BenchmarkUsage extends Error {
  override readonly name = 'BenchmarkUsage';
}

type Told = Partial<Omit<BenchmarkOptions, 'command'>>;
type Flag = (...words: string[]) => Told;

const number = (text: string) => Number.parseInt(text, 10) || 0;
const nothing: Flag = () => ({});
const nothingOf = (_word: string) => ({});

const flags: Readonly<Record<string, Flag>> = {
  '-h': (host: string) => ({ host }),
  '-p': (port: string) => ({ port: number(port) }),
  '-a': (password: string) => ({ password }),
  '--user': (user: string) => ({ user }),
  '--dbnum': (db: string) => ({ db: number(db) }),
  '-c': (clients: string) => ({ clients: Math.max(number(clients), 1) }),
  '-n': (requests: string) => ({ requests: Math.max(number(requests), 1) }),
  '-d': (size: string) => ({ size: Math.max(number(size), 1) }),
  '-P': (pipeline: string) => ({ pipeline: Math.max(number(pipeline), 1) }),
  '-r': (keyspace: string) => ({ keyspace: number(keyspace) }),
  '-t': (tests: string) => ({ tests: tests.toLowerCase().split(',') }),
  '-q': () => ({ format: 'quiet' }),
  '--csv': () => ({ format: 'csv' }),
  '-e': nothing,
  '-3': nothing,
  '-k': nothingOf,
  '--precision': nothingOf,
  '--threads': nothingOf,
  '--seed': nothingOf,
};

/** Reads a command line. Throws a `BenchmarkUsage`. */
export function parseBenchmark(args: readonly string[]): BenchmarkOptions {
  const left = [...args];
  let told: Told = {};
  while (left[0]?.startsWith('-')) {
    const flag = left.shift() as string;
    const read = flags[flag];
    if (!read || left.length < read.length) {
      throw new BenchmarkUsage(`Invalid option "${flag}" or option argument missing`);
    }
    told = { ...told, ...read(...left.splice(0, read.length)) };
  }
  return { ...defaults, ...told, command: left };
}

const defaults: Omit<BenchmarkOptions, 'command'> = {
  ...{ host: '127.0.0.1', port: 6379, db: 0, clients: 50, requests: 100_000 },
  ...{ size: 3, pipeline: 1, format: 'report' },
};
