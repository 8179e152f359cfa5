import type { Clock } from '../time/clock.ts';

/** Something that happened in a lab: to a node, or in the words of a node's own log. */
export interface LabEvent {
  /** Ms since 1970. */
  readonly at: number;
  readonly node: string;
  readonly text: string;
  /** How loud the node's log says it; undefined for what happened to the node from outside. */
  readonly level: 'debug' | 'verbose' | 'notice' | 'warning' | undefined;
}

export interface EventLog {
  /** What has happened lately, oldest first. */
  readonly all: readonly LabEvent[];
  /** How many events there have been, those forgotten included. */
  readonly told: number;
  /** Calls for every event from now on. Returns how to stop. */
  listen(hear: (event: LabEvent) => void): () => void;
}

/** A lab that runs for days does not remember everything. */
const MOST_EVENTS = 10_000;

/** The events of a lab: the same topology, seed and script always give the same ones. */
export class LabEvents implements EventLog {
  readonly all: LabEvent[] = [];
  told = 0;
  readonly #listeners = new Set<(event: LabEvent) => void>();

  constructor(private readonly clock: Clock) {}

  tell(node: string, text: string, level?: LabEvent['level']): void {
    const event = { at: this.clock.now, node, text, level };
    if (this.all.length >= MOST_EVENTS) this.all.splice(0, MOST_EVENTS / 10);
    this.all.push(event);
    this.told++;
    for (const hear of this.#listeners) hear(event);
  }

  listen(hear: (event: LabEvent) => void): () => void {
    this.#listeners.add(hear);
    return () => this.#listeners.delete(hear);
  }
}
