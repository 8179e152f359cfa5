/**
 * A data centre as the Topology panel shows it: looked at from outside over the wire, and asked in
 * Redis, a few times a second and only while somebody watches. What befalls it is done here.
 */
import { createStore } from 'zustand/vanilla';
import type { World } from '../../wire/link.ts';
import type { Control } from '../../wire/messages.ts';
import { nothing, type Scene } from './scene.ts';
import { type Happening, Survey, type SurveyEffects } from './survey.ts';
import { tell } from './words.ts';

export interface TopologyState {
  readonly scene: Scene;
  readonly events: readonly Happening[];
  /** The lab's time, ms since 1970, and how many of its seconds pass in one. */
  readonly clock: { readonly nowMs: number; readonly rate: number };
  /** The name of a node, or the id of a link. */
  readonly selected: string | undefined;
  /** Why the last thing that was to be done was not. */
  readonly problem: string | undefined;
  readonly loaded: boolean;
  select(what: string | undefined): void;
  /** Does something to the lab; then looks. */
  act(...controls: readonly Control[]): Promise<void>;
  setPace(rate: number): Promise<void>;
  jump(ms: number): Promise<void>;
  /** Pauses, and goes on to the next event that matters; by a minute at most. */
  step(): Promise<void>;
  /** Somebody watches; returns how to stop. */
  watch(): () => void;
  /** Something was done: looks soon, if anybody watches. */
  refresh(): void;
  /** Looks now. */
  look(): Promise<void>;
}

export interface TopologyEffects extends SurveyEffects {
  world(): Pick<World, 'look' | 'control' | 'state'>;
  /** While this holds the page asks nothing by itself. */
  quiet?(): boolean;
}

export type TopologyStore = ReturnType<typeof createTopologyStore>;

/** How often a watched lab is looked at, in real time. */
const EVERY_MS = 500;
/** What is asked for within so many ms becomes one look. */
const GATHER_MS = 40;
/** The panel keeps so many events that matter, and so many lines of logs beside them. */
const MOST_EVENTS = 500;
/** How far a step goes for an event that matters, in lab time, and in how many hops. */
const FARTHEST_STEP = { ms: 60_000, hops: 500 };

type Get = () => TopologyState;
type Set = (patch: Partial<TopologyState>) => void;

export function createTopologyStore(effects: TopologyEffects) {
  return createStore<TopologyState>()((set, get) => {
    const look = oneAtATime(looker(effects, set, get));
    const watcher = new Watcher(async () => {
      if (!effects.quiet?.()) await look();
    });
    return {
      scene: nothing,
      events: [],
      clock: { nowMs: 0, rate: 1 },
      selected: undefined,
      problem: undefined,
      loaded: false,
      ...actions(effects, look, set),
      select: (selected) => set({ selected }),
      watch: () => watcher.watch(),
      refresh: () => watcher.request(),
      look,
    };
  });
}

function looker(effects: TopologyEffects, set: Set, get: Get): () => Promise<void> {
  const survey = new Survey(effects);
  return async () => {
    const seen = await survey.look();
    const { nowMs, rate } = effects.world().state;
    const clock = { nowMs: Math.floor(nowMs), rate };
    if (!seen) return set({ scene: nothing, loaded: true, clock });
    const events = seen.isNew ? seen.events : [...get().events, ...seen.events];
    set({ scene: seen.scene, events: latest(events), loaded: true, clock });
  };
}

function latest(events: readonly Happening[]): readonly Happening[] {
  if (events.length <= MOST_EVENTS) return events;
  const [details, story] = [true, false].map((isDetail) =>
    events.filter(({ kind }) => (kind === 'detail') === isDetail).slice(-MOST_EVENTS),
  );
  return [...(details ?? []), ...(story ?? [])].sort((a, b) => a.id - b.id);
}

/** Whoever asks while one is under way gets the result of a later one. */
function oneAtATime(task: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return async () => {
    while (running) await running;
    running = task().finally(() => {
      running = undefined;
    });
    await running;
  };
}

const noName = () => undefined;

function actions(
  { world }: TopologyEffects,
  look: () => Promise<void>,
  set: Set,
): Pick<TopologyState, 'act' | 'setPace' | 'jump' | 'step'> {
  const act = async (...controls: readonly Control[]) => {
    try {
      set({ problem: undefined });
      for (const control of controls) await world().control(control);
    } catch (error) {
      set({ problem: error instanceof Error ? error.message : String(error) });
    }
    await look();
  };
  const step = async () => {
    if (world().state.rate > 0) await world().control({ do: 'pace', rate: 0 });
    const start = await world().look(Number.POSITIVE_INFINITY);
    for (let told = start?.told ?? 0, n = 0; n < FARTHEST_STEP.hops; n++) {
      const { nowMs } = await world().control({ do: 'step' });
      const view = await world().look(told);
      const matters = view?.events.some((event) => tell(event, noName).kind !== 'detail');
      if (!view || matters || nowMs - (start?.nowMs ?? 0) >= FARTHEST_STEP.ms) break;
      ({ told } = view);
    }
    await look();
  };
  return {
    act,
    step,
    setPace: (rate) => act({ do: 'pace', rate }),
    jump: (ms) => act({ do: 'advance', ms }),
  };
}

/** Looks again and again while somebody watches, and soon after it was asked to. */
class Watcher {
  readonly #look: () => Promise<void>;
  #watchers = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isLooking = false;

  constructor(look: () => Promise<void>) {
    this.#look = look;
  }

  watch(): () => void {
    this.#watchers++;
    this.#plan(0);
    return () => {
      this.#watchers--;
      if (this.#watchers === 0) clearTimeout(this.#timer);
    };
  }

  request(): void {
    if (this.#watchers > 0 && !this.#isLooking) this.#plan(GATHER_MS);
  }

  #plan(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#run(), ms);
  }

  async #run(): Promise<void> {
    this.#isLooking = true;
    await this.#look();
    this.#isLooking = false;
    if (this.#watchers > 0) this.#plan(EVERY_MS);
  }
}
