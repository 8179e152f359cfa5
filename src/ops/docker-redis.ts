/** Containers with an image of Redis: the engine of this page is their process. */
import { fromUint8, toUint8, utf8Encode } from '../engine/bytes/bytes.ts';
import type { Call } from '../shell/program.ts';
import type { OpsHost } from './host.ts';
import type { Infrastructure, Mount, PodDisk, PodHost } from './kubernetes/infrastructure.ts';
import { runIn } from './kubernetes/kubelet/run-shell.ts';

/** What such containers need of the lab. */
export interface RedisGround {
  readonly infrastructure: Infrastructure;
  /** The disk of the host itself: `-v /etc/redis.conf:/redis.conf`. */
  readonly disk: PodDisk;
}

export interface RedisOrder {
  readonly name: string;
  readonly env: Readonly<Record<string, string>>;
  /** What stands after the image. */
  readonly words: readonly string[];
  /** `-v source:path`: a folder or file of the host, or the name of a volume. */
  readonly volumes: readonly (readonly [source: string, path: string])[];
}

/** A container as its docker hears of it. */
export interface ContainerListener {
  onLog(line: string): void;
  onEnd(exitCode: number): void;
}

/** The process of a container, and what is around it. */
export class RedisContainer {
  readonly #pod: PodHost;
  readonly #ground: RedisGround;
  readonly #order: RedisOrder;
  readonly #hear: ContainerListener;
  #signal: (signal: 'TERM' | 'KILL') => void = () => {};

  /** `volumes` are those of the host's docker, by their names; one that is missing is made. */
  constructor(
    host: OpsHost,
    ground: RedisGround,
    { order, volumes }: { order: RedisOrder; volumes: Map<string, PodDisk> },
    hear: ContainerListener,
  ) {
    this.#ground = ground;
    this.#order = order;
    this.#hear = hear;
    const mounts = order.volumes.map(([source, path]): Mount => {
      if (source.startsWith('/')) return { path, disk: ground.disk, part: source };
      const disk = volumes.get(source) ?? ground.infrastructure.openDisk();
      volumes.set(source, disk);
      return { path, disk, part: '' };
    });
    const { infrastructure } = ground;
    const open = () => infrastructure.openHost(order.name, host.address, mounts);
    this.#pod = infrastructure.enter(open);
  }

  get address(): string {
    return this.#pod.address;
  }

  /** Starts its process. A call hears what a program other than a server prints, and may type. */
  start(call: Call | undefined): void {
    const [name = '', ...args] = withServer(this.#order.words);
    const isSentinel = name === 'redis-sentinel';
    if (name === 'redis-server' || isSentinel) {
      this.#launch(isSentinel ? [...args, '--sentinel'] : open(args));
      return;
    }
    const ending = new AbortController();
    this.#signal = () => ending.abort();
    const output = {
      out: (text: string) => this.#tell(text),
      err: (text: string) => this.#tell(text),
    };
    const asked = call && { ask: call.ask, isTerminal: call.isTerminal };
    const run = { env: this.#order.env, output, signal: ending.signal, ...asked };
    void runIn(this.#pod, [name, ...args], run).then((status) => this.#hear.onEnd(status));
  }

  stop(signal: 'TERM' | 'KILL'): void {
    this.#ground.infrastructure.enter(() => this.#signal(signal));
  }

  /** docker exec: resolves with the status. */
  run(words: readonly string[], call: Call, isTerminal: boolean): Promise<number> {
    const output = { out: printing(call.print), err: printing(call.complain), isTerminal };
    const { signal, stdin } = call;
    const ask = isTerminal ? call.ask : undefined;
    const run = { env: this.#order.env, output, signal, stdin, isTerminal, ask };
    return runIn(this.#pod, words, run);
  }

  /** It and its own files are gone; volumes stay. */
  remove(): void {
    this.#ground.infrastructure.enter(() => this.#pod.close(false));
  }

  #launch(args: readonly string[]): void {
    const process = this.#ground.infrastructure.enter(() =>
      this.#pod.launch(args, {
        onLog: (text) => this.#tell(text),
        onEnd: (code) => this.#hear.onEnd(code),
      }),
    );
    if (process) this.#signal = (signal) => process.signal(signal);
    else this.#hear.onEnd(1);
  }

  #tell(text: string): void {
    for (const line of text.replace(/\n$/, '').split('\n')) this.#hear.onLog(line);
  }
}

/** The image's entry point puts redis-server before options and files. */
function withServer(words: readonly string[]): readonly string[] {
  const [first] = words;
  const isOption = first === undefined || first.startsWith('-') || first.endsWith('.conf');
  return isOption ? ['redis-server', ...words] : words;
}

/** The image's server has no protected mode unless it is told. */
const open = ([first, ...rest]: readonly string[]): readonly string[] =>
  first === undefined || first.startsWith('-')
    ? ['--protected-mode', 'no', ...(first === undefined ? [] : [first]), ...rest]
    : [first, '--protected-mode', 'no', ...rest];

const printing = (print: (text: string) => void) => (text: string) => print(utf8Encode(text));

/** A port of the host that leads to one of a container; undefined when it is taken. */
export const forward = (host: OpsHost, port: number, target: string): (() => void) | undefined =>
  host.listen(port, (connection) => {
    const socket = host.dial(target, {
      onData: (bytes) => connection.send(fromUint8(bytes)),
      onClose: () => connection.close(),
    });
    return {
      onData: (bytes) => socket.send(toUint8(bytes)),
      onClose: () => socket.close(),
    };
  });
