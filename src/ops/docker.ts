import { utf8Encode } from '../engine/bytes/bytes.ts';
import type { Call, Program } from '../shell/program.ts';
import { bareImage, DockerError, type NamedOrder, type Order, readRun } from './docker-order.ts';
import { ageOf, idOf, portsOf, portTaken, table } from './docker-print.ts';
import { forward, RedisContainer, type RedisGround } from './docker-redis.ts';
import { EXPORTER_PORT, exporterSettings, startExporter } from './exporter/exporter.ts';
import type { OpsHost } from './host.ts';
import type { PodDisk } from './kubernetes/infrastructure.ts';

/** Containers on a host, of the few images that are simulated here. */

interface Container {
  readonly id: string;
  readonly name: string;
  readonly image: string;
  readonly command: string;
  readonly createdAt: number;
  readonly ports: string;
  isRunning: boolean;
  exitCode: number;
  readonly log: string[];
  /** What can be entered: a container with Redis. */
  readonly inside: RedisContainer | undefined;
  stop(isKill?: boolean): void;
  /** Undefined for what cannot be started again. */
  readonly start: (() => void) | undefined;
  remove(): void;
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

/** Any tag of them: there is one engine here. */
const REDIS_IMAGE = /^(docker\.io\/)?((library\/)?redis|redis\/redis-stack(-server)?)$/;
const REDIS_PORT = 6379;

/**
 * docker run | exec | ps | stop | start | rm | logs | inspect: a container has a network of its own, so that `localhost` in it
 * is the container. https://docs.docker.com/reference/cli/docker/
 */
export class Docker {
  readonly #host: OpsHost;
  readonly #ground: RedisGround;
  readonly #containers: Container[] = [];
  readonly #volumes = new Map<string, PodDisk>();
  #count = 0;

  constructor(host: OpsHost, ground: RedisGround) {
    this.#host = host;
    this.#ground = ground;
  }

  readonly program: Program = async (call) => {
    const [verb = '', ...args] = call.args;
    try {
      if (verb === 'run') return await this.#run(readRun(args), call);
      if (verb === 'exec') return await this.#exec(args, call);
      if (verb === 'logs') return await this.#logs(args, call);
      const reply = this.#simple(verb, args);
      call.print(utf8Encode(reply));
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
        return this.#each(names, (container) => container.stop(verb === 'kill'));
      case 'start':
      case 'restart':
        return this.#each(names, (container) => this.#start(container, verb === 'restart'));
      case 'inspect':
        return this.#inspect(args);
      case 'pull':
        return this.#pull(names[0] ?? '');
      case 'rm': {
        const force = args.some((word) => /^-\w*f/.test(word) || word === '--force');
        return this.#each(names, (container) => this.#remove(container, force));
      }
      default:
        throw new DockerError(
          `docker: '${verb}' is not simulated here: run, exec, ps, logs, stop, start, restart, kill, rm, inspect and pull are`,
        );
    }
  }

  async #run(order: Order, call: Call): Promise<number> {
    const container = this.#create(order, call);
    if (order.isDetached) {
      call.print(`${container.id}\n`);
      return 0;
    }
    try {
      for (let told = 0; ; await call.machine.sleep(100, call.signal)) {
        const { isRunning } = container;
        for (; told < container.log.length; told++) call.print(`${container.log[told]}\n`);
        if (!isRunning) return container.exitCode;
      }
    } finally {
      container.stop();
      if (order.removesItself) this.#remove(container, true);
    }
  }

