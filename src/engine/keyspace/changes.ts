/** What there is to say of a change beyond the key that it is of. */

/** A change of what stands beside a value: what subscribers hear, and whether those who wait try again. */
export interface Beside {
  readonly event?: string;
  readonly wakes?: boolean;
}

/** What became of fields that have expired. */
export interface GoneFields {
  readonly fields: readonly string[];
  /** They were the last, and the key went with them. */
  readonly withKey: boolean;
  /** The command that deleted them tells of it itself. */
  readonly isTold: boolean;
}
