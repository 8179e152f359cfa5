/**
 * What a script's error looks like to the client: "ERR user_script:3: oops script: <sha1>, on
 * @user_script:3." The last part says where the error was raised, also for those that a command
 * answered and that have no place of their own.
 */
import { RedisError } from '../errors.ts';
import { oneLine } from './convert.ts';
import { type LuaApi, type LuaState, LuaType, type Place } from './lua-api.ts';

/** Turns the error value at the top of a thread that has failed into the script's reply. */
export function describeError(api: LuaApi, L: LuaState, scriptName: string): RedisError {
  return errorAt(errorMessage(api, L), scriptName, raisedAt(api, L));
}

/** An error reply with the place where it was raised, if that is known. */
export function errorAt(message: string, scriptName: string, place: Place | undefined): RedisError {
  const where = place ? ` script: ${scriptName}, on ${place.source}:${place.line}.` : '';
  return new RedisError(oneLine(message + where));
}

/** Where the failed function is; of a C function such as error(), where its caller is. */
export function raisedAt(api: LuaApi, L: LuaState, level = 0): Place | undefined {
  const place = api.place(L, level);
  return place && !place.isLua ? api.place(L, level + 1) : place;
}

/** What `__redis__err__handler` makes of an error: a table's `err`, else the value as text. */
export function errorMessage(api: LuaApi, L: LuaState): string {
  if (api.type(L, -1) !== LuaType.table) return `ERR ${api.display(L, -1)}`;
  // A failed thread has no room left on its stack.
  api.checkStack(L, 1);
  api.pushString(L, 'err');
  api.rawGet(L, -2);
  // Redis 7.0 crashes on an error table without a text.
  return api.toString(L, -1) ?? 'ERR unknown error';
}
