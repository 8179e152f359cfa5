import type { Format } from '../../engine/resp/print-formats.ts';
import { splitArgs } from '../../engine/resp/split.ts';
import {
  type ClusterOptions,
  clusterFlags,
  defaultClusterOptions,
  weightsOf,
} from './cluster/options.ts';

/**
 * What redis-cli is told on its command line.
 * https://redis.io/docs/latest/develop/tools/cli/
 */
export interface Options {
  readonly host: string;
  readonly port: number;
  readonly user?: string;
  readonly password?: string;
  /** It was given on the command line, where others can see it. */
  readonly warnsOfPassword: boolean;
  readonly db: number;
  readonly protocol: 2 | 3;
  /** How replies are printed; undefined is as for people. */
  readonly format: Format | undefined;
  /** Raw: between the elements of a reply, and after each reply. */
  readonly elementDelimiter: string;
  readonly replyDelimiter: string;
  /** How often a command runs; -1 is for ever. */
  readonly repeat: number;
  /** Seconds between two runs, undefined unless said. */
  readonly interval?: number;
  /** `-x`, or the word that `-X` replaces. */
  readonly stdin?: true | string;
  readonly followsCluster: boolean;
  readonly failsOnError: boolean;
  readonly mode: Mode;
  /** --ldb and --ldb-sync-mode: --eval runs in the debugger. */
  readonly debugs?: 'fork' | 'sync';
  readonly pattern?: string;
  readonly samples?: number;
  /** What the flags of --cluster say. */
  readonly cluster: ClusterOptions;
  /** --keystats: how many keys it names, and where it goes on. */
  readonly top?: number;
  readonly cursor?: string;
  /** How many keys a SCAN looks at. */
  readonly count?: string;
  /** The command, or what --cluster and --eval are given. */
  readonly words: readonly string[];
}

/** What it does when it is no plain command. */
export type Mode =
  | { readonly kind: 'command' }
  | { readonly kind: 'help' | 'version' }
  | { readonly kind: 'scan' | 'bigkeys' | 'memkeys' | 'hotkeys' | 'keystats' }
  | { readonly kind: 'latency' | 'latency-history' | 'latency-dist' | 'stat' | 'pipe' }
  | { readonly kind: 'intrinsic-latency'; readonly seconds: number }
  | { readonly kind: 'rdb' | 'functions-rdb'; readonly file: string }
  | { readonly kind: 'eval'; readonly file: string }
  | { readonly kind: 'cluster' }
  | { readonly kind: 'missing'; readonly flag: string };

/** What redis-cli refuses, in its words; it ends with status 1. */
export class UsageError extends Error {
  override readonly name = 'UsageError';

  constructor(
    message: string,
    /** redis-cli says it on standard output, as if it were a reply. */
    readonly isPrinted = false,
  ) {
    super(message);
  }
}

export interface Surroundings {
  readonly env: Readonly<Record<string, string>>;
  readonly isTerminal: boolean;
}

/** Reads a command line. Throws a `UsageError`. */
export function parseOptions(args: readonly string[], { env, isTerminal }: Surroundings): Options {
  const password = env.REDISCLI_AUTH;
  let told: Told = {
    ...defaults,
    format: isTerminal ? undefined : 'raw',
    ...(password !== undefined && { password }),
  };
  const left = [...args];
  let clusterWords: readonly string[] | undefined;
  while (left[0]?.startsWith('-') && left[0] !== '-') {
    const flag = left.shift() as string;
    if (flag === '--cluster') {
      clusterWords = wordsBefore(left);
      told = { ...told, mode: { kind: 'cluster' } };
      continue;
    }
    if (flag === '--cluster-weight') {
      told = { ...told, cluster: { ...told.cluster, weights: weightsOf(wordsBefore(left)) } };
      continue;
    }
    const isHelp = flag === '-h' && left.length === 0;
    const name = isHelp ? '--help' : flag;
    const read = Object.hasOwn(flags, name) ? flags[name] : ofCluster(name, told);
    if (!read || left.length < read.length) {
      throw new UsageError(`Unrecognized option or bad number of args for: '${flag}'`);
    }
    told = { ...told, ...read(...left.splice(0, read.length)) };
  }
  if (told.debugs && told.mode.kind !== 'eval') throw new UsageError(NEEDS_EVAL);
  const isJson = told.format === 'json' || told.format === 'quoted-json';
  const plain = clusterWords ?? left;
  const words = told.isQuoted ? plain.map(unquote) : plain;
  return { ...told, protocol: told.protocol ?? (isJson ? 3 : 2), words };
}

