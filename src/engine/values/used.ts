/** What every value of a key carries for OBJECT IDLETIME, OBJECT FREQ and eviction. */
export abstract class Used {
  /** When a command last looked at it, in ms since 1970. */
  lastUsed = 0;
  /** The logarithmic counter of LFU; a new key starts with a little credit. */
  frequency = 5;
  /** What the keyspace's ledger counts for its key. */
  accountedBytes = 0;
}
