/** Receives what replicas and the AOF must see: each write with its database, in order. */
export type Effects = (db: number, argv: readonly string[]) => void;

/** To whom effects go: bits, as redis.REPL_AOF and redis.REPL_REPLICA have them. */
export const Target = { aof: 1, replicas: 2, everywhere: 3 } as const;

interface Effect {
  readonly db: number;
  readonly argv: readonly string[];
  readonly targets: number;
}

/**
 * What a command, a transaction or a script has changed, as the commands that do the same elsewhere.
 * They leave when it is over; several go between MULTI and EXEC, so that nobody sees half of them.
 */
export class Propagation {
  /** Replicas, and whoever else follows what happens. */
  readonly listeners = new Set<Effects>();
  /** The append-only file, while there is one. */
  aof: Effects | undefined;
  /** Where what is noted now will go. */
  targets: number = Target.everywhere;
  #pending: Effect[] = [];

  /** Notes a command. Nothing is kept that nobody wants to hear. */
  add(db: number, argv: readonly string[], whom: number = Target.everywhere): void {
    const targets = this.targets & whom;
    const isFollowed =
      (this.aof && targets & Target.aof) || (this.listeners.size > 0 && targets & Target.replicas);
    if (isFollowed) this.#pending.push({ db, argv, targets });
  }

  /** Tells the listeners what was noted: `asOne` wraps several commands, as those of one transaction. */
  settle(asOne = true): void {
    if (this.#pending.length === 0) return;
    const pending = this.#pending;
    this.#pending = [];
    const effects = asOne && pending.length > 1 ? asTransaction(pending) : pending;
    if (this.aof) tellAll(this.aof, effects, Target.aof);
    for (const tell of this.listeners) tellAll(tell, effects, Target.replicas);
  }
}

/** MULTI and EXEC are told in the database of their neighbour, so that SELECT stands before MULTI. */
function asTransaction(pending: readonly Effect[]): readonly Effect[] {
  const word = (name: string, neighbour: Effect | undefined) =>
    neighbour ? [{ db: neighbour.db, argv: [name], targets: Target.everywhere }] : [];
  return [...word('MULTI', pending[0]), ...pending, ...word('EXEC', pending.at(-1))];
}

function tellAll(tell: Effects, effects: readonly Effect[], target: number): void {
  for (const { db, argv, targets } of effects) if (targets & target) tell(db, argv);
}
