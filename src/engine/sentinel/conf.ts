/**
 * The `sentinel` lines of a sentinel.conf.
 * https://redis.io/docs/latest/operate/oss_and_stack/management/sentinel/
 */
import { type Resolve, SentinelAddress } from './address.ts';

/** A line that begins with `sentinel`, from 1, and the words that follow: one at least. */
export interface SentinelLine {
  readonly line: number;
  readonly text: string;
  readonly words: readonly string[];
}

/** What a sentinel.conf says of Sentinel. */
export interface SentinelConf {
  /** 40 characters; undefined until one is made. */
  id?: string;
  currentEpoch: number;
  announceIp?: string;
  announcePort?: number;
  /** With what the Sentinels log in to one another. */
  user?: string;
  password?: string;
  resolvesHostnames: boolean;
  announcesHostnames: boolean;
  deniesScriptsReconfig: boolean;
  /** By name. */
  readonly primaries: Map<string, MonitoredConf>;
}

/** A primary that is monitored; times in ms. */
export interface MonitoredConf {
  readonly name: string;
  readonly address: SentinelAddress;
  quorum: number;
  downAfter: number;
  failoverTimeout: number;
  parallelSyncs: number;
  rebootDownAfter: number;
  configEpoch: number;
  leaderEpoch: number;
  authUser?: string;
  authPass?: string;
  /** What commands are called there that have another name, by their usual one in lower case. */
  readonly renames: Map<string, string>;
  /** By what they are announced as. */
  readonly replicas: Map<string, SentinelAddress>;
  /** By their ids. */
  readonly sentinels: Map<string, SentinelAddress>;
}

/** What is monitored when nothing more is said of it. */
export const usualMonitored = (
  name: string,
  address: SentinelAddress,
  quorum: number,
): MonitoredConf => ({
  ...{ name, address, quorum },
  downAfter: 30_000,
  failoverTimeout: 180_000,
  parallelSyncs: 1,
  rebootDownAfter: 0,
  configEpoch: 0,
  leaderEpoch: 0,
  renames: new Map(),
  replicas: new Map(),
  sentinels: new Map(),
});

/** A line that Sentinel does not start with. */
export class SentinelLineError extends Error {
  override readonly name = 'SentinelLineError';

  constructor(
    readonly at: SentinelLine,
    reason: string,
  ) {
    super(reason);
  }
}

/**
 * Reads the lines. What concerns Sentinel itself comes first, then what is monitored, then what is
 * said about that: wherever it stands in the file. Throws a SentinelLineError at the first mistake.
 */
export function readSentinelConf(lines: readonly SentinelLine[], resolve: Resolve): SentinelConf {
  const conf: SentinelConf = {
    currentEpoch: 0,
    resolvesHostnames: false,
    announcesHostnames: false,
    deniesScriptsReconfig: true,
    primaries: new Map(),
  };
  for (const phase of phases) {
    for (const at of lines) {
      const name = at.words[0]?.toLowerCase() ?? '';
      if (phaseOf(name) === phase) readStatement({ conf, at, resolve }, phase, name);
    }
  }
  return conf;
}

interface Reading {
  readonly conf: SentinelConf;
  readonly at: SentinelLine;
  readonly resolve: Resolve;
}

/** Reads the words after the name of a statement. */
type Read = (reading: Reading, words: readonly string[]) => void;
type Statements = Readonly<
  Record<string, { readonly words: readonly number[]; readonly read: Read }>
>;

const phases = ['itself', 'monitored', 'about'] as const;
type Phase = (typeof phases)[number];

function phaseOf(name: string): Phase {
  if (name === 'monitor') return 'monitored';
  return Object.hasOwn(itself, name) ? 'itself' : 'about';
}

function readStatement(reading: Reading, phase: Phase, name: string): void {
  const words = reading.at.words.slice(1);
  const all = phase === 'itself' ? itself : phase === 'monitored' ? monitored : about;
  const statement = Object.hasOwn(all, name) ? all[name] : undefined;
  if (!statement?.words.includes(words.length)) {
    throw wrong(reading, 'Unrecognized sentinel configuration statement.');
  }
  statement.read(reading, words);
}

const wrong = ({ at }: Reading, reason: string) => new SentinelLineError(at, reason);

const itself: Statements = {
  'announce-ip': one(({ conf }, ip) => {
    if (ip !== '') conf.announceIp = ip;
  }),
  'announce-port': one(({ conf }, port) => {
    conf.announcePort = numberAtStart(port);
  }),
  'sentinel-user': one(({ conf }, user) => {
    if (user !== '') conf.user = user;
  }),
  'sentinel-pass': one(({ conf }, password) => {
    if (password !== '') conf.password = password;
  }),
  'current-epoch': one(({ conf }, epoch) => {
    conf.currentEpoch = Math.max(conf.currentEpoch, numberAtStart(epoch));
  }),
  myid: one((reading, id) => {
    if (id.length !== 40) throw wrong(reading, 'Malformed Sentinel id in myid option.');
    reading.conf.id = id;
  }),
  'deny-scripts-reconfig': one((reading, text) => {
    const answer = yesOrNo(text);
    if (answer === undefined) {
      throw wrong(reading, 'Please specify yes or no for the deny-scripts-reconfig options.');
    }
    reading.conf.deniesScriptsReconfig = answer;
  }),
  'resolve-hostnames': one((reading, text) => {
    reading.conf.resolvesHostnames = mustBeYesOrNo(reading, 'resolve-hostnames', text);
  }),
  'announce-hostnames': one((reading, text) => {
    reading.conf.announcesHostnames = mustBeYesOrNo(reading, 'announce-hostnames', text);
  }),
};

