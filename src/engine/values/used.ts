/** What every value of a key carries for OBJECT IDLETIME, OBJECT FREQ and eviction. */
export abstract class Used {
  /**
   * When a command last looked at it, in ms since 1970. Whoever stores the value says so: begun as a
   * number, it would be kept in 16 more bytes of each value's own, not shared with the clock.
   */
  lastUsed!: number;
  /** The logarithmic counter of LFU; a new key starts with a little credit. */
  frequency = 5;
  /** What the keyspace's ledger counts for its key. */
  accountedBytes = 0;
}
