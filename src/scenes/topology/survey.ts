/** Looks at a lab from outside, asks its servers, and tells what is new since the last time. */
import { RedisError } from '../../engine/errors.ts';
import type { Client } from '../../wire/client.ts';
import type { World } from '../../wire/link.ts';
import type { LabView } from '../../wire/messages.ts';
import { type NodeFacts, readNode } from './facts.ts';
import { type Scene, sceneOf } from './scene.ts';
import { type Told, tell } from './words.ts';

/** An event in words. */
export interface Happening extends Told {
  /** Counted from the lab's beginning. */
  readonly id: number;
  readonly at: number;
  readonly node: string;
}

export interface Seen {
  readonly scene: Scene;
  /** Another lab than the last time; these events are its first. */
  readonly isNew: boolean;
  readonly events: readonly Happening[];
}

export interface SurveyEffects {
  world(): Pick<World, 'look'>;
  /** A connection of the page's own to "host:port". */
  client(address: string): Client;
}

/** Keeps what is known of the lab from one look to the next. */
export class Survey {
  readonly #effects: SurveyEffects;
  #before: LabView | undefined;
  /** Looks of the last seconds, oldest first: traffic is measured from the first of them. */
  #lately: readonly LabView[] = [];
  #clients = new Map<string, Client>();
  #facts = new Map<string, NodeFacts>();
  #refusals = new Map<string, string>();
  /** Those that were asked and have not answered yet. */
  #asked = new Map<string, Promise<void>>();

  constructor(effects: SurveyEffects) {
    this.#effects = effects;
  }

  /** Undefined while there is no lab. */
  async look(): Promise<Seen | undefined> {
    const known = this.#before?.told ?? 0;
    const view = await this.#effects.world().look(known);
    if (!view) return undefined;
    const isNew = view.lab !== this.#before?.lab;
    // A lab that is looked at for the first time tells from its beginning.
    if (isNew && known > 0) {
      this.#forget();
      return this.look();
    }
    await this.#ask(view);
    const since = view.nowMs - MEASURED_MS;
    this.#lately = [...this.#lately.filter(({ nowMs }) => nowMs >= since), view];
    const scene = sceneOf(view, this.#known(), this.#lately[0]);
    this.#before = view;
    return { scene, isNew, events: this.#inWords(view) };
  }

  #forget(): void {
    for (const client of this.#clients.values()) client.close();
    this.#before = undefined;
    this.#lately = [];
    this.#clients = new Map();
    this.#facts = new Map();
    this.#refusals = new Map();
    this.#asked = new Map();
  }

  /** Asks all that run; one that does not answer within the look is waited for in later ones. */
  async #ask({ nodes }: LabView): Promise<void> {
    const asked = nodes.flatMap(({ name, host, port, state }) => {
      if (state !== 'running' || this.#asked.has(name)) return [];
      const asking = this.#read(name, `${host}:${port}`).finally(() => {
        if (this.#asked.get(name) === asking) this.#asked.delete(name);
      });
      this.#asked.set(name, asking);
      return [asking];
    });
    await Promise.race([Promise.all(asked), after(PATIENCE_MS)]);
  }

  async #read(name: string, address: string): Promise<void> {
    const [clients, facts, refusals] = [this.#clients, this.#facts, this.#refusals];
    const client = clients.get(name) ?? this.#effects.client(address);
    clients.set(name, client);
    try {
      facts.set(name, await readNode(client));
      refusals.delete(name);
    } catch (error) {
      // A connection that was lost says nothing new: the next look shows why.
      if (error instanceof RedisError) refusals.set(name, error.message);
    }
  }

  #known() {
    return {
      facts: this.#facts,
      refusals: this.#refusals,
      silent: new Set(this.#asked.keys()),
    };
  }

  #inWords({ nodes, events, told }: LabView): Happening[] {
    const names = new Map(nodes.map(({ name, host, port }) => [`${host}:${port}`, name]));
    for (const { ids } of this.#facts.values()) {
      for (const [id, address] of ids) {
        const name = names.get(address);
        if (name !== undefined) names.set(id, name);
      }
    }
    return events.map((event, i) => ({
      ...tell(event, (idOrAddress) => names.get(idOrAddress)),
      ...{ id: told - events.length + i, at: event.at, node: event.node },
    }));
  }
}

/** Over how much of the lab's time traffic is measured. */
const MEASURED_MS = 5000;
/** How long a look waits for servers to answer, in real time. */
const PATIENCE_MS = 250;

const after = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