const monitored: Statements = { monitor: { words: [4], read: monitor } };

function monitor(reading: Reading, words: readonly string[]): void {
  const [name = '', host = '', port = '', votes = ''] = words;
  const { primaries } = reading.conf;
  const quorum = numberAtStart(votes);
  if (quorum <= 0) throw wrong(reading, 'Quorum must be 1 or greater.');
  const address = addressOf(reading, host, port);
  if (primaries.has(name)) throw wrong(reading, 'Duplicate master name.');
  primaries.set(name, usualMonitored(name, address, quorum));
}

const about: Statements = {
  'down-after-milliseconds': ofPrimary(1, (reading, primary, [time = '']) => {
    primary.downAfter = positive(reading, time);
  }),
  'failover-timeout': ofPrimary(1, (reading, primary, [time = '']) => {
    primary.failoverTimeout = positive(reading, time);
  }),
  'parallel-syncs': ofPrimary(1, (_, primary, [count = '']) => {
    primary.parallelSyncs = numberAtStart(count);
  }),
  'master-reboot-down-after-period': ofPrimary(1, (reading, primary, [time = '']) => {
    const ms = numberAtStart(time);
    if (ms < 0) throw wrong(reading, 'negative time parameter.');
    primary.rebootDownAfter = ms;
  }),
  'auth-user': ofPrimary(1, (_, primary, [user = '']) => {
    primary.authUser = user;
  }),
  'auth-pass': ofPrimary(1, (_, primary, [password = '']) => {
    primary.authPass = password;
  }),
  // Nothing can be executed here: a script of one's own would never be called.
  'notification-script': ofPrimary(1, notExecutable('Notification')),
  'client-reconfig-script': ofPrimary(1, notExecutable('Client reconfiguration')),
  'config-epoch': ofPrimary(1, ({ conf }, primary, [epoch = '']) => {
    primary.configEpoch = numberAtStart(epoch);
    conf.currentEpoch = Math.max(conf.currentEpoch, primary.configEpoch);
  }),
  'leader-epoch': ofPrimary(1, (_, primary, [epoch = '']) => {
    primary.leaderEpoch = numberAtStart(epoch);
  }),
  'known-replica': ofPrimary(2, knowReplica),
  'known-slave': ofPrimary(2, knowReplica),
  'known-sentinel': {
    // Without an id, as old versions wrote it, it says nothing.
    words: [3, 4],
    read: (reading, words) => {
      if (words.length === 4) ofPrimary(3, knowSentinel).read(reading, words);
    },
  },
  'rename-command': ofPrimary(2, (reading, { renames }, [command = '', name = '']) => {
    const usual = command.toLowerCase();
    if (renames.has(usual)) {
      throw wrong(reading, 'Same command renamed multiple times with rename-command.');
    }
    renames.set(usual, name);
  }),
};

type ReadAbout = (reading: Reading, primary: MonitoredConf, words: readonly string[]) => void;

function knowReplica(reading: Reading, primary: MonitoredConf, words: readonly string[]): void {
  const [host = '', port = ''] = words;
  const address = addressOf(reading, host, port);
  const shown = address.shown(reading.conf.announcesHostnames);
  if (primary.replicas.has(shown)) {
    throw wrong(reading, 'Duplicate hostname and port for replica.');
  }
  primary.replicas.set(shown, address);
}

function knowSentinel(reading: Reading, primary: MonitoredConf, words: readonly string[]): void {
  const [host = '', port = '', id = ''] = words;
  const address = addressOf(reading, host, port);
  if (primary.sentinels.has(id)) throw wrong(reading, 'Duplicate runid for sentinel.');
  primary.sentinels.set(id, address);
}

function notExecutable(kind: string): ReadAbout {
  return (reading) => {
    throw wrong(reading, `${kind} script seems non existing or non executable.`);
  };
}

/** A statement of one word. */
function one(read: (reading: Reading, word: string) => void) {
  return {
    words: [1],
    read: (reading: Reading, words: readonly string[]) => read(reading, words[0] ?? ''),
  };
}

/** A statement that names a primary first, and then has so many words. */
function ofPrimary(count: number, read: ReadAbout): { words: number[]; read: Read } {
  return {
    words: [count + 1],
    read: (reading, [name = '', ...words]) => {
      const primary = reading.conf.primaries.get(name);
      if (!primary) throw wrong(reading, 'No such master with specified name.');
      read(reading, primary, words);
    },
  };
}

function addressOf(reading: Reading, host: string, port: string): SentinelAddress {
  const number = numberAtStart(port);
  if (number < 0 || number > 65_535) throw wrong(reading, 'Invalid port number.');
  const { resolvesHostnames } = reading.conf;
  const address = SentinelAddress.of(host, number, resolvesHostnames ? reading.resolve : undefined);
  if (!address) throw wrong(reading, "Can't resolve instance hostname.");
  return address;
}

function positive(reading: Reading, text: string): number {
  const ms = numberAtStart(text);
  if (ms <= 0) throw wrong(reading, 'negative or zero time parameter.');
  return ms;
}

function mustBeYesOrNo(reading: Reading, name: string, text: string): boolean {
  const answer = yesOrNo(text);
  if (answer === undefined)
    throw wrong(reading, `Please specify yes or no for the ${name} option.`);
  return answer;
}

function yesOrNo(text: string): boolean | undefined {
  const word = text.toLowerCase();
  return word === 'yes' ? true : word === 'no' ? false : undefined;
}

/** As C's atoi reads: 0 if it does not begin with a number; what follows one does not count. */
const numberAtStart = (text: string): number => Number(/^\s*[-+]?\d+/.exec(text)?.[0] ?? 0) | 0;