const NEEDS_EVAL =
  'Options --ldb and --ldb-sync-mode require --eval.\nTry redis-cli --help for more information.';

/** Takes the words up to the next flag. */
function wordsBefore(left: string[]): string[] {
  const end = left.findIndex((word) => word.startsWith('-'));
  return left.splice(0, end < 0 ? left.length : end);
}

/** A flag of --cluster, which adds to those before it. */
function ofCluster(name: string, told: Told): Flag | undefined {
  const read = Object.hasOwn(clusterFlags, name) ? clusterFlags[name] : undefined;
  if (!read) return undefined;
  const flag: Flag = (...words) => ({ cluster: { ...told.cluster, ...read(...words) } });
  return Object.defineProperty(flag, 'length', { value: read.length });
}

/** What the flags have told so far. */
type Told = Omit<Options, 'protocol' | 'words'> & {
  readonly protocol?: 2 | 3;
  /** Quotes within an argument mean something, as they do at the prompt. */
  readonly isQuoted: boolean;
};

const defaults = {
  host: '127.0.0.1',
  port: 6379,
  warnsOfPassword: false,
  db: 0,
  elementDelimiter: '\n',
  replyDelimiter: '\n',
  repeat: 1,
  followsCluster: false,
  failsOnError: false,
  mode: { kind: 'command' },
  isQuoted: false,
  cluster: defaultClusterOptions,
} as const;

/** What a flag tells; it takes as many of the words behind it as its function has parameters. */
type Flag = (...words: string[]) => Partial<Told>;

const mode =
  (kind: PlainMode): Flag =>
  () => ({ mode: { kind } });
type PlainMode = Exclude<
  Mode['kind'],
  'intrinsic-latency' | 'rdb' | 'functions-rdb' | 'eval' | 'missing'
>;

const missing = (flag: string) => ({ mode: { kind: 'missing', flag } as const });
const ignored: Flag = () => ({});
const ignoredWithWord = (_word: string) => ({});
const number = (text: string) => Number.parseInt(text, 10) || 0;
const secret = (password: string) => ({ password, warnsOfPassword: true });

const connecting: Readonly<Record<string, Flag>> = {
  '-h': (host: string) => ({ host }),
  '-p': (port: string) => ({ port: number(port) }),
  '-s': (_socket: string) => missing('-s'),
  '-a': secret,
  '--pass': secret,
  '--user': (user: string) => ({ user }),
  '-u': readUri,
  '-n': (db: string) => ({ db: number(db) }),
  '-2': () => ({ protocol: 2 }),
  '-3': () => ({ protocol: 3 }),
  '-c': () => ({ followsCluster: true }),
  '-4': ignored,
  '-6': ignored,
  '-t': ignoredWithWord,
  '--no-auth-warning': () => ({ warnsOfPassword: false }),
  '--askpass': () => missing('--askpass'),
  '--tls': () => missing('--tls'),
  '--insecure': ignored,
  '--sni': ignoredWithWord,
  '--cacert': ignoredWithWord,
  '--cacertdir': ignoredWithWord,
  '--cert': ignoredWithWord,
  '--key': ignoredWithWord,
  '--tls-ciphers': ignoredWithWord,
  '--tls-ciphersuites': ignoredWithWord,
};

