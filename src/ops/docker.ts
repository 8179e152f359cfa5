import type { Program } from '../shell/program.ts';
import { EXPORTER_PORT, exporterSettings, startExporter } from './exporter/exporter.ts';
import type { OpsHost } from './host.ts';

/** Containers on a host, of the few images that are simulated here. */

interface Container {
  readonly id: string;
  readonly name: string;
  readonly image: string;
  readonly command: string;
  readonly createdAt: number;
  readonly ports: string;
  isRunning: boolean;
  readonly log: string[];
  stop(): void;
}

interface Order {
  readonly image: string;
  readonly name: string | undefined;
  readonly isDetached: boolean;
  readonly removesItself: boolean;
  readonly network: string;
  /** Ports of the host, and the ports of the container behind them. */
  readonly ports: readonly (readonly [outer: number, inner: number])[];
  readonly env: Readonly<Record<string, string>>;
}

/** What an image does: starts on a host, says what it is listening on. */
interface Image {
  readonly command: string;
  readonly port: number;
  start(
    host: OpsHost,
    env: Readonly<Record<string, string>>,
    log: string[],
  ): (() => void) | undefined;
}

const exporter: Image = {
  command: '/redis_exporter',
  port: EXPORTER_PORT,
  start(host, env, log) {
    const settings = exporterSettings(env);
    log.push('level=info msg="Redis Metrics Exporter (simulated)"');
    log.push(`level=info msg="Providing metrics at :${EXPORTER_PORT}/metrics"`);
    return startExporter(host, settings);
  },
};

const images: ReadonlyMap<string, Image> = new Map([
  ['oliver006/redis_exporter', exporter],
  ['quay.io/oliver006/redis_exporter', exporter],
  ['ghcr.io/oliver006/redis_exporter', exporter],
  ['bitnami/redis-exporter', exporter],
]);

/** A mistake in what docker was told. */
class DockerError extends Error {
  override readonly name = 'DockerError';
}

/**
 * docker run | ps | stop | rm | logs: a container has a network of its own, so that `localhost` in it
 * is the container. https://docs.docker.com/reference/cli/docker/
 */
export class Docker {
  readonly #host: OpsHost;
  readonly #containers: Container[] = [];
  #count = 0;

  constructor(host: OpsHost) {
    this.#host = host;
  }

  readonly program: Program = async (call) => {
    const [verb = '', ...args] = call.args;
    try {
      if (verb === 'run') return await this.#run(readRun(args), call);
      const reply = this.#simple(verb, args);
      call.print(reply);
      return 0;
    } catch (error) {
      if (!(error instanceof DockerError)) throw error;
      call.complain(`${error.message}\n`);
      return 125;
    }
  };

