/**
 * Every error that a server answers, word for word as Redis prints it. Each is made here, thrown
 * where it is noticed, and caught once, in the dispatcher. Any other exception is a bug of ours.
 */

/** An error reply. `message` is the whole line after the "-", its first word being the code. */
export class RedisError extends Error {
  override readonly name = 'RedisError';

  /** Without a stack: it is no bug, and to look where it was made takes longer than to answer it. */
  constructor(message: string) {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    super(message);
    Error.stackTraceLimit = stackTraceLimit;
  }

  /** The first word, such as ERR or WRONGTYPE; clients switch on it. */
  get code(): string {
    const space = this.message.indexOf(' ');
    return space < 0 ? this.message : this.message.slice(0, space);
  }
}

const err = (message: string) => new RedisError(message);

export const syntaxError = () => err('ERR syntax error');
export const wrongType = () =>
  err('WRONGTYPE Operation against a key holding the wrong kind of value');
export const notAnInteger = () => err('ERR value is not an integer or out of range');
export const notAFloat = () => err('ERR value is not a valid float');
export const noSuchKey = () => err('ERR no such key');
export const outOfRange = () => err('ERR value is out of range');
export const mustBePositive = () => err('ERR value is out of range, must be positive');
export const indexOutOfRange = () => err('ERR index out of range');
export const overflow = () => err('ERR increment or decrement would overflow');
export const stringTooLong = () =>
  err('ERR string exceeds maximum allowed size (proto-max-bulk-len)');
export const invalidExpire = (command: string) =>
  err(`ERR invalid expire time in '${command}' command`);
export const wrongArity = (command: string) =>
  err(`ERR wrong number of arguments for '${command}' command`);
export const noAuth = () => err('NOAUTH Authentication required.');
export const outOfMemory = () => err("OOM command not allowed when used memory > 'maxmemory'.");
export const noReplicas = () => err('NOREPLICAS Not enough good replicas to write.');
export const readOnlyReplica = () => err("READONLY You can't write against a read only replica.");
export const primaryDown = () =>
  err("MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.");
export const notSimulated = (what: string, instead: string) =>
  err(`ERR ${what} is not simulated here; a real Redis would ${instead}`);

/** An error with Redis's own text that has no helper of its own; features keep theirs beside them. */
export const redisError = err;

/** What Redis repeats of a client's bytes in an error: as C prints strings, it ends at a NUL byte. */
export function cString(bytes: string): string {
  const end = bytes.indexOf('\0');
  return end < 0 ? bytes : bytes.slice(0, end);
}