const printing: Readonly<Record<string, Flag>> = {
  '--raw': () => ({ format: 'raw' }),
  '--no-raw': () => ({ format: undefined }),
  '--csv': () => ({ format: 'csv' }),
  '--json': () => ({ format: 'json' }),
  '--quoted-json': () => ({ format: 'quoted-json' }),
  '-d': (elementDelimiter: string) => ({ elementDelimiter }),
  '-D': (replyDelimiter: string) => ({ replyDelimiter }),
  '-e': () => ({ failsOnError: true }),
  '--show-pushes': ignoredWithWord,
  '--verbose': ignored,
};

const running: Readonly<Record<string, Flag>> = {
  '-r': (times: string) => ({ repeat: number(times) }),
  '-i': (seconds: string) => ({ interval: Number.parseFloat(seconds) || 0 }),
  '-x': () => ({ stdin: true }),
  '-X': (tag: string) => ({ stdin: tag }),
  '--quoted-input': () => ({ isQuoted: true }),
  '--pattern': (pattern: string) => ({ pattern }),
  '--quoted-pattern': (pattern: string) => ({ pattern: unquote(pattern) }),
  '--count': (count: string) => ({ count }),
  '--pipe-timeout': ignoredWithWord,
  '--memkeys-samples': (samples: string) => ({
    samples: number(samples),
    mode: { kind: 'memkeys' },
  }),
  '--top': (top: string) => ({ top: number(top) }),
  '--cursor': (cursor: string) => ({ cursor }),
  '--keystats-samples': (samples: string) => ({
    samples: number(samples),
    mode: { kind: 'keystats' },
  }),
};

const modes: Readonly<Record<string, Flag>> = {
  '--help': mode('help'),
  '--version': mode('version'),
  '-v': mode('version'),
  '--scan': mode('scan'),
  '--bigkeys': mode('bigkeys'),
  '--memkeys': mode('memkeys'),
  '--hotkeys': mode('hotkeys'),
  '--keystats': mode('keystats'),
  '--latency': mode('latency'),
  '--latency-history': mode('latency-history'),
  '--latency-dist': mode('latency-dist'),
  '--stat': mode('stat'),
  '--pipe': mode('pipe'),
  '--intrinsic-latency': (seconds: string) => ({
    mode: { kind: 'intrinsic-latency', seconds: number(seconds) },
  }),
  '--rdb': (file: string) => ({ mode: { kind: 'rdb', file } }),
  '--eval': (file: string) => ({ mode: { kind: 'eval', file } }),
  '--ldb': () => ({ debugs: 'fork' }),
  '--ldb-sync-mode': () => ({ debugs: 'sync' }),
  '--replica': () => missing('--replica'),
  '--slave': () => missing('--slave'),
  '--functions-rdb': (file: string) => ({ mode: { kind: 'functions-rdb', file } }),
  '--lru-test': (_keys: string) => missing('--lru-test'),
};

const flags: Readonly<Record<string, Flag>> = { ...connecting, ...printing, ...running, ...modes };

/** `redis://[[user]:password@]host[:port][/db]`; before an @ alone stands a password. */
function readUri(uri: string): Partial<Told> {
  const match = /^(rediss?):\/\/(?:([^@]*)@)?([^:/]*)(?::(\d+))?(?:\/(\d*))?$/.exec(uri);
  if (!match) throw new UsageError('Invalid URI scheme');
  const [, scheme, login, host, port, db] = match;
  const [first = '', second] = login?.split(':', 2).map(decodeURIComponent) ?? [];
  return {
    ...(login !== undefined && secret(second ?? first)),
    ...(second !== undefined && { user: first }),
    ...(host && { host }),
    ...(port && { port: Number(port) }),
    ...(db && { db: Number(db) }),
    ...(scheme === 'rediss' && missing('--tls')),
  };
}

function unquote(word: string): string {
  const [unquoted, ...rest] = splitArgs(word) ?? [];
  if (unquoted === undefined || rest.length > 0)
    throw new UsageError('Invalid quoted string', true);
  return unquoted;
}