  #simple(verb: string, args: readonly string[]): string {
    const names = args.filter((word) => !word.startsWith('-'));
    switch (verb) {
      case 'ps':
        return this.#list(args.includes('-a') || args.includes('--all'));
      case 'stop':
      case 'kill':
        return this.#each(names, (container) => container.stop());
      case 'rm': {
        const force = args.some((word) => /^-\w*f/.test(word) || word === '--force');
        return this.#each(names, (container) => this.#remove(container, force));
      }
      case 'logs':
        return this.#find(names[0] ?? '')
          .log.map((line) => `${line}\n`)
          .join('');
      default:
        throw new DockerError(
          `docker: '${verb}' is not simulated here: run, ps, stop, rm and logs are`,
        );
    }
  }

  async #run(order: Order, call: Parameters<Program>[0]): Promise<number> {
    const image = images.get(order.image.replace(/:[^:/]*$/, ''));
    if (!image) {
      const known = [...images.keys()].slice(0, 1).join(', ');
      throw new DockerError(
        `Unable to find image '${order.image}' locally: here only ${known} is simulated`,
      );
    }
    const container = this.#create(order, image);
    if (order.isDetached) {
      call.print(`${container.id}\n`);
      return 0;
    }
    for (const line of container.log) call.print(`${line}\n`);
    try {
      while (container.isRunning) await call.machine.sleep(100, call.signal);
      return 0;
    } finally {
      container.stop();
      if (order.removesItself) this.#remove(container, true);
    }
  }

  #create(order: Order, image: Image): Container {
    const name = order.name ?? `container-${this.#count + 1}`;
    const rival = this.#containers.find((each) => each.name === name);
    if (rival) {
      throw new DockerError(
        `docker: Error response from daemon: Conflict. The container name "/${name}" is already in use by container "${rival.id}". You have to remove (or rename) that container to be able to reuse that name.`,
      );
    }
    this.#count++;
    const isShared = order.network === 'host';
    const log: string[] = [];
    const inner = isShared ? this.#host : this.#published(this.#host.container(name), order.ports);
    const stop = image.start(inner, order.env, log);
    if (!stop) {
      throw new DockerError(
        `docker: Error response from daemon: failed to set up container networking: Bind for 0.0.0.0:${image.port} failed: port is already allocated`,
      );
    }
    const container: Container = {
      id: idOf(`${this.#host.name} ${this.#count} ${name}`),
      ...{ name, image: order.image, command: image.command, log },
      createdAt: this.#host.now(),
      ports: isShared ? '' : order.ports.map(([o, i]) => `0.0.0.0:${o}->${i}/tcp`).join(', '),
      isRunning: true,
      stop() {
        if (container.isRunning) stop();
        container.isRunning = false;
      },
    };
    this.#containers.push(container);
    return container;
  }

  /** A container some of whose ports are ports of the host too. */
  #published(container: OpsHost, ports: Order['ports']): OpsHost {
    const outside = this.#host;
    return {
      ...container,
      listen(port, accept) {
        const ends: (() => void)[] = [];
        const all = ports.filter(([, inner]) => inner === port).map(([outer]) => [outside, outer]);
        for (const [host, number] of [[container, port], ...all] as [OpsHost, number][]) {
          const end = host.listen(number, accept);
          if (!end) {
            for (const each of ends) each();
            return undefined;
          }
          ends.push(end);
        }
        return () => {
          for (const end of ends) end();
        };
      },
    };
  }

  #find(name: string): Container {
    const found = this.#containers.find((each) => each.name === name || each.id.startsWith(name));
    if (!found || name === '') {
      throw new DockerError(`Error response from daemon: No such container: ${name}`);
    }
    return found;
  }

  #each(names: readonly string[], act: (container: Container) => void): string {
    for (const name of names) act(this.#find(name));
    return names.map((name) => `${name}\n`).join('');
  }

  #remove(container: Container, force: boolean): void {
    if (container.isRunning && !force) {
      throw new DockerError(
        `Error response from daemon: cannot remove container "/${container.name}": container is running: stop the container before removing or force remove`,
      );
    }
    container.stop();
    this.#containers.splice(this.#containers.indexOf(container), 1);
  }

  #list(all: boolean): string {
    const head = ['CONTAINER ID', 'IMAGE', 'COMMAND', 'CREATED', 'STATUS', 'PORTS', 'NAMES'];
    const rows = this.#containers
      .filter(({ isRunning }) => all || isRunning)
      .map(({ id, image, command, createdAt, ports, name, isRunning }) => {
        const age = ageOf(this.#host.now() - createdAt);
        const status = isRunning ? `Up ${age}` : 'Exited (0)';
        return [id.slice(0, 12), image, `"${command}"`, `${age} ago`, status, ports, name];
      });
    return table([head, ...rows]);
  }
}

/** Columns, three spaces apart. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, i) =>
    Math.max(...rows.map((row) => (row[i] as string).length)),
  );
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, i) => cell.padEnd(widths[i] as number))
          .join('   ')
          .trimEnd()}\n`,
    )
    .join('');
}

function ageOf(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  if (seconds < 120) return `${seconds} seconds`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 120 ? `${minutes} minutes` : `${Math.floor(minutes / 60)} hours`;
}

/** 64 hexadecimal digits that are the same for the same words. */
function idOf(words: string): string {
  let state = 0x811c9dc5;
  let id = '';
  for (let i = 0; id.length < 64; i++) {
    state = Math.imul(state ^ words.charCodeAt(i % words.length) ^ i, 0x01000193) >>> 0;
    id += state.toString(16).padStart(8, '0').slice(0, 4);
  }
  return id;
}

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

function readRun(args: readonly string[]): Order {
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
  const [image] = left;
  if (image === undefined) {
    throw new DockerError(
      "docker: 'docker run' requires at least 1 argument\n\nSee 'docker run --help'",
    );
  }
  const pairs = (given.get('env') ?? []).map((pair) => pair.split(/=(.*)/s, 2));
  return {
    image,
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
