/** Receives what replicas and the AOF must see: each write with its database, in order. */
export type Effects = (db: number, argv: readonly string[]) => void;

/** MULTI and EXEC around others speak of no database. */
export const NO_DATABASE = -1;

/**
 * What a command, a transaction or a script has changed, as the commands that do the same elsewhere.
 * They leave when it is over; several go between MULTI and EXEC, so that nobody sees half of them.
 */
export class Propagation {
  readonly listeners = new Set<Effects>();
  #pending: { readonly db: number; readonly argv: readonly string[] }[] = [];

  /** Notes a command. Nothing is kept while nobody listens. */
  add(db: number, argv: readonly string[]): void {
    if (this.listeners.size > 0) this.#pending.push({ db, argv });
  }

  /** Tells the listeners what was noted. */
  settle(): void {
    if (this.#pending.length === 0) return;
    const pending = this.#pending;
    this.#pending = [];
    const isSeveral = pending.length > 1;
    for (const tell of this.listeners) {
      if (isSeveral) tell(NO_DATABASE, ['MULTI']);
      for (const { db, argv } of pending) tell(db, argv);
      if (isSeveral) tell(NO_DATABASE, ['EXEC']);
    }
  }
}