  #create(order: Order, call: Call): Container {
    const name = order.name ?? `container-${this.#count + 1}`;
    const rival = this.#containers.find((each) => each.name === name);
    if (rival) {
      throw new DockerError(
        `docker: Error response from daemon: Conflict. The container name "/${name}" is already in use by container "${rival.id}". You have to remove (or rename) that container to be able to reuse that name.`,
      );
    }
    const isRedis = REDIS_IMAGE.test(bareImage(order.image));
    const make = isRedis ? this.#redis : this.#service;
    const container = make({ ...order, name }, call);
    this.#count++;
    this.#containers.push(container);
    return container;
  }

  /** What a container is told of from the beginning. */
  #plan({ name, image }: NamedOrder) {
    return {
      id: idOf(`${this.#host.name} ${this.#count + 1} ${name}`),
      ...{ name, image, isRunning: true, exitCode: 0, createdAt: this.#host.now() },
    };
  }

  readonly #service = (order: NamedOrder): Container => {
    const image = images.get(bareImage(order.image));
    if (!image) {
      throw new DockerError(
        `Unable to find image '${order.image}' locally: here only redis and oliver006/redis_exporter are simulated`,
      );
    }
    const isShared = order.network === 'host';
    const log: string[] = [];
    const inner = isShared
      ? this.#host
      : this.#published(this.#host.container(order.name), order.ports);
    const stop = image.start(inner, order.env, log);
    if (!stop) throw portTaken(image.port);
    const container: Container = {
      ...this.#plan(order),
      ...{ command: image.command, log, inside: undefined, start: undefined, remove() {} },
      ports: isShared ? '' : portsOf(order.ports),
      stop() {
        if (container.isRunning) stop();
        container.isRunning = false;
      },
    };
    return container;
  };

  readonly #redis = (order: NamedOrder, call: Call): Container => {
    if (order.network === 'host') {
      throw new DockerError(
        'docker: --network host is not simulated here for an image of Redis: publish a port, -p 6380:6379',
      );
    }
    const host = this.#host.container(order.name);
    const { listen, free } = this.#leadIn(order.ports, host.address);
    listen();
    const log: string[] = [];
    const hear = {
      onLog: (line: string) => log.push(line),
      onEnd: (exitCode: number) => {
        free();
        Object.assign(container, { isRunning: false, exitCode });
      },
    };
    const about = { order, volumes: this.#volumes };
    const inside = new RedisContainer(host, this.#ground, about, hear);
    const container: Container = {
      ...this.#plan(order),
      ...{ command: 'docker-entrypoint.s…', log, inside },
      ports: order.ports.length > 0 ? portsOf(order.ports) : `${REDIS_PORT}/tcp`,
      stop: (isKill) => container.isRunning && inside.stop(isKill ? 'KILL' : 'TERM'),
      start() {
        listen();
        container.isRunning = true;
        inside.start(undefined);
      },
      remove: () => inside.remove(),
    };
    inside.start(order.isDetached ? undefined : call);
    return container;
  };

  /** The ports of the host that lead to a container while it runs. */
  #leadIn(ports: Order['ports'], address: string) {
    const ends: (() => void)[] = [];
    const free = () => {
      for (const end of ends.splice(0)) end();
    };
    const listen = () => {
      for (const [outer, inner] of ports) {
        const end = forward(this.#host, outer, `${address}:${inner}`);
        if (!end) {
          free();
          throw portTaken(outer);
        }
        ends.push(end);
      }
    };
    return { listen, free };
  }

  async #exec(args: readonly string[], call: Call): Promise<number> {
    const at = args.findIndex(
      (word, i) => !word.startsWith('-') && !/^-[euw]$/.test(args[i - 1] ?? ''),
    );
    const flags = args.slice(0, Math.max(at, 0)).join('');
    const [name = '', ...words] = at < 0 ? [] : args.slice(at);
    if (words.length === 0) {
      throw new DockerError("docker: 'docker exec' requires at least 2 arguments");
    }
    const container = this.#find(name);
    if (!container.isRunning) {
      throw new DockerError(`Error response from daemon: container ${container.id} is not running`);
    }
    if (container.inside) return container.inside.run(words, call, /t/.test(flags));
    throw new DockerError(
      `OCI runtime exec failed: exec failed: unable to start container process: exec: "${words[0]}": executable file not found in $PATH: unknown`,
    );
  }

  /** docker logs [-f] [-n lines] name */
  async #logs(args: readonly string[], call: Call): Promise<number> {
    const at = args.findIndex((word) => /^(-n|--tail)$/.test(word));
    const tail = at < 0 ? /^--tail=(.*)$/.exec(args.join('\n'))?.[1] : args[at + 1];
    const names = args.filter((word, i) => !word.startsWith('-') && (at < 0 || i !== at + 1));
    const container = this.#find(names[0] ?? '');
    const { log } = container;
    let told = tail === undefined || tail === 'all' ? 0 : Math.max(log.length - Number(tail), 0);
    const follows = args.some((word) => /^-\w*f|^--follow$/.test(word));
    for (;;) {
      const { isRunning } = container;
      for (; told < log.length; told++) call.print(`${log[told]}\n`);
      if (!follows || !isRunning) return 0;
      await call.machine.sleep(100, call.signal);
    }
  }

  #start(container: Container, isRestart: boolean): void {
    if (!container.start) {
      throw new DockerError(
        `docker: to start ${container.image} again is not simulated here: docker rm, then docker run`,
      );
    }
    if (container.isRunning && isRestart) container.stop();
    if (!container.isRunning) container.start();
  }

  /** docker inspect -f '{{.State.Status}}': a few fields by name, not the whole document. */
  #inspect(args: readonly string[]): string {
    const at = args.findIndex((word) => /^(-f|--format)$/.test(word));
    const format = at < 0 ? '' : (args[at + 1] ?? '');
    const container = this.#find(
      args.find((word, i) => !word.startsWith('-') && (at < 0 || i !== at + 1)) ?? '',
    );
    const { name, image, id, isRunning, exitCode } = container;
    const address = container.inside?.address ?? '';
    const fields: ReadonlyMap<string, string> = new Map([
      ...Object.entries({ '.Id': id, '.Name': `/${name}`, '.Config.Image': image }),
      ...Object.entries({
        '.State.Status': isRunning ? 'running' : 'exited',
        '.State.Running': String(isRunning),
        '.State.ExitCode': String(exitCode),
        '.NetworkSettings.IPAddress': isRunning ? address : '',
      }),
    ]);
    const each = /\{\{range \.NetworkSettings\.Networks\}\}\{\{\.IPAddress\}\}\{\{end\}\}/g;
    const text = format.replace(each, '{{.NetworkSettings.IPAddress}}');
    const unknown = [...text.matchAll(/\{\{\s*(.*?)\s*\}\}/g)].find(([, f = '']) => !fields.has(f));
    if (at < 0 || unknown) {
      throw new DockerError(
        `docker: not simulated here: inspect knows -f with ${[...fields.keys()].join(', ')}`,
      );
    }
    return `${text.replace(/\{\{\s*(.*?)\s*\}\}/g, (_, f: string) => fields.get(f) ?? '')}\n`;
  }

  #pull(image: string): string {
    const name = bareImage(image);
    if (!REDIS_IMAGE.test(name) && !images.has(name)) {
      throw new DockerError(
        `Error response from daemon: pull access denied for ${name}: here only redis and oliver006/redis_exporter are simulated`,
      );
    }
    const tagged = image.includes(':') ? image : `${image}:latest`;
    return `Status: Image is up to date for ${tagged}\n${tagged}\n`;
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
    container.stop(true);
    container.remove();
    this.#containers.splice(this.#containers.indexOf(container), 1);
  }

  #list(all: boolean): string {
    const head = ['CONTAINER ID', 'IMAGE', 'COMMAND', 'CREATED', 'STATUS', 'PORTS', 'NAMES'];
    const rows = this.#containers
      .filter(({ isRunning }) => all || isRunning)
      .map(({ id, image, command, createdAt, ports, name, isRunning, exitCode }) => {
        const age = ageOf(this.#host.now() - createdAt);
        const status = isRunning ? `Up ${age}` : `Exited (${exitCode})`;
        const shown = isRunning ? ports : '';
        return [id.slice(0, 12), image, `"${command}"`, `${age} ago`, status, shown, name];
      });
    return table([head, ...rows]);
  }
}
