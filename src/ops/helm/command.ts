/** What every verb of helm is given. */
import type { Call } from '../../shell/program.ts';
import type { Kubernetes } from '../kubernetes/kubernetes.ts';

export interface HelmCommand {
  readonly cluster: Kubernetes;
  readonly call: Call;
  /** What stands after the verb and is no flag. */
  readonly words: readonly string[];
  readonly flags: HelmFlags;
  /** That of -n, or "default". */
  readonly namespace: string;
  print(text: string): void;
}

/** A mistake, printed after "Error: ". */
export class HelmError extends Error {
  override readonly name = 'HelmError';
}

export class HelmFlags {
  readonly #given: (readonly [name: string, value: string])[] = [];

  add(name: string, value: string): void {
    this.#given.push([name, value]);
  }

  /** The last value given, or undefined. */
  get(name: string): string | undefined {
    return this.#given.findLast(([each]) => each === name)?.[1];
  }

  has(name: string): boolean {
    const value = this.get(name);
    return value !== undefined && value !== 'false';
  }

  /** Those of these names, in the order in which they were given. */
  all(names: readonly string[]): readonly (readonly [name: string, value: string])[] {
    return this.#given.filter(([name]) => names.includes(name));
  }
}

const withValue: ReadonlyMap<string, string> = new Map([
  ['-n', 'namespace'],
  ['-f', 'values'],
  ['-o', 'output'],
  ...['namespace', 'values', 'set', 'set-string', 'version', 'timeout', 'revision', 'output'].map(
    (name) => [`--${name}`, name] as const,
  ),
]);

const without: ReadonlyMap<string, string> = new Map([
  ['-A', 'all-namespaces'],
  ['-i', 'install'],
  ['-a', 'all'],
  ...[
    ...['wait', 'create-namespace', 'install', 'reuse-values', 'reset-values', 'all-namespaces'],
    ...['all', 'versions', 'force-update'],
  ].map((name) => [`--${name}`, name] as const),
  ['-l', 'versions'],
]);

/** Flags of the real one that would change what is done. */
const notHere: ReadonlySet<string> = new Set([
  ...['--keep-history', '--atomic', '--dry-run', '--devel', '--generate-name', '--set-file'],
  ...['--set-json', '--no-hooks', '--force', '--cleanup-on-fail', '--help', '-h', '--debug'],
  ...['--show-only', '--description', '--history-max', '--max', '--filter', '--cascade'],
]);

/** Throws a HelmError for flags that are not known. */
export function readHelmFlags(args: readonly string[]): {
  readonly words: readonly string[];
  readonly flags: HelmFlags;
} {
  const flags = new HelmFlags();
  const words: string[] = [];
  const left = [...args];
  for (let word = left.shift(); word !== undefined; word = left.shift()) {
    if (!word.startsWith('-')) {
      words.push(word);
      continue;
    }
    const [given = '', inline] = word.split(/=(.*)/s, 2);
    if (notHere.has(given)) throw new HelmError(`the flag ${given} is not simulated here`);
    const [plain, valued] = [without.get(given), withValue.get(given)];
    if (plain !== undefined) flags.add(plain, inline ?? 'true');
    else if (valued !== undefined) {
      const value = inline ?? left.shift();
      if (value === undefined) throw new HelmError(`flag needs an argument: ${given}`);
      flags.add(valued, value);
    } else if (given.startsWith('--')) throw new HelmError(`unknown flag: ${given}`);
    else throw new HelmError(`unknown shorthand flag: '${given[1]}' in ${given}`);
  }
  return { words, flags };
}
