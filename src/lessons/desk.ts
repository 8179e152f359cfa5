/**
 * What a lesson runs on: one world, started when it is first needed, with the connections that lead
 * into it. The learner's connections are watched; the page's own (Keys, checks) are not. The world
 * can be made anew, and the one before it brought back, as often as the reader likes.
 */

import { type RecorderEffects, recording, type Tapping, tapProgram } from '../quiz/recorder.ts';
import { WireWorld } from '../quiz/wire-world.ts';
import { Witness } from '../quiz/witness.ts';
import type { LogEntry } from '../quiz/world.ts';
import { failureOf, type Program, runProgram } from '../runtimes/program.ts';
import { openRedisSession, runTranscript } from '../runtimes/redis.ts';
import { emptyScreen, type Screen } from '../runtimes/screen.ts';
import type { ServersView } from '../runtimes/servers-keys.ts';
import type { Session } from '../transcript/transcript.ts';
import { Client } from '../wire/client.ts';
import type { FileClient } from '../wire/files.ts';
import type { Dial, World, WorldOptions } from '../wire/link.ts';
import type { WireError } from '../wire/messages.ts';
import { addressOf, isCluster, nodeAddress, serversOf, sharesData, topologyOf } from './labs.ts';
import type { Lab, LessonMeta } from './lesson.ts';
import type { Performance } from './runner.ts';

/** Equal seeds give equal replies: every reader sees the same run ids, the same SPOP. */
const SEED = 1;

/** How long a worker may take to build a world before it counts as stuck. */
const PATIENCE_MS = 5000;

/** Starts a worker with a world in it; tests start one without a worker. */
export type StartWorld = (options: WorldOptions) => World;

export interface DeskListener {
  /** A client of the learner's was answered, or heard something. */
  noticed(): void;
  /** The world was made anew, or an earlier one is back. */
  replaced(): void;
  crashed(error: WireError): void;
}

export class Desk {
  /** What the learner's clients do in the present world, and did in the one that is kept. */
  #witness = new Witness();
  #keptWitness = new Witness();
  readonly #meta: Pick<LessonMeta, 'lab' | 'config'>;
  readonly #listeners = new Set<DeskListener>();
  readonly #start: StartWorld;
  #world: World | undefined;
  /** Who asks about the disks of that world. */
  #files: FileClient | undefined;
  #lab: Lab;
  /** Whoever runs the examples of this world, by protocol and target. */
  #sessions = new Map<string, Session>();
  /** What the learner's last program for a task has printed. */
  #printed = '';

