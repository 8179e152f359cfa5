/**
 * The directives whose value is a list or a little language of its own. In CONFIG SET their words
 * stand apart by exactly one space.
 * https://redis.io/docs/latest/operate/oss_and_stack/management/config/
 */
import { readFloat } from '../bytes/numbers.ts';
import { ConfigError, choice, choices, type Kind, readMemory, string } from './config-kinds.ts';

export interface SavePoint {
  readonly seconds: bigint;
  readonly changes: bigint;
}

/** `save`: after so many seconds if at least so many keys changed; "" never. */
export const savePoints: Kind<readonly SavePoint[]> = {
  isMulti: true,
  read(text) {
    const words = text === '' ? [] : text.split(' ');
    const numbers = words.map(readLong);
    const points: SavePoint[] = [];
    for (let i = 0; i < words.length; i += 2) {
      const [seconds, changes] = [numbers[i], numbers[i + 1]];
      if (seconds === undefined || changes === undefined || seconds < 1n || changes < 0n) {
        throw new ConfigError('Invalid save parameters');
      }
      points.push({ seconds, changes });
    }
    return points;
  },
  print: (points) => points.map(({ seconds, changes }) => `${seconds} ${changes}`).join(' '),
};

/** The kinds of clients that have output limits of their own; replicas are still called slaves. */
export const bufferClasses = ['normal', 'slave', 'pubsub'] as const;
export type BufferClass = (typeof bufferClasses)[number];

/** When a client's unsent output closes it: at once, or after it stayed too large for too long. */
export interface BufferLimit {
  readonly hardBytes: number;
  readonly softBytes: number;
  readonly softSeconds: number;
}

export type BufferLimits = Readonly<Record<BufferClass, BufferLimit>>;

/** `client-output-buffer-limit`: classes that are not named keep their limits. */
export const bufferLimits: Kind<BufferLimits> = {
  isMulti: true,
  read(text, current) {
    const limits = { normal: noLimit, slave: noLimit, pubsub: noLimit };
    return { ...limits, ...readLimits(current), ...readLimits(text) };
  },
  print: (limits) =>
    bufferClasses
      .map((name) => {
        const { hardBytes, softBytes, softSeconds } = limits[name];
        return `${name} ${hardBytes} ${softBytes} ${softSeconds}`;
      })
      .join(' '),
};

const noLimit: BufferLimit = { hardBytes: 0, softBytes: 0, softSeconds: 0 };

function readLimits(text: string): Partial<BufferLimits> {
  const words = text === '' ? [] : text.split(' ');
  if (words.length % 4 !== 0) {
    throw new ConfigError('Wrong number of arguments in buffer limit configuration.');
  }
  const limits: { [C in BufferClass]?: BufferLimit } = {};
  for (let i = 0; i < words.length; i += 4) {
    limits[readClass(words[i] as string)] = readLimit(words.slice(i + 1, i + 4));
  }
  return limits;
}

function readClass(word: string): BufferClass {
  const name = word.toLowerCase() === 'replica' ? 'slave' : word.toLowerCase();
  const found = bufferClasses.find((each) => each === name);
  if (found) return found;
  throw new ConfigError('Invalid client class specified in buffer limit configuration.');
}

function readLimit([hard = '', soft = '', seconds = '']: readonly string[]): BufferLimit {
  const hardBytes = readMemory(hard);
  const softBytes = readMemory(soft);
  const softSeconds = BigInt.asIntN(32, readLong(seconds) ?? -1n);
  if (hardBytes === undefined || softBytes === undefined || softSeconds < 0n) {
    throw new ConfigError(
      'Error in hard, soft or soft_seconds setting in buffer limit configuration.',
    );
  }
  return {
    hardBytes: Number(hardBytes),
    softBytes: Number(softBytes),
    softSeconds: Number(softSeconds),
  };
}

/** `oom-score-adj-values`: for a primary, a replica, a process that saves. */
export const oomScores: Kind<readonly bigint[]> = {
  isMulti: true,
  read(text) {
    const words = text.split(' ');
    if (words.length !== 3) throw new ConfigError('wrong number of arguments');
    return words.map((word) => {
      const score = readLong(word);
      if (score !== undefined && score >= -2000n && score <= 2000n) return score;
      throw new ConfigError(
        'Invalid oom-score-adj-values, elements must be between -2000 and 2000.',
      );
    });
  },
  print: (scores) => scores.join(' '),
};

/** `latency-tracking-info-percentiles`: which percentiles INFO latencystats shows. */
export const percentiles: Kind<readonly number[]> = {
  isMulti: true,
  read: (text) => (text === '' ? [] : text.split(' ').map(readPercentile)),
  print: (values) => values.map(printPercentile).join(' '),
};

