/** The first line of a function library: `#!lua name=mylib`. */
import { redisError } from '../errors.ts';
import { splitArgs } from '../resp/split.ts';
import { BAD_NAME, isName } from './libraries/register-function.ts';

export interface LibraryHeader {
  readonly name: string;
  /** The library with its first line empty, so that line numbers stay right. */
  readonly body: string;
}

/** Throws a RedisError for a line that is missing or says something unknown. */
export function readLibraryHeader(code: string): LibraryHeader {
  if (!code.startsWith('#!')) throw redisError('ERR Missing library metadata');
  const end = code.indexOf('\n');
  if (end < 0) throw redisError('ERR Invalid library metadata');
  const words = splitArgs(code.slice(0, end));
  if (!words) throw redisError('ERR Invalid library metadata');
  const [mark = '', ...options] = words;
  const engine = mark.slice('#!'.length);
  const name = readName(options);
  if (name === undefined) throw redisError('ERR Library name was not given');
  if (!isName(name)) throw redisError(`ERR ${BAD_NAME}`);
  if (engine.toLowerCase() !== 'lua') throw redisError(`ERR Engine '${engine}' not found`);
  return { name, body: code.slice(end) };
}

const NAME = 'name=';

function readName(options: readonly string[]): string | undefined {
  let name: string | undefined;
  for (const option of options) {
    if (!option.toLowerCase().startsWith(NAME)) {
      throw redisError(`ERR Invalid metadata value given: ${option}`);
    }
    if (name !== undefined) {
      throw redisError('ERR Invalid metadata value, name argument was given multiple times');
    }
    name = option.slice(NAME.length);
  }
  return name;
}
