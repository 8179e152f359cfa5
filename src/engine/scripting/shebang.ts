/**
 * The first line of a script may say how to run it: `#!lua flags=no-writes,allow-oom`.
 * https://redis.io/docs/latest/develop/interact/programmability/lua-api/#script-flags
 */
import { redisError } from '../errors.ts';

export const scriptFlags = [
  'no-writes',
  'allow-oom',
  'allow-stale',
  'no-cluster',
  'allow-cross-slot-keys',
] as const;

export type ScriptFlag = (typeof scriptFlags)[number];

export interface Shebang {
  /** Undefined for a script without a shebang line, to which older and laxer rules apply. */
  readonly flags: ReadonlySet<ScriptFlag> | undefined;
  /** The script with its first line empty, so that line numbers stay right. */
  readonly body: string;
}

/** Throws a RedisError for a line that says something unknown. */
export function readShebang(script: string): Shebang {
  if (!script.startsWith('#!')) return { flags: undefined, body: script };
  const end = script.indexOf('\n');
  if (end < 0) throw redisError('ERR Invalid script shebang');
  const [engine, ...options] = script.slice(0, end).split(' ').filter(Boolean);
  if (engine !== '#!lua') {
    throw redisError(`ERR Unexpected engine in script shebang: ${engine}`);
  }
  const flags = new Set(options.flatMap(readFlags));
  return { flags, body: script.slice(end) };
}

const FLAGS = 'flags=';

function readFlags(option: string): ScriptFlag[] {
  if (!option.startsWith(FLAGS)) throw redisError(`ERR Unknown lua shebang option: ${option}`);
  const names = option.slice(FLAGS.length);
  return names === '' ? [] : names.split(',').map(readFlag);
}

function readFlag(name: string): ScriptFlag {
  const flag = scriptFlags.find((known) => known === name);
  if (!flag) throw redisError(`ERR Unexpected flag in script shebang: ${name}`);
  return flag;
}