function readPercentile(word: string): number {
  const literal = readFloat(word);
  if (literal?.length !== word.length || literal.kind === 'nan') {
    throw new ConfigError('Invalid latency-tracking-info-percentiles parameters');
  }
  const value = literal.kind === 'infinity' ? Infinity : Number(word);
  if (value >= 0 && value <= 100) return value;
  throw new ConfigError(
    'latency-tracking-info-percentiles parameters should sit between [0.0,100.0]',
  );
}

/** 99.9, with at most six decimals; INFO latencystats names its percentiles so too. */
export const printPercentile = (value: number): string => String(Number(value.toFixed(6)));

/** The classes of keyspace events that `A` stands for, in the order in which they are printed. */
const EVENTS_IN_ALL = 'g$lshzxetd';

/** `notify-keyspace-events`: letters, put into Redis's order, all classes together as A. */
export const eventClasses: Kind<string> = {
  read(text) {
    if (/[^Ag$lshzxeKEtmdn]/.test(text)) {
      throw new ConfigError("Invalid event class character. Use 'Ag$lshzxeKEtmdn'.");
    }
    const has = (letter: string) =>
      text.includes(letter) || (text.includes('A') && EVENTS_IN_ALL.includes(letter));
    const pick = (letters: string) => [...letters].filter(has).join('');
    const all = pick(EVENTS_IN_ALL) === EVENTS_IN_ALL;
    return (all ? `A${pick('n')}` : pick('g$lshzxetdn')) + pick('KEm');
  },
  // Redis forgets to print new-key events beside A.
  print: (letters) => (letters.startsWith('A') ? letters.replace('n', '') : letters),
};

const MAX_BIND_ADDRESSES = 16;

/** `bind`: addresses; a "-" before one says that it may be missing on this machine. */
export const bindAddresses: Kind<string> = {
  isMulti: true,
  read(text) {
    const addresses = text === '' ? [] : text.split(' ');
    if (addresses.length > MAX_BIND_ADDRESSES) {
      throw new ConfigError('Too many bind addresses specified.');
    }
    if (
      addresses.some(
        (address) => !/^-?(\*|[\d.]+|[\da-f:]*:[\da-f:]*\*?|localhost)$/i.test(address),
      )
    ) {
      throw new ConfigError('Failed to bind to specified addresses.');
    }
    return addresses.join(' ');
  },
  print: (value) => value,
};

/** `proc-title-template`: what ps shows; only known variables, and something must remain. */
export const titleTemplate = string((text) => {
  const known = 'title|listen-addr|server-mode|port|tls-port|unixsocket|config-file';
  const rest = text
    .replaceAll('{{', '')
    .replace(new RegExp(`\\{(${known})\\}`, 'g'), (_, name) =>
      emptyInTitle.has(name) ? '' : name,
    );
  const isValid = !rest.includes('{') && (rest.trim() !== '' || text.includes('{{'));
  return isValid ? undefined : 'template format is invalid or contains unknown variables';
});

const emptyInTitle = new Set(['title', 'server-mode', 'unixsocket']);

/** `shutdown-on-sigint`, `shutdown-on-sigterm`: how SHUTDOWN would be called. */
export const shutdownOptions: Kind<ReadonlySet<string>> = {
  ...choices(['default', 'save', 'nosave', 'now', 'force']),
  read(text, current) {
    const options = choices(['default', 'save', 'nosave', 'now', 'force']).read(text, current);
    if (!options.has('save') || !options.has('nosave')) return options;
    throw new ConfigError("shutdown options SAVE and NOSAVE can't be used simultaneously");
  },
};

/** `maxmemory-policy`. https://redis.io/docs/latest/develop/reference/eviction/ */
export const evictionPolicy = choice([
  ...['volatile-lru', 'volatile-lfu', 'volatile-random', 'volatile-ttl'],
  ...['allkeys-lru', 'allkeys-lfu', 'allkeys-random', 'noeviction'],
]);

/** `cluster-announce-hostname`. */
export const hostname = string((text) => {
  if (text.length >= 256) return 'Hostnames must be less than 256 characters';
  return /[^A-Za-z0-9.-]/.test(text)
    ? 'Hostnames may only contain alphanumeric characters, hyphens or dots'
    : undefined;
});

/** A file's or directory's name without any path. */
export const plainName = (directive: string, what: 'filename' | 'dirname', mayBeEmpty = false) =>
  string((text) => {
    if (text === '' && !mayBeEmpty) return `${directive} can't be empty`;
    return text.includes('/') ? `${directive} can't be a path, just a ${what}` : undefined;
  });

/** What strtoll() reads from a whole word: nothing is 0, what does not fit the nearest that does. */
function readLong(word: string): bigint | undefined {
  if (word === '') return 0n;
  if (!/^[+-]?\d+$/.test(word)) return undefined;
  const value = BigInt(word.replace('+', ''));
  const max = 2n ** 63n - 1n;
  return value > max ? max : value < -max - 1n ? -max - 1n : value;
}
