/** Receives what replicas and the AOF must see: each write with its database, in order. */
export type Effects = (db: number, argv: readonly string[]) => void;

/** MULTI and EXEC around others speak of no database. */
export const NO_DATABASE = -1;

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

  /** Tells the listeners what was noted. */
  settle(): void {
    if (this.#pending.length === 0) return;
    const pending = this.#pending;
    this.#pending = [];
    if (this.aof) tellAll(this.aof, pending, Target.aof);
    for (const tell of this.listeners) tellAll(tell, pending, Target.replicas);
  }
}

function tellAll(tell: Effects, pending: readonly Effect[], target: number): void {
  const isSeveral = pending.length > 1;
  if (isSeveral) tell(NO_DATABASE, ['MULTI']);
  for (const { db, argv, targets } of pending) if (targets & target) tell(db, argv);
  if (isSeveral) tell(NO_DATABASE, ['EXEC']);
}
