/** Everything behind an open lesson that needs a server: loaded when it is first wanted. */
import { RedisError } from '../engine/errors.ts';
import { grade } from '../quiz/grade.ts';
import type { Challenge } from '../quiz/questions.ts';
import { applyConf } from '../runtimes/apply-conf.ts';
import { changesBetween } from '../runtimes/changes.ts';
import { createFilesStore, type FilesStore } from '../scenes/files/store.ts';
import { createKeysStore, type KeysStore } from '../scenes/store.ts';
import { createTopologyStore, type TopologyStore } from '../scenes/topology/store.ts';
import { Client, ConnectionLost } from '../wire/client.ts';
import { startWorld } from '../wire/link.ts';
import { Desk, type DeskListener, type StartWorld } from './desk.ts';
import { isDisturbed } from './disturbance.ts';
import type { LessonMeta } from './lesson.ts';
import type { Performance } from './runner.ts';
import { SideLab } from './side-lab.ts';

export class Room {
  readonly desk: Desk;
  readonly keys: KeysStore;
  readonly files: FilesStore;
  readonly topology: TopologyStore;
  readonly #side: SideLab;

  /** While `quiet` holds the page asks nothing by itself. */
  constructor(
    lesson: Pick<LessonMeta, 'lab' | 'config'>,
    start: StartWorld = startWorld,
    quiet = () => false,
  ) {
    this.desk = new Desk(lesson, start);
    this.keys = createKeysStore({
      client: (address) => this.desk.client(address),
      servers: () => this.desk.servers,
      now: this.desk.now,
    });
    this.files = createFilesStore((ask, ...about) => this.desk.files.ask(ask, ...about));
    this.topology = createTopologyStore({
      world: () => this.desk.world,
      client: (address) => new Client(this.desk.dial, address, { protocol: 2 }),
      quiet,
    });
    this.#side = new SideLab(lesson, start);
  }

  listen(listener: DeskListener): () => void {
    return this.desk.listen(listener);
  }

  perform(source: string, how: Performance): Promise<void> {
    return this.desk.perform(source, how);
  }

  /**
   * Looks at the keys; the answer tells later what has changed since: undefined where the server
   * did not show its keys.
   */
  async observe() {
    const { look } = this.keys.getState();
    const before = await look().catch(unshown);
    return async () => {
      const after = await look().catch(unshown);
      return before && after && changesBetween(before, after);
    };
  }

  /** How much was done in the console since the world, or a task, began. */
  activity(): number {
    return this.desk.logOf('console').length;
  }

  /** Whether what was done in the console concerns this text. */
  async isDisturbed(text: string): Promise<boolean> {
    const log = this.desk.logOf('console');
    if (log.length === 0) return false;
    const client = this.desk.client();
    const disturbed = await isDisturbed(log, text, (argv) => client.send(argv));
    client.close();
    return disturbed;
  }

  grade(challenge: Challenge) {
    return grade(challenge, this.desk.checked);
  }

  /** On a connection that nobody watches. */
  async applyConf(text: string) {
    const client = this.desk.client();
    try {
      return await applyConf(text, (argv) => client.send(argv));
    } finally {
      client.close();
    }
  }

  /** Runs transcripts beside the lesson, on an empty server. */
  runAside(sources: readonly string[]) {
    return this.#side.run(sources);
  }

  stop(): void {
    this.desk.stop();
    this.#side.stop();
  }
}

/** A server that is busy with a script, wants a password, or was killed does not show its keys. */
function unshown(error: unknown): undefined {
  if (!(error instanceof RedisError || error instanceof ConnectionLost)) throw error;
}
