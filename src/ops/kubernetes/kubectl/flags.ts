/** Reads the command line of kubectl. */
import { parseDuration } from '../../prometheus/duration.ts';
import { KubectlError, notSimulated } from './error.ts';

/** Flags that take a value, by their short and long names; some of them change nothing here. */
const withValue: ReadonlyMap<string, string> = new Map([
  ...pairs('n namespace'),
  ...pairs('o output'),
  ...pairs('l selector'),
  ...pairs('f filename'),
  ...pairs('c container'),
  ...pairs('L label-columns'),
  ...pairs('p patch'),
  ...names(`replicas image env port restart to-revision timeout for tail type target-port
    name grace-period context cluster user kubeconfig from-literal from-file labels sort-by cascade
    dry-run pod-running-timeout field-manager request-timeout from cluster-ip chunk-size`),
]);

const without: ReadonlyMap<string, string> = new Map([
  ...pairs('A all-namespaces'),
  ...pairs('w watch'),
  ...pairs('i stdin'),
  ...pairs('t tty'),
  ...pairs('R recursive'),
  ...pairs('k kustomize'),
  ...names(`follow all force now rm it ti wait ignore-not-found show-labels no-headers watch-only
    ignore-daemonsets delete-emptydir-data overwrite list validate short quiet record save-config
    command previous`),
]);

/** Flags of the real one that would change the answer. */
const notHere: ReadonlySet<string> = new Set([
  ...['-h', '--help'],
  ...names(`revision since annotations overrides template field-selector address schedule tcp
    min-available max-unavailable verb resource serviceaccount clusterrole role retries patch-file
    pod-selector namespaces client timestamps all-containers server-side attach expose minify prune
    disable-eviction prefix`).map(([flag]) => flag),
]);

function pairs(text: string): [string, string][] {
  const [short = '', long = ''] = text.split(' ');
  return [
    [`-${short}`, long],
    [`--${long}`, long],
  ];
}

function names(text: string): [string, string][] {
  return text
    .trim()
    .split(/\s+/)
    .map((name) => [`--${name}`, name]);
}

export class Flags {
  readonly #values = new Map<string, string[]>();

  /** The last value given, or undefined. */
  get(name: string): string | undefined {
    return this.#values.get(name)?.at(-1);
  }

  all(name: string): readonly string[] {
    return this.#values.get(name) ?? [];
  }

  /** Whether a flag without a value is set. */
  has(name: string): boolean {
    const value = this.get(name);
    return value !== undefined && value !== 'false';
  }

  /** A whole number, or undefined. Throws a KubectlError. */
  number(name: string): number | undefined {
    const text = this.get(name);
    if (text === undefined || /^-?\d+$/.test(text)) return text === undefined ? text : Number(text);
    throw invalid(name, text, `strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
  }

  /** A time such as "1m30s", in ms, or undefined. Throws a KubectlError. */
  duration(name: string): number | undefined {
    const text = this.get(name);
    const ms = text === undefined ? undefined : parseDuration(text);
    if (text === undefined || ms !== undefined) return ms;
    throw invalid(name, text, `time: invalid duration ${JSON.stringify(text)}`);
  }

  add(name: string, value: string): void {
    this.#values.set(name, [...this.all(name), value]);
  }
}

const invalid = (name: string, text: string, why: string): KubectlError =>
  new KubectlError(`invalid argument ${JSON.stringify(text)} for "--${name}" flag: ${why}`);

export interface CommandLine {
  readonly words: readonly string[];
  readonly rest: readonly string[];
  readonly flags: Flags;
}

/** Throws a KubectlError. After logs `-f` is `--follow` and `-p` `--previous`. */
export function readFlags(args: readonly string[]): CommandLine {
  const flags = new Flags();
  const words: string[] = [];
  const left = [...args];
  const isLogs = args[0] === 'logs';
  while (left.length > 0) {
    const word = left.shift() as string;
    if (word === '--') return { words, rest: left, flags };
    if (!word.startsWith('-') || word === '-') words.push(word);
    else if (isLogs && word === '-f') flags.add('follow', 'true');
    else if (isLogs && word === '-p') flags.add('previous', 'true');
    else readFlag(word, left, flags);
  }
  return { words, rest: [], flags };
}

function readFlag(word: string, left: string[], flags: Flags): void {
  const [given = '', inline] = word.split(/=(.*)/s, 2);
  if (notHere.has(given)) throw notSimulated(`the flag ${given}`);
  const plain = without.get(given);
  if (plain !== undefined) {
    flags.add(plain, inline ?? 'true');
    return;
  }
  const name = withValue.get(given);
  if (name !== undefined) {
    const value = inline ?? left.shift();
    if (value === undefined) throw new KubectlError(`flag needs an argument: ${quotedFlag(word)}`);
    flags.add(name, value);
    return;
  }
  const short = /^-([a-zA-Z])(.+)$/.exec(word);
  const valued = short && withValue.get(`-${short[1]}`);
  if (short && valued !== undefined && valued !== null) flags.add(valued, short[2] as string);
  else if (short && [...word.slice(1)].every((letter) => without.has(`-${letter}`))) {
    for (const letter of word.slice(1)) flags.add(without.get(`-${letter}`) as string, 'true');
  } else if (word.startsWith('--')) throw new KubectlError(`unknown flag: ${given}`);
  else {
    throw new KubectlError(
      `unknown shorthand flag: '${word[1]}' in ${word}\nSee 'kubectl --help' for usage.`,
    );
  }
}

const quotedFlag = (word: string) => (word.startsWith('--') ? word : `'${word[1]}' in ${word}`);
