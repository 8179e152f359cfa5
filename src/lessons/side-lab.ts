/**
 * A server beside the lesson's, for what must not be disturbed and must not disturb: predictions and
 * proofs. Each run begins on an empty one.
 */
import { openRedisSession, runTranscript } from '../runtimes/redis.ts';
import type { Outcome } from '../transcript/transcript.ts';
import type { World } from '../wire/link.ts';
import type { StartWorld } from './desk.ts';
import { addressOf, nodeAddress, topologyOf } from './labs.ts';
import type { LessonMeta } from './lesson.ts';

const SEED = 1;

export class SideLab {
  readonly #meta: Pick<LessonMeta, 'lab' | 'config'>;
  readonly #start: StartWorld;
  #world: World | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(meta: Pick<LessonMeta, 'lab' | 'config'>, start: StartWorld) {
    this.#meta = meta;
    this.#start = start;
  }

  /** Runs transcripts one after the other, by the same clients; the outcomes of each. */
  run(sources: readonly string[]): Promise<Outcome[][]> {
    const run = this.#last.then(() => this.#run(sources));
    this.#last = run.catch(() => {});
    return run;
  }

  stop(): void {
    this.#world?.stop();
    this.#world = undefined;
  }

  async #run(sources: readonly string[]): Promise<Outcome[][]> {
    const world = await this.#empty();
    const { lab } = this.#meta;
    const session = openRedisSession(world, {
      target: addressOf(lab),
      addressOf: (node) => nodeAddress(lab, node),
    });
    try {
      const all: Outcome[][] = [];
      for (const source of sources) {
        const outcomes: Outcome[] = [];
        await runTranscript(source, { world, session, show: (outcome) => outcomes.push(outcome) });
        all.push(outcomes);
      }
      return all;
    } finally {
      await session.close();
    }
  }

  async #empty(): Promise<World> {
    const { lab, config } = this.#meta;
    const build = { topology: topologyOf(lab), seed: SEED, config };
    if (this.#world) {
      await this.#world.control({ do: 'build', ...build, startMs: Date.now() });
    } else this.#world = this.#start(build);
    return this.#world;
  }
}
