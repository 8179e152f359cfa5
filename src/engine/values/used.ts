/** What every value of a key carries for OBJECT IDLETIME, OBJECT FREQ and eviction. */
export abstract class Used {
  /**
   * When a command last looked at it, in ms since 1970. Whoever stores the value says so: begun as a
   * number, it would be kept in 16 more bytes of each value's own, not shared with the clock.
   */
  declare lastUsed: number;
  /** The logarithmic counter of LFU; a new key starts with a little credit. */
  declare frequency: number;
  /** What the keyspace's ledger counts for its key. */
  declare accountedBytes: number;

  /**
   * Assigns what would be defined by fields with initial values: V8 defines the fields of a class that
   * many others extend at length each time, which made SET half as fast and MSET a third.
   */
  constructor() {
    this.lastUsed = undefined as never;
    this.frequency = 5;
    this.accountedBytes = 0;
  }
}
