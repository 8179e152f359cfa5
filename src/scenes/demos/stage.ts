/** The servers of one demonstration: started when first used, apart from the lesson's. */
import { utf8Decode, utf8Encode } from '../../engine/bytes/bytes.ts';
import { printReply } from '../../engine/resp/print.ts';
import { printAnswer } from '../../engine/resp/print-answer.ts';
import { Push, type Reply } from '../../engine/resp/reply.ts';
import { splitArgs } from '../../engine/resp/split.ts';
import { Client } from '../../wire/client.ts';
import { startWorld, type World } from '../../wire/link.ts';
import type { Topology } from '../../wire/messages.ts';

const ADDRESS = '127.0.0.1:6379';
const SEED = 1;

export type Config = Readonly<Record<string, string>>;

export class Stage {
  #world: World | undefined;
  readonly #config: Config;
  readonly #topology: Topology;

  /** The directives are those that its servers start with; there is one unless said. */
  constructor(config: Config = {}, topology: Topology = { kind: 'standalone' }) {
    this.#config = config;
    this.#topology = topology;
  }

  get world(): World {
    const [config, topology] = [this.#config, this.#topology];
    this.#world ??= startWorld({ topology, seed: SEED, config });
    return this.#world;
  }

  /** The lab's time, ms since 1970. */
  readonly now = (): number => this.#world?.now() ?? Date.now();

  client(address = ADDRESS): DemoClient {
    return new DemoClient(new Client((to, on) => this.world.dial(to, on), address));
  }

  /** Lets so many ms of lab time go by at once. */
  async advance(ms: number): Promise<void> {
    await this.world.control({ do: 'advance', ms });
  }

  /** An empty server instead of what was there; its clients connect again when they are used. */
  async empty(): Promise<void> {
    if (!this.#world) return;
    const lab = { topology: this.#topology, seed: SEED, config: this.#config };
    await this.#world.control({ do: 'build', ...lab, startMs: Date.now() });
  }

  stop(): void {
    this.#world?.stop();
    this.#world = undefined;
  }
}

/** What most measurements need of it: tests run them in a world of their own. */
export type Lab = Pick<Stage, 'client' | 'advance' | 'world'>;

/** A connection whose commands are lines of text, and whose replies are what redis-cli prints. */
export class DemoClient {
  constructor(readonly connection: Client) {}

  /** Runs a line as if it had been typed; error replies are text like all others. */
  async run(line: string): Promise<string> {
    const argv = argvOf(line);
    return utf8Decode(printAnswer(argv, await this.connection.send(argv)));
  }

  /** The reply itself. */
  ask(...argv: string[]): Promise<Reply> {
    return this.connection.send(argv.map(utf8Encode));
  }

  /** What redis-cli prints of the reply to these words. */
  async print(...argv: string[]): Promise<string> {
    return utf8Decode(printAnswer(argv.map(utf8Encode), await this.ask(...argv)));
  }

  /** A number that a command answers, 0 where it answers something else. */
  async number(...argv: string[]): Promise<number> {
    const reply = await this.ask(...argv);
    return Number(reply) || 0;
  }

  /** The fields of INFO, by name. */
  async info(section: string): Promise<ReadonlyMap<string, string>> {
    const rows = (await this.run(`INFO ${section}`)).split('\n').map((row) => row.split(':'));
    return new Map(rows.map(([name = '', value = '']) => [name, value]));
  }

  /** Many lines in one write. */
  async batch(lines: readonly string[]): Promise<string[]> {
    const commands = lines.map(argvOf);
    const replies = await this.connection.pipeline(commands);
    return replies.map((reply, index) => utf8Decode(printAnswer(commands[index] ?? [], reply)));
  }

  /** Subscribes to channels, or to patterns; the callback gets each message. */
  listen(command: 'SUBSCRIBE' | 'PSUBSCRIBE', names: readonly string[], heard: Heard): void {
    this.connection.onPush((push) => {
      const items = push instanceof Push ? push.items : [];
      const texts = items.map((item) => (typeof item === 'string' ? utf8Decode(item) : ''));
      if (texts[0] === 'message') heard(texts[2] ?? '', texts[1] ?? '');
      if (texts[0] === 'pmessage') heard(texts[3] ?? '', texts[2] ?? '');
    });
    this.connection.sendQuietly([command, ...names.map(utf8Encode)]);
  }

  close(): void {
    this.connection.close();
  }
}

/** Does something on an empty server that these lines have set up. */
export async function onEmptyServer<T>(
  stage: Stage,
  setup: readonly string[],
  task: (client: DemoClient) => Promise<T>,
): Promise<T> {
  await stage.empty();
  const client = stage.client();
  try {
    for (const line of setup) await client.run(line);
    return await task(client);
  } finally {
    client.close();
  }
}

export type Heard = (payload: string, channel: string) => void;

const argvOf = (line: string): string[] => splitArgs(utf8Encode(line)) ?? [];

export const printed = (reply: Reply): string => utf8Decode(printReply(reply));

/** The text of a caught error. */
export const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
