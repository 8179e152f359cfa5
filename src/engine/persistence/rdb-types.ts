/**
 * The numbers of the RDB format: what begins each value, and what begins everything else in a file.
 * https://rdb.fnordig.de/file_format.html
 */

/** What is written: the version of Redis 7.0, which all later ones read. */
export const RDB_VERSION = 10;
/** What is read, up to that of Redis 8; and what is written where a value has no older form. */
export const NEWEST_RDB_VERSION = 12;

/** How a value is stored. */
export const RdbType = {
  string: 0,
  list: 1,
  set: 2,
  /** Scores in decimal. */
  zsetText: 3,
  hash: 4,
  /** Scores as doubles. */
  zset: 5,
  /** Of a module, which says what follows piece by piece. */
  module: 7,
  hashZipmap: 9,
  listZiplist: 10,
  setIntset: 11,
  zsetZiplist: 12,
  hashZiplist: 13,
  listQuicklistOfZiplists: 14,
  stream: 15,
  hashListpack: 16,
  zsetListpack: 17,
  listQuicklist: 18,
  /** Knows how many entries there ever were. */
  stream2: 19,
  setListpack: 20,
  /** Knows when each consumer was last active. */
  stream3: 21,
  /** Fields may expire. */
  hashExpiring: 24,
  hashExpiringListpack: 25,
} as const;

/** What stands between values. */
export const Opcode = {
  slotInfo: 244,
  function: 245,
  functionPreGa: 246,
  moduleAux: 247,
  idle: 248,
  frequency: 249,
  aux: 250,
  resizeDb: 251,
  expiryMs: 252,
  expirySeconds: 253,
  selectDb: 254,
  end: 255,
} as const;

/** What is read is not what the format allows, or ends too early. */
export class RdbError extends Error {
  override readonly name = 'RdbError';
}
