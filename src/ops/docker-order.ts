/** What docker run is told: https://docs.docker.com/reference/cli/docker/container/run/ */
import type { RedisOrder } from './docker-redis.ts';

export interface Order extends Pick<RedisOrder, 'words' | 'volumes'> {
  readonly image: string;
  readonly name: string | undefined;
  readonly isDetached: boolean;
  readonly removesItself: boolean;
  readonly network: string;
  /** Ports of the host, and the ports of the container behind them. */
  readonly ports: readonly (readonly [outer: number, inner: number])[];
  readonly env: Readonly<Record<string, string>>;
}

/** A mistake in what docker was told. */
export class DockerError extends Error {
  override readonly name = 'DockerError';
}

/** With the name that it was given, or has got. */
export type NamedOrder = Order & { readonly name: string };

/** Without its tag. */
export const bareImage = (image: string) => image.replace(/:[^:/]*$/, '');

const flagsWithValue: ReadonlyMap<string, string> = new Map([
  ...([
    ['-p', 'publish'],
    ['--publish', 'publish'],
    ['-e', 'env'],
    ['--env', 'env'],
  ] as const),
  ...([
    ['--name', 'name'],
    ['--network', 'network'],
    ['--net', 'network'],
  ] as const),
  ...([
    ['--restart', 'restart'],
    ['-v', 'volume'],
    ['--volume', 'volume'],
  ] as const),
  ...([
    ['--link', 'link'],
    ['-m', 'memory'],
    ['--memory', 'memory'],
  ] as const),
]);

/** Throws `DockerError`. */
export function readRun(args: readonly string[]): Order {
  const left = [...args];
  const given = new Map<string, string[]>();
  const flags = new Set<string>();
  while (left[0]?.startsWith('-')) {
    const [word = '', inline] = (left.shift() as string).split(/=(.*)/s, 2);
    const name = flagsWithValue.get(word);
    if (name) {
      const value = inline ?? left.shift();
      if (value === undefined) throw new DockerError(`docker: flag needs an argument: ${word}`);
      given.set(name, [...(given.get(name) ?? []), value]);
    } else if (/^(-[dit]+|--rm|--detach|--interactive|--tty)$/.test(word)) flags.add(word);
    else throw new DockerError(`docker: unknown flag: ${word}\n\nSee 'docker run --help'`);
  }
  const [image, ...words] = left;
  if (image === undefined) {
    throw new DockerError(
      "docker: 'docker run' requires at least 1 argument\n\nSee 'docker run --help'",
    );
  }
  const pairs = (given.get('env') ?? []).map((pair) => pair.split(/=(.*)/s, 2));
  return {
    ...{ image, words },
    volumes: (given.get('volume') ?? []).map((text) => {
      const [source = '', path = ''] = text.split(':');
      return path === '' ? [`anonymous ${source}`, source] : [source, path];
    }),
    name: given.get('name')?.[0],
    isDetached: [...flags].some((flag) => /^-\w*d/.test(flag) || flag === '--detach'),
    removesItself: flags.has('--rm'),
    network: given.get('network')?.[0] ?? 'bridge',
    ports: (given.get('publish') ?? []).map(readPort),
    env: Object.fromEntries(pairs.map(([name = '', value = '']) => [name, value])),
  };
}

function readPort(text: string): [outer: number, inner: number] {
  const parts = /^(?:[\d.]+:)?(\d+):(\d+)(?:\/tcp)?$/.exec(text);
  if (!parts) throw new DockerError(`docker: invalid publish opts format: ${text}`);
  return [Number(parts[1]), Number(parts[2])];
}
