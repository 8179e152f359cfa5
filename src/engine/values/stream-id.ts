/**
 * The id of a stream entry: milliseconds in the upper 64 bits, a sequence number in the lower 64.
 * https://redis.io/docs/latest/develop/data-types/streams/#entry-ids
 */
export type StreamId = bigint;