  constructor(meta: Pick<LessonMeta, 'lab' | 'config'>, start: StartWorld) {
    this.#meta = meta;
    this.#start = start;
    this.#lab = meta.lab;
    const desk = this;
    this.checked = new WireWorld({
      dial: this.dial,
      addressOf: (node) => addressOf(desk.#lab, node),
      get witness() {
        return desk.#witness;
      },
      output: () => desk.#printed,
    });
  }

  listen(listener: DeskListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  get address(): string {
    return addressOf(this.#lab);
  }

  get isAwake(): boolean {
    return this.#world !== undefined;
  }

  /** The lab's time, ms since 1970. */
  readonly now = (): number => this.#world?.now() ?? Date.now();

  /** The disks of the present world. */
  get files(): FileClient {
    const { world } = this;
    this.#files ??= world.files();
    return this.#files;
  }

  /** Connections that nobody watches. */
  readonly dial: Dial = (address, listener) => this.world.dial(address, listener);

  /** Connections of the learner's, under a name. */
  watched(name: string): Dial {
    return recording(this.dial, name, this.#recorder());
  }

  #recorder(): RecorderEffects {
    const desk = this;
    return {
      get witness() {
        return desk.#witness;
      },
      now: this.now,
      noticed: () => this.#tell('noticed'),
    };
  }

  /** The world as a checker sees it. */
  readonly checked: WireWorld;

  /** From now on what the learner's clients do is a task's. */
  begin(): void {
    this.#printed = '';
    this.#witness.begin();
  }

  /** What the learner's clients under a name have done since the world was replaced. */
  logOf(name: string): readonly LogEntry[] {
    return this.checked.log().filter(({ client }) => client.startsWith(`${name} `));
  }

  /** A connection of the page's own, to the first server unless said. */
  client(address = this.address): Client {
    return new Client(this.dial, address);
  }

  /** The servers that hold data, and how their keys belong together. */
  get servers(): ServersView {
    const lab = this.#lab;
    const named = serversOf(lab).filter(({ name }) => name.startsWith('node'));
    const servers = named.length > 0 ? named : [{ name: 'redis', address: this.address }];
    return { servers, sharesData: sharesData(lab), isCluster: isCluster(lab) };
  }

  /**
   * Runs a transcript. Clients of the same protocol and target last from one to the next, until
   * the world is replaced; those of a run that was stopped hang up.
   */
  async perform(source: string, how: Performance): Promise<void> {
    if (how.program) return this.#runProgram({ ...how.program, code: source }, how);
    const { signal, resp, target, show } = how;
    const name = `${resp ?? 2} ${target ?? ''}`;
    const session = this.#sessions.get(name) ?? this.#open(resp, target);
    this.#sessions.set(name, session);
    try {
      await runTranscript(source, {
        world: this.world,
        session,
        show,
        ...(signal && { signal }),
      });
    } catch (error) {
      this.#sessions.delete(name);
      await session.close();
      throw error;
    }
  }

  /** A program opens its connections by itself. How it ended stands below what it has printed. */
  async #runProgram(program: Program, how: Performance): Promise<void> {
    const { watched, showScreen, signal = new AbortController().signal } = how;
    let screen = emptyScreen;
    const show = (next: Screen) => {
      screen = next;
      if (watched) this.#printed = textOf(screen);
      showScreen?.(screen);
    };
    const tapping = watched ? tapProgram('program', this.#recorder()) : undefined;
    const run = { world: this.world, signal, show, tap: tapping?.port };
    const end = await runProgram(program, run).finally(() => heardAll(tapping));
    const failure = failureOf(end);
    if (failure) show({ ...screen, chunks: [...screen.chunks, { stream: 'note', text: failure }] });
    this.#tell('noticed');
  }

  /** Runs a transcript on connections that nobody watches. */
  async setUp(source: string): Promise<void> {
    const { world, address: target } = this;
    const nodeOf = (name: string) => nodeAddress(this.#lab, name);
    const session = openRedisSession(world, { target, addressOf: nodeOf });
    await runTranscript(source, { world, session, show: () => {} });
    await session.close();
  }

  #open(resp: 2 | 3 | undefined, target: string | undefined): Session {
    return openRedisSession(this.world, {
      target: addressOf(this.#lab, target),
      dial: this.watched('example'),
      addressOf: (node) => nodeAddress(this.#lab, node),
      ...(resp && { protocol: resp }),
    });
  }

  /** Replaces the world by an empty one. The one before it is kept for `undo`. */
  async replace(lab: Lab = this.#meta.lab): Promise<void> {
    const { isAwake } = this;
    this.#lab = lab;
    if (isAwake) await this.#rebuild();
    else void this.world;
    this.#keptWitness = this.#witness;
    this.#witness = new Witness();
    this.#leave();
  }

  /** Brings back the world before the last `replace`. */
  async undo(): Promise<void> {
    await this.world.control({ do: 'undo' });
    [this.#witness, this.#keptWitness] = [this.#keptWitness, this.#witness];
    this.#leave();
  }

  /** Ends everything; the next use starts a new world. */
  stop(): void {
    this.#sessions.clear();
    this.checked.close();
    this.#world?.stop();
    this.#forget();
  }

  get world(): World {
    if (this.#world) return this.#world;
    const { config } = this.#meta;
    const world = this.#start({ topology: topologyOf(this.#lab), seed: SEED, config });
    world.onCrash((error) => {
      for (const listener of this.#listeners) listener.crashed(error);
    });
    this.#world = world;
    return world;
  }

  /** A worker that does not answer any more is replaced by another; then nothing can be undone. */
  async #rebuild(): Promise<void> {
    const { config } = this.#meta;
    const lab = { topology: topologyOf(this.#lab), seed: SEED, startMs: Date.now(), config };
    const build = this.world.control({ do: 'build', ...lab });
    const built = await Promise.race([
      build.then(
        () => true,
        () => false,
      ),
      after(PATIENCE_MS),
    ]);
    if (built) return;
    this.#world?.stop();
    this.#forget();
    void this.world;
  }

  /** The world has ended, and what led into it. */
  #forget(): void {
    this.#world = undefined;
    this.#files?.close();
    this.#files = undefined;
  }

  /** The connections into the world before are gone. */
  #leave(): void {
    this.#sessions.clear();
    this.#tell('replaced');
  }

  #tell(what: 'noticed' | 'replaced'): void {
    for (const listener of this.#listeners) listener[what]();
  }
}

/** What a program has done is known before it counts as over. */
async function heardAll(tapping: Tapping | undefined): Promise<void> {
  if (!tapping) return;
  await Promise.race([tapping.settled(), after(PATIENCE_MS)]);
  tapping.close();
}

const textOf = ({ chunks }: Screen): string =>
  chunks.flatMap(({ stream, text }) => (stream === 'note' ? [] : [text])).join('');

const after = (ms: number): Promise<false> =>
  new Promise((resolve) => setTimeout(() => resolve(false), ms));
